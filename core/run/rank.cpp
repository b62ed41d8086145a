#include "core/run/rank.hpp"

#include <algorithm>
#include <chrono>

#include "core/data/order.hpp"
#include "core/evaluate/transferability.hpp"
#include "core/run/source_classes.hpp"
#include "graft/error.hpp"

namespace graft::core {
namespace {

using Positions = std::vector<std::int64_t>;

void require_head(const ResolvedConfig& config, const std::string& head) {
  const Value& heads = config.root.at("heads");
  if (heads.find(head)) return;
  const std::vector<std::string> names = keys_of(heads);
  const std::string close = did_you_mean(head, names);
  throw Error("rank",
              config.files.front() + " has no head " + head + (close.empty() ? "; it has " + listed(names, "and") : close));
}

// Names that differ: of the files, or their paths where two files are called alike.
std::vector<std::string> names_of(const std::vector<ResolvedConfig>& configs) {
  std::vector<std::string> names;
  for (const ResolvedConfig& config : configs) {
    const auto alike =
        std::count_if(configs.begin(), configs.end(), [&](const auto& other) { return other.name == config.name; });
    names.push_back(alike > 1 ? config.files.front() : config.name);
  }
  return names;
}

// The rows in two parts by chance, again and again.
std::vector<Positions> halves_of(std::int64_t rows) {
  std::vector<Positions> halves;
  for (int cut = 0; cut < kHalves / 2; ++cut) {
    const Positions order = permutation(rows, Rng(0).fork("halves").fork(static_cast<std::uint64_t>(cut)));
    halves.emplace_back(order.begin(), order.begin() + rows / 2);
    halves.emplace_back(order.begin() + rows / 2, order.end());
  }
  return halves;
}

Tensor targets_of(const RankRows& rows, const Tensor& labels) {
  return rows.is_class() ? one_vs_rest(labels) : labels.unsqueeze(1);
}

void score_classes(const Spectrum& centred, const RankRows& rows, TrunkScore& score) {
  score.shrunk_h_score = shrunk_h_score(centred, rows.labels);
  if (centred.squares.numel() < centred.left.size(0) - 1)
    score.h_score = h_score(centred, rows.labels);
  else
    score.no_h_score = "features as wide as there are rows tell all classes apart, whatever they are";
}

void score_halves(const FeatureRows& features, const RankRows& rows, TrunkScore& score) {
  for (const Positions& half : halves_of(features.rows())) {
    const Tensor labels = rows.labels.index_select(0, at::tensor(half, at::kLong));
    score.halves.push_back(left_out(features.select(half).centred_spectrum(), targets_of(rows, labels)));
  }
}

TrunkScore score_trunk(Assembly& assembly, const RankRows& rows, const std::string& split, Loader& loader) {
  const FeatureRows features = features_of(assembly.network, rows);
  TrunkScore score;
  score.width = features.width();
  const Tensor targets = targets_of(rows, rows.labels);
  const Spectrum centred = features.centred_spectrum();
  score.left_out = left_out(centred, targets);
  score.logme = logme(features.spectrum(), targets);
  score_halves(features, rows, score);
  if (!rows.is_class()) {
    score.no_h_score = score.no_leep = "the target is a number";
    return score;
  }
  score_classes(centred, rows, score);
  const SourceClasses source = source_classes(assembly, rows, split, loader);
  if (source.probability.defined()) score.leep = leep(source.probability, rows.labels);
  score.no_leep = source.why_not;
  return score;
}

}  // namespace

int Ranking::halves_ahead(std::size_t trunk) const {
  int ahead = 0;
  for (std::size_t half = 0; half < trunks[trunk].halves.size(); ++half)
    ahead += trunks[trunk].halves[half] > trunks[trunk + 1].halves[half];
  return ahead;
}

Ranking rank_trunks(const std::vector<ResolvedConfig>& configs, const RankOptions& options, Loader& loader) {
  Ranking ranking;
  ranking.split = options.split;
  ranking.head = options.head.empty() ? configs.front().root.at("heads").object().front().key : options.head;
  for (const ResolvedConfig& config : configs) require_head(config, ranking.head);
  const std::vector<std::string> names = names_of(configs);
  std::optional<RankRows> first;
  for (std::size_t i = 0; i < configs.size(); ++i) {
    const auto start = std::chrono::steady_clock::now();
    Assembly assembly = assemble(configs[i].root, loader);
    const RankRows rows = rank_rows(assembly, configs[i].root, ranking.head, options.split, options.rows);
    if (!first) first = rows;
    require_same_labels(*first, rows);
    TrunkScore score = score_trunk(assembly, rows, options.split, loader);
    score.name = names[i];
    score.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    ranking.trunks.push_back(std::move(score));
  }
  ranking.rows = first->rows.size();
  ranking.target = first->target.name;
  std::stable_sort(ranking.trunks.begin(), ranking.trunks.end(),
                   [](const auto& a, const auto& b) { return a.left_out > b.left_out; });
  return ranking;
}

}  // namespace graft::core
