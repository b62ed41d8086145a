#include "bpe_pieces.hpp"

#include "byte_level_words.hpp"
#include "graft/utf8.hpp"

namespace graft::plugins {

struct BpePieces::Kept final : TextPieces::Memory {
  WordCache cache;
  BpeModel::Memory model;
  std::string prefixed, characters;
};

std::unique_ptr<TextPieces::Memory> BpePieces::memory() const { return std::make_unique<Kept>(); }

void BpePieces::append_word(std::string_view word, std::vector<std::int64_t>& ids, Kept& kept) const {
  const std::uint64_t hash = word_hash(word);
  if (const auto known = kept.cache.find(word, hash); known.data()) {
    ids.insert(ids.end(), known.begin(), known.end());
    return;
  }
  const std::size_t before = ids.size();
  std::string_view characters = word;
  if (options_.is_byte_level) {
    kept.characters.clear();
    for (const char byte : word) append_utf8(kept.characters, byte_level_character(static_cast<unsigned char>(byte)));
    characters = kept.characters;
  }
  model_.append(characters, ids, kept.model);
  kept.cache.add(word, hash, std::span(ids).subspan(before));
}

void BpePieces::append(std::string_view text, bool is_start, std::size_t end, std::vector<std::int64_t>& ids,
                       Memory* memory) const {
  Kept& kept = static_cast<Kept&>(*memory);
  if (!options_.is_byte_level) {
    words_.each(text, is_start, kept.prefixed, [&](std::string_view word) {
      append_word(word, ids, kept);
      return ids.size() <= end;
    });
    return;
  }
  if (options_.add_prefix_space && !text.starts_with(' ')) text = (kept.prefixed = ' ').append(text);
  if (!options_.use_regex) return append_word(text, ids, kept);
  for (ByteLevelWords words(text); ids.size() <= end && words.next();) append_word(words.word(), ids, kept);
}

}  // namespace graft::plugins
