// MultiTask: several heads on one trunk, and a balancer that decides how their losses make one direction.
//
//   formula  batch = next("main"), or a batch of each stream; minimise balance(loss sum / count of each head that has a label)
//   streams  main: the rows that carry labels; they take turns, or each is in every step
//   differs  where the balancer sees the gradients is said by `at`; libraries fix it
//   state    the balancer's, kept by the host
//   errors   those of the host, which refuses a balancer that the run cannot serve; Error("graft/multi_task") when one other than
//            sum has a single head to weigh
#pragma once

#include <memory>
#include <string>

#include "graft/balancer.hpp"
#include "graft/config.hpp"
#include "graft/task.hpp"

namespace graft::plugins {

class MultiTask final : public Task {
 public:
  explicit MultiTask(const Config& config);
  Turns turns(std::string_view) const override { return turns_; }
  void setup(Session& session) override;
  void step(Step& step) override;

 private:
  std::shared_ptr<Balancer> balancer_;
  std::string balancer_name_;
  BalanceAt at_;
  Turns turns_;
};

}  // namespace graft::plugins
