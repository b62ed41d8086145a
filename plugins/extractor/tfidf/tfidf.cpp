#include "tfidf.hpp"

#include <ATen/ops/empty.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "graft/error.hpp"

namespace graft::plugins {
namespace {

constexpr const char* kWhere = "graft/tfidf";

template <class Number>
Tensor tensor_of(const std::vector<Number>& values, at::ScalarType type) {
  Tensor tensor = at::empty({static_cast<std::int64_t>(values.size())}, at::TensorOptions(type));
  std::copy(values.begin(), values.end(), tensor.mutable_data_ptr<Number>());
  return tensor;
}

// Sorts term numbers by their texts. Most are told apart by the first 8 bytes, which are compared as one number.
void sort_by_text(std::vector<std::int32_t>& numbers, const TermTable& terms) {
  struct Keyed {
    std::uint64_t start;
    std::int32_t number;
  };
  std::vector<Keyed> keyed;
  keyed.reserve(numbers.size());
  for (std::int32_t number : numbers) {
    const std::string_view text = terms.term(number);
    std::uint64_t start = 0;
    for (std::size_t i = 0; i < 8; ++i) start = start << 8 | (i < text.size() ? static_cast<unsigned char>(text[i]) : 0U);
    keyed.push_back({start, number});
  }
  std::sort(keyed.begin(), keyed.end(), [&](const Keyed& a, const Keyed& b) {
    return a.start != b.start ? a.start < b.start : terms.term(a.number) < terms.term(b.number);
  });
  std::transform(keyed.begin(), keyed.end(), numbers.begin(), [](const Keyed& each) { return each.number; });
}

}  // namespace

struct Tfidf::Counts {
  std::int64_t rows = 0;
  std::vector<std::int64_t> total, documents, last_row;  // by term number

  void add(std::int32_t term) {
    const auto at = static_cast<std::size_t>(term);
    if (at == total.size()) total.push_back(0), documents.push_back(0), last_row.push_back(-1);
    ++total[at];
    if (last_row[at] != rows) last_row[at] = rows, ++documents[at];
  }
};

Tfidf::Tfidf(const Config& config)
    : column_(config.column("column")),
      output_(config.name()),
      lowercase_(config.flag("lowercase")),
      sublinear_tf_(config.flag("sublinear_tf")),
      max_features_(config.has("max_features") ? config.integer("max_features") : 0),
      min_df_(config.number("min_df")),
      max_df_(config.number("max_df")) {
  const Value::List& ngrams = config.value("ngrams").list();
  ngram_min_ = ngrams[0].integer();
  ngram_max_ = ngrams[1].integer();
  if (ngram_min_ > ngram_max_)
    throw Error(kWhere, "ngrams must be [from, to] with from <= to, got [" + std::to_string(ngram_min_) + ", " +
                            std::to_string(ngram_max_) + "]");
}

Schema Tfidf::outputs(const Schema& inputs) const {
  require(inputs, column_, {FieldKind::kText}, kWhere);
  const std::int64_t width = idf_.empty() ? -1 : static_cast<std::int64_t>(idf_.size());
  return with(inputs, {output_, FieldKind::kSparse, {width}, {}});
}

template <class Use>
void Tfidf::each_term(const Words& words, Use use) const {
  const auto count = static_cast<std::int64_t>(words.words.size());
  const std::string_view text = words.text;
  for (std::int64_t n = ngram_min_; n <= ngram_max_; ++n) {
    for (std::int64_t first = 0; first + n <= count; ++first) {
      const std::size_t begin = words.words[first].begin;
      use(text.substr(begin, words.words[first + n - 1].end - begin));
    }
  }
}

void Tfidf::fit(const Source& training) {
  TermTable terms;
  Counts counts;
  Words words;
  for (Batches each(training); each.next();) {
    for (const std::string& text : each.batch().strings(column_)) {
      find_words(text, lowercase_, words);
      each_term(words, [&](std::string_view term) { counts.add(terms.add(term)); });
      ++counts.rows;
    }
  }
  vocabulary_ = TermTable();
  idf_.clear();
  for (std::int32_t number : kept(terms, counts)) {
    vocabulary_.add(terms.term(number));
    idf_.push_back(std::log((1.0 + counts.rows) / (1.0 + counts.documents[number])) + 1.0);
  }
}

std::vector<std::int32_t> Tfidf::kept(const TermTable& terms, const Counts& counts) const {
  const auto rows = static_cast<double>(counts.rows);
  const double least = min_df_ < 1 ? min_df_ * rows : min_df_, most = max_df_ <= 1 ? max_df_ * rows : max_df_;
  std::vector<std::int32_t> kept;
  for (std::int32_t number = 0; number < terms.size(); ++number)
    if (counts.documents[number] >= least && counts.documents[number] <= most) kept.push_back(number);
  if (kept.empty())
    throw Error(kWhere, "column " + column_ + " must have terms that min_df and max_df allow, none of " +
                            std::to_string(terms.size()) + " in " + std::to_string(counts.rows) + " training rows is");
  sort_by_text(kept, terms);
  if (max_features_ > 0 && kept.size() > static_cast<std::size_t>(max_features_)) {
    std::stable_sort(kept.begin(), kept.end(), [&](auto a, auto b) { return counts.total[a] > counts.total[b]; });
    kept.resize(static_cast<std::size_t>(max_features_));
    sort_by_text(kept, terms);
  }
  return kept;
}

void Tfidf::transform(Batch& batch) const {
  if (idf_.empty()) throw Error(kWhere, "transform needs the vocabulary: call fit or restore first");
  std::vector<std::int32_t> ids, offsets = {0}, found;
  std::vector<float> values;
  Words words;
  for (const std::string& text : batch.strings(column_)) {
    find_words(text, lowercase_, words);
    found.clear();
    each_term(words, [&](std::string_view term) {
      if (const std::int32_t id = vocabulary_.find(term); id >= 0) found.push_back(id);
    });
    weigh(found, ids, values);
    offsets.push_back(static_cast<std::int32_t>(ids.size()));
  }
  batch.set(output_, SparseRows{tensor_of(ids, at::kInt), tensor_of(values, at::kFloat), tensor_of(offsets, at::kInt),
                                static_cast<std::int64_t>(idf_.size())});
}

void Tfidf::weigh(std::vector<std::int32_t>& found, std::vector<std::int32_t>& ids, std::vector<float>& values) const {
  std::sort(found.begin(), found.end());
  std::vector<double> weights;
  double square = 0;
  for (std::size_t begin = 0, end = 0; begin < found.size(); begin = end) {
    while (end < found.size() && found[end] == found[begin]) ++end;
    const auto times = static_cast<double>(end - begin);
    const double weight = (sublinear_tf_ ? 1.0 + std::log(times) : times) * idf_[found[begin]];
    ids.push_back(found[begin]);
    weights.push_back(weight);
    square += weight * weight;
  }
  for (double weight : weights) values.push_back(static_cast<float>(weight / std::sqrt(square)));
}

State Tfidf::state() const {
  if (idf_.empty()) return {};
  std::string terms;
  for (std::int32_t number = 0; number < vocabulary_.size(); ++number) terms.append(vocabulary_.term(number)) += '\n';
  return {{{"idf", tensor_of(idf_, at::kDouble)}}, {{"vocabulary", terms}}};
}

void Tfidf::restore(const State& state) {
  const auto idf = state.tensors.find("idf");
  const auto terms = state.texts.find("vocabulary");
  if (idf == state.tensors.end() || terms == state.texts.end())
    throw Error(kWhere, "the state must have the tensor idf and the text vocabulary");
  vocabulary_ = TermTable();
  for (std::size_t begin = 0, end; (end = terms->second.find('\n', begin)) != std::string::npos; begin = end + 1)
    vocabulary_.add(std::string_view(terms->second).substr(begin, end - begin));
  const Tensor values = idf->second.to(at::kCPU, at::kDouble).contiguous();
  if (values.numel() != vocabulary_.size())
    throw Error(kWhere, "the state must have one idf a term, has " + std::to_string(values.numel()) + " for " +
                            std::to_string(vocabulary_.size()));
  idf_.assign(values.const_data_ptr<double>(), values.const_data_ptr<double>() + values.numel());
}

}  // namespace graft::plugins
