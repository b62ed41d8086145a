// TextPieces: what one kind of tokenizer does with the text between added tokens; text_tokenizer.hpp does the rest.
//
//   threads  const calls from any thread at once, each with a Memory of its own
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace graft::plugins {

class TextPieces {
 public:
  // What one caller keeps from text to text: buffers and words seen before. It never changes the ids.
  struct Memory {
    virtual ~Memory();
  };

  virtual ~TextPieces();
  virtual std::unique_ptr<Memory> memory() const;                                // default: none is needed
  virtual void normalize(std::string_view text, std::string& result) const = 0;  // appends; text: well-formed UTF-8, not empty

  // Appends the ids of a normalised text, which is not empty. May stop as soon as `ids` holds more than `end` of them.
  //   is_start  whether it begins where the whole text does
  virtual void append(std::string_view text, bool is_start, std::size_t end, std::vector<std::int64_t>& ids,
                      Memory* memory) const = 0;
};

}  // namespace graft::plugins
