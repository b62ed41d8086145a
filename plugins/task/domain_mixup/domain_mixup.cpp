#include "domain_mixup.hpp"

#include <ATen/Functions.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "../adaptation.hpp"
#include "graft/error.hpp"

namespace graft::plugins {
namespace {

std::vector<std::size_t> shuffled(std::size_t count, Rng& rng) {
  std::vector<std::size_t> order(count);
  std::iota(order.begin(), order.end(), 0);
  for (std::size_t i = count; i-- > 1;) std::swap(order[i], order[rng.below(static_cast<std::int64_t>(i) + 1)]);
  return order;
}

Batch first_rows(const Batch& batch, std::int64_t count) {
  std::vector<std::int64_t> positions(count);
  std::iota(positions.begin(), positions.end(), 0);
  return batch.select(positions);
}

}  // namespace

double draw_beta(double alpha, Rng& rng) {
  for (;;) {
    const double u = std::pow(rng.uniform(), 1 / alpha), v = std::pow(rng.uniform(), 1 / alpha);
    if (u + v > 0 && u + v <= 1) return u / (u + v);
  }
}

DomainMixup::DomainMixup(const Config& config) : Domains("graft/domain_mixup"), alpha_(config.number("alpha")) {}

void DomainMixup::setup(Session& session) {
  Domains::setup(session);
  require(session.features(), "features", {FieldKind::kVector}, "graft/domain_mixup");
}

Terms DomainMixup::combine(Step& step, const std::vector<Domain>& domains) {
  Rng rng = step.rng();
  const std::vector<std::size_t> order = shuffled(domains.size(), rng);
  Tensor sum;
  for (std::size_t k = 0; k < order.size(); ++k) {
    const Domain &a = domains[order[k]], &b = domains[order[(k + 1) % order.size()]];
    const std::int64_t count = std::min(a.rows.size(), b.rows.size());
    const double share = draw_beta(alpha_, rng);
    const Batch ours = first_rows(a.rows, count), theirs = first_rows(b.rows, count);
    Batch mixed(std::vector<std::int64_t>(ours.row_ids().begin(), ours.row_ids().end()));
    mixed.set("features", in_float(a.output.tensor("features")).narrow(0, 0, count).mul(share) +
                              in_float(b.output.tensor("features")).narrow(0, 0, count).mul(1 - share));
    for (const auto& [rows, part] : {std::pair(&ours, share), std::pair(&theirs, 1 - share)})
      if (const Tensor loss = mean_loss(step.terms(mixed, *rows)); loss.defined())
        sum = sum.defined() ? sum + loss.mul(part) : loss.mul(part);
  }
  if (!sum.defined()) return {};
  return {{"domain_mixup", sum, at::full({}, static_cast<double>(order.size()), sum.options().requires_grad(false)), false}};
}

}  // namespace graft::plugins
