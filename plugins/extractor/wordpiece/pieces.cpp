#include "pieces.hpp"

#include "word_walk.hpp"

namespace graft::plugins {

void WordPieces::append(std::string_view text, bool, std::size_t end, std::vector<std::int64_t>& ids, Memory*) const {
  for (WordWalk words(text); ids.size() <= end && words.next();) vocabulary_.append(words.word(), ids);
}

}  // namespace graft::plugins
