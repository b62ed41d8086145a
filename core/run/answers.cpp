#include "core/run/answers.hpp"

#include <ATen/Functions.h>

#include <numeric>

#include "core/report/csv_writer.hpp"
#include "core/report/run_report.hpp"

namespace graft::core {
namespace {

const Column& label_of(const HeadEvaluation& evaluation) { return evaluation.predictions.column("label"); }

std::vector<double> doubles(const Tensor& tensor) {
  const Tensor flat = tensor.to(at::kDouble).contiguous();
  return {flat.const_data_ptr<double>(), flat.const_data_ptr<double>() + flat.numel()};
}

std::string name_of(std::int64_t label, const std::vector<std::string>& classes, const char* missing) {
  return label >= 0 ? classes.at(static_cast<std::size_t>(label)) : missing;
}

std::vector<std::string> class_texts(const Tensor& labels, const std::vector<std::string>& classes) {
  std::vector<std::string> texts;
  const Tensor held = labels.contiguous();
  const auto* label = held.const_data_ptr<std::int64_t>();
  for (std::int64_t i = 0; i < held.numel(); ++i) texts.push_back(name_of(label[i], classes, ""));
  return texts;
}

std::vector<std::string> set_texts(const Tensor& sets, const std::vector<std::string>& classes) {
  const std::vector<double> has = doubles(sets);
  std::vector<std::string> texts;
  for (std::int64_t row = 0; row < sets.size(0); ++row) {
    std::string names;
    bool is_known = false;
    for (std::size_t c = 0; c < classes.size(); ++c) {
      const double share = has[static_cast<std::size_t>(row) * classes.size() + c];
      is_known = is_known || !std::isnan(share);
      if (share > 0.5) names += (names.empty() ? "" : "|") + classes[c];
    }
    texts.push_back(!names.empty() ? names : is_known ? "|" : "");
  }
  return texts;
}

std::vector<std::string> tag_texts(const Ragged& tags, const std::vector<std::string>& classes) {
  const Tensor values = tags.values.contiguous(), offsets = tags.offsets.contiguous();
  const auto* tag = values.const_data_ptr<std::int64_t>();
  const auto* at = offsets.const_data_ptr<std::int32_t>();
  std::vector<std::string> texts;
  for (std::int64_t row = 0; row + 1 < offsets.numel(); ++row) {
    std::string names;
    bool is_known = false;
    for (std::int32_t word = at[row]; word < at[row + 1]; ++word) {
      is_known = is_known || tag[word] >= 0;
      names += (word == at[row] ? "" : " ") + name_of(tag[word], classes, "?");
    }
    texts.push_back(is_known ? names : "");
  }
  return texts;
}

std::vector<std::string> number_texts(const Tensor& numbers) {
  std::vector<std::string> texts;
  for (double number : doubles(numbers)) texts.push_back(csv_number(number));
  return texts;
}

std::vector<double> set_confidences(const HeadEvaluation& evaluation) {
  const Tensor p = evaluation.predictions.tensor("probability").to(at::kDouble);
  const Tensor has = evaluation.predictions.tensor("label").gt(0.5);
  return doubles(at::where(has, p, p.neg().add(1)).prod(1));
}

std::vector<double> tag_confidences(const HeadEvaluation& evaluation) {
  const Tensor offsets = std::get<Ragged>(label_of(evaluation)).offsets.contiguous();
  const auto* at = offsets.const_data_ptr<std::int32_t>();
  const std::vector<double> each = class_confidences(evaluation);
  std::vector<double> products;
  for (std::int64_t row = 0; row + 1 < offsets.numel(); ++row)
    products.push_back(std::accumulate(each.begin() + at[row], each.begin() + at[row + 1], 1.0, std::multiplies<>()));
  return products;
}

}  // namespace

AnswerForm form_of(const HeadEvaluation& evaluation) {
  if (!evaluation.predictions.has("label")) return AnswerForm::kNumber;
  if (std::holds_alternative<Ragged>(label_of(evaluation))) return AnswerForm::kTags;
  return evaluation.predictions.tensor("label").dim() == 2 ? AnswerForm::kLabelSet : AnswerForm::kClass;
}

std::vector<std::string> prediction_texts(const HeadEvaluation& evaluation) {
  const std::vector<std::string>& classes = evaluation.target.classes;
  switch (form_of(evaluation)) {
    case AnswerForm::kNumber: return number_texts(evaluation.predictions.tensor("value"));
    case AnswerForm::kClass: return class_texts(predicted_classes(evaluation), classes);
    case AnswerForm::kLabelSet: return set_texts(evaluation.predictions.tensor("label"), classes);
    case AnswerForm::kTags: return tag_texts(evaluation.predictions.ragged("label"), classes);
  }
  return {};
}

std::vector<std::string> truth_texts(const HeadEvaluation& evaluation) {
  const std::vector<std::string>& classes = evaluation.target.classes;
  const std::string& target = evaluation.target.name;
  if (!evaluation.truth.has(target)) return std::vector<std::string>(evaluation.predictions.size());
  switch (form_of(evaluation)) {
    case AnswerForm::kNumber: return number_texts(evaluation.truth.tensor(target));
    case AnswerForm::kClass: return class_texts(true_classes(evaluation), classes);
    case AnswerForm::kLabelSet: return set_texts(evaluation.truth.tensor(target), classes);
    case AnswerForm::kTags: return tag_texts(evaluation.truth.ragged(target), classes);
  }
  return {};
}

std::vector<double> confidences(const HeadEvaluation& evaluation) {
  const AnswerForm form = form_of(evaluation);
  if (form == AnswerForm::kNumber || !evaluation.predictions.has("probability"))
    return std::vector<double>(evaluation.predictions.size(), kNoNumber);
  return form == AnswerForm::kLabelSet ? set_confidences(evaluation)
         : form == AnswerForm::kTags   ? tag_confidences(evaluation)
                                       : class_confidences(evaluation);
}

std::vector<NumberColumn> probability_columns(const HeadEvaluation& evaluation) {
  if (!evaluation.predictions.has("probability")) return {};
  const std::string name = evaluation.head + "_probability";
  std::vector<NumberColumn> columns = {{name, confidences(evaluation)}};
  if (form_of(evaluation) != AnswerForm::kLabelSet) return columns;
  const Tensor p = evaluation.predictions.tensor("probability");
  for (std::int64_t c = 0; c < p.size(1); ++c)
    columns.emplace_back(name + "_" + evaluation.target.classes.at(static_cast<std::size_t>(c)), doubles(p.select(1, c)));
  return columns;
}

Tensor true_classes(const HeadEvaluation& evaluation) {
  const Column& truth = evaluation.truth.column(evaluation.target.name);
  if (const auto* tags = std::get_if<Ragged>(&truth)) return tags->values.contiguous();
  const Tensor& classes = std::get<Tensor>(truth);
  return classes.dim() == 2 ? classes.argmax(1) : classes.contiguous();
}

Tensor predicted_classes(const HeadEvaluation& evaluation) {
  const Column& label = label_of(evaluation);
  const auto* tags = std::get_if<Ragged>(&label);
  return (tags ? tags->values : std::get<Tensor>(label)).contiguous();
}

std::vector<double> class_confidences(const HeadEvaluation& evaluation) {
  const Column& column = evaluation.predictions.column("probability");
  const auto* tags = std::get_if<Ragged>(&column);
  const Tensor label = predicted_classes(evaluation), p = (tags ? tags->values : std::get<Tensor>(column)).to(at::kDouble);
  const Tensor of_label = p.gather(1, label.clamp_min(0).unsqueeze(1)).squeeze(1);
  return doubles(at::where(label.ge(0), of_label, at::ones_like(of_label)));
}

}  // namespace graft::core
