// Domains: the step that methods comparing several labelled domains share: a batch of every stream of `main` in each step.
#pragma once

#include "graft/config.hpp"
#include "graft/task.hpp"

namespace graft::plugins {

Tensor mean_loss(const Terms& terms);  // [] the sum over terms of sum / count; undefined where no row has a label

class Domains : public Task {
 public:
  Turns turns(std::string_view) const override { return Turns::kEach; }
  bool splittable() const override { return false; }
  void setup(Session& session) override;  // throws Error(name) when there is a single domain
  void step(Step& step) override;

 protected:
  explicit Domains(std::string name) : name_(std::move(name)) {}
  std::size_t count() const { return count_; }

  // One domain of the step that has labels.
  struct Domain {
    std::size_t number;
    const Batch& rows;
    Batch output;  // of the model
    Tensor loss;   // [] the sum over the heads of their mean losses
  };
  virtual Terms combine(Step& step, const std::vector<Domain>& domains) = 0;
  virtual void before_step(Step&) {}

 private:
  std::string name_;
  std::size_t count_ = 0;
};

// The mean loss of the domains and a penalty, which has its full `weight` after a share of the run, `anneal`, and 1 or less until
// then. The optimizer then starts afresh, since its moments belong to other gradients.
class Penalised : public Domains {
 protected:
  Penalised(const std::string& name, const Config& config)  // "irm", of the task and of the penalty's term
      : Domains("graft/" + name), term_(name), weight_(config.number("weight")), share_(config.number("anneal")) {}
  virtual Tensor penalty(Step& step, const std::vector<Domain>& domains) = 0;  // []; undefined: none in this step

  Terms combine(Step& step, const std::vector<Domain>& domains) final;
  void before_step(Step& step) final;

 private:
  bool is_annealed(std::int64_t step, const Progress& progress) const;
  std::string term_;
  double weight_, share_;
};

}  // namespace graft::plugins
