// Step: what a task may do inside a step. Implemented by the host.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "graft/batch.hpp"
#include "graft/export.hpp"
#include "graft/head.hpp"
#include "graft/rng.hpp"
#include "graft/tap.hpp"
#include "graft/term.hpp"

namespace graft {

class Session;

struct ForwardOptions {
  Tap tap;
  std::vector<std::string> adapters;  // patch sets that are active; empty: all
};

class GRAFT_API Step {
 public:
  virtual ~Step();

  virtual Batch next(std::string_view role) = 0;  // rows of the stream in that role, on the device, augmented
  virtual std::vector<Batch> next_of_each(std::string_view role) = 0;  // REQUIRES: the task's turns(role) are kEach

  // The same rows as validation sees them, without augmentation: a second, weak view. In the order of the batch.
  virtual Batch clean(const Batch& batch) = 0;

  // A model of which nothing trains in the present phase runs as in evaluation.
  virtual Batch forward(const Batch& batch, const ForwardOptions& options = {}) = 0;

  // One term a head whose target the batch has; `heads` narrows it to those.
  virtual Terms terms(const Batch& features, const Batch& batch, const std::vector<std::string>& heads = {}) = 0;

  // What terms() takes the loss of: one head's scores, in training. throws Error when there is no such head.
  virtual Scores scores(const Batch& features, std::string_view head) = 0;

  // Random numbers of this step; a stream of its own at each call.
  virtual Rng rng() = 0;

  // Runs the closure (again, when a batch must be split or a balancer or solver asks), then one step of that optimizer, which
  // clears and changes the gradients of its own parameters only.
  virtual void minimise(const std::function<Terms()>& closure, std::size_t optimizer = 0) = 0;

  virtual Session& session() = 0;
};

}  // namespace graft
