// Draws that edits of text share.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "graft/rng.hpp"
#include "words.hpp"

namespace graft::plugins {

template <class Item>
const Item& any_of(const std::vector<Item>& items, Rng& draws) {
  return items[static_cast<std::size_t>(draws.below(static_cast<std::int64_t>(items.size())))];
}

// The places of the words that `wanted` picks.
template <class Wanted>
std::vector<std::size_t> places_where(const std::vector<EditWord>& words, Wanted wanted) {
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < words.size(); ++i)
    if (wanted(words[i])) places.push_back(i);
  return places;
}

// Marks each word at `places` as deleted with this probability, one draw a place; where no word would stay, one of them does.
inline void delete_some(std::vector<EditWord>& words, const std::vector<std::size_t>& places, double probability, Rng& draws) {
  for (const std::size_t place : places) words[place].deleted = draws.uniform() < probability;
  const bool stays =
      std::any_of(words.begin(), words.end(), [](const EditWord& word) { return !word.deleted && !word.core.empty(); });
  if (!stays && !places.empty()) words[any_of(places, draws)].deleted = false;
}

}  // namespace graft::plugins
