#include "core/run/results.hpp"

#include <ATen/Functions.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/report/csv_writer.hpp"
#include "core/report/interval.hpp"
#include "graft/error.hpp"

namespace graft::core {
namespace {

constexpr std::int64_t kScatter = 2000, kWrong = 25;
constexpr int kBins = 10;

bool is_class(const HeadEvaluation& evaluation) { return evaluation.predictions.has("label"); }

// The class of each row: soft targets by their largest share.
Tensor classes_of(const Tensor& truth) { return truth.dim() == 2 ? truth.argmax(1) : truth; }

std::vector<std::int64_t> labelled_rows(const HeadEvaluation& evaluation) {
  std::vector<std::int64_t> rows;
  const auto* weights = evaluation.weights.const_data_ptr<double>();
  for (std::int64_t i = 0; i < evaluation.weights.numel(); ++i)
    if (weights[i] > 0) rows.push_back(i);
  return rows;
}

// What a predictor that knows only the training labels would say for every row.
Batch cheap_predictions(const HeadEvaluation& evaluation, const Batch& training) {
  const std::int64_t rows = evaluation.predictions.size();
  std::vector<std::int64_t> ids(evaluation.predictions.row_ids().begin(), evaluation.predictions.row_ids().end());
  Batch cheap(std::move(ids));
  const Tensor labels = training.tensor(evaluation.target.name);
  if (!is_class(evaluation)) {
    const Tensor numbers = labels.to(at::kDouble);
    cheap.set("value", at::full({rows}, numbers.masked_select(numbers.isfinite()).mean().item<double>(), at::kDouble));
    return cheap;
  }
  const Tensor classes = classes_of(labels);
  const std::int64_t count = static_cast<std::int64_t>(evaluation.target.classes.size());
  const Tensor shares = at::bincount(classes.masked_select(classes >= 0), {}, count).to(at::kFloat);
  cheap.set("label", at::full({rows}, shares.argmax().item<std::int64_t>(), at::kLong));
  cheap.set("probability", (shares / shares.sum()).unsqueeze(0).expand({rows, count}).contiguous());
  return cheap;
}

Batch truth_of(const HeadEvaluation& evaluation) {
  std::vector<std::int64_t> ids(evaluation.predictions.row_ids().begin(), evaluation.predictions.row_ids().end());
  Batch truth(std::move(ids));
  truth.set(evaluation.target.name, evaluation.truth);
  return truth;
}

double value_of(const std::vector<HeadEvaluation::Score>& scores, const std::string& metric) {
  for (const auto& score : scores)
    if (score.metric == metric) return score.value;
  return kNoNumber;
}

void add_metrics(HeadResult& result, const HeadEvaluation& evaluation, const NamedHead& head, const Batch& training,
                 std::uint64_t seed, Loader& loader) {
  const Batch truth = truth_of(evaluation);
  const auto cheap = score(head, cheap_predictions(evaluation, training), truth, loader);
  const std::vector<std::int64_t> rows = labelled_rows(evaluation);
  for (std::size_t m = 0; m < evaluation.scores.size(); ++m) {
    const auto& score_of = evaluation.scores[m];
    MetricResult metric{score_of.metric, score_of.value, kNoNumber, kNoNumber, {}, score_of.higher_is_better};
    metric.baselines.emplace_back(is_class(evaluation) ? "majority" : "mean", value_of(cheap, score_of.metric));
    if (!rows.empty()) {
      const auto statistic = [&](std::span<const std::int64_t> drawn) {
        std::vector<std::int64_t> positions;
        for (std::int64_t i : drawn) positions.push_back(rows[i]);
        NamedHead one = head;
        one.metrics = Value::Object{{score_of.metric, head.metrics.at(score_of.metric), {}}};
        return score(one, evaluation.predictions.select(positions), truth.select(positions), loader).front().value;
      };
      const Interval interval = bootstrap(static_cast<std::int64_t>(rows.size()), statistic, Rng(seed).fork("interval"));
      metric.low = interval.low;
      metric.high = interval.high;
    }
    result.metrics.push_back(std::move(metric));
  }
}

void add_confusion(HeadResult& result, const HeadEvaluation& evaluation) {
  const std::size_t count = evaluation.target.classes.size();
  result.classes = evaluation.target.classes;
  result.confusion.assign(count, std::vector<std::int64_t>(count, 0));
  const Tensor truth = classes_of(evaluation.truth), label = evaluation.predictions.tensor("label");
  const auto* t = truth.const_data_ptr<std::int64_t>();
  const auto* p = label.const_data_ptr<std::int64_t>();
  for (std::int64_t i = 0; i < truth.numel(); ++i)
    if (t[i] >= 0) ++result.confusion.at(t[i]).at(p[i]);
}

void add_reliability(HeadResult& result, const HeadEvaluation& evaluation) {
  std::vector<ReliabilityBin> bins(kBins);
  const Tensor truth = classes_of(evaluation.truth), label = evaluation.predictions.tensor("label");
  const std::vector<double> confidence = confidences(evaluation);
  for (std::int64_t i : labelled_rows(evaluation)) {
    ReliabilityBin& bin = bins[std::min(kBins - 1, static_cast<int>(confidence[i] * kBins))];
    bin.confidence += confidence[i];
    bin.accuracy += truth.const_data_ptr<std::int64_t>()[i] == label.const_data_ptr<std::int64_t>()[i];
    ++bin.rows;
  }
  for (ReliabilityBin& bin : bins) {
    if (!bin.rows) continue;
    bin.confidence /= static_cast<double>(bin.rows);
    bin.accuracy /= static_cast<double>(bin.rows);
    result.reliability.push_back(bin);
  }
}

void add_scatter(HeadResult& result, const HeadEvaluation& evaluation) {
  const std::vector<std::int64_t> rows = labelled_rows(evaluation);
  const Tensor truth = evaluation.truth.to(at::kDouble), value = evaluation.predictions.tensor("value").to(at::kDouble);
  const std::size_t every = rows.size() / kScatter + 1;
  for (std::size_t i = 0; i < rows.size(); i += every)
    result.scatter.push_back({truth.const_data_ptr<double>()[rows[i]], value.const_data_ptr<double>()[rows[i]]});
}

// What a row says: its texts, or its first numbers.
std::string text_of_row(const StreamRows& stream, const Batch& rows, std::int64_t i) {
  std::string text;
  for (const Field& field : stream.schema)
    if (field.kind == FieldKind::kText && rows.has(field.name)) text += (text.empty() ? "" : " | ") + rows.strings(field.name)[i];
  return text;
}

void add_most_wrong(HeadResult& result, const HeadEvaluation& evaluation, const StreamRows& stream, const Batch& rows) {
  std::vector<std::int64_t> order = labelled_rows(evaluation);
  const auto* losses = evaluation.losses.const_data_ptr<double>();
  const std::size_t kept = std::min<std::size_t>(kWrong, order.size());
  std::partial_sort(order.begin(), order.begin() + kept, order.end(),
                    [&](auto a, auto b) { return std::pair(-losses[a], a) < std::pair(-losses[b], b); });
  const auto predicted = prediction_texts(evaluation), truth = truth_texts(evaluation);
  const auto confidence = confidences(evaluation);
  for (std::size_t k = 0; k < kept; ++k) {
    const std::int64_t i = order[k];
    WrongRow row{evaluation.predictions.row_ids()[i] & 0xffffffffff,
                 text_of_row(stream, rows, i),
                 truth[i],
                 predicted[i],
                 confidence[i],
                 kNoNumber,
                 losses[i]};
    if (!is_class(evaluation))
      row.error = evaluation.predictions.tensor("value").to(at::kDouble).const_data_ptr<double>()[i] -
                  evaluation.truth.to(at::kDouble).const_data_ptr<double>()[i];
    result.most_wrong.push_back(std::move(row));
  }
}

std::vector<std::string> class_texts(const Tensor& labels, const std::vector<std::string>& classes) {
  std::vector<std::string> texts;
  const auto* label = labels.const_data_ptr<std::int64_t>();
  for (std::int64_t i = 0; i < labels.numel(); ++i) texts.push_back(label[i] >= 0 ? classes.at(label[i]) : "");
  return texts;
}

std::vector<std::string> number_texts(const Tensor& numbers) {
  const Tensor values = numbers.to(at::kDouble);
  std::vector<std::string> texts;
  for (std::int64_t i = 0; i < values.numel(); ++i) texts.push_back(csv_number(values.const_data_ptr<double>()[i]));
  return texts;
}

}  // namespace

std::vector<std::string> prediction_texts(const HeadEvaluation& evaluation) {
  return is_class(evaluation) ? class_texts(evaluation.predictions.tensor("label"), evaluation.target.classes)
                              : number_texts(evaluation.predictions.tensor("value"));
}

std::vector<std::string> truth_texts(const HeadEvaluation& evaluation) {
  if (!evaluation.truth.defined()) return std::vector<std::string>(evaluation.predictions.size());
  return is_class(evaluation) ? class_texts(classes_of(evaluation.truth), evaluation.target.classes)
                              : number_texts(evaluation.truth);
}

std::vector<double> confidences(const HeadEvaluation& evaluation) {
  if (!evaluation.predictions.has("probability")) return std::vector<double>(evaluation.predictions.size(), kNoNumber);
  const Tensor label = evaluation.predictions.tensor("label").unsqueeze(1);
  const Tensor most = evaluation.predictions.tensor("probability").to(at::kDouble).gather(1, label).squeeze(1).contiguous();
  return {most.const_data_ptr<double>(), most.const_data_ptr<double>() + most.numel()};
}

HeadResult head_result(const HeadEvaluation& evaluation, const NamedHead& head, const std::string& split,
                       const StreamRows& stream, std::int64_t step, std::uint64_t seed, Loader& loader) {
  HeadResult result;
  result.split = split;
  result.stream = evaluation.stream;
  result.head = evaluation.head;
  result.kind = is_class(evaluation) ? HeadResult::Kind::kClassify : HeadResult::Kind::kRegress;
  result.rows = static_cast<std::int64_t>(labelled_rows(evaluation).size());
  result.step = step;
  add_metrics(result, evaluation, head, stream.clean.at("train"), seed, loader);
  if (is_class(evaluation)) {
    add_confusion(result, evaluation);
    add_reliability(result, evaluation);
  } else {
    add_scatter(result, evaluation);
  }
  add_most_wrong(result, evaluation, stream, stream.clean.at(split));
  return result;
}

}  // namespace graft::core
