// OutputChecks: while one lives, what plugins give back in a run is held to what they declared. `graft train --check`.
//
//   features, columns, predictions   each field of the schema: form, shape, dtype, the rows' device; finite where a value cannot
//                                    be missing
//   loss     value and weight: one each a score's row, float, on the scores' device, finite
//   errors   PluginError that names the component, the call and the column
//   cost     every batch is looked at on the host: for finding a fault, not for training
#pragma once

#include "core/registry/guarded.hpp"
#include "graft/batch.hpp"
#include "graft/head.hpp"
#include "graft/schema.hpp"

namespace graft::core {

class OutputChecks {
 public:
  OutputChecks();
  ~OutputChecks();
  OutputChecks(const OutputChecks&) = delete;
  static bool are_on();
};

// Each returns at once while no OutputChecks lives.
void check_output(const PluginInfo& plugin, const char* operation, const Batch& given, const Schema& declared,
                  const at::Device& device);
void check_output(const PluginInfo& plugin, const RowLoss& loss, const Scores& scores);

}  // namespace graft::core
