// Terms: those of many texts, each a node of a TermTrie, whose units are words or characters as the analyzer cuts them.
//
//   threads  each_found from any number while nobody adds, each with its own Storage
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer.hpp"
#include "term_table.hpp"
#include "term_trie.hpp"

namespace graft::plugins {

class Terms {
 public:
  explicit Terms(const Analyzer& analyzer) : analyzer_(analyzer) {}
  Terms empty_one() const { return Terms(analyzer_); }

  struct Storage {  // reused from text to text
    Analyzer::Storage analyzer;
    std::vector<std::int32_t> units, nodes;
  };

  // The nodes of a text's terms, one as often as its term is there: use(std::int32_t node).
  template <class Use>
  void each_added(std::string_view text, Storage& storage, Use use) {
    each_node(
        text, storage, [this](std::string_view word) { return words_.add(word); },
        [this](std::int32_t prefix, std::int32_t unit) { return trie_.add(prefix, unit); }, use);
  }
  template <class Use>
  void each_found(std::string_view text, Storage& storage, Use use) const {
    each_node(
        text, storage, [this](std::string_view word) { return words_.find(word); },
        [this](std::int32_t prefix, std::int32_t unit) { return trie_.find(prefix, unit); },
        [&](std::int32_t node) {
          if (node != TermTrie::kNone) use(node);
        });
  }

  std::int32_t add(std::string_view term);  // its node; of words: one space between each two
  std::string text(std::int32_t node) const;
  std::int32_t size() const { return trie_.size(); }
  std::vector<std::int32_t> sorted() const;            // all nodes but the root, by the code points of their texts
  Terms only(std::vector<std::int32_t>& nodes) const;  // these and what they start with; `nodes` become those there

 private:
  // A term that is one unit longer than the last one at its place goes on from there.
  template <class UnitOf, class Child, class Use>
  void each_node(std::string_view text, Storage& storage, UnitOf unit_of, Child child, Use use) const {
    constexpr std::size_t kAhead = 8;
    std::vector<std::int32_t>&units = storage.units, &nodes = storage.nodes;
    analyzer_.each_run(text, storage.analyzer, [&](const auto& run) {
      units_of(run, unit_of, units);
      nodes.resize(units.size());
      analyzer_.each_ngram(units.size(), [&](std::size_t first, std::size_t n) {
        const bool goes_on = n > analyzer_.shortest();
        std::int32_t node = goes_on ? nodes[first] : TermTrie::kRoot;
        for (std::size_t i = goes_on ? n - 1 : 0; i < n; ++i) node = child(node, units[first + i]);
        if (goes_on && first + kAhead + n <= units.size()) trie_.prefetch(nodes[first + kAhead], units[first + kAhead + n - 1]);
        use(nodes[first] = node);
      });
    });
  }
  template <class UnitOf>
  static void units_of(const Words& words, UnitOf unit_of, std::vector<std::int32_t>& units) {
    units.clear();
    for (std::size_t i = 0; i < words.size(); ++i) units.push_back(unit_of(words.piece(i, 1)));
  }
  template <class UnitOf>
  static void units_of(std::u32string_view characters, UnitOf, std::vector<std::int32_t>& units) {
    units.assign(characters.begin(), characters.end());
  }
  std::vector<std::int32_t> ranks() const;  // of each unit

  Analyzer analyzer_;
  TermTable words_;  // a word's number is its unit; a character's unit is its code point
  TermTrie trie_;
};

}  // namespace graft::plugins
