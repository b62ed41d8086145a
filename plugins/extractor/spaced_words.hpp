// Spaced words: what a text of words with white space between them holds, in order: the words that tags stand for.
//
//   rule     ASCII white space (space, tab, LF, VT, FF, CR) separates and is dropped; no word is empty
//   returns  views into the text
#pragma once

#include <string_view>
#include <vector>

namespace graft::plugins {

std::vector<std::string_view> spaced_words(std::string_view text);

}  // namespace graft::plugins
