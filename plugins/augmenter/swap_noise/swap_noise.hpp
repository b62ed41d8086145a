// SwapNoise: puts the value of another training row in place of some, feature by feature.
//
//   formula   m x' + (1 - m) x,  m ~ Bernoulli(probability) for each feature, x' the same feature of a row drawn for it alone
//   columns   [B] double, int64 or class, or [B, D] float or double, changed in place; each of the D is a feature
//   rows      those that values are taken from: all training rows, or `pool` of them, evenly spread over the file
//   draws     for each feature, from rng.row(row id), column by column: whether, then which row; both in any case
//   missing   is a value as any other: it may be replaced, and replace
//   source    Yoon et al. 2020, VIME, section 4.1; Jahrer 2017, Porto Seguro's winner ("swap noise", 0.15)
//   differs   values come from the training rows at large, in VIME from a permutation of those at hand: so what happens to a row
//             does not depend on its neighbours. Nothing is predicted: it is noise
//   scope     row; threads any
//   throws    Error when a column has another kind; before fit
#pragma once

#include <string>
#include <vector>

#include "graft/augmenter.hpp"
#include "graft/config.hpp"

namespace graft::plugins {

class SwapNoise final : public Augmenter {
 public:
  explicit SwapNoise(const Config& config);

  Scope scope() const override { return Scope::kRow; }
  Tap augment(Batch& batch, Rng rng) const override;
  Schema outputs(const Schema& inputs) const override;
  void fit(const Source& training) override;
  State state() const override;  // a tensor [N] or [N, D] a column, by its name
  void restore(const State& state) override;

 private:
  template <class Number>
  Tensor swapped(const Tensor& given, const Tensor& pool, std::vector<Rng>& draws) const;

  std::vector<std::string> columns_;
  double probability_;
  std::int64_t most_;
  std::vector<Tensor> pool_;  // by column; empty before fit
};

}  // namespace graft::plugins
