#include "vera.hpp"

#include <ATen/ops/empty.h>
#include <ATen/ops/full.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/zeros.h>

#include <algorithm>
#include <cmath>

#include "graft/nn/dropout.hpp"
#include "graft/nn/init.hpp"
#include "graft/weights.hpp"

namespace graft::plugins {
namespace {

constexpr const char* kName = "graft/vera";

class VeraPatch final : public nn::Patch {
 public:
  VeraPatch(nn::Linear& layer, const Tensor& a, const Tensor& b, double d_initial, double dropout)
      : layer_(layer), dropout_(dropout) {
    const at::TensorOptions options = layer.weight.options();
    a_ = register_buffer("A", a);
    b_ = register_buffer("B", b);
    lambda_d_ = register_parameter("lambda_d", at::full({a.size(0)}, d_initial, options));
    lambda_b_ = register_parameter("lambda_b", at::zeros({layer.weight.size(0)}, options));
  }

  Tensor after(const Tensor& y, const Tensor& x, const Call& call) const override {
    const auto as_y = [&](const Tensor& tensor) { return tensor.to(y.scalar_type()); };
    const Tensor narrow = at::linear(nn::dropout(as_y(x), dropout_, call), as_y(a_of_layer())).mul(as_y(lambda_d_));
    return y.add(at::linear(narrow, as_y(b_of_layer())).mul(as_y(lambda_b_)));
  }

  void merge() override {
    at::NoGradGuard no_grad;
    const Tensor change = at::matmul(b_of_layer().mul(lambda_b_.unsqueeze(1)), a_of_layer().mul(lambda_d_.unsqueeze(1)));
    write_parameter(layer_.weight, layer_.weight.add(change));
  }

 private:
  Tensor a_of_layer() const { return a_.slice(1, 0, layer_.weight.size(1)); }
  Tensor b_of_layer() const { return b_.slice(0, 0, layer_.weight.size(0)); }

  nn::Linear& layer_;  // which owns this patch
  double dropout_;
  Tensor a_, b_, lambda_d_, lambda_b_;
};

Tensor kaiming(std::int64_t rows, std::int64_t columns, Rng rng) {
  Tensor matrix = at::empty({rows, columns}, at::kFloat);
  nn::uniform_(matrix, std::sqrt(6.0 / static_cast<double>(columns)), rng);
  return matrix;
}

PeftFormat format() {
  return {
      "VERA", ".vera_", {{"lambda_b", "vera_lambda_b"}, {"lambda_d", "vera_lambda_d"}}, {{"A", "vera_A"}, {"B", "vera_B"}}, {}};
}

}  // namespace

Vera::Vera(const Config& config)
    : LinearAdapter(kName, config),
      rank_(config.integer("rank")),
      d_initial_(config.number("d_initial")),
      dropout_(config.number("dropout")) {
  if (config.has("from"))
    from_.emplace(config.path("from"), kName, format()).require({{"r", rank_, {}}, {"save_projection", true, {}}});
}

void Vera::attach(Model& model, Rng rng) {
  LinearAdapter::attach(model, rng);
  if (from_) from_->copy_to(model, name_);
}

void Vera::save(const Model& model, const std::string& folder) const {
  write_peft(folder, "VERA",
             {{"r", rank_, {}},
              {"target_modules", chosen_names(model), {}},
              {"save_projection", true, {}},
              {"projection_prng_key", 0, {}},
              {"vera_dropout", peft_number(dropout_), {}},
              {"d_initial", peft_number(d_initial_), {}},
              {"bias", "none", {}},
              {"fan_in_fan_out", false, {}}},
             peft_state(format(), model, name_));
}

void Vera::prepare(const Model&, const Linears& layers, Rng rng) {
  std::int64_t out = 0, in = 0;
  for (const auto& [name, layer] : layers) {
    out = std::max(out, layer->weight.size(0));
    in = std::max(in, layer->weight.size(1));
  }
  a_ = kaiming(rank_, in, rng.fork("A"));
  b_ = kaiming(out, rank_, rng.fork("B"));
}

std::shared_ptr<nn::Patch> Vera::patch(const std::string&, nn::Linear& layer, Rng) {
  return std::make_shared<VeraPatch>(layer, a_, b_, d_initial_, dropout_);
}

}  // namespace graft::plugins
