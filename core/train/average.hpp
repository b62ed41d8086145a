// WeightAverage: a second set of weights that follows those that train. Evaluation, the best step and the saved model use it.
//
//   none     the weights as they are, as with soup (soup.hpp), which mixes them when the run is over
//   ema      after step t (from 1): a <- a + (1 - d) (w - a), d = min(decay, (1 + t) / (10 + t)), so that the first steps are soon
//            forgotten; a = w after the first
//   swa      a = mean of w after every `every`-th step, from the share `start` of the run's steps on; before that, w
//   differs  Izmailov et al. average once an epoch at a constant rate (`every`: an epoch's steps, schedule constant). Here any schedule
//   scope    parameters of the model and its heads from the step in which they first train; buffers and modules of a task are not
//            averaged
//   memory   one float for each such parameter
//   source   Polyak and Juditsky 1992, doi:10.1137/0330046 (averaging); Izmailov et al. 2018, arXiv:1803.05407 (SWA); the rise of d is
//            that of TensorFlow's ExponentialMovingAverage
#pragma once

#include <map>
#include <string>

#include "core/train/parameter.hpp"
#include "graft/progress.hpp"
#include "graft/safetensors.hpp"
#include "graft/value.hpp"

namespace graft::core {

class WeightAverage {
 public:
  explicit WeightAverage(const Value& config);  // {"use": "graft/none" | "graft/ema" | "graft/swa" | "graft/soup", ...}

  bool is_on() const { return kind_ != Kind::kNone; }
  void stepped(const Parameters& parameters, const Progress& progress);  // after each optimizer step; progress.step counts it

  // Puts the averages in the place of the weights, and keeps the weights; the second call puts them back.
  void exchange(Parameters& parameters);

  // What a checkpoint needs besides the averages, which are its weights.
  // REQUIRES: between two calls of exchange().
  NamedTensors weights() const;  // "trained.<name>"
  Value counts() const;          // steps averaged, by parameter

  // REQUIRES: the parameters hold the averages. Afterwards they hold the weights. throws Error("checkpoint") when they do not fit.
  void restore(const Safetensors& tensors, const Value& counts, Parameters& parameters);

 private:
  enum class Kind { kNone, kEma, kSwa };
  struct Other {    // of one parameter
    Tensor tensor;  // the average, or between two exchanges the weight
    std::int64_t steps = 0;
  };
  double share(std::int64_t steps) const;  // how far the average goes towards the weight
  bool counts_step(const Progress& progress) const;

  Kind kind_;
  double decay_ = 0, start_ = 0;
  std::int64_t every_ = 1;
  std::map<std::string, Other> others_;
};

// The averages in place of the weights for as long as it lives.
class AveragedWeights {
 public:
  AveragedWeights(WeightAverage& average, Parameters& parameters) : average_(average), parameters_(parameters) {
    average_.exchange(parameters_);
  }
  ~AveragedWeights() { average_.exchange(parameters_); }
  AveragedWeights(const AveragedWeights&) = delete;
  AveragedWeights& operator=(const AveragedWeights&) = delete;

 private:
  WeightAverage& average_;
  Parameters& parameters_;
};

}  // namespace graft::core
