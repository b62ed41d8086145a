// Upgrad: each gradient is projected onto the cone of the directions that make no task worse; then the mean of the projections.
//
//   formula  w = sum over i of argmin of v^T (G / trace + reg_eps I) v over v >= e_i / K
//   limits   a trace under norm_eps counts as a Gramian of zeros: weights 1 / K
//   source   Quinton and Rey 2024, arXiv:2406.16232; torchjd 0.8.1, whose defaults these are
#pragma once

#include "../gramian.hpp"
#include "graft/config.hpp"

namespace graft::plugins {

class Upgrad final : public GramianBalancer {
 public:
  explicit Upgrad(const Config& config);

 private:
  std::vector<double> weights(const Gramian& gramian, const Losses& losses) override;
  double norm_eps_, reg_eps_;
};

}  // namespace graft::plugins
