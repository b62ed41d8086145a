#pragma once

#include "graft/adapter.hpp"
#include "graft/config.hpp"

namespace faulty {

// A factor, at first 1, on what each linear layer gives.
class Scale final : public graft::Adapter {
 public:
  explicit Scale(const graft::Config& config) : name_(config.name()) {}
  void attach(graft::Model& model, graft::Rng rng) override;
  bool can_merge() const override { return true; }
  void merge(graft::Model& model) override;

 private:
  std::string name_;
};

}  // namespace faulty
