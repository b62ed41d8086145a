// Balancer: several losses in, one direction out. Pure mathematics: no model, no data.
//
//   K tasks   P shared parameters   J [K, P] the Jacobian: the gradient of one task's loss in each row   G = J J^T the Gramian
//
//   calls     build (combine after_step?)*      one thread, once an optimizer step
//   absent    a task without a label in the step is left out of every tensor; tasks() says which are there
//   source    the three routes: Kurin et al. 2022, arXiv:2201.04122; Sener and Koltun 2018, arXiv:1810.04650
#pragma once

#include <cstdint>
#include <span>

#include "graft/export.hpp"
#include "graft/progress.hpp"
#include "graft/rng.hpp"
#include "graft/state.hpp"

namespace graft {

// What a balancer may look at. Implemented by the host.
class GRAFT_API Losses {
 public:
  virtual ~Losses();
  virtual std::span<const std::int64_t> tasks() const = 0;  // [K] the number of each task that is present, ascending
  virtual const Tensor& values() const = 0;                 // [K] double, a mean loss a task; requires grad for Wants::kLosses
  virtual const Tensor& gramian() const = 0;                // [K, K] double; not for Wants::kLosses
  virtual const Tensor& jacobian() const = 0;               // [K, P] float; for Wants::kJacobian
  // Mean loss of a task over the epoch that lies so far back: 1 the one before this. NaN when there is none.
  virtual double epoch_mean(std::int64_t task, std::int64_t epochs_ago) const = 0;
  virtual const Progress& progress() const = 0;
  virtual Rng rng() const = 0;  // keyed by seed and step
};

class GRAFT_API Balancer {
 public:
  enum class Wants { kLosses, kGramian, kJacobian };

  virtual ~Balancer();
  virtual void build(std::int64_t tasks);  // how many there are in all; default: nothing
  virtual Wants wants() const = 0;

  // kLosses: a differentiable scalar [] of values(); kGramian: weights [K]; kJacobian: a direction [P] to put in the place of
  // the gradient. A balancer that learns may change its own state here: it is asked once a step.
  virtual Tensor combine(const Losses& losses) = 0;

  virtual bool scales_heads() const;              // weights apply to the heads' own gradients too; default: false
  virtual bool reevaluates() const;               // wants after_step; default: false
  virtual void after_step(const Losses& losses);  // values() of the same rows after the step, no gradient; default: nothing
  virtual State state() const;                    // default: empty
  virtual void restore(const State& state);       // default: throws Error when the state is not empty
};

}  // namespace graft
