// Transfer: plain training of all heads on rows of one stream, from pre-trained weights or from nothing.
//
//   formula  batch = next("main"); minimise the sum over heads of loss sum / count
//   streams  main: the rows that carry labels
//   differs  nothing from the default step of Task; it has a name so that configs and reports can say it
//   errors   those of the host and the heads
#pragma once

#include "graft/config.hpp"
#include "graft/task.hpp"

namespace graft::plugins {

class Transfer final : public Task {
 public:
  explicit Transfer(const Config&);
};

}  // namespace graft::plugins
