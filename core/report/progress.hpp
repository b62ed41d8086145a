// ProgressLine: how far a run is, for a person: one live line on a terminal, one line per 5 % elsewhere.
//
//   epoch 2/3  step 412/798  52 %  loss 0.213  1,482 rows/s  31,200 tokens/s  left 5 min 3 s  stall 1 %  1.02 GB
//
//   rates    over the last 10 seconds of updates; tokens are real ones, without padding
//   left     the steps that remain at that rate
//   calls    (update | clear)* finish     one thread
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <string>

namespace graft::core {

class ProgressLine {
 public:
  struct Options {
    bool live = false;                              // rewrite one line, at most 10 times a second
    int width = 120;                                // columns of the terminal; a live line is cut to it
    std::function<void(const std::string&)> write;  // raw text for the terminal when live, else a whole line without its end
    std::function<double()> clock;                  // seconds, steady; for tests
    std::function<double()> memory_mb;              // resident memory now; for tests
  };
  struct Update {
    std::int64_t step = 0, total = 1;  // steps done, of all
    std::string epoch;                 // "2/3"; empty: not shown
    double loss = 0;
    std::int64_t rows = 0, tokens = 0;  // since the run began
    double stall_seconds = 0;           // waited for the loader, since the run began
  };

  ProgressLine();  // on standard error; live when that is a terminal
  explicit ProgressLine(Options options);

  void update(const Update& update);
  void clear();   // takes the live line away, so that other text can be written
  void finish();  // the same, for good

 private:
  struct Sample {
    double seconds;
    Update update;
  };
  std::string text() const;
  void write_live(double now);
  void write_mark();

  Options options_;
  std::deque<Sample> samples_;
  double written_ = -1e9;
  std::int64_t mark_ = 0;  // twentieths of the run already written
  bool shown_ = false;
};

double resident_memory_mb();  // 10^6 bytes, from /proc/self/statm; NaN where there is none

}  // namespace graft::core
