#include "tfidf_replace.hpp"

#include <ATen/Functions.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>
#include <sstream>

#include "../text_ops/draws.hpp"
#include "graft/error.hpp"

namespace graft::plugins {
namespace {

constexpr const char* kThis = "graft/tfidf_replace";

std::vector<std::size_t> ordinary_places(const std::vector<EditWord>& words) {
  return places_where(words, [](const EditWord& word) { return word.ordinary; });
}

std::vector<std::string> ordinary_words(const std::string& text) {
  const std::vector<EditWord> words = words_of(text);
  std::vector<std::string> ordinary;
  for (const std::size_t place : ordinary_places(words)) ordinary.push_back(lower_case(words[place].core));
  return ordinary;
}

// Every text of the column, split into its ordinary words.
template <class Use>
void each_text(const Source& training, const std::string& column, Use use) {
  for (Batches each(training); each.next();)
    for (const std::string& text : each.batch().strings(column)) use(ordinary_words(text));
}

Tensor doubles(const std::vector<double>& values) { return at::tensor(values, at::kDouble); }

}  // namespace

TfidfReplace::TfidfReplace(const Config& config) : TextEdit(config, kThis), rate_(config.number("rate")) {}

void TfidfReplace::fit(const Source& training) {
  std::map<std::string, double> rows_with;
  rows_ = static_cast<double>(training.size());
  each_text(training, column(), [&](const std::vector<std::string>& words) {
    for (const std::string& word : std::set<std::string>(words.begin(), words.end())) ++rows_with[word];
  });
  if (rows_with.empty()) throw Error(kThis, "the column " + column() + " of the training rows has no word that may be replaced");
  words_.clear(), idf_.clear();
  for (const auto& [word, count] : rows_with) words_.push_back(word), idf_.push_back(std::log(rows_ / count));
  index();
  std::vector<double> sums(words_.size());
  each_text(training, column(), [&](const std::vector<std::string>& words) {
    for (const std::string& word : words) {
      const std::size_t place = place_.at(word);
      sums[place] += idf_[place] / static_cast<double>(words.size());
    }
  });
  const double most = *std::max_element(sums.begin(), sums.end());
  for (double& sum : sums) sum = most - sum;
  const double all = std::accumulate(sums.begin(), sums.end(), 0.0);
  for (double& weight : sums) weight = all > 0 ? weight / all : 1 / static_cast<double>(sums.size());
  until_.resize(sums.size());
  std::partial_sum(sums.begin(), sums.end(), until_.begin());
}

void TfidfReplace::index() {
  place_.clear();
  for (std::size_t i = 0; i < words_.size(); ++i) place_[words_[i]] = i;
}

State TfidfReplace::state() const {
  if (words_.empty()) return {};
  std::string lines;
  for (const std::string& word : words_) lines += word + "\n";
  return {{{"idf", doubles(idf_)}, {"until", doubles(until_)}, {"rows", doubles({rows_})}}, {{"words", lines}}};
}

void TfidfReplace::restore(const State& state) {
  const auto values = [&](const char* key) {
    const auto found = state.tensors.find(key);
    if (found == state.tensors.end()) throw Error(kThis, std::string("the state must have the tensor ") + key + ", has none");
    const Tensor own = found->second.to(at::kCPU, at::kDouble).contiguous();
    return std::vector<double>(own.const_data_ptr<double>(), own.const_data_ptr<double>() + own.numel());
  };
  const auto lines = state.texts.find("words");
  if (lines == state.texts.end()) throw Error(kThis, "the state must have the text words, has none");
  std::istringstream stream(lines->second);
  words_.clear();
  for (std::string word; std::getline(stream, word);) words_.push_back(word);
  idf_ = values("idf"), until_ = values("until"), rows_ = values("rows").at(0);
  if (words_.empty() || idf_.size() != words_.size() || until_.size() != words_.size())
    throw Error(kThis, "the state must have one idf and one weight for each of its " + std::to_string(words_.size()) +
                           " words, has " + std::to_string(idf_.size()) + " and " + std::to_string(until_.size()));
  index();
}

std::vector<double> TfidfReplace::chances(const std::vector<std::string>& words) const {
  std::map<std::string, double> scores;
  const auto count = static_cast<double>(words.size());
  for (const std::string& word : words) {
    const auto known = place_.find(word);
    scores[word] += (known == place_.end() ? std::log(rows_) : idf_[known->second]) / count;
  }
  const double most =
      std::max_element(scores.begin(), scores.end(), [](const auto& a, const auto& b) { return a.second < b.second; })->second;
  std::vector<double> chances;
  double sum = 0;
  for (const std::string& word : words) sum += chances.emplace_back(most - scores[word]);
  for (double& chance : chances) chance = sum > 0 ? std::min(1.0, chance / sum * rate_ * count) : 0;
  return chances;
}

const std::string& TfidfReplace::drawn(Rng& draws) const {
  const auto at = std::upper_bound(until_.begin(), until_.end(), draws.uniform());
  return words_[std::min(static_cast<std::size_t>(at - until_.begin()), words_.size() - 1)];
}

std::string TfidfReplace::edited(const std::string& text, Rng& draws) const {
  if (words_.empty()) throw Error(kThis, "augment needs the words of the training rows: call fit or restore first");
  std::vector<EditWord> words = words_of(text);
  const std::vector<std::size_t> places = ordinary_places(words);
  if (places.empty()) return text;
  const std::vector<double> own = chances(ordinary_words(text));
  for (std::size_t i = 0; i < places.size(); ++i) {
    std::string& core = words[places[i]].core;
    if (draws.uniform() < own[i]) core = in_case_of(core, drawn(draws));
  }
  return text_of(words);
}

}  // namespace graft::plugins
