#include "core/run/results.hpp"

#include <ATen/Functions.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/report/interval.hpp"
#include "core/run/answers.hpp"
#include "graft/error.hpp"

namespace graft::core {
namespace {

constexpr std::int64_t kScatter = 2000, kWrong = 25;
constexpr int kBins = 10;

bool is_number(const HeadEvaluation& evaluation) { return form_of(evaluation) == AnswerForm::kNumber; }

HeadResult::Kind kind_of(const HeadEvaluation& evaluation) {
  switch (form_of(evaluation)) {
    case AnswerForm::kNumber: return HeadResult::Kind::kRegress;
    case AnswerForm::kLabelSet: return HeadResult::Kind::kLabelSet;
    default: return HeadResult::Kind::kClassify;
  }
}

std::vector<std::int64_t> labelled_rows(const HeadEvaluation& evaluation) {
  std::vector<std::int64_t> rows;
  const auto* weights = evaluation.weights.const_data_ptr<double>();
  for (std::int64_t i = 0; i < evaluation.weights.numel(); ++i)
    if (weights[i] > 0) rows.push_back(i);
  return rows;
}

// The most frequent class of some labels for everything, and the shares of all classes as its probabilities.
struct Majority {
  Majority(const Tensor& labels, std::size_t classes)
      : shares(at::bincount(labels.masked_select(labels >= 0), {}, static_cast<std::int64_t>(classes)).to(at::kFloat)) {}
  Tensor label(std::int64_t count) const { return at::full({count}, shares.argmax().item<std::int64_t>(), at::kLong); }
  Tensor probability(std::int64_t count) const { return (shares / shares.sum()).unsqueeze(0).repeat({count, 1}); }

  Tensor shares;  // [C] how often each occurs
};

void set_majority(Batch& cheap, const Column& labels, const HeadEvaluation& evaluation) {
  const std::size_t classes = evaluation.target.classes.size();
  if (const auto* tags = std::get_if<Ragged>(&labels)) {
    const Majority majority(tags->values, classes);
    const Ragged& like = evaluation.predictions.ragged("label");
    cheap.set("label", Ragged{majority.label(like.values.size(0)), like.offsets, like.longest});
    cheap.set("probability", Ragged{majority.probability(like.values.size(0)), like.offsets, like.longest});
    return;
  }
  const Tensor& of_rows = std::get<Tensor>(labels);
  const Majority majority(of_rows.dim() == 2 ? of_rows.argmax(1) : of_rows, classes);
  cheap.set("label", majority.label(cheap.size()));
  cheap.set("probability", majority.probability(cheap.size()));
}

// What a predictor that knows only the training labels would say for every row.
Batch cheap_predictions(const HeadEvaluation& evaluation, const Batch& training) {
  Batch cheap(std::vector<std::int64_t>(evaluation.predictions.row_ids().begin(), evaluation.predictions.row_ids().end()));
  const Column& labels = training.column(evaluation.target.name);
  const AnswerForm form = form_of(evaluation);
  if (form == AnswerForm::kNumber) {
    const Tensor numbers = std::get<Tensor>(labels).to(at::kDouble);
    const double mean = numbers.masked_select(numbers.isfinite()).mean().item<double>();
    cheap.set("value", at::full({cheap.size()}, mean, at::kDouble));
  } else if (form == AnswerForm::kLabelSet) {
    const Tensor shares = std::get<Tensor>(labels).nanmean(0).nan_to_num(0).unsqueeze(0).repeat({cheap.size(), 1});
    cheap.set("label", shares.gt(0.5).to(at::kFloat));
    cheap.set("probability", shares);
  } else {
    set_majority(cheap, labels, evaluation);
  }
  return cheap;
}

double value_of(const std::vector<HeadEvaluation::Score>& scores, const std::string& metric) {
  for (const auto& score : scores)
    if (score.metric == metric) return score.value;
  return kNoNumber;
}

void add_metrics(HeadResult& result, const HeadEvaluation& evaluation, const NamedHead& head, const Batch& training,
                 std::uint64_t seed, Loader& loader) {
  const Batch& truth = evaluation.truth;
  const auto cheap = score(head, cheap_predictions(evaluation, training), truth, loader);
  const std::vector<std::int64_t> rows = labelled_rows(evaluation);
  for (std::size_t m = 0; m < evaluation.scores.size(); ++m) {
    const auto& score_of = evaluation.scores[m];
    MetricResult metric{score_of.metric, score_of.value, kNoNumber, kNoNumber, {}, score_of.higher_is_better};
    metric.baselines.emplace_back(is_number(evaluation) ? "mean" : "majority", value_of(cheap, score_of.metric));
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
  const Tensor truth = true_classes(evaluation), label = predicted_classes(evaluation);
  const auto* t = truth.const_data_ptr<std::int64_t>();
  const auto* p = label.const_data_ptr<std::int64_t>();
  for (std::int64_t i = 0; i < truth.numel(); ++i)
    if (t[i] >= 0 && p[i] >= 0) ++result.confusion.at(t[i]).at(p[i]);
}

void add_reliability(HeadResult& result, const HeadEvaluation& evaluation) {
  std::vector<ReliabilityBin> bins(kBins);
  const Tensor truth = true_classes(evaluation), label = predicted_classes(evaluation);
  const std::vector<double> confidence = class_confidences(evaluation);
  const auto* t = truth.const_data_ptr<std::int64_t>();
  const auto* p = label.const_data_ptr<std::int64_t>();
  for (std::size_t i = 0; i < confidence.size(); ++i) {
    if (t[i] < 0 || p[i] < 0) continue;
    ReliabilityBin& bin = bins[std::min(kBins - 1, static_cast<int>(confidence[i] * kBins))];
    bin.confidence += confidence[i];
    bin.accuracy += t[i] == p[i];
    ++bin.rows;
  }
  for (ReliabilityBin& bin : bins) {
    if (!bin.rows) continue;
    bin.confidence /= static_cast<double>(bin.rows);
    bin.accuracy /= static_cast<double>(bin.rows);
    result.reliability.push_back(bin);
  }
}

Tensor numbers_of(const Batch& batch, const std::string& column) { return batch.tensor(column).to(at::kDouble).contiguous(); }

void add_scatter(HeadResult& result, const HeadEvaluation& evaluation) {
  const std::vector<std::int64_t> rows = labelled_rows(evaluation);
  const Tensor truth = numbers_of(evaluation.truth, evaluation.target.name), value = numbers_of(evaluation.predictions, "value");
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
    if (is_number(evaluation))
      row.error = numbers_of(evaluation.predictions, "value").const_data_ptr<double>()[i] -
                  numbers_of(evaluation.truth, evaluation.target.name).const_data_ptr<double>()[i];
    result.most_wrong.push_back(std::move(row));
  }
}

}  // namespace

HeadResult head_result(const HeadEvaluation& evaluation, const NamedHead& head, const std::string& split,
                       const StreamRows& stream, std::int64_t step, std::uint64_t seed, Loader& loader) {
  HeadResult result;
  result.split = split;
  result.stream = evaluation.stream;
  result.head = evaluation.head;
  result.kind = kind_of(evaluation);
  result.rows = static_cast<std::int64_t>(labelled_rows(evaluation).size());
  result.step = step;
  add_metrics(result, evaluation, head, stream.clean.at("train"), seed, loader);
  if (result.kind == HeadResult::Kind::kClassify) {
    add_confusion(result, evaluation);
    add_reliability(result, evaluation);
  } else if (result.kind == HeadResult::Kind::kRegress) {
    add_scatter(result, evaluation);
  }
  add_most_wrong(result, evaluation, stream, stream.clean.at(split));
  return result;
}

}  // namespace graft::core
