// Can this run give a balancer what it wants? throws HostError("task") with the reason and the way out.
#pragma once

#include <string>
#include <vector>

#include "core/train/network.hpp"
#include "graft/balancer.hpp"
#include "graft/session.hpp"

namespace graft::core {

struct BalancedRun {
  const Network& network;
  bool has_all_streams;  // in every step: a batch of each
  int accumulate;        // batches a step
};

void check_balancer(const Balancer& balancer, const std::string& name, BalanceAt at, const BalancedRun& run);

}  // namespace graft::core
