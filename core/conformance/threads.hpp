// Threads: runs one piece of work on several threads that start together, as loader threads do.
#pragma once

#include <functional>

namespace graft::core::conformance {

inline constexpr int kThreads = 4;

// Calls work(0), ..., work(count - 1), each on a thread of its own. throws what the first of them threw, when all have ended.
void on_threads(int count, const std::function<void(int)>& work);

}  // namespace graft::core::conformance
