// examples/plugin, as its authors would have it: a copy of its own, and the commands of its README.
#include "installed.hpp"

namespace fs = std::filesystem;

namespace {

std::vector<double> accuracies(const std::string& output) {  // the means that the runs of several seeds end with
  std::vector<double> means;
  const std::string name = "reviews/mood/accuracy   3     ";
  for (std::size_t at = 0; (at = output.find(name, at)) != std::string::npos; ++at)
    means.push_back(std::stod(output.substr(at + name.size())));
  return means;
}

}  // namespace

TEST_CASE("example: the plugin project builds, passes its tests and trains, by its README alone", "[install][example][slow]") {
  const Workplace here;
  fs::copy(GRAFT_SOURCE_DIR "/examples/plugin", here.file("plugin"), fs::copy_options::recursive);
  const Outcome outcome = Installed::graft().run(here.file("plugin"), typed_from(here.file("plugin/README.md")));
  std::printf("%-10s %5.1f s\n", "example", outcome.seconds);
  INFO(outcome.output);
  CHECK(outcome.exit == 0);
  CHECK(outcome.output.find("100% tests passed, 0 tests failed out of 2") != std::string::npos);
  const std::vector<double> means = accuracies(outcome.output);
  REQUIRE(means.size() == 2);
  for (const double mean : means) CHECK(mean > 0.8);  // chance: 0.5
}

TEST_CASE("example: its own CI runs what its README says", "[install][example]") {
  const std::string readme = typed_from(GRAFT_SOURCE_DIR "/examples/plugin/README.md");
  const std::string ci = graft::read_file(GRAFT_SOURCE_DIR "/examples/plugin/.github/workflows/ci.yml");
  std::istringstream lines(readme);
  std::string line;
  for (int i = 0; i < 4; ++i) {
    REQUIRE(std::getline(lines, line));
    INFO(line);
    CHECK(ci.find(line) != std::string::npos);
  }
}
