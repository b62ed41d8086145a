// Checkpoint folders: whole or not there.
#include <ATen/Functions.h>

#include <filesystem>

#include "catch.hpp"
#include "core/checkpoint/checkpoint.hpp"

using namespace graft;
using namespace graft::core;
namespace fs = std::filesystem;

namespace {

struct Folder {
  std::string path;
  Folder() {
    std::string name = (fs::temp_directory_path() / "graft-checkpoint-XXXXXX").string();
    path = ::mkdtemp(name.data());
  }
  ~Folder() { fs::remove_all(path); }
};

Checkpoint checkpoint(double value) {
  Value state = Value::Object{};
  state.set("value", value);
  return {{{"w", at::full({2}, value, at::kFloat)}}, {}, std::move(state)};
}

std::string name_of(const std::optional<std::string>& folder) { return folder ? fs::path(*folder).filename().string() : ""; }

}  // namespace

TEST_CASE("checkpoints: last is the newest, best the one said to be, and both outlive pruning", "[checkpoint]") {
  const Folder folder;
  Checkpoints checkpoints(folder.path);
  CHECK_FALSE(checkpoints.last());
  for (std::int64_t step : {5, 10, 15, 20, 25}) checkpoints.write(step, checkpoint(0.1 * static_cast<double>(step)), step == 10);
  checkpoints.prune(2);
  CHECK(name_of(checkpoints.last()) == "step-000025");
  CHECK(name_of(checkpoints.best()) == "step-000010");
  CHECK(fs::exists(folder.path + "/step-000020"));
  CHECK_FALSE(fs::exists(folder.path + "/step-000015"));
  CHECK(Checkpoints::read_state(*checkpoints.best()).at("value").number() == 1.0);
  CHECK(Safetensors(folder.path + "/best/weights.safetensors").tensor("w")[1].item<float>() == 1.0f);
}

TEST_CASE("checkpoints: what a kill left half written is not taken for a checkpoint, and goes", "[checkpoint]") {
  const Folder folder;
  Checkpoints checkpoints(folder.path);
  checkpoints.write(5, checkpoint(1), false);
  fs::create_directory(folder.path + "/step-000010.part");
  fs::create_directory(folder.path + "/step-000015");  // no state.json: not whole
  CHECK(name_of(checkpoints.last()) == "step-000005");
  checkpoints.prune(2);
  CHECK_FALSE(fs::exists(folder.path + "/step-000010.part"));
}

TEST_CASE("checkpoints: a step that is written again replaces the old one", "[checkpoint]") {
  const Folder folder;
  Checkpoints checkpoints(folder.path);
  checkpoints.write(5, checkpoint(1), true);
  checkpoints.write(5, checkpoint(2), false);
  CHECK(Checkpoints::read_state(*checkpoints.last()).at("value").number() == 2.0);
}
