#include "analyzer.hpp"

#include <algorithm>

#include "graft/error.hpp"
#include "graft/utf8.hpp"

namespace graft::plugins {

Analyzer::Analyzer(const Config& config, const std::string& where)
    : kind_(config.text("analyzer") == "word"   ? Kind::kWord
            : config.text("analyzer") == "char" ? Kind::kChar
                                                : Kind::kCharWb),
      lowercase_(config.flag("lowercase")) {
  const Value::List& ngrams = config.value("ngrams").list();
  from_ = static_cast<std::size_t>(ngrams[0].integer());
  to_ = static_cast<std::size_t>(ngrams[1].integer());
  if (from_ > to_)
    throw Error(where,
                "ngrams must be [from, to] with from <= to, got [" + std::to_string(from_) + ", " + std::to_string(to_) + "]");
}

void Analyzer::single_spaces(std::u32string& characters) {
  std::size_t to = 0;
  for (std::size_t begin = 0, end; begin < characters.size(); begin = end) {
    end = begin + 1;
    const bool space = is_space(characters[begin]);
    while (space && end < characters.size() && is_space(characters[end])) ++end;
    characters[to++] = end - begin > 1 ? U' ' : characters[begin];  // a single one stays what it is
  }
  characters.resize(to);
}

std::string_view Analyzer::piece(std::u32string_view characters, std::size_t first, std::size_t n, std::string& storage) {
  storage.clear();
  for (const char32_t c : characters.substr(first, n)) append_utf8(storage, c);
  return storage;
}

std::u32string_view Analyzer::next_word(std::u32string_view& rest) {
  const auto begin = std::find_if_not(rest.begin(), rest.end(), is_space), end = std::find_if(begin, rest.end(), is_space);
  const std::u32string_view word(begin, end);
  rest = std::u32string_view(end, rest.end());
  return word;
}

}  // namespace graft::plugins
