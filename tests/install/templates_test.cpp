// Each kind of plugin from nothing: written, configured, built, tested, trained with and installed, by the commands of its README.
#include <algorithm>

#include "installed.hpp"

TEST_CASE("templates: each kind builds, passes its tests, trains and is found once installed, in less than a minute",
          "[install][template][slow]") {
  for (const char* name : {"source", "extractor", "augmenter", "model", "adapter", "head", "metric", "balancer", "task"}) {
    const std::string kind = name;
    const Workplace here;
    const double before = child_seconds();
    const Outcome written = Installed::graft().run(
        here.path, "\"$GRAFT\"/bin/graft plugin new --kind " + kind + " --id acme-my-" + kind + " project\n");
    INFO(written.output);
    REQUIRE(written.exit == 0);
    const Outcome outcome =
        Installed::graft().run(here.file("project"), typed_from(here.file("project/README.md")) + "\"$GRAFT\"/bin/graft show " +
                                                         kind + "/acme/my_" + kind + "\n");
    const double clock = written.seconds + outcome.seconds, processor = child_seconds() - before;
    std::printf("%-10s %5.1f s, of the processors %.1f s\n", name, clock, processor);
    INFO(outcome.output);
    CHECK(outcome.exit == 0);
    CHECK(outcome.output.find("100% tests passed") != std::string::npos);
    CHECK(outcome.output.find("acme_my_" + kind + ".check") != std::string::npos);
    CHECK(std::min(clock, processor) < 60);  // beside other work the clock runs on, on two processors each second counts twice

    // Nothing of it came from the tree that graft was built from, LibTorch aside.
    const Outcome built = Installed::graft().run(here.file("project"), "ninja -C build -t commands\n");
    for (const char* folder : {"/sdk", "/core", "/plugins", "/tests", "/build"})
      CHECK(built.output.find(std::string(GRAFT_SOURCE_DIR) + folder) == std::string::npos);
  }
}
