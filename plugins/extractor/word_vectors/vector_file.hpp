// VectorFile: walks through a text file of word vectors line by line, whatever its size.
//
//   forms    GloVe: a word and D numbers a line; word2vec: the same after a first line "V D"
//   skipped  a line whose word holds spaces (GloVe has some): it has more than D numbers' worth of fields
//   throws   Error(where, "path:17: rule, value") for a line with too few numbers, for what is no finite number, and when word2vec's
//            V is not the number of lines
//
//   VectorFile file(path, where);
//   while (file.next()) if (wanted(file.word())) file.read(vector);
#pragma once

#include <cstdint>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

namespace graft::plugins {

class VectorFile {
 public:
  VectorFile(std::string path, std::string where);

  bool next();                                     // the next line that has one word; false after the last
  std::string_view word() const { return word_; }  // valid until the next call of next()
  void read(std::vector<float>& vector) const;     // its numbers, appended
  std::int64_t width() const { return width_; }    // D

 private:
  bool read_line();
  void read_width();
  [[noreturn]] void refuse(const std::string& rule) const;

  std::string path_, where_, line_;
  std::ifstream file_;
  std::string_view word_, numbers_;
  bool is_pending_ = false;                                          // the first line of GloVe was read for its width
  std::int64_t width_ = 0, words_ = 0, promised_ = -1, number_ = 0;  // of lines; promised_: word2vec's V
};

}  // namespace graft::plugins
