#pragma once

#include "graft/config.hpp"
#include "graft/task.hpp"

namespace faulty {

// Plain training on all heads.
class Plain final : public graft::Task {
 public:
  explicit Plain(const graft::Config&) {}
  void step(graft::Step& step) override;

 private:
  graft::Terms terms(graft::Step& step, const graft::Batch& batch);
  int steps_ = 0;
};

}  // namespace faulty
