#include "words.hpp"

#include <algorithm>
#include <iterator>
#include <sstream>
#include <unordered_map>
#include <unordered_set>

namespace graft::plugins {
namespace {

constexpr const char* kSynonymGroups =
#include "synonyms.inc"
    ;

constexpr const char* kStopWords =
    "a about after again against all also an and any are as at be because been before being between both but by can could did do "
    "does doing down during each even ever every few for from further had has have having he her here hers him his how if in "
    "into is "
    "it its just me more most much my never no nor not now of off on once only or other our ours out over own same she should so "
    "some such than that the their theirs them then there these they this those through to too under until up us very was we "
    "were "
    "what when where which while who whom why will with without would yes yet you your yours don't can't won't isn't it's that's";

constexpr std::string_view kSpace = " \t\n\r\f\v";
constexpr std::string_view kNeverTouched = "@#&<>/\\=*_$%^~|{}[]+0123456789";

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_letter(char c) { return is_upper(c) || (c >= 'a' && c <= 'z'); }
bool is_plain(char c) { return is_letter(c) || c == '\'' || c == '-'; }
bool is_punctuation(char c) {
  return c > ' ' && static_cast<unsigned char>(c) < 0x7F && !is_letter(c) && !(c >= '0' && c <= '9');
}

// Bytes of the punctuation at the start or the end: ASCII's, and the dashes, quotes and dots of U+2000 to U+203F.
std::size_t punctuation_at_start(std::string_view text) {
  if (!text.empty() && is_punctuation(text[0])) return 1;
  return text.starts_with("\xE2\x80") && text.size() >= 3 ? 3 : 0;
}
std::size_t punctuation_at_end(std::string_view text) {
  if (!text.empty() && is_punctuation(text.back())) return 1;
  return text.size() >= 3 && text.substr(text.size() - 3).starts_with("\xE2\x80") ? 3 : 0;
}

std::unordered_map<std::string, std::vector<std::string>> read_synonyms() {
  std::unordered_map<std::string, std::vector<std::string>> synonyms;
  std::istringstream groups(kSynonymGroups);
  for (std::string line; std::getline(groups, line);) {
    std::istringstream words(line);
    const std::vector<std::string> group{std::istream_iterator<std::string>(words), {}};
    for (const std::string& word : group)
      for (const std::string& other : group)
        if (auto& known = synonyms[word]; other != word && std::find(known.begin(), known.end(), other) == known.end())
          known.push_back(other);
  }
  return synonyms;
}

bool is_stop_word(const std::string& word) {
  static const std::unordered_set<std::string> words = [] {
    std::istringstream list(kStopWords);
    return std::unordered_set<std::string>{std::istream_iterator<std::string>(list), {}};
  }();
  return words.contains(word);
}

bool begins_sentence(const std::vector<EditWord>& before, const EditWord& word) {
  if (before.empty() || word.lead.find_first_of("\"'(\xE2") != std::string::npos) return true;
  return before.back().trail.find_first_of(".!?:") != std::string::npos ||
         before.back().trail.find("\xE2\x80\xA6") != std::string::npos;
}

bool is_ordinary(std::string_view chunk, const EditWord& word, bool begins_sentence) {
  if (word.core.empty() || chunk.find_first_of(kNeverTouched) != std::string_view::npos || chunk.starts_with("www."))
    return false;
  if (!std::all_of(word.core.begin(), word.core.end(), is_plain)) return false;
  if (std::none_of(word.core.begin(), word.core.end(), is_upper)) return true;
  const std::string lower = lower_case(word.core);
  if (!begins_sentence || in_case_of(word.core, lower) != word.core) return false;
  return is_stop_word(lower) || !synonyms_of(lower).empty();
}

EditWord word_from(std::string_view space, std::string_view chunk) {
  std::size_t begin = 0, end = chunk.size();
  while (const std::size_t bytes = punctuation_at_start(chunk.substr(begin))) begin += bytes;
  while (const std::size_t bytes = begin < end ? punctuation_at_end(chunk.substr(begin, end - begin)) : 0) end -= bytes;
  EditWord word;
  word.space = space;
  word.lead = chunk.substr(0, begin);
  word.core = chunk.substr(begin, end - begin);
  word.trail = chunk.substr(end);
  return word;
}

bool ends_with_punctuation(const std::string& text) { return punctuation_at_end(text) > 0; }

}  // namespace

const std::vector<std::string>& synonyms_of(const std::string& lower_case_word) {
  static const auto synonyms = read_synonyms();
  static const std::vector<std::string> none;
  const auto found = synonyms.find(lower_case_word);
  return found == synonyms.end() ? none : found->second;
}

std::vector<EditWord> words_of(std::string_view text) {
  std::vector<EditWord> words;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t word = std::min(text.find_first_not_of(kSpace, begin), text.size());
    const std::size_t end = std::min(text.find_first_of(kSpace, word), text.size());
    const std::string_view chunk = text.substr(word, end - word);
    EditWord next = word_from(text.substr(begin, word - begin), chunk);
    next.ordinary = is_ordinary(chunk, next, begins_sentence(words, next));
    words.push_back(std::move(next));
    begin = end;
  }
  return words;
}

std::string text_of(const std::vector<EditWord>& words) {
  std::string text, lead, capital;
  for (const EditWord& word : words) {
    if (word.deleted) {
      const bool enclosed = !word.lead.empty() && !word.trail.empty();
      if (!enclosed) lead += word.lead;
      if (!enclosed && !text.empty() && !ends_with_punctuation(text)) text += word.trail;
      if (is_upper(word.core[0])) capital = word.core;
      continue;
    }
    text += (text.empty() ? words.front().space : word.space) + lead + word.lead;
    text += capital.empty() || !word.ordinary ? word.core : in_case_of(capital, word.core);
    text += word.trail;
    lead.clear();
    capital.clear();
  }
  return text;
}

std::string lower_case(std::string word) {
  for (char& c : word)
    if (is_upper(c)) c = static_cast<char>(c + 32);
  return word;
}

std::string in_case_of(const std::string& like, std::string word) {
  const auto raise = [](char& c) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
  };
  const auto letters = std::count_if(like.begin(), like.end(), is_letter),
             upper = std::count_if(like.begin(), like.end(), is_upper);
  if (upper > 1 && upper == letters)
    std::for_each(word.begin(), word.end(), raise);
  else if (!like.empty() && is_upper(like[0]))
    raise(word[0]);
  return word;
}

}  // namespace graft::plugins
