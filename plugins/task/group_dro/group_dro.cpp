#include "group_dro.hpp"

#include <ATen/Functions.h>

#include <cmath>
#include <numeric>

#include "graft/error.hpp"

namespace graft::plugins {

void GroupDro::setup(Session& session) {
  Domains::setup(session);
  q_.assign(count(), 1.0 / static_cast<double>(count()));
}

Terms GroupDro::combine(Step&, const std::vector<Domain>& domains) {
  for (const Domain& domain : domains) q_[domain.number] *= std::exp(eta_ * domain.loss.item<double>());
  const double sum = std::accumulate(q_.begin(), q_.end(), 0.0);
  for (double& q : q_) q /= sum;
  Tensor loss;
  double present = 0;
  for (const Domain& domain : domains) {
    const Tensor part = domain.loss.mul(q_[domain.number]);
    loss = loss.defined() ? loss + part : part;
    present += q_[domain.number];
  }
  return {{"group_dro", loss, at::full({}, present, loss.options().requires_grad(false)), false}};
}

State GroupDro::state() const {
  Tensor q = at::empty({static_cast<std::int64_t>(q_.size())}, at::kDouble);
  std::copy(q_.begin(), q_.end(), q.mutable_data_ptr<double>());
  return {{{"q", q}}, {}};
}

void GroupDro::restore(const State& state) {
  const auto saved = state.tensors.find("q");
  if (saved == state.tensors.end() || saved->second.numel() != static_cast<std::int64_t>(q_.size()))
    throw Error("graft/group_dro", "the saved state is not of " + std::to_string(q_.size()) + " domains");
  const Tensor q = saved->second.to(at::kCPU, at::kDouble).contiguous();
  std::copy_n(q.const_data_ptr<double>(), q_.size(), q_.begin());
}

}  // namespace graft::plugins
