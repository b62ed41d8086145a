// Pictures from the folder to the predictions: source, augmenters on batches, convolutions, soft labels.
#include <algorithm>

#include "catch.hpp"
#include "command.hpp"
#include "graft/value.hpp"

using graft::read_file;
using graft::read_json;
using graft::to_json;
using graft::Value;

namespace {

// Two classes that any network tells apart: copies of one picture each, and a file that is none.
void write_pictures(const Workplace& here) {
  for (const char* label : {"waves", "dark"}) {
    std::filesystem::create_directories(here.file("pictures/" + std::string(label)));
    for (int i = 0; i < 24; ++i)
      std::filesystem::copy_file(std::string(GRAFT_TEST_DATA "/pictures/") + (*label == 'w' ? "rgb.png" : "bits.png"),
                                 here.file("pictures/" + std::string(label) + "/" + std::to_string(i) + ".png"));
  }
  here.write("pictures/waves/broken.jpg", "no picture");
}

std::string config_of(const Workplace& here) {
  return here.write("pictures.json", R"({
    "graft": 1, "run": {"seed": 1, "epochs": 30, "batch_size": 8, "precision": "fp32"},
    "data": {"p": {"source": {"use": "image_folder", "path": "pictures", "size": [7, 9]}, "split": {"valid": 0.2, "test": 0.2, "group": "file"}}},
    "pipeline": {
      "class": {"use": "category", "column": "label"},
      "mirror": {"use": "flip", "column": "image"},
      "shift": {"use": "crop", "column": "image", "padding": 1},
      "vary": {"use": "rand_augment", "column": "image", "num_ops": 1, "magnitude": 3},
      "box": {"use": "cutmix", "column": "image", "label": "class"},
      "mix": {"use": "mixup", "columns": "image", "label": "class"}
    },
    "model": {"use": "cnn", "input": "image", "widths": [8], "convolutions": 1},
    "heads": {"kind": {"use": "classify", "target": "class", "metrics": {"accuracy": {}}}},
    "optimizer": {"use": "adamw", "learning_rate": 0.01}
  })");
}

Outcome trained(const std::string& config, const std::string& run, const std::string& sets = "") {
  Outcome outcome = graft_command("train " + config + " --out " + run + sets);
  INFO(outcome.output);
  REQUIRE(outcome.exit == 0);
  return outcome;
}

}  // namespace

TEST_CASE("pictures: a folder is learned with every augmenter, broken files are named, other folders are predicted",
          "[app][pictures]") {
  const Workplace here;
  write_pictures(here);
  const std::string run = here.file("run");
  const Outcome outcome = trained(config_of(here), run);
  CHECK(
      outcome.output.find("left out 1 picture of 49 that cannot be read; the first: waves/broken.jpg: is neither JPEG nor PNG") !=
      std::string::npos);
  CHECK(outcome.output.find("class, ~mirror, ~shift, ~vary, ~box, ~mix") != std::string::npos);
  CHECK(read_json(run + "/report.json").at("metrics").at("test").at("p/kind/accuracy").number() == 1);

  std::filesystem::create_directories(here.file("new"));
  std::filesystem::copy_file(GRAFT_TEST_DATA "/pictures/rgb.png", here.file("new/a.png"));
  std::filesystem::copy_file(GRAFT_TEST_DATA "/pictures/bits.png", here.file("new/b.png"));
  const Outcome predicted = graft_command("predict " + run + " " + here.file("new") + " --out " + here.file("new.csv"));
  INFO(predicted.output);
  REQUIRE(predicted.exit == 0);
  const std::string rows = read_file(here.file("new.csv"));
  INFO(rows);
  CHECK(rows.find("a.png,") < rows.find("waves"));
  CHECK(rows.find("b.png,") < rows.find("dark"));
  CHECK(rows.find("image") == std::string::npos);
}

TEST_CASE("pictures: two runs end in the same bits, on one thread and on two", "[app][pictures]") {
  const Workplace here;
  write_pictures(here);
  const std::string config = config_of(here);
  trained(config, here.file("a"), " --set run.threads=1");
  trained(config, here.file("b"), " --set run.threads=1 --set run.loader_threads=2");
  CHECK(graft::sha256_of_file(here.file("a") + "/model/model.safetensors") ==
        graft::sha256_of_file(here.file("b") + "/model/model.safetensors"));
}
