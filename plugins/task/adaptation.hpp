// Adaptation: the step that methods for a target domain without labels share.
//
//   loss      losses of the heads on rows of `main`, plus weight * a penalty on rows of `main` and `target`
//   streams   main: rows with labels; target: rows whose labels are never read
//   features  the column "features" of the model, [B, D], as float
#pragma once

#include "graft/config.hpp"
#include "graft/task.hpp"

namespace graft::plugins {

// One domain's rows of a step, after the model.
struct Domain {
  const Batch& rows;
  const Batch& output;  // of the model
  Tensor features;      // [B, D] float
};

class Adaptation : public Task {
 public:
  std::vector<std::string> streams() const override { return {"main", "target"}; }
  bool splittable() const override { return false; }
  void setup(Session& session) override;
  void step(Step& step) override;

 protected:
  explicit Adaptation(std::string name) : name_(std::move(name)) {}
  std::int64_t width() const { return width_; }
  const std::string& name() const { return name_; }  // "graft/coral", for messages

  virtual bool compares_domains() const { return true; }  // then no stream plays both roles
  virtual Term penalty(Step& step, const Domain& source, const Domain& target) = 0;
  virtual void after_step(Step&) {}

 private:
  std::string name_;
  std::int64_t width_ = 0;
};

// The head that a method reads classes from: the one named, or the first that predicts probabilities. throws Error(name) when there
// is none.
struct ClassHead {
  std::string name;
  std::int64_t classes;
};
ClassHead class_head(Session& session, const std::string& wanted, const std::string& name);

Tensor one_on(const Tensor& like);      // a count of 1
Tensor in_float(const Tensor& tensor);  // double, of tests, stays

}  // namespace graft::plugins
