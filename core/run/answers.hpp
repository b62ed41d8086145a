// Answers: what a head predicted for each row and what is true, as people read it, and how sure the head was.
//
//   class      its name
//   label set  names of the row's classes, joined by "|"; "|" alone where it has none
//   tags       a name for each word, joined by spaces; "?" where a word has none
//   number     the shortest text that reads back
//   missing    the empty text
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/evaluate/evaluate.hpp"

namespace graft::core {

enum class AnswerForm { kNumber, kClass, kLabelSet, kTags };
AnswerForm form_of(const HeadEvaluation& evaluation);

std::vector<std::string> prediction_texts(const HeadEvaluation& evaluation);
std::vector<std::string> truth_texts(const HeadEvaluation& evaluation);  // all missing where rows have no labels

// Probability of the whole prediction, classes of a set and words of a row taken as independent; NaN for numbers.
std::vector<double> confidences(const HeadEvaluation& evaluation);

// The columns of numbers beside a prediction, by name: "kind_probability" and, of a label set, one for each class,
// "genres_probability_drama"; none for numbers.
using NumberColumn = std::pair<std::string, std::vector<double>>;
std::vector<NumberColumn> probability_columns(const HeadEvaluation& evaluation);

// Where a row or a word counts as one class: int64 [B], or [N] for tags; soft targets by their largest share. The probabilities
// of the predictions are [B, C] or [N, C], double. REQUIRES: a form of kClass or kTags.
Tensor true_classes(const HeadEvaluation& evaluation);
Tensor predicted_classes(const HeadEvaluation& evaluation);
std::vector<double> class_confidences(const HeadEvaluation& evaluation);  // of the predicted class

}  // namespace graft::core
