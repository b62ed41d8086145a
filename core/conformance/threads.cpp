#include "core/conformance/threads.hpp"

#include <barrier>
#include <exception>
#include <thread>
#include <vector>

namespace graft::core::conformance {

void on_threads(int count, const std::function<void(int)>& work) {
  std::barrier start(count);
  std::vector<std::exception_ptr> thrown(static_cast<std::size_t>(count));
  std::vector<std::thread> threads;
  for (int i = 0; i < count; ++i)
    threads.emplace_back([&, i] {
      start.arrive_and_wait();
      try {
        work(i);
      } catch (...) {
        thrown[static_cast<std::size_t>(i)] = std::current_exception();
      }
    });
  for (std::thread& thread : threads) thread.join();
  for (const std::exception_ptr& one : thrown)
    if (one) std::rethrow_exception(one);
}

}  // namespace graft::core::conformance
