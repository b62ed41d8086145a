// Averages of the weights: what they are, and that putting them in place loses nothing.
#include <ATen/Functions.h>
#include <torch/types.h>

#include <filesystem>

#include "catch.hpp"
#include "core/train/average.hpp"

using namespace graft;
using namespace graft::core;

namespace {

struct Walk {  // one weight that is set to a new value in each step
  explicit Walk(const std::string& config, std::int64_t steps) : average(parse_json(config, "average")), total(steps) {}
  void to(float value) {
    const at::NoGradGuard no_grad;
    parameters[0].tensor.fill_(value);
    average.stepped(parameters, {++step, 0, total});
  }
  float averaged() {
    const AveragedWeights in_place(average, parameters);
    return parameters[0].tensor.item<float>();
  }
  float now() const { return parameters[0].tensor.item<float>(); }

  WeightAverage average;
  std::int64_t total, step = 0;
  Parameters parameters = {{"w", torch::tensor({0.0f})}};
};

const char* const kEma = R"({"use": "graft/ema", "decay": 0.5})";

}  // namespace

TEST_CASE("average: ema by hand, its first steps with less memory", "[train][average]") {
  Walk walk(kEma, 10);
  walk.to(1);
  CHECK(walk.averaged() == 1.0f);
  walk.to(2);  // d = 3 / 12
  CHECK(walk.averaged() == Approx(0.25 * 1 + 0.75 * 2));
  walk.to(3);  // d = 4 / 13
  CHECK(walk.averaged() == Approx(4.0 / 13 * 1.75 + 9.0 / 13 * 3));
  for (int i = 0; i < 20; ++i) walk.to(3);  // d = 0.5 from step 8 on
  const float before = walk.averaged();
  walk.to(5);
  CHECK(walk.averaged() == Approx(0.5 * before + 0.5 * 5));
}

TEST_CASE("average: swa is the mean over the last part of the run, and before that the weights", "[train][average]") {
  Walk walk(R"({"use": "graft/swa", "start": 0.5, "every": 2})", 10);
  for (int value = 1; value <= 4; ++value) walk.to(static_cast<float>(value));
  CHECK(walk.averaged() == 4.0f);
  for (int value = 5; value <= 10; ++value) walk.to(static_cast<float>(value));
  CHECK(walk.averaged() == Approx((6.0 + 8 + 10) / 3));
}

TEST_CASE("average: none leaves the weights alone", "[train][average]") {
  Walk walk(R"({"use": "graft/none"})", 4);
  walk.to(1);
  walk.to(2);
  CHECK(walk.averaged() == 2.0f);
  CHECK(walk.average.weights().empty());
}

TEST_CASE("average: put in place and back, the weights have the same bits and another version", "[train][average]") {
  Walk walk(kEma, 4);
  walk.to(0.1f);
  walk.to(0.7f);
  const auto version = walk.parameters[0].tensor._version();
  CHECK(walk.averaged() != 0.7f);
  CHECK(walk.now() == 0.7f);
  CHECK(walk.parameters[0].tensor._version() > version);
}

TEST_CASE("average: a restored average goes on to the same bits", "[train][average]") {
  const std::string file = (std::filesystem::temp_directory_path() / "graft-average-test.safetensors").string();
  Walk whole(kEma, 4), resumed(kEma, 4);
  whole.to(0.1f);
  whole.to(0.7f);
  {
    const AveragedWeights in_place(whole.average, whole.parameters);  // as a checkpoint is written
    write_safetensors(file, whole.average.weights());
    at::NoGradGuard no_grad;
    resumed.parameters[0].tensor.copy_(whole.parameters[0].tensor);
  }
  resumed.average.restore(Safetensors(file), whole.average.counts(), resumed.parameters);
  resumed.step = whole.step;
  CHECK(resumed.now() == 0.7f);
  whole.to(0.3f);
  resumed.to(0.3f);
  CHECK(resumed.averaged() == whole.averaged());
  const Value unknown = parse_json(R"({"v": 1})", "counts");
  CHECK(message_of([&] { resumed.average.restore(Safetensors(file), unknown, resumed.parameters); }) ==
        "[checkpoint] has an average of v, which this model has not");
}

TEST_CASE("average: a weight that does not train is not averaged until it does, nor one of a task's module", "[train][average]") {
  Walk walk(kEma, 4);
  walk.parameters[0].trains = false;
  walk.parameters.push_back({"task.discriminator.weight", torch::tensor({1.0f})});
  walk.to(1);
  CHECK(walk.average.weights().empty());
  walk.parameters[0].trains = true;
  walk.to(2);
  CHECK(walk.average.weights().size() == 1);
}
