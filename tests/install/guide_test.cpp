// The guide for authors of plugins, sdk/README.md: what it says to type is typed, in an empty folder.
#include "installed.hpp"

namespace {

const std::string kGuide = GRAFT_SOURCE_DIR "/sdk/README.md";

}  // namespace

TEST_CASE("guide: every command of it works, and the fault that it shows is the one that is found", "[install][guide][slow]") {
  std::string script = typed_from(kGuide);
  const std::string install = "export GRAFT=\"${GRAFT:-$HOME/graft}\"\ncmake --install build/release --prefix \"$GRAFT\"\n";
  REQUIRE(script.starts_with(install));  // Installed does this
  script.erase(0, install.size());
  const Workplace here;
  const Outcome outcome = Installed::graft().run(here.path, script);
  std::printf("%-10s %5.1f s\n", "guide", outcome.seconds);
  INFO(outcome.output);
  CHECK(outcome.exit == 0);
  CHECK(outcome.output.find(R"(FAIL  augmenter/acme/forget/row-order-independent
      expected  the same result for each row when they come in another order
      got       text: row 0: 'mat 42 Paris Paris 42' and 'mat Paris Paris 42'
)") != std::string::npos);
  CHECK(graft::read_file(kGuide).find("'mat 42 Paris Paris 42' and 'mat Paris Paris 42'") != std::string::npos);
  std::size_t passed = 0;  // ctest before and after, and the two smallest plugins
  for (const char* all : {"100% tests passed", " 0 FAIL"})
    for (std::size_t at = 0; (at = outcome.output.find(all, at)) != std::string::npos; ++at) ++passed;
  CHECK(passed == 5);
}
