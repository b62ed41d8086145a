#include "term_vocabulary.hpp"

#include <algorithm>

#include "graft/error.hpp"

namespace graft::plugins {
namespace {

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

struct TermVocabulary::Counts {
  std::int64_t rows = 0;
  std::vector<std::int64_t> total, documents, last_row;  // by term number

  void add(std::int32_t term) {
    const auto at = static_cast<std::size_t>(term);
    if (at == total.size()) total.push_back(0), documents.push_back(0), last_row.push_back(-1);
    ++total[at];
    if (last_row[at] != rows) last_row[at] = rows, ++documents[at];
  }
};

TermVocabulary::TermVocabulary(const Config& config, std::string where)
    : where_(std::move(where)),
      min_df_(config.number("min_df")),
      max_df_(config.number("max_df")),
      max_features_(config.has("max_features") ? config.integer("max_features") : 0) {}

TermVocabulary::Documents TermVocabulary::learn(const Source& training, const std::string& column, const Analyzer& analyzer) {
  TermTable terms;
  Counts counts;
  Analyzer::Storage storage;
  for (Batches each(training); each.next();) {
    for (const std::string& text : each.batch().strings(column)) {
      analyzer.each_term(text, storage, [&](std::string_view term) { counts.add(terms.add(term)); });
      ++counts.rows;
    }
  }
  terms_ = TermTable();
  Documents documents{counts.rows, {}};
  for (std::int32_t number : kept(terms, counts, column)) {
    terms_.add(terms.term(number));
    documents.with.push_back(counts.documents[static_cast<std::size_t>(number)]);
  }
  return documents;
}

std::vector<std::int32_t> TermVocabulary::kept(const TermTable& terms, const Counts& counts, const std::string& column) const {
  const auto rows = static_cast<double>(counts.rows);
  const double least = min_df_ < 1 ? min_df_ * rows : min_df_, most = max_df_ <= 1 ? max_df_ * rows : max_df_;
  std::vector<std::int32_t> kept;
  for (std::int32_t number = 0; number < terms.size(); ++number)
    if (counts.documents[number] >= least && counts.documents[number] <= most) kept.push_back(number);
  if (kept.empty())
    throw Error(where_, "column " + column + " must have terms that min_df and max_df allow, none of " +
                            std::to_string(terms.size()) + " in " + std::to_string(counts.rows) + " training rows is");
  sort_by_text(kept, terms);
  if (max_features_ > 0 && kept.size() > static_cast<std::size_t>(max_features_)) {
    std::stable_sort(kept.begin(), kept.end(), [&](auto a, auto b) { return counts.total[a] > counts.total[b]; });
    kept.resize(static_cast<std::size_t>(max_features_));
    sort_by_text(kept, terms);
  }
  return kept;
}

std::string TermVocabulary::text() const {
  std::string text;
  for (std::int32_t number = 0; number < terms_.size(); ++number) {
    for (const char c : terms_.term(number)) {
      if (c == '\n' || c == '\\') text += '\\';
      text += c == '\n' ? 'n' : c;
    }
    text += '\n';
  }
  return text;
}

void TermVocabulary::restore(const std::string& text) {
  terms_ = TermTable();
  std::string term;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\n') {
      terms_.add(term);
      term.clear();
    } else if (text[i] == '\\' && i + 1 < text.size()) {
      term += text[++i] == 'n' ? '\n' : text[i];
    } else {
      term += text[i];
    }
  }
}

}  // namespace graft::plugins
