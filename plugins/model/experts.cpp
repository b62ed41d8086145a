#include "experts.hpp"

#include <ATen/ops/bmm.h>
#include <ATen/ops/softmax.h>
#include <ATen/ops/stack.h>

#include <set>

#include "graft/error.hpp"

namespace graft::plugins {

Experts::Experts(std::int64_t count, std::int64_t in, const PerceptronShape& shape, const Rng& rng) {
  for (std::int64_t i = 0; i < count; ++i)
    experts_.push_back(register_module(std::to_string(i), std::make_shared<Perceptron>(in, shape, rng.fork(i))));
}

Tensor Experts::forward(const Tensor& x, const Call& call) const {
  std::vector<Tensor> all;
  for (const auto& expert : experts_) all.push_back(expert->forward(x, call));
  return at::stack(all, 1);
}

std::shared_ptr<nn::Linear> make_gate(std::int64_t in, std::int64_t experts, Rng rng) {
  return std::make_shared<nn::Linear>(in, experts, rng, /*with_bias=*/false);
}

Tensor mixture(const nn::Linear& gate, const Tensor& x, const Tensor& experts, const Call& call, const std::string& point) {
  const Tensor scores = gate.forward(x, call);
  const Tensor wide = scores.scalar_type() == at::kBFloat16 ? scores.to(at::kFloat) : scores;
  const Tensor weights = call.tap(point, at::softmax(wide, 1));
  return at::bmm(weights.to(experts.scalar_type()).unsqueeze(1), experts).squeeze(1);
}

std::vector<std::string> output_names(const Config& config, const std::string& where) {
  std::vector<std::string> names = config.texts("outputs");
  std::set<std::string> seen;
  for (const std::string& name : names) {
    if (name.empty() || name.find_first_of("./") != std::string::npos)
      throw Error(where, "outputs: a name has no dots and no slashes and is not empty, got \"" + name + "\"");
    if (!seen.insert(name).second) throw Error(where, "outputs must differ, " + name + " is there twice");
  }
  return names;
}

}  // namespace graft::plugins
