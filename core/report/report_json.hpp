// report.json: the numbers of a run under names that other programs may rely on.
//
//   run      {name, folder, status, started, seed, seconds}
//   train    {epochs, steps, rows, tokens, seconds, tokens_per_second, padding_factor, stall_percent, peak_rss_mb, device,
//            precision}
//   best     {step, metric, value, last}, or null
//   metrics  {<split>: {"<stream>/<head>/<metric>": value}}
//   details  {<split>: {"<stream>/<head>": {rows, step, intervals, baselines, classes, confusion, recall}}}
//   augment  [{stream, step, use, label, heads, classes, offered, changed, no_label: {offered, changed}}]; offered and changed by class
//   data     {<what>: rows}      splits {<split>: rows}
//   warnings [{text, count, log_line}]
//   plugins  [{id, version, sha256, components}]
//   versions {<name>: version}    timings {<stage>: seconds}
#pragma once

#include "core/report/run_report.hpp"
#include "graft/value.hpp"

namespace graft::core {

Value report_json(const RunReport& report);

}  // namespace graft::core
