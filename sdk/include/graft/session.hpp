// Session: what a task may arrange outside a step. Implemented by the host.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "graft/batch.hpp"
#include "graft/export.hpp"
#include "graft/progress.hpp"
#include "graft/rng.hpp"
#include "graft/schema.hpp"
#include "graft/source.hpp"

namespace torch::nn {
class Module;
}

namespace graft {

class Balancer;
class Model;
class Head;

// Where a balancer sees the gradients of the tasks: at what the model gives, which costs next to nothing and needs tasks that share
// their rows; at the parameters of the last stage that they share, which costs little; or at all of the model's parameters, which
// costs one backward pass a task.
enum class BalanceAt { kFeatures, kLastStage, kParameters };

struct Predictions {
  Schema schema;  // Head::outputs() of each head, as "<head>/<column>"
  Batch rows;     // by row id
};

class GRAFT_API Session {
 public:
  virtual ~Session();

  virtual Model& model() = 0;
  virtual std::vector<std::pair<std::string, Head*>> heads() = 0;                       // in the config's order
  virtual const Source& rows(std::string_view role, std::string_view split) const = 0;  // through the pipeline
  virtual const Progress& progress() const = 0;
  virtual Schema features() const = 0;                                        // what the model gives
  virtual std::vector<std::string> streams(std::string_view role) const = 0;  // by name
  virtual Rng rng() const = 0;                                                // of this run, for initial values

  // What a finished run predicts for the training rows of the role, without augmentation and dropout, on the device.
  // throws Error when `run` is no folder of a finished run, or needs columns that a stream of the role lacks.
  virtual Predictions predictions_of(const std::string& run, std::string_view role) = 0;

  // From now on the module trains beside the model, in every phase: a domain's discriminator, a projection. The host moves it to
  // the device and saves it with the run, not with the model. `optimizer` 0 is the model's; a higher number makes optimizers of
  // the same settings, which Step::minimise steps by that number.
  // REQUIRES: called in setup().
  virtual void add_module(std::string name, std::shared_ptr<torch::nn::Module> module, std::size_t optimizer = 0) = 0;

  // Forgets the moments of that optimizer: what is minimised has changed.
  virtual void reset_optimizer(std::size_t optimizer = 0) = 0;

  // From now on minimise() weighs balanced terms by it; one task a head, in the order of heads(). The host saves its state.
  // REQUIRES: called in setup(). throws Error when the run cannot give it what it wants.
  virtual void balance(std::shared_ptr<Balancer> balancer, BalanceAt at) = 0;
};

}  // namespace graft
