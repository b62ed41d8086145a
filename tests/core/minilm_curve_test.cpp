// The training step against transformers: 50 steps of MiniLM on the same rows, dropout 0, in fp32.
//
//   tolerance  1e-4 on each loss: rounding differs by about 1e-7 a step and grows as the weights part (tests/data/bert.py)
#include <ATen/Functions.h>
#include <torch/types.h>

#include "catch.hpp"
#include "core/train/accumulator.hpp"
#include "core/train/adamw.hpp"
#include "core/train/network.hpp"
#include "graft/testing.hpp"
#include "graft/weights.hpp"

using namespace graft;
using namespace graft::core;

namespace {

const std::string kData = GRAFT_TEST_DATA;

struct Minilm {
  testing::Plugin models{GRAFT_PLUGIN_DIR "/graft_model.so"}, heads{GRAFT_PLUGIN_DIR "/graft_head.so"};
  Safetensors curve{kData + "/minilm_curve.safetensors"};
  std::shared_ptr<Model> model;
  std::shared_ptr<Head> head;
  Parameters parameters;

  Minilm() {
    const std::string weights = GRAFT_SOURCE_DIR "/.deps/model/model.safetensors";
    model = models.make<Model>(
        "graft/bert", R"({"weights": ")" + weights + R"(", "input": "tokens", "hidden_dropout": 0, "attention_dropout": 0})");
    head = heads.make<Head>("graft/classify", R"({"target": "label", "dropout": 0})");
    const Schema data = {{"tokens", FieldKind::kTokens, {-1}, {}}, {"label", FieldKind::kClass, {}, {"no", "yes"}}};
    head->build(model->build(data, Rng(1)), data, Rng(1));
    model->load_weights(weights);
    for (const auto& item : model->named_parameters()) parameters.push_back({item.key(), item.value()});
    for (const auto& item : head->named_parameters()) {
      Tensor tensor = item.value();
      write_parameter(tensor, curve.tensor(item.key()));
      parameters.push_back({"heads.label." + item.key(), tensor});
    }
    model->train();
    head->train();
  }

  Batch batch(std::int64_t first, std::int64_t rows) const {
    Batch all = testing::batch(
        {{"tokens", Ragged{curve.tensor("ids"), curve.tensor("offsets"), 512}}, {"label", curve.tensor("labels")}});
    std::vector<std::int64_t> positions;
    for (std::int64_t i = first; i < first + rows; ++i) positions.push_back(i);
    return all.select(positions);
  }
};

}  // namespace

TEST_CASE("minilm: the losses of 50 steps agree with transformers' within 1e-4", "[core][train][slow]") {
  const Value reference = read_json(kData + "/minilm_curve.json");
  Minilm minilm;
  AdamW adamw({5e-5, 0.01, 0.9, 0.999, 1e-8, 1.0});
  double worst = 0;
  for (std::int64_t step = 0; step < 50; ++step) {
    const Batch rows = minilm.batch(8 * step, 8);
    const Call call({true, 1, {"features"}, {}, {}});
    const RowLoss loss = minilm.head->loss(minilm.head->forward(minilm.model->forward(rows, call), call), rows);
    Accumulator accumulator;
    accumulator.add({{"label", loss.value.sum(), loss.weight.sum()}}, minilm.parameters, Pass::kAtOnce);
    const double value = accumulator.finish(minilm.parameters);
    adamw.step(minilm.parameters, 1.0, 1.0);
    const double difference = std::abs(value - reference.at("loss").list()[step].number());
    worst = std::max(worst, difference);
    INFO("step " << step << ": " << value);
    REQUIRE(difference < 1e-4);
  }
  WARN("largest difference over 50 steps: " << worst);
}
