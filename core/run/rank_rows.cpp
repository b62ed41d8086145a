#include "core/run/rank_rows.hpp"

#include <ATen/ops/isnan.h>

#include <algorithm>

#include "core/data/order.hpp"
#include "core/evaluate/forward.hpp"
#include "core/train/feature_cache.hpp"
#include "core/train/roles.hpp"
#include "graft/error.hpp"

namespace graft::core {
namespace {

constexpr std::int64_t kRankBatch = 64;

const NamedHead& head_of(const Network& network, const std::string& name) {
  return *std::find_if(network.heads.begin(), network.heads.end(), [&](const NamedHead& head) { return head.name == name; });
}

[[noreturn]] void refuse(const RankRows& rows, const std::string& why) {
  throw Error("rank", rows.place + ": heads." + rows.head + " " + why);
}

// Rows of all streams that the head learns from, with the columns that are read here.
Batch all_rows(const Assembly& assembly, const Value& config, const NamedHead& head, const std::string& split) {
  std::vector<std::string> columns(assembly.network.inputs.begin(), assembly.network.inputs.end());
  columns.push_back(head.target.name);
  std::vector<Batch> parts;
  for (const std::size_t s : main_streams(config.at("task"), assembly.rows)) {
    const auto rows = assembly.rows[s].clean.find(split);
    if (head.streams.contains(s) && rows != assembly.rows[s].clean.end()) parts.push_back(rows->second.only(columns));
  }
  return Batch::concatenate(parts);
}

std::vector<std::int64_t> labelled(const Tensor& target, bool is_class) {
  const Tensor has_label = is_class ? target.ge(0) : at::isnan(target.to(at::kDouble)).logical_not();
  const Tensor positions = has_label.nonzero().squeeze(1).contiguous();
  return {positions.const_data_ptr<std::int64_t>(), positions.const_data_ptr<std::int64_t>() + positions.numel()};
}

std::vector<std::int64_t> sample(const std::vector<std::int64_t>& positions, std::int64_t most) {
  const auto all = static_cast<std::int64_t>(positions.size());
  if (all <= most) return positions;
  std::vector<std::int64_t> chosen = permutation(all, Rng(0).fork("rank"));
  chosen.resize(most);
  std::sort(chosen.begin(), chosen.end());
  for (std::int64_t& each : chosen) each = positions[each];
  return chosen;
}

void require_enough(const RankRows& rows, const std::string& split) {
  if (rows.rows.size() < kFewestRankRows)
    refuse(rows, "needs at least " + std::to_string(kFewestRankRows) + " labelled rows to rank trunks on, its " + split +
                     " split has " + std::to_string(rows.rows.size()));
  if (rows.labels.eq(rows.labels[0]).all().item<bool>())
    refuse(rows, "needs rows that differ, but " + rows.target.name + " is " +
                     (rows.is_class() ? rows.target.classes[rows.labels[0].item<std::int64_t>()]
                                      : to_json(Value(rows.labels[0].item<double>()))) +
                     " in all " + std::to_string(rows.rows.size()) + ": take more --rows");
}

std::string label_text(const RankRows& rows, std::int64_t row) {
  return rows.is_class() ? rows.target.classes[rows.labels[row].item<std::int64_t>()]
                         : to_json(Value(rows.labels[row].item<double>()));
}

std::int64_t number_in_source(std::int64_t row_id) { return row_id & ((std::int64_t{1} << 40) - 1); }

}  // namespace

RankRows rank_rows(const Assembly& assembly, const Value& config, const std::string& head, const std::string& split,
                   std::int64_t most) {
  const NamedHead& named = head_of(assembly.network, head);
  RankRows rows{config.at("heads").at(head).place.text(), head, named.target, {}, {}};
  const FieldKind kind = named.target.kind;
  if (kind != FieldKind::kClass && kind != FieldKind::kNumber && kind != FieldKind::kInteger)
    refuse(rows, "aims at " + named.target.name + ", which is " + std::string(kind_name(kind)) +
                     ": trunks are ranked for one class or one number a row, choose such a head by --head");
  const Batch all = all_rows(assembly, config, named, split);
  if (all.size() > 0) {
    rows.rows = all.select(sample(labelled(all.tensor(named.target.name), rows.is_class()), most));
    rows.labels = rows.rows.tensor(named.target.name).to(rows.is_class() ? at::kLong : at::kDouble).contiguous();
  }
  require_enough(rows, split);
  return rows;
}

void require_same_labels(const RankRows& a, const RankRows& b) {
  const std::string cure = "; scores of different rows cannot be compared: give the configs the same data and label";
  if (a.target.kind != b.target.kind || a.target.classes != b.target.classes)
    refuse(b, "aims at " + b.target.name + " (" + std::string(kind_name(b.target.kind)) + "), and that of " + a.place + " at " +
                  a.target.name + " (" + std::string(kind_name(a.target.kind)) + ") or at other classes" + cure);
  if (!std::equal(a.rows.row_ids().begin(), a.rows.row_ids().end(), b.rows.row_ids().begin(), b.rows.row_ids().end()))
    refuse(b, "learns from other rows than that of " + a.place + cure);
  const Tensor differ = a.labels.ne(b.labels).nonzero();
  if (differ.numel() == 0) return;
  const auto row = differ[0].item<std::int64_t>();
  refuse(b, "is " + label_text(b, row) + " in row " + std::to_string(number_in_source(b.rows.row_ids()[row])) + " and " +
                label_text(a, row) + " in " + a.place + cure);
}

FeatureRows features_of(Network& network, const RankRows& rows) {
  const NamedHead& head = head_of(network, rows.head);
  const std::vector<std::string> reads = head.head->reads();
  const Field* field = reads.size() == 1 ? find(network.features, reads.front()) : nullptr;
  const bool is_vector = field && field->kind == FieldKind::kVector && field->shape.size() == 1;
  if (!is_vector && !(field && field->kind == FieldKind::kSparse))
    refuse(rows, "reads " + (reads.empty() ? "nothing" : reads.front()) +
                     ", which is not one vector a row: choose a head that reads one, by --head");
  const bool is_kept =
      is_vector && head_views(network).size() == 1 && network.outputs() == reads && !network.model->parameters().empty();
  const FeatureCache cache;
  const std::string key = is_kept ? FeatureCache::key(network, rows.rows, kRankBatch) : "";
  if (is_kept)
    if (const auto kept = cache.read(key, rows.rows)) return FeatureRows(kept->column(reads.front()));
  std::vector<Batch> pieces;
  for_each_piece(network, rows.rows, {}, kRankBatch, [&](const Batch& piece) {
    pieces.push_back(seen_by(network, head, forward(network, piece, {}, {&head})).to(at::kCPU));
  });
  const Batch features = Batch::concatenate(pieces).only(reads);
  if (is_kept) cache.write(key, features);
  return FeatureRows(features.column(reads.front()));
}

}  // namespace graft::core
