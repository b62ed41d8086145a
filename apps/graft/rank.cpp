// The verb that says which trunk suits the data, before any training.
#include "core/run/rank.hpp"

#include <algorithm>
#include <cstdio>

#include "catalog.hpp"
#include "core/report/number_text.hpp"
#include "verbs.hpp"

namespace graft::app {
namespace {

Value number_or_null(const std::optional<double>& score) { return score ? Value(*score) : Value(); }

std::string text_or_dash(const std::optional<double>& score) { return score ? core::fixed(*score, 4) : "-"; }

void print_json(const core::Ranking& ranking) {
  Value::List list;
  for (std::size_t i = 0; i < ranking.trunks.size(); ++i) {
    const core::TrunkScore& trunk = ranking.trunks[i];
    Value entry = Value::Object{};
    entry.set("trunk", trunk.name);
    entry.set("width", trunk.width);
    entry.set("seconds", trunk.seconds);
    entry.set("left_out", trunk.left_out);
    entry.set("logme", trunk.logme);
    entry.set("h_score", number_or_null(trunk.h_score));
    entry.set("h_score_shrunk", number_or_null(trunk.shrunk_h_score));
    entry.set("leep", number_or_null(trunk.leep));
    if (!trunk.h_score) entry.set("no_h_score", trunk.no_h_score);
    if (!trunk.leep) entry.set("no_leep", trunk.no_leep);
    entry.set("halves_ahead_of_next", i + 1 < ranking.trunks.size() ? Value(ranking.halves_ahead(i)) : Value());
    list.push_back(std::move(entry));
  }
  Value all = Value::Object{};
  all.set("head", ranking.head);
  all.set("target", ranking.target);
  all.set("split", ranking.split);
  all.set("rows", ranking.rows);
  all.set("halves", core::kHalves);
  all.set("trunks", std::move(list));
  std::puts(to_json(all, 2).c_str());
}

void print_table(const core::Ranking& ranking) {
  std::printf("%-24s %7s %7s %9s %9s %9s %9s %9s %9s   %s\n", "trunk", "width", "rows", "seconds", "left out", "LogME", "H-score",
              "shrunk", "LEEP", ranking.trunks.size() > 1 ? "ahead of the next" : "");
  for (std::size_t i = 0; i < ranking.trunks.size(); ++i) {
    const core::TrunkScore& trunk = ranking.trunks[i];
    std::string ahead;
    if (i + 1 < ranking.trunks.size())
      ahead = "in " + std::to_string(ranking.halves_ahead(i)) + " of " + std::to_string(core::kHalves) + " halves";
    std::printf("%-24s %7s %7s %9s %9s %9s %9s %9s %9s   %s\n", trunk.name.c_str(), core::thousands(trunk.width).c_str(),
                core::thousands(ranking.rows).c_str(), core::fixed(trunk.seconds, 1).c_str(),
                core::fixed(trunk.left_out, 4).c_str(), core::fixed(trunk.logme, 4).c_str(), text_or_dash(trunk.h_score).c_str(),
                text_or_dash(trunk.shrunk_h_score).c_str(), text_or_dash(trunk.leep).c_str(), ahead.c_str());
  }
}

// One line for each reason why some trunks have no such score.
void print_missing(const core::Ranking& ranking, const char* what, std::string core::TrunkScore::* reason) {
  std::vector<std::pair<std::string, std::string>> trunks;  // by reason
  for (const core::TrunkScore& trunk : ranking.trunks) {
    if ((trunk.*reason).empty()) continue;
    const auto same = std::find_if(trunks.begin(), trunks.end(), [&](const auto& each) { return each.first == trunk.*reason; });
    if (same == trunks.end())
      trunks.emplace_back(trunk.*reason, trunk.name);
    else
      same->second += ", " + trunk.name;
  }
  for (const auto& [why, names] : trunks) std::printf("-        no %s for %s: %s\n", what, names.c_str(), why.c_str());
}

void print_meaning(const core::Ranking& ranking) {
  std::printf(
      "\norder    by left out: the share of %s that ridge regression on the features as they are explains of a row it has not\n"
      "         seen, on %s rows; not what training would make of a trunk\n",
      ranking.target.c_str(), ranking.split.c_str());
  std::puts("sure     halves of the rows, drawn by chance: a trunk ahead in fewer than 9 of 10 is not told apart from the next");
  const auto [least, most] = std::minmax_element(ranking.trunks.begin(), ranking.trunks.end(),
                                                 [](const auto& a, const auto& b) { return a.width < b.width; });
  if (most->width > 10 * least->width)
    std::printf("care     %s is more than ten times as wide as %s: their LogME does not compare\n", most->name.c_str(),
                least->name.c_str());
  print_missing(ranking, "H-score", &core::TrunkScore::no_h_score);
  print_missing(ranking, "LEEP", &core::TrunkScore::no_leep);
}

}  // namespace

int rank(const RankOptions& options, const PluginOptions& plugins) {
  const core::PluginCatalog catalog = open_catalog(plugins);
  std::vector<core::ResolvedConfig> configs;
  for (const std::string& path : options.configs) configs.push_back(resolved(path, options.sets, catalog));
  core::Loader loader(catalog);
  const core::Ranking ranking = core::rank_trunks(configs, {options.head, options.split, options.rows}, loader);
  if (options.json) return print_json(ranking), 0;
  print_table(ranking);
  print_meaning(ranking);
  return 0;
}

}  // namespace graft::app
