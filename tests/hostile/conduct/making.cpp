#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <stdexcept>
#include <thread>

#include "conduct.hpp"
#include "graft/error.hpp"
#include "lengths.hpp"

namespace {

using namespace graft;
using namespace std::chrono_literals;

// Extractors whose constructor fails, one way each.
template <void (*fail)(const Config&)>
struct Fails final : Lengths {
  explicit Fails(const Config& config) : Lengths(config) { fail(config); }
};

void with_int(const Config&) { throw 42; }
void with_torch(const Config&) { TORCH_CHECK(false, "sizes 3 and 4 do not match"); }
void with_segfault(const Config&) { std::raise(SIGSEGV); }
void by_hanging(const Config&) { std::this_thread::sleep_for(1h); }
void by_exit(const Config&) { std::_Exit(7); }
void for_memory(const Config&) { std::vector<char> huge(std::size_t{20} << 30); }
void for_undeclared(const Config& config) { config.text("undeclared"); }
void of_preset(const Config& config) {
  if (config.integer("n") == 2) throw Error("acme/refuses-preset", "n must be odd, got 2");
}
void over_three(const Config& config) {
  static_cast<void>(std::array<int, 3>{}.at(static_cast<std::size_t>(config.integer("n"))));
}
void by_zero(const Config& config) {
  const volatile std::int64_t n = config.integer("n");
  [[maybe_unused]] const volatile std::int64_t share = 10 / n;
}
void with_type(const Config& config) { config.integer("n"); }

struct ThrowsInDestructor final : Lengths {
  using Lengths::Lengths;
  ~ThrowsInDestructor() override { throw std::runtime_error("too late"); }
};
struct CrashesInDestructor final : Lengths {
  using Lengths::Lengths;
  ~CrashesInDestructor() override { std::raise(SIGSEGV); }
};

}  // namespace

void add_making(Registrar& registrar) {
  registrar.add<Fails<with_int>>("acme/throws-int");
  registrar.add<Fails<with_torch>>("acme/throws-torch");
  registrar.add<Fails<with_segfault>>("acme/segfaults");
  registrar.add<Fails<by_hanging>>("acme/hangs");
  registrar.add<Fails<by_exit>>("acme/exits");
  registrar.add<Fails<for_memory>>("acme/allocates-20-gb");
  registrar.add<Fails<for_undeclared>>("acme/reads-undeclared");
  registrar.add<ThrowsInDestructor>("acme/destructor-throws");
  registrar.add<CrashesInDestructor>("acme/destructor-segfaults");
  registrar.add<Fails<of_preset>>("acme/refuses-preset");
  registrar.add<Lengths>("acme/never-reads");
  registrar.add<Fails<over_three>>("acme/fails-over-three");
  registrar.add<Fails<by_zero>>("acme/divides-by-zero");
  registrar.add<Fails<with_type>>("acme/reads-other-type");
}
