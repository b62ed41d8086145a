#include "terms.hpp"

#include <algorithm>
#include <numeric>

#include "graft/utf8.hpp"

namespace graft::plugins {

std::int32_t Terms::add(std::string_view term) {
  std::int32_t node = TermTrie::kRoot;
  for (std::size_t at = 0; at < term.size();) {
    if (!analyzer_.of_words()) {
      node = trie_.add(node, static_cast<std::int32_t>(next_code_point(term, at)));
      continue;
    }
    const std::size_t end = std::min(term.find(' ', at), term.size());
    node = trie_.add(node, words_.add(term.substr(at, end - at)));
    at = end + 1;
  }
  return node;
}

std::string Terms::text(std::int32_t node) const {
  std::vector<std::int32_t> units;
  for (; node != TermTrie::kRoot; node = trie_.prefix(node)) units.push_back(trie_.unit(node));
  std::string text;
  for (auto unit = units.rbegin(); unit != units.rend(); ++unit) {
    if (!analyzer_.of_words()) {
      append_utf8(text, static_cast<char32_t>(*unit));
      continue;
    }
    if (!text.empty()) text += ' ';
    text += words_.term(*unit);
  }
  return text;
}

// A term's next word stands after a space, which is below every byte of a word: terms are in order when their words are, one by one.
std::vector<std::int32_t> Terms::sorted() const { return trie_.sorted(ranks()); }

std::vector<std::int32_t> Terms::ranks() const {
  std::int32_t units = words_.size();
  if (!analyzer_.of_words())
    for (std::int32_t node = 1; node < trie_.size(); ++node) units = std::max(units, trie_.unit(node) + 1);
  std::vector<std::int32_t> order(static_cast<std::size_t>(units)), ranks(order.size());
  std::iota(order.begin(), order.end(), 0);
  if (!analyzer_.of_words()) return order;
  std::sort(order.begin(), order.end(), [&](auto a, auto b) { return words_.term(a) < words_.term(b); });
  for (std::size_t rank = 0; rank < order.size(); ++rank)
    ranks[static_cast<std::size_t>(order[rank])] = static_cast<std::int32_t>(rank);
  return ranks;
}

Terms Terms::only(std::vector<std::int32_t>& nodes) const {
  Terms kept(analyzer_);
  std::vector<std::int32_t> now(static_cast<std::size_t>(size()), TermTrie::kNone), path;
  const auto now_of = [&](std::int32_t node) -> std::int32_t& { return now[static_cast<std::size_t>(node)]; };
  now_of(TermTrie::kRoot) = TermTrie::kRoot;
  for (std::int32_t& node : nodes) {
    std::int32_t known = node;
    for (path.clear(); now_of(known) == TermTrie::kNone; known = trie_.prefix(known)) path.push_back(known);
    for (; !path.empty(); known = path.back(), path.pop_back()) {
      const std::int32_t unit = trie_.unit(path.back());
      now_of(path.back()) = kept.trie_.add(now_of(known), analyzer_.of_words() ? kept.words_.add(words_.term(unit)) : unit);
    }
    node = now_of(node);
  }
  return kept;
}

}  // namespace graft::plugins
