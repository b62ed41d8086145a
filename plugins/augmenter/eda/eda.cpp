#include "eda.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "../text_ops/draws.hpp"
#include "graft/error.hpp"

namespace graft::plugins {
namespace {

constexpr const char* kWhere = "graft/eda";
using Words = std::vector<EditWord>;

std::vector<std::size_t> ordinary_places(const Words& words) {
  return places_where(words, [](const EditWord& word) { return word.ordinary; });
}
std::vector<std::size_t> synonym_places(const Words& words) {
  return places_where(words, [](const EditWord& word) { return word.ordinary && !synonyms_of(lower_case(word.core)).empty(); });
}

std::size_t edit_count(const Words& words, double alpha) {
  const auto count = std::count_if(words.begin(), words.end(), [](const EditWord& word) { return !word.core.empty(); });
  return std::max<std::size_t>(1, static_cast<std::size_t>(alpha * static_cast<double>(count)));
}

void replace(Words& words, double alpha, Rng& draws) {
  std::vector<std::size_t> left = synonym_places(words);
  for (std::size_t n = edit_count(words, alpha); n > 0 && !left.empty(); --n) {
    std::size_t& drawn = left[static_cast<std::size_t>(draws.below(static_cast<std::int64_t>(left.size())))];
    std::string& core = words[drawn].core;
    core = in_case_of(core, any_of(synonyms_of(lower_case(core)), draws));
    drawn = left.back();
    left.pop_back();
  }
}

// A new word before `next`, which hands over the capital of a sentence's first word.
EditWord word_before(EditWord& next, std::string core) {
  EditWord word;
  word.core = next.ordinary ? in_case_of(next.core, std::move(core)) : std::move(core);
  word.ordinary = true;
  if (next.ordinary) next.core = lower_case(next.core);
  std::swap(word.lead, next.lead);
  std::swap(word.space, next.space);
  next.space = " ";
  return word;
}

void insert(Words& words, double alpha, Rng& draws) {
  const std::vector<std::size_t> sources = synonym_places(words);
  if (sources.empty()) return;
  const std::vector<std::size_t> all = ordinary_places(words);
  std::multimap<std::size_t, std::string> chosen;  // by the place of the word that each goes before
  for (std::size_t n = edit_count(words, alpha); n > 0; --n) {
    std::string core = any_of(synonyms_of(lower_case(words[any_of(sources, draws)].core)), draws);
    chosen.emplace(any_of(all, draws), std::move(core));
  }
  Words longer;
  longer.reserve(words.size() + chosen.size());
  for (std::size_t place = 0; place < words.size(); ++place) {
    for (auto [at, end] = chosen.equal_range(place); at != end; ++at) longer.push_back(word_before(words[place], at->second));
    longer.push_back(std::move(words[place]));
  }
  words = std::move(longer);
}

void swap(Words& words, double alpha, Rng& draws) {
  const std::vector<std::size_t> all = ordinary_places(words);
  if (all.size() < 2) return;
  for (std::size_t n = edit_count(words, alpha); n > 0; --n) {
    const auto count = static_cast<std::int64_t>(all.size());
    const std::int64_t first = draws.below(count), second = (first + 1 + draws.below(count - 1)) % count;
    std::string &a = words[all[static_cast<std::size_t>(first)]].core, &b = words[all[static_cast<std::size_t>(second)]].core;
    const std::string was = a;
    a = in_case_of(was, lower_case(b));
    b = in_case_of(b, lower_case(was));
  }
}

void erase(Words& words, double alpha, Rng& draws) { delete_some(words, ordinary_places(words), alpha, draws); }

constexpr std::array<void (*)(Words&, double, Rng&), 4> kEdits = {replace, insert, swap, erase};

}  // namespace

Eda::Eda(const Config& config)
    : TextEdit(config, kWhere),
      probability_(config.number("probability")),
      alphas_{config.number("alpha_sr"), config.number("alpha_ri"), config.number("alpha_rs"), config.number("alpha_rd")} {
  for (int i = 0; i < 4; ++i)
    if (alphas_[static_cast<std::size_t>(i)] > 0) edits_.push_back(i);
  if (edits_.empty()) throw Error(kWhere, "one of alpha_sr, alpha_ri, alpha_rs, alpha_rd must be > 0, all are 0");
}

std::string Eda::edited(const std::string& text, Rng& draws) const {
  if (draws.uniform() >= probability_) return text;
  const auto edit = static_cast<std::size_t>(any_of(edits_, draws));
  Words words = words_of(text);
  kEdits[edit](words, alphas_[edit], draws);
  return text_of(words);
}

}  // namespace graft::plugins
