#include "unigram_pieces.hpp"

#include <span>

#include "../tokenizer/word_cache.hpp"

namespace graft::plugins {

struct UnigramPieces::Kept final : TextPieces::Memory {
  WordCache cache;
  UnigramModel::Memory model;
  std::string text;
};

std::unique_ptr<TextPieces::Memory> UnigramPieces::memory() const { return std::make_unique<Kept>(); }

void UnigramPieces::append_word(std::string_view word, std::vector<std::int64_t>& ids, Kept& kept) const {
  const std::uint64_t hash = word_hash(word);
  if (const auto known = kept.cache.find(word, hash); known.data()) {
    ids.insert(ids.end(), known.begin(), known.end());
    return;
  }
  const std::size_t before = ids.size();
  model_.append(word, ids, kept.model);
  kept.cache.add(word, hash, std::span(ids).subspan(before));
}

void UnigramPieces::append(std::string_view text, bool is_start, std::size_t end, std::vector<std::int64_t>& ids,
                           Memory* memory) const {
  Kept& kept = static_cast<Kept&>(*memory);
  words_.each(text, is_start, kept.text, [&](std::string_view word) {
    append_word(word, ids, kept);
    return ids.size() <= end;
  });
}

}  // namespace graft::plugins
