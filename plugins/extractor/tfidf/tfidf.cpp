#include "tfidf.hpp"

#include <ATen/ops/empty.h>

#include <algorithm>
#include <cmath>

#include "../text/sparse_builder.hpp"
#include "graft/error.hpp"

namespace graft::plugins {
namespace {
constexpr const char* kWhere = "graft/tfidf";
}

Tfidf::Tfidf(const Config& config)
    : column_(config.column("column")),
      output_(config.name()),
      vocabulary_(config, kWhere),
      sublinear_tf_(config.flag("sublinear_tf")) {}

Schema Tfidf::outputs(const Schema& inputs) const {
  require(inputs, column_, {FieldKind::kText}, kWhere);
  const std::int64_t width = idf_.empty() ? -1 : static_cast<std::int64_t>(idf_.size());
  return with(inputs, {output_, FieldKind::kSparse, {width}, {}});
}

void Tfidf::fit(const Source& training) {
  const TermVocabulary::Documents documents = vocabulary_.learn(training, column_);
  idf_.clear();
  for (const std::int64_t with : documents.with)
    idf_.push_back(std::log((1.0 + static_cast<double>(documents.rows)) / (1.0 + static_cast<double>(with))) + 1.0);
}

void Tfidf::transform(Batch& batch) const {
  if (idf_.empty()) throw Error(kWhere, "transform needs the vocabulary: call fit or restore first");
  SparseBuilder rows;
  std::vector<std::int32_t> found;
  std::vector<Weight> weights;
  TermVocabulary::Storage storage;
  for (const std::string& text : batch.strings(column_)) {
    vocabulary_.find(text, storage, found);
    weigh(found, weights);
    for (const auto& [id, weight] : weights) rows.add(id, weight);
    rows.end_row();
  }
  batch.set(output_, rows.take(vocabulary_.size()));
}

void Tfidf::weigh(const std::vector<std::int32_t>& found, std::vector<Weight>& weights) const {
  weights.clear();
  double square = 0;
  for (std::size_t begin = 0, end = 0; begin < found.size(); begin = end) {
    while (end < found.size() && found[end] == found[begin]) ++end;
    const auto times = static_cast<double>(end - begin);
    const double tf = sublinear_tf_ && times > 1 ? 1.0 + std::log(times) : times;
    weights.push_back({found[begin], tf * idf_[static_cast<std::size_t>(found[begin])]});
    square += weights.back().weight * weights.back().weight;
  }
  for (const double norm = std::sqrt(square); Weight & each : weights) each.weight /= norm;
}

State Tfidf::state() const {
  if (idf_.empty()) return {};
  Tensor idf = at::empty({static_cast<std::int64_t>(idf_.size())}, at::kDouble);
  std::copy(idf_.begin(), idf_.end(), idf.mutable_data_ptr<double>());
  return {{{"idf", idf}}, {{"vocabulary", vocabulary_.text()}}};
}

void Tfidf::restore(const State& state) {
  const auto idf = state.tensors.find("idf");
  const auto terms = state.texts.find("vocabulary");
  if (idf == state.tensors.end() || terms == state.texts.end())
    throw Error(kWhere, "the state must have the tensor idf and the text vocabulary");
  vocabulary_.restore(terms->second);
  const Tensor values = idf->second.to(at::kCPU, at::kDouble).contiguous();
  if (values.numel() != vocabulary_.size())
    throw Error(kWhere, "the state must have one idf a term, has " + std::to_string(values.numel()) + " for " +
                            std::to_string(vocabulary_.size()));
  idf_.assign(values.const_data_ptr<double>(), values.const_data_ptr<double>() + values.numel());
}

}  // namespace graft::plugins
