#include "catch.hpp"
#include "config_case.hpp"
#include "mutate_config.hpp"

using namespace graft::core;

TEST_CASE("config: each key misspelt, of a wrong type, out of range or left out is refused at its place", "[config]") {
  const Folder folder;
  const std::string path = folder.write("config.json", kFullConfig);
  REQUIRE(problems_of(folder, "config.json") == "");
  const Mutations mutations = mutate_config(path, sample_catalog());
  REQUIRE(mutations.tried > 300);
  std::string all;
  for (const std::string& failure : mutations.failures) all += failure + "\n";
  REQUIRE(all == "");
}
