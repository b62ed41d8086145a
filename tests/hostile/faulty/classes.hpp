#pragma once

#include "graft/config.hpp"
#include "graft/head.hpp"
#include "graft/nn/linear.hpp"

namespace faulty {

// One class a row, by softmax cross-entropy; the logits are multiplied by how common the rows' classes are, to have something to fit.
class Classes final : public graft::Head {
 public:
  explicit Classes(const graft::Config& config) : target_(config.column("target")) {}
  std::string target() const override { return target_; }
  void build(const graft::Schema& features, const graft::Schema& data, graft::Rng rng) override;
  void fit(const graft::Source& training) override;
  graft::Schema outputs() const override;
  graft::Scores forward(const graft::Batch& features, const graft::Call& call) override;
  graft::RowLoss loss(const graft::Scores& scores, const graft::Batch& batch) const override;
  graft::Batch predict(const graft::Scores& scores, const graft::Batch& batch) const override;

 private:
  std::string target_;
  std::vector<std::string> names_;
  std::shared_ptr<graft::nn::Linear> layer_;
  graft::Tensor scale_;
};

}  // namespace faulty
