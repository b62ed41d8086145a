// BuiltModel: the model that a test is about, built against the kit's rows, and its passes as the host makes them.
#pragma once

#include <memory>

#include "core/conformance/subject.hpp"
#include "graft/model.hpp"

namespace graft::core::conformance {

struct BuiltModel {
  Subject& subject;
  std::shared_ptr<Model> model;
  Schema gives;

  BuiltModel(Subject& subject, std::uint64_t seed);
  explicit BuiltModel(Subject& subject) : BuiltModel(subject, subject.seed) {}

  Batch forward(const Batch& rows, const Call& call = Call()) const;
  Batch evaluated(const Batch& rows, const Call::Options& options = {}) const;  // in evaluation, without a graph
  Batch trained(const Batch& rows, std::uint64_t key) const;                    // as in a step, with the pass's key
  bool has_parameters() const;

  // Gradients of scalar_of() what it gives for the kit's rows, in training; into the parameters.
  void backward() const;
};

// Rows of other values under the same names.
Batch other_rows(const Subject& subject);

// The float columns as another float type.
Batch in_type(const Batch& rows, at::ScalarType type);

}  // namespace graft::core::conformance
