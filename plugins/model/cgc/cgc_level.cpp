#include "cgc_level.hpp"

#include <ATen/ops/cat.h>

namespace graft::plugins {

CgcLevel::CgcLevel(std::string name, const std::vector<std::string>& outputs, std::int64_t in, const CgcSizes& sizes,
                   bool is_last, const Rng& rng)
    : name_(std::move(name)), outputs_(outputs) {
  const std::int64_t own = sizes.experts, common = sizes.shared_experts;
  auto specific = register_module("specific", std::make_shared<torch::nn::Module>());
  shared_ = register_module("shared", std::make_shared<Experts>(common, in, sizes.shape, rng.fork("shared")));
  auto gates = register_module("gates", std::make_shared<torch::nn::Module>());
  for (const std::string& output : outputs) {
    auto experts = std::make_shared<Experts>(own, in, sizes.shape, rng.fork("specific").fork(output));
    specific_.push_back(specific->register_module(output, std::move(experts)));
    gates_.push_back(gates->register_module(output, make_gate(in, own + common, rng.fork("gates").fork(output))));
  }
  if (is_last) return;
  const std::int64_t all = own * static_cast<std::int64_t>(outputs.size()) + common;
  shared_gate_ = register_module("shared_gate", make_gate(in, all, rng.fork("shared_gate")));
}

CgcLevel::Values CgcLevel::forward(const Values& x, const std::vector<bool>& wanted, const Call& call) const {
  Values y{std::vector<Tensor>(outputs_.size()), {}};
  const Tensor common = shared_->forward(x.shared, call);
  std::vector<Tensor> all;
  for (std::size_t k = 0; k < outputs_.size(); ++k) {
    if (!wanted[k]) continue;
    all.push_back(specific_[k]->forward(x.own[k], call));
    y.own[k] = mixture(*gates_[k], x.own[k], at::cat({all.back(), common}, 1), call, name_ + ".gates." + outputs_[k]);
  }
  if (!shared_gate_) return y;
  all.push_back(common);
  y.shared = mixture(*shared_gate_, x.shared, at::cat(all, 1), call, name_ + ".shared_gate");
  return y;
}

}  // namespace graft::plugins
