// CsvReader: cuts bytes into records and cells.
//
//   source   RFC 4180
//   differs  any one-byte delimiter and quote; LF ends a line too; an empty line is no record; a quote inside a cell that does
//            not begin with one is an ordinary character; cells of records may differ in number
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace graft::plugins {

struct CsvFormat {
  char delimiter = ',';
  std::optional<char> quote = '"';  // none: quotes are ordinary characters
};

struct CsvCell {
  std::string_view raw;  // into the bytes, without its outer quotes
  bool doubled = false;  // holds "" that stands for one "
};

class CsvReader {
 public:
  // Begins at a byte where a record begins; `bytes` must outlive the reader and its cells.
  CsvReader(std::string_view bytes, CsvFormat format, std::size_t begin = 0) : bytes_(bytes), format_(format), position_(begin) {}

  bool next(std::vector<CsvCell>& cells);  // false after the last record

  // Of the record that next() gave:
  std::size_t begin() const { return begin_; }  // its first byte
  std::string_view record() const { return bytes_.substr(begin_, position_ - begin_); }
  std::int64_t line() const { return line_; }          // its first line, from 1
  const std::string& fault() const { return fault_; }  // "" or the rule it breaks; its cells are then not to be used
  bool is_unclosed() const { return unclosed_; }       // a quote that never closes: all that follows is lost

 private:
  CsvCell cell();
  CsvCell plain_cell();
  CsvCell quoted_cell();
  bool at(char wanted) const { return position_ < bytes_.size() && bytes_[position_] == wanted; }
  bool at_line_end() const;
  void skip_line_end();
  void skip_to_line_end();

  std::string_view bytes_;
  CsvFormat format_;
  std::size_t position_, begin_ = 0;
  std::int64_t line_ = 0, next_line_ = 1;
  std::string fault_;
  bool unclosed_ = false;
};

// The cell's text, in `scratch` where quotes must be undone.
std::string_view text_of(const CsvCell& cell, const CsvFormat& format, std::string& scratch);

}  // namespace graft::plugins
