#include "core/run/source_classes.hpp"

#include <ATen/Parallel.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "core/evaluate/evaluate.hpp"
#include "core/run/model_folder.hpp"
#include "core/run/open_rows.hpp"

namespace graft::core {
namespace {

namespace fs = std::filesystem;

// The folder of a finished run's model that these parameters read weights from; "" when it is none.
std::string folder_of_run(const Value& model) {
  const Value* weights = model.find("weights");
  if (!weights || !weights->is_text()) return "";
  const fs::path path = weights->text();
  const fs::path folder = fs::is_directory(path) ? path : path.parent_path();
  return fs::exists(folder / "graft.json") && fs::exists(folder / "heads.safetensors") ? folder.string() : "";
}

std::string class_head(const Value& saved) {
  for (const Value::Member& head : saved.at("heads").object())
    if (head.value.at("target_kind").integer() == static_cast<int>(FieldKind::kClass)) return head.key;
  return "";
}

// These rows as the source gave them.
Batch source_rows(const Assembly& assembly, const RankRows& rows, const std::string& split) {
  std::vector<Batch> parts;
  for (const Stream& stream : assembly.streams) {
    const auto all = stream.splits.find(split);
    if (all == stream.splits.end()) continue;
    std::map<std::int64_t, std::int64_t> positions;
    for (std::int64_t i = 0; i < all->second.size(); ++i) positions[all->second.row_ids()[i]] = i;
    std::vector<std::int64_t> chosen;
    for (const std::int64_t id : rows.rows.row_ids())
      if (const auto at = positions.find(id); at != positions.end()) chosen.push_back(at->second);
    if (!chosen.empty()) parts.push_back(all->second.select(chosen));
  }
  return Batch::concatenate(parts);
}

}  // namespace

SourceClasses source_classes(const Assembly& assembly, const RankRows& rows, const std::string& split, Loader& loader) {
  const std::string folder = folder_of_run(assembly.network.model_parameters);
  if (folder.empty()) return {{}, "it comes without a classifier over classes of a source"};
  if (!assembly.network.adapters.empty()) return {{}, "adapters change the trunk that the classifier was trained on"};
  const Value saved = read_saved_model(folder);
  const std::string head = class_head(saved), stream = saved.at("data").object().front().key;
  if (head.empty()) return {{}, "the run that trained it has no head over classes"};
  const Schema& schema = assembly.streams.front().schema;
  for (const std::string& column : needed_columns(saved, stream, false, loader))
    if (!find(schema, column)) return {{}, "the run that trained it reads a column " + column + ", which is not here"};
  TrainedModel trained = load_model(folder, stream, schema, false, loader);
  Batch raw = source_rows(assembly, rows, split);
  trained.pipeline->clean(raw, at::get_num_threads());
  EvaluateOptions unlabelled;
  unlabelled.with_metrics = false;
  const auto heads = evaluate_rows(trained.network, 0, stream, raw, unlabelled, loader);
  const auto at = std::find_if(heads.begin(), heads.end(), [&](const HeadEvaluation& each) { return each.head == head; });
  return {at->predictions.tensor("probability").to(at::kDouble), ""};
}

}  // namespace graft::core
