// What the tests of models on a trunk share: models from the plugin, their parameters set, and the references of tests/data/trunks.py.
#pragma once

#include <torch/types.h>

#include <memory>
#include <string>
#include <vector>

#include "catch.hpp"
#include "gradients.hpp"
#include "graft/model.hpp"
#include "graft/testing.hpp"
#include "graft/weights.hpp"

namespace graft::trunk_case {

inline const testing::Plugin& plugin() {
  static const testing::Plugin opened(GRAFT_PLUGIN_DIR "/graft_model.so");
  return opened;
}

inline std::shared_ptr<Model> built(const std::string& use, const std::string& parameters, const Schema& schema) {
  auto model = plugin().make<Model>(use, parameters);
  model->build(schema, Rng(1));
  return model;
}

inline void put(Model& model, const std::string& name, std::vector<double> values) {
  Tensor parameter = model.named_parameters()[name];
  write_parameter(parameter, at::tensor(values).view(parameter.sizes()));
}

inline Call call_for(std::vector<std::string> outputs, bool training = false, Tap tap = {}) {
  Call::Options options;
  options.outputs = std::move(outputs);
  options.training = training;
  options.tap = std::move(tap);
  return Call(options);
}

// The model's points in a pass whose tap changes nothing.
inline std::vector<std::string> points_of(Model& model, const Batch& batch) {
  std::vector<std::string> points;
  model.forward(batch, call_for({}, false, [&](std::string_view point, const Tensor& value) {
                  points.emplace_back(point);
                  return value;
                }));
  return points;
}

// Outputs and gradients of a case of trunks.safetensors, whose weights the model takes by name.
inline void require_reference(Model& model, const std::string& name, const Batch& batch) {
  const Safetensors reference(std::string(GRAFT_TEST_DATA) + "/trunks.safetensors");
  for (auto [parameter, tensor] : named_tensors(model)) {
    CAPTURE(parameter);
    write_parameter(tensor, reference.tensor(name + ".weight." + parameter));
  }
  const Batch output = model.forward(batch, Call());
  Tensor sum = at::zeros({});
  for (const std::string& column : output.names()) {
    CAPTURE(column);
    CHECK(relative_difference(output.tensor(column), reference.tensor(name + "." + column)) < 1e-5);
    sum = sum + output.tensor(column).square().sum();
  }
  sum.backward();
  for (const auto& named : model.named_parameters()) {
    CAPTURE(named.key());
    CHECK(relative_difference(named.value().grad(), reference.tensor(name + ".gradient." + named.key())) < 1e-5);
  }
}

inline Batch reference_rows() {
  const Safetensors reference(std::string(GRAFT_TEST_DATA) + "/trunks.safetensors");
  return testing::batch({{"x", reference.tensor("x").clone()}, {"y", reference.tensor("y").clone()}});
}

// The contract of every model: stages partition the parameters, and a gradient reaches each.
inline void require_contract(Model& model, const Batch& batch) {
  Tensor sum = at::zeros({});
  const Batch output = model.forward(batch, Call());
  for (const std::string& column : output.names()) sum = sum + output.tensor(column).square().sum();
  sum.backward();
  for (const auto& named : model.named_parameters()) {
    CAPTURE(named.key());
    int owners = 0;
    for (const std::string& stage : model.stages()) owners += named.key().rfind(stage + ".", 0) == 0;
    CHECK(owners == 1);
    CHECK(named.value().grad().defined());
  }
  CHECK(std::vector<std::int64_t>(output.row_ids().begin(), output.row_ids().end()) ==
        std::vector<std::int64_t>(batch.row_ids().begin(), batch.row_ids().end()));
}

}  // namespace graft::trunk_case
