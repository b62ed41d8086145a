#include "core/evaluate/evaluate.hpp"

#include <ATen/Functions.h>

#include <chrono>

#include "core/conformance/outputs.hpp"
#include "core/evaluate/forward.hpp"
#include "core/registry/guarded.hpp"
#include "core/train/frozen_features.hpp"
#include "graft/error.hpp"

namespace graft::core {
namespace {

struct Pieces {  // of one head
  std::vector<Batch> predictions;
  std::vector<Tensor> losses, weights;
};

// One value a row, of one a row or one a token.
Tensor of_rows(const Tensor& values, const std::optional<Tensor>& offsets) {
  const Tensor each = values.to(at::kCPU, at::kDouble);
  if (!offsets) return each;
  return at::segment_reduce(each, "sum", {}, {}, offsets->to(at::kCPU, at::kLong), 0, /*unsafe=*/true, /*initial=*/0);
}

void predict_piece(const Network& network, const NamedHead& head, const Batch& rows, const Batch& all, bool labelled,
                   Pieces& into) {
  const Batch features = seen_by(network, head, all);
  guarded(*head.plugin, "predict", [&] {
    const Scores scores = head.head->forward(features, Call());
    const Batch predicted = head.head->predict(scores, rows);
    check_output(*head.plugin, "predict", predicted, head.head->outputs(), scores.values.device());
    into.predictions.push_back(predicted.to(at::kCPU));
    if (!labelled) return;
    const RowLoss loss = head.head->loss(scores, rows);
    check_output(*head.plugin, loss, scores);
    into.losses.push_back(of_rows(loss.value, scores.offsets));
    into.weights.push_back(of_rows(loss.weight, scores.offsets));
  });
}

}  // namespace

double HeadEvaluation::loss() const {
  const double weight = weights.defined() ? weights.sum().item<double>() : 0;
  return weight > 0 ? losses.sum().item<double>() / weight : std::numeric_limits<double>::quiet_NaN();
}

std::vector<std::pair<std::string, double>> Evaluation::values() const {
  std::vector<std::pair<std::string, double>> all;
  for (const HeadEvaluation& head : heads) {
    const std::string prefix = head.stream + "/" + head.head + "/";
    for (const auto& score : head.scores) all.emplace_back(prefix + score.metric, score.value);
    all.emplace_back(prefix + "loss", head.loss());
  }
  return all;
}

std::vector<HeadEvaluation::Score> score(const NamedHead& head, const Batch& predictions, const Batch& truth, Loader& loader) {
  std::vector<HeadEvaluation::Score> scores;
  if (!head.metrics.is_object()) return scores;
  const Schema outputs = head.head->outputs();
  for (const auto& [name, config, place] : head.metrics.object()) {
    const std::string& use = config.at("use").text();
    const auto metric = loader.create<Metric>(use, Config(name, config));
    guarded(*plugin_of(metric), "value", [&] {
      metric->build(outputs, head.target);
      metric->update(predictions, truth);
      scores.push_back({name, metric->value(), metric->higher_is_better()});
    });
  }
  return scores;
}

std::vector<HeadEvaluation> evaluate_rows(Network& network, std::size_t stream, const std::string& stream_name, const Batch& rows,
                                          const EvaluateOptions& options, Loader& loader) {
  std::vector<NamedHead*> heads;
  std::vector<std::string> columns;
  for (NamedHead& head : network.heads) {
    if (!head.streams.contains(stream)) continue;
    heads.push_back(&head);
    columns.insert(columns.end(), head.inputs.begin(), head.inputs.end());
    if (options.with_metrics) columns.push_back(head.target.name);
  }
  std::vector<Pieces> pieces(heads.size());
  if (heads.empty() || rows.size() == 0) return {};
  for_each_piece(network, rows, columns, options.batch_size, [&](const Batch& piece) {
    const std::optional<Batch> kept = options.frozen ? options.frozen->find(piece) : std::nullopt;
    const Batch features = kept ? *kept : forward(network, piece, {}, {heads.begin(), heads.end()});
    for (std::size_t h = 0; h < heads.size(); ++h)
      predict_piece(network, *heads[h], piece, features, options.with_metrics, pieces[h]);
  });
  std::vector<HeadEvaluation> results;
  for (std::size_t h = 0; h < heads.size(); ++h) {
    HeadEvaluation result{stream_name, heads[h]->name, heads[h]->target, Batch::concatenate(pieces[h].predictions), {}, {}, {},
                          {}};
    if (options.with_metrics) {
      result.truth = rows.only(std::vector<std::string>{result.target.name}).to(at::kCPU);
      result.losses = at::cat(pieces[h].losses);
      result.weights = at::cat(pieces[h].weights);
      result.scores = score(*heads[h], result.predictions, result.truth, loader);
    }
    results.push_back(std::move(result));
  }
  return results;
}

Evaluation evaluate(Network& network, const std::vector<StreamRows>& rows, const std::string& split,
                    const EvaluateOptions& options, Loader& loader) {
  const auto start = std::chrono::steady_clock::now();
  Evaluation evaluation;
  for (std::size_t s = 0; s < rows.size(); ++s) {
    const auto at = rows[s].clean.find(split);
    if (at == rows[s].clean.end()) continue;
    for (HeadEvaluation& head : evaluate_rows(network, s, rows[s].name, at->second, options, loader))
      evaluation.heads.push_back(std::move(head));
  }
  evaluation.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return evaluation;
}

NamedTensors embed_rows(Network& network, const Batch& rows, std::int64_t batch_size) {
  std::vector<std::string> columns;
  for (const HeadView& view : head_views(network))
    for (const Field& field : network.features)
      if (field.kind == FieldKind::kVector && field.shape.size() == 1) columns.push_back(field.name + view.suffix);
  std::map<std::string, std::vector<Tensor>> pieces;
  for_each_piece(network, rows, {}, batch_size, [&](const Batch& piece) {
    const Batch features = forward(network, piece);
    for (const std::string& column : columns)
      if (features.has(column)) pieces[column].push_back(features.tensor(column).to(at::kCPU).clone());
  });
  NamedTensors all;
  for (const std::string& column : columns)
    if (const auto found = pieces.find(column); found != pieces.end()) all.emplace_back(column, at::cat(found->second));
  if (all.empty()) throw Error("embed", "this model gives no dense vectors");
  return all;
}

}  // namespace graft::core
