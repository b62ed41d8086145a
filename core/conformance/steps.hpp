// What pipeline steps, extractors and augmenters, are held to alike.
#pragma once

#include <string>
#include <vector>

#include "core/conformance/subject.hpp"
#include "graft/state.hpp"

namespace graft::core::conformance {

// Columns that the step may replace: the one of its own name, and those that "changes" of the manifest names.
std::vector<std::string> may_change(Subject& subject);

// A column of `given` that `made` lacks or has otherwise, though the step may not change it; empty: none.
std::string undeclared_change(Subject& subject, const Batch& given, const Batch& made);

std::string misfit_exactly(const Batch& batch, const Schema& schema);  // of a column too few, too many or of another form
std::string broken_promise(const Schema& before_fit, const Schema& after_fit);  // more than a -1 that became known

State copy_of(const State& state);  // tensors of their own memory, as a file would give them back
std::string difference(const State& a, const State& b);

}  // namespace graft::core::conformance
