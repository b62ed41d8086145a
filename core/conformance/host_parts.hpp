// What stands on the other side of a component: predictions for metrics, losses for balancers, a model for adapters.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/conformance/subject.hpp"
#include "graft/adapter.hpp"
#include "graft/balancer.hpp"
#include "graft/metric.hpp"
#include "graft/model.hpp"

namespace graft::core::conformance {

// What a head gave for some rows, and what was true.
struct Predicted {
  std::string what;  // "class", "number", "label set", "tags"
  Table predictions;
  Field target;
  Batch truth;
};

// Predictions of every kind of head: seeded ones, or the truth itself.
std::vector<Predicted> all_predictions(std::int64_t count, std::uint64_t seed, bool are_right = false);

// Those that the metric's build() accepts.
std::vector<Predicted> accepted_predictions(Subject& subject, std::uint64_t seed, std::int64_t count = 24,
                                            bool are_right = false);

Batch without_labels(const Predicted& given);  // the truth with every label missing

// Losses made of a Jacobian [K, P] and means of tasks [K].
struct DrawnLosses final : Losses {
  std::vector<std::int64_t> present;
  Tensor loss, gram, jacob;
  Progress at{0, 0, 10};
  std::uint64_t seed = 1;

  std::span<const std::int64_t> tasks() const override { return present; }
  const Tensor& values() const override { return loss; }
  const Tensor& gramian() const override { return gram; }
  const Tensor& jacobian() const override { return jacob; }
  double epoch_mean(std::int64_t task, std::int64_t epochs_ago) const override;
  const Progress& progress() const override { return at; }
  Rng rng() const override { return Rng(seed); }
};
Tensor drawn_jacobian(std::int64_t tasks, std::int64_t parameters, std::uint64_t seed);  // double
DrawnLosses losses_of(const Balancer& balancer, const Tensor& jacobian, const std::vector<double>& means = {});

// The direction [P] that the balancer takes for a Jacobian, by whatever it wants.
Tensor direction_of(Subject& subject, Balancer& balancer, const Tensor& jacobian, const std::vector<double>& means = {});

// A small graft/bert over the column "tokens", D = width. throws Stopped SKIP when nobody provides it.
std::shared_ptr<Model> small_model(Subject& subject, std::uint64_t seed, std::int64_t width = 8);
Batch used_adapter(Subject& subject, Adapter& adapter, std::uint64_t rows_seed);

}  // namespace graft::core::conformance
