#include "core/run/teacher.hpp"

#include <ATen/Parallel.h>

#include "core/evaluate/evaluate.hpp"
#include "core/run/model_folder.hpp"
#include "core/run/open_rows.hpp"
#include "core/run/run_folder.hpp"
#include "graft/error.hpp"

namespace graft::core {
namespace {

constexpr std::int64_t kRowsAtOnce = 64;

Predictions of_stream(const std::string& folder, const Value& saved, const Stream& stream, Loader& loader) {
  const std::string name = saved.at("data").find(stream.name) ? stream.name : saved.at("data").object().front().key;
  for (const std::string& column : needed_columns(saved, name, false, loader)) require(stream.schema, column, "predict");
  TrainedModel teacher = load_model(folder, name, stream.schema, false, loader);
  Batch rows = stream.splits.at("train");
  teacher.pipeline->clean(rows, at::get_num_threads());
  teacher.network.train(false);
  Predictions all{{}, Batch(std::vector<std::int64_t>(rows.row_ids().begin(), rows.row_ids().end()))};
  for (const HeadEvaluation& head : evaluate_rows(teacher.network, 0, stream.name, rows, {kRowsAtOnce, false, nullptr}, loader))
    for (const std::string& column : head.predictions.names())
      all.rows.set(head.head + "/" + column, head.predictions.column(column));
  for (const NamedHead& head : teacher.network.heads)
    for (Field field : head.head->outputs()) {
      field.name = head.name + "/" + field.name;
      all.schema.push_back(std::move(field));
    }
  return all;
}

}  // namespace

Training::PredictionsOf teacher_for(const Assembly& assembly, Loader& loader) {
  return [&](const std::string& run, const std::vector<std::size_t>& streams) {
    const std::string folder = RunFolder::open(run).model();
    const Value saved = read_saved_model(folder);
    Predictions all;
    std::vector<Batch> parts;
    for (const std::size_t s : streams) {
      Predictions own = of_stream(folder, saved, assembly.streams[s], loader);
      all.schema = std::move(own.schema);
      parts.push_back(std::move(own.rows));
    }
    all.rows = Batch::concatenate(parts);
    return all;
  };
}

}  // namespace graft::core
