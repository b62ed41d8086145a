// Balancer (draft): several losses in, one direction out. Pure mathematics: no model, no data.
//
//   K tasks (terms)   P shared parameters   J [K, P] the Jacobian, one gradient a task
#pragma once

#include <cstdint>
#include <vector>

#include "graft/export.hpp"
#include "graft/progress.hpp"
#include "graft/rng.hpp"
#include "graft/state.hpp"

namespace graft {

// What a balancer may look at. Gramian and Jacobian are filled only for those who want them. Implemented by the host.
class GRAFT_API Losses {
 public:
  virtual ~Losses();
  virtual const Tensor& values() const = 0;    // [K] one mean loss a task, differentiable
  virtual const Tensor& gramian() const = 0;   // [K, K] double: J J^T
  virtual const Tensor& jacobian() const = 0;  // [K, P]
  virtual double epoch_mean(std::int64_t task, std::int64_t epochs_ago) const = 0;
  virtual const Progress& progress() const = 0;
  virtual Rng rng() const = 0;
};

class GRAFT_API Balancer {
 public:
  enum class Wants { kLosses, kGramian, kJacobian };

  virtual ~Balancer();
  virtual Wants wants() const = 0;
  virtual Tensor combine(const Losses& losses) = 0;  // kLosses: scalar []; kGramian: weights [K]; kJacobian: direction [P]
  virtual bool scales_heads() const;                 // weights apply to the heads' own gradients too; default: false
  virtual std::vector<Tensor> parameters();          // learned weights: join the optimizer; default: none
  virtual bool reevaluates() const;                  // wants after_step: the losses of the same rows again; default: false
  virtual void after_step(const Tensor& losses);     // [K]; default: nothing
  virtual State state() const;                       // default: empty
  virtual void restore(const State& state);          // default: throws Error when the state is not empty
};

}  // namespace graft
