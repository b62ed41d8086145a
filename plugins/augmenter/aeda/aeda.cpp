#include "aeda.hpp"

#include <algorithm>

#include "../text_ops/draws.hpp"

namespace graft::plugins {

Aeda::Aeda(const Config& config)
    : TextEdit(config, "graft/aeda"), share_(config.number("share")), marks_(config.texts("marks")) {}

std::string Aeda::edited(const std::string& text, Rng& draws) const {
  std::vector<EditWord> words = words_of(text);
  const std::vector<std::size_t> places =
      places_where(words, [](const EditWord& word) { return !(word.lead + word.core + word.trail).empty(); });
  if (places.empty()) return text;
  const auto count = static_cast<std::int64_t>(places.size());
  const auto most = std::min(count, static_cast<std::int64_t>(share_ * static_cast<double>(count) + 1));
  std::int64_t left = 1 + draws.below(most), ahead = count;
  for (const std::size_t place : places)  // selection sampling, Knuth 3.4.2 S
    if (draws.below(ahead--) < left) words[place].lead.insert(0, any_of(marks_, draws) + " "), --left;
  return text_of(words);
}

}  // namespace graft::plugins
