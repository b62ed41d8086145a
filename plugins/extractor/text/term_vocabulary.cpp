#include "term_vocabulary.hpp"

#include <algorithm>
#include <numeric>

#include "graft/error.hpp"

namespace graft::plugins {

struct TermVocabulary::Counts {
  struct Count {
    std::int64_t total = 0;
    std::int32_t documents = 0, last_row = -1;
  };
  std::int32_t rows = 0;
  std::vector<Count> of;  // by node

  void add(std::int32_t node) {
    const auto at = static_cast<std::size_t>(node);
    if (at >= of.size()) of.resize(at + 1);
    ++of[at].total;
    if (of[at].last_row != rows) of[at].last_row = rows, ++of[at].documents;
  }
  const Count& operator[](std::int32_t node) const { return of[static_cast<std::size_t>(node)]; }
};

TermVocabulary::TermVocabulary(const Config& config, std::string where)
    : where_(std::move(where)),
      min_df_(config.number("min_df")),
      max_df_(config.number("max_df")),
      max_features_(config.has("max_features") ? config.integer("max_features") : 0),
      terms_(Analyzer(config, where_)) {}

TermVocabulary::Documents TermVocabulary::learn(const Source& training, const std::string& column) {
  Terms all = terms_.empty_one();
  Counts counts;
  Storage storage;
  for (Batches each(training); each.next();)
    for (const std::string& text : each.batch().strings(column)) {
      all.each_added(text, storage, [&](std::int32_t node) { counts.add(node); });
      ++counts.rows;
    }
  counts.of.resize(static_cast<std::size_t>(all.size()));

  std::vector<std::int32_t> nodes = kept(all, counts, column);
  Documents documents{counts.rows, {}};
  for (const std::int32_t node : nodes) documents.with.push_back(counts[node].documents);
  const bool has_others = static_cast<std::int32_t>(nodes.size()) + 1 < all.size();
  terms_ = has_others ? all.only(nodes) : std::move(all);
  nodes_.clear(), numbers_.clear();
  for (const std::int32_t node : nodes) number(node);
  return documents;
}

std::vector<std::int32_t> TermVocabulary::kept(const Terms& all, const Counts& counts, const std::string& column) const {
  const auto rows = static_cast<double>(counts.rows);
  const double least = min_df_ < 1 ? min_df_ * rows : min_df_, most = max_df_ <= 1 ? max_df_ * rows : max_df_;
  std::vector<std::int32_t> kept = all.sorted();
  std::erase_if(kept, [&](std::int32_t node) { return counts[node].total == 0; });
  const std::size_t there = kept.size();
  std::erase_if(kept, [&](std::int32_t node) { return counts[node].documents < least || counts[node].documents > most; });
  if (kept.empty())
    throw Error(where_, "column " + column + " must have terms that min_df and max_df allow, none of " + std::to_string(there) +
                            " in " + std::to_string(counts.rows) + " training rows is");
  if (max_features_ <= 0 || kept.size() <= static_cast<std::size_t>(max_features_)) return kept;
  std::vector<std::size_t> places(kept.size());
  std::iota(places.begin(), places.end(), 0);
  std::stable_sort(places.begin(), places.end(), [&](auto a, auto b) { return counts[kept[a]].total > counts[kept[b]].total; });
  places.resize(static_cast<std::size_t>(max_features_));
  std::sort(places.begin(), places.end());
  std::vector<std::int32_t> frequent;
  for (const std::size_t place : places) frequent.push_back(kept[place]);
  return frequent;
}

void TermVocabulary::number(std::int32_t node) {
  numbers_.resize(static_cast<std::size_t>(terms_.size()), -1);
  std::int32_t& number = numbers_[static_cast<std::size_t>(node)];
  if (number >= 0) return;
  number = static_cast<std::int32_t>(nodes_.size());
  nodes_.push_back(node);
}

void TermVocabulary::find(std::string_view text, Storage& storage, std::vector<std::int32_t>& found) const {
  found.clear();
  terms_.each_found(text, storage, [&](std::int32_t node) {
    if (const std::int32_t number = numbers_[static_cast<std::size_t>(node)]; number >= 0) found.push_back(number);
  });
  std::sort(found.begin(), found.end());
}

std::string TermVocabulary::text() const {
  std::string text;
  for (const std::int32_t node : nodes_) {
    for (const char c : terms_.text(node)) {
      if (c == '\n' || c == '\\') text += '\\';
      text += c == '\n' ? 'n' : c;
    }
    text += '\n';
  }
  return text;
}

void TermVocabulary::restore(const std::string& text) {
  terms_ = terms_.empty_one();
  nodes_.clear(), numbers_.clear();
  std::string term;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\n') {
      number(terms_.add(term));
      term.clear();
    } else if (text[i] == '\\' && i + 1 < text.size()) {
      term += text[++i] == 'n' ? '\n' : text[i];
    } else {
      term += text[i];
    }
  }
}

}  // namespace graft::plugins
