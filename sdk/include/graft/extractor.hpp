// Extractor: columns in, columns out; the same row always gives the same result.
//
//   calls    outputs (restore | fit) outputs transform*
//   fit      sees clean training rows only; reads files named by the config here, so that a restored extractor needs none
//   threads  transform runs on any thread, several at once
#pragma once

#include "graft/batch.hpp"
#include "graft/export.hpp"
#include "graft/schema.hpp"
#include "graft/source.hpp"
#include "graft/state.hpp"

namespace graft {

class GRAFT_API Extractor {
 public:
  virtual ~Extractor();

  // The schema after this step. Before fit a width may be -1. throws Error when a needed column is missing or of the wrong kind.
  virtual Schema outputs(const Schema& inputs) const = 0;

  virtual void transform(Batch& batch) const = 0;  // adds or replaces the columns that outputs() said
  virtual void fit(const Source& training);        // default: nothing to learn
  virtual State state() const;               // default: empty. Complete: restore(state()) transforms the same, without files
  virtual void restore(const State& state);  // default: throws Error when the state is not empty
};

}  // namespace graft
