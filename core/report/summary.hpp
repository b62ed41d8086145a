// The last lines of a run: what a person wants next.
//
//   done     3 epochs, 798 steps, 11 min 42 s
//   best     step 532: highest valid/movies/sentiment/accuracy 0.957 (last 0.954)
//   test     movies, 1,061 rows, from step 532
//                                 value   95 % interval    majority
//     sentiment/accuracy          0.953   0.939 - 0.965    0.512
//   speed    31,200 real tokens/s, loader stall 1 %, peak memory 1.21 GB
//   data     10,605 read; 3 dropped (empty); 212 cut at 128 tokens
//   warnings 1: 14 texts occur in both train and test (log.txt:88)
//   setup    cpu, fp32, seed 1
//   saved    runs/movies-0611-1412
//   next     report   runs/movies-0611-1412/report.html
//            predict  graft predict runs/movies-0611-1412 rows.csv
//
// Only the split "test" is shown; where there is none, "valid".
#pragma once

#include <string>

#include "core/report/run_report.hpp"

namespace graft::core {

std::string summary_text(const RunReport& report);  // ends with a newline

}  // namespace graft::core
