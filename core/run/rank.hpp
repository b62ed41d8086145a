// Rank: which trunk suits this data? Each config's trunk runs once over the same rows, untrained, and closed forms say how well its
// features explain the labels (core/evaluate/transferability.hpp).
//
//   order    by what a linear model explains of rows left out of its learning
//   halves   the same again on kHalves halves of the rows, the same in every trunk: how often a trunk stands before the next says
//            what the order owes to these rows. It says nothing of what training would change
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/config/resolve.hpp"
#include "core/registry/loader.hpp"

namespace graft::core {

inline constexpr int kHalves = 10;

struct RankOptions {
  std::string head;             // empty: the first head of the first config
  std::string split = "train";  // or "valid"
  std::int64_t rows = 2000;     // at most
};

struct TrunkScore {
  std::string name;  // of the config
  std::int64_t width = 0;
  double seconds = 0;  // from opening the data to the scores
  double left_out = 0;  // share of the label's variance
  double logme = 0;     // nats a row
  std::optional<double> h_score, shrunk_h_score, leep;
  std::string no_h_score, no_leep;  // why there is none
  std::vector<double> halves;       // left_out on each
};

struct Ranking {
  std::string head, split, target;
  std::int64_t rows = 0;
  std::vector<TrunkScore> trunks;  // best first

  int halves_ahead(std::size_t trunk) const;  // of the next; REQUIRES: there is a next
};

// throws Error("rank"), with places: a config lacks the head, or its trunk or target does not fit (core/run/rank_rows.hpp); and what
// assembling a config throws.
Ranking rank_trunks(const std::vector<ResolvedConfig>& configs, const RankOptions& options, Loader& loader);

}  // namespace graft::core
