#pragma once

#include <memory>

#include "graft/config.hpp"
#include "graft/model.hpp"
#include "graft/nn/linear.hpp"

namespace faulty {

// Two linear layers with dropout between them.
class Net final : public graft::Model {
 public:
  explicit Net(const graft::Config& config);
  graft::Schema build(const graft::Schema& inputs, graft::Rng rng) override;
  graft::Batch forward(const graft::Batch& batch, const graft::Call& call) override;
  std::vector<std::string> stages() const override;
  void load_weights(const std::string& path) override;

 private:
  graft::Tensor hidden(const graft::Tensor& x, const graft::Call& call) const;
  graft::Tensor given(graft::Tensor y, const graft::Call& call);

  std::string input_;
  std::shared_ptr<graft::nn::Linear> first_, second_;
  graft::Tensor secret_;  // not registered
  std::vector<float> buffer_;
};

}  // namespace faulty
