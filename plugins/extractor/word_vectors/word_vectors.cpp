#include "word_vectors.hpp"

#include <ATen/ops/empty.h>

#include <algorithm>
#include <cmath>

#include "graft/error.hpp"
#include "vector_file.hpp"

namespace graft::plugins {
namespace {

constexpr const char* kWhere = "graft/word_vectors";

template <class Number>
Tensor tensor_like(const std::vector<Number>& values, std::vector<std::int64_t> shape, at::ScalarType type) {
  Tensor tensor = at::empty(shape, type);
  std::copy(values.begin(), values.end(), tensor.mutable_data_ptr<Number>());
  return tensor;
}

std::string_view text_of(const Words& words, const Word& word) {
  return std::string_view(words.text).substr(word.begin, word.end - word.begin);
}

}  // namespace

struct WordVectors::Counts {
  TermTable words;
  std::vector<std::int64_t> documents, last_row;  // by the word's number
  std::int64_t rows = 0;

  void add(std::string_view word) {
    const auto at = static_cast<std::size_t>(words.add(word));
    if (at == documents.size()) documents.push_back(0), last_row.push_back(-1);
    if (last_row[at] != rows) last_row[at] = rows, ++documents[at];
  }
  double idf(std::int32_t word) const {  // -1: in no row
    const double with = word < 0 ? 0 : static_cast<double>(documents[static_cast<std::size_t>(word)]);
    return std::log((1.0 + static_cast<double>(rows)) / (1.0 + with)) + 1.0;
  }
};

WordVectors::WordVectors(const Config& config)
    : column_(config.column("column")),
      output_(config.name()),
      path_(config.path("vectors")),
      lowercase_(config.flag("lowercase")),
      has_idf_(config.text("weights") == "idf"),
      keeps_all_(config.text("keep") == "all") {}

Schema WordVectors::outputs(const Schema& inputs) const {
  require(inputs, column_, {FieldKind::kText}, kWhere);
  return with(inputs, {output_, FieldKind::kVector, {width_ == 0 ? -1 : width_}, {}});
}

WordVectors::Counts WordVectors::count(const Source& training) const {
  Counts counts;
  Words storage;
  for (Batches each(training); each.next();) {
    for (const std::string& text : each.batch().strings(column_)) {
      find_words(text, lowercase_, storage);
      for (const Word& word : storage.words) counts.add(text_of(storage, word));
      ++counts.rows;
    }
  }
  return counts;
}

bool WordVectors::is_kept(std::string_view word, std::int32_t in_training, Words& storage) const {
  if (in_training >= 0) return true;
  if (!keeps_all_) return false;
  find_words(word, lowercase_, storage);
  return storage.words.size() == 1 && text_of(storage, storage.words[0]) == word;
}

void WordVectors::keep(const Counts& counts) {
  words_ = TermTable();
  vectors_.clear();
  weights_.clear();
  Words storage;
  std::int64_t found = 0;
  VectorFile file(path_, kWhere);
  while (file.next()) {
    const std::int32_t number = counts.words.find(file.word());
    if (!is_kept(file.word(), number, storage) || words_.find(file.word()) >= 0) continue;
    words_.add(file.word());
    file.read(vectors_);
    weights_.push_back(has_idf_ ? counts.idf(number) : 1.0);
    found += number >= 0;
  }
  if (found == 0)
    throw Error(kWhere, "column " + column_ + " must have words that " + path_ + " has vectors of, none of " +
                            std::to_string(counts.words.size()) + " in " + std::to_string(counts.rows) + " training rows is");
  width_ = file.width();
  log(kWhere,
      std::to_string(found) + " of the " + std::to_string(counts.words.size()) + " words of the training rows have a vector");
}

void WordVectors::fit(const Source& training) { keep(count(training)); }

void WordVectors::append_mean(std::string_view text, Words& storage, std::vector<double>& sum, float* out) const {
  sum.assign(static_cast<std::size_t>(width_), 0.0);
  double total = 0;
  find_words(text, lowercase_, storage);
  for (const Word& word : storage.words) {
    const std::int32_t number = words_.find(text_of(storage, word));
    if (number < 0) continue;
    const double weight = weights_[static_cast<std::size_t>(number)];
    const float* vector = vectors_.data() + number * width_;
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += weight * static_cast<double>(vector[i]);
    total += weight;
  }
  if (total == 0) warn(kWhere, "text without a word that has a vector");
  for (std::size_t i = 0; i < sum.size(); ++i) out[i] = total == 0 ? 0.0F : static_cast<float>(sum[i] / total);
}

void WordVectors::transform(Batch& batch) const {
  if (width_ == 0) throw Error(kWhere, "transform needs the vectors: call fit or restore first");
  const Strings& texts = batch.strings(column_);
  Tensor made = at::empty({static_cast<std::int64_t>(texts.size()), width_}, at::kFloat);
  auto* out = made.mutable_data_ptr<float>();
  Words storage;
  std::vector<double> sum;
  for (const std::string& text : texts) {
    append_mean(text, storage, sum, out);
    out += width_;
  }
  batch.set(output_, made);
}

State WordVectors::state() const {
  if (width_ == 0) return {};
  std::string words;
  for (std::int32_t number = 0; number < words_.size(); ++number) words.append(words_.term(number)) += '\n';
  return {{{"vectors", tensor_like(vectors_, {words_.size(), width_}, at::kFloat)},
           {"weights", tensor_like(weights_, {words_.size()}, at::kDouble)}},
          {{"words", words}}};
}

void WordVectors::restore(const State& state) {
  const auto vectors = state.tensors.find("vectors"), weights = state.tensors.find("weights");
  const auto words = state.texts.find("words");
  if (vectors == state.tensors.end() || weights == state.tensors.end() || words == state.texts.end())
    throw Error(kWhere, "the state must have the tensors vectors and weights and the text words");
  words_ = TermTable();
  for (std::size_t begin = 0, end; begin < words->second.size(); begin = end + 1) {
    end = std::min(words->second.find('\n', begin), words->second.size());
    words_.add(std::string_view(words->second).substr(begin, end - begin));
  }
  const Tensor rows = vectors->second.to(at::kCPU, at::kFloat).contiguous(),
               each = weights->second.to(at::kCPU, at::kDouble).contiguous();
  if (rows.dim() != 2 || rows.size(0) != words_.size() || each.numel() != words_.size())
    throw Error(kWhere, "the state must have a vector and a weight a word, has " + std::to_string(rows.size(0)) + " and " +
                            std::to_string(each.numel()) + " for " + std::to_string(words_.size()));
  width_ = rows.size(1);
  vectors_.assign(rows.const_data_ptr<float>(), rows.const_data_ptr<float>() + rows.numel());
  weights_.assign(each.const_data_ptr<double>(), each.const_data_ptr<double>() + each.numel());
}

}  // namespace graft::plugins
