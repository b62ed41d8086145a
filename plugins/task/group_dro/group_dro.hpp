// GroupDro: distributionally robust over domains, those that are learned worst count most.
//
//   formula   q_e <- q_e exp(eta R_e), q <- q / sum q;   loss = sum over e of q_e R_e
//   state     q, one a domain of `main`, in the order of the streams
//   source    Sagawa et al. 2020, arXiv:1911.08731, algorithm 1
#pragma once

#include <vector>

#include "../domains.hpp"

namespace graft::plugins {

class GroupDro final : public Domains {
 public:
  explicit GroupDro(const Config& config) : Domains("graft/group_dro"), eta_(config.number("eta")) {}
  void setup(Session& session) override;
  State state() const override;
  void restore(const State& state) override;

 protected:
  Terms combine(Step& step, const std::vector<Domain>& domains) override;

 private:
  double eta_;
  std::vector<double> q_;
};

}  // namespace graft::plugins
