// ImtlL: impartial multi-task learning, the half that looks at losses. A learned scale brings each weighted loss to 1.
//
//   formula  sum of exp(s_i) L_i - s_i
//   trained  s by Adam with its own learning rate, after the scalar is made: d/ds = exp(s) L - 1; rest point s = -log L
//   source   Liu et al. 2021, "Towards Impartial Multi-task Learning", ICLR, section 3.2
//   differs  alone here; the paper puts IMTL-G on top of it
//   state    "scale", see learned.hpp
#pragma once

#include "../learned.hpp"
#include "../loss_balancer.hpp"
#include "graft/config.hpp"

namespace graft::plugins {

class ImtlL final : public LossBalancer {
 public:
  explicit ImtlL(const Config& config);
  Tensor combine(const Losses& losses) override;
  void build(std::int64_t tasks) override;
  State state() const override { return learned_.state(); }
  void restore(const State& state) override { learned_.restore(state); }

 private:
  Learned learned_;
};

}  // namespace graft::plugins
