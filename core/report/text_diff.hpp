// What changed between two texts, word by word, as the shortest list of removed and inserted words.
//
//   source   longest common subsequence, by dynamic programming over words; texts longer than `most` words count as wholly changed
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace graft::core {

struct DiffPart {
  enum class Kind { kKept, kRemoved, kInserted } kind;
  std::string text;  // words with single spaces between
  bool operator==(const DiffPart& other) const = default;
};

// Parts in order, neighbours of one kind joined; a removed part comes before an inserted one at the same place.
std::vector<DiffPart> text_diff(std::string_view before, std::string_view after, std::size_t most = 600);

}  // namespace graft::core
