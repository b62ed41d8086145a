// Words of a text for editing: where each stands, and which may be touched.
//
// An ordinary word is made of ASCII letters, hyphens and apostrophes, in lower case; or capitalised where a sentence begins, when
// it is known (a stop word or one with synonyms). All else is left alone: numbers, names, @, #, URLs, mark-up, other scripts.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace graft::plugins {

struct EditWord {
  std::string space;              // white space before it
  std::string lead, core, trail;  // punctuation before, the word itself ("" for a smiley), punctuation behind
  bool ordinary = false;
  bool deleted = false;
};

const std::vector<std::string>& synonyms_of(const std::string& lower_case_word);  // empty when it has none

std::vector<EditWord> words_of(std::string_view text);

// The text again. Punctuation of deleted words goes to their neighbours, where those have none; a word that comes first in
// place of a capitalised one is capitalised.
std::string text_of(const std::vector<EditWord>& words);

std::string lower_case(std::string word);                           // ASCII
std::string in_case_of(const std::string& like, std::string word);  // `word`, capitalised or in capitals as `like` is

}  // namespace graft::plugins
