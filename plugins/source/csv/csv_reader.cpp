#include "csv_reader.hpp"

#include <algorithm>

namespace graft::plugins {

bool CsvReader::next(std::vector<CsvCell>& cells) {
  while (position_ < bytes_.size() && at_line_end()) skip_line_end();
  if (position_ == bytes_.size()) return false;
  cells.clear();
  fault_.clear();
  begin_ = position_;
  line_ = next_line_;
  for (;;) {
    cells.push_back(cell());
    if (!fault_.empty() || !at(format_.delimiter)) break;
    ++position_;
  }
  if (!fault_.empty()) skip_to_line_end();
  skip_line_end();
  return true;
}

CsvCell CsvReader::cell() { return format_.quote && at(*format_.quote) ? quoted_cell() : plain_cell(); }

CsvCell CsvReader::plain_cell() {
  const std::size_t begin = position_, size = bytes_.size();
  const char delimiter = format_.delimiter;
  while (position_ < size && bytes_[position_] != delimiter && bytes_[position_] != '\n') ++position_;
  std::size_t end = position_;
  const bool line_ends = position_ == size || bytes_[position_] == '\n';
  if (line_ends && end > begin && bytes_[end - 1] == '\r') position_ = --end;
  return {bytes_.substr(begin, end - begin), false};
}

CsvCell CsvReader::quoted_cell() {
  CsvCell cell;
  const std::size_t begin = ++position_;
  const std::int64_t opened = next_line_;
  for (;; position_ += 2, cell.doubled = true) {
    const std::size_t close = bytes_.find(*format_.quote, position_);
    next_line_ += std::count(bytes_.begin() + position_, bytes_.begin() + std::min(close, bytes_.size()), '\n');
    position_ = std::min(close, bytes_.size());
    if (close == std::string_view::npos) {
      fault_ =
          "the quote opened in line " + std::to_string(opened) + " must be closed, is not (quote: \"\" reads quotes as text)";
      unclosed_ = true;
      return cell;
    }
    if (close + 1 >= bytes_.size() || bytes_[close + 1] != *format_.quote) break;
  }
  cell.raw = bytes_.substr(begin, position_++ - begin);
  if (position_ < bytes_.size() && !at(format_.delimiter) && !at_line_end())
    fault_ = "a closing quote must end its cell, text follows";
  return cell;
}

bool CsvReader::at_line_end() const {
  if (at('\n')) return true;
  return at('\r') && (position_ + 1 == bytes_.size() || bytes_[position_ + 1] == '\n');
}

void CsvReader::skip_line_end() {
  if (at('\r')) ++position_;
  if (at('\n')) ++position_, ++next_line_;
}

void CsvReader::skip_to_line_end() { position_ = std::min(bytes_.find('\n', position_), bytes_.size()); }

std::string_view text_of(const CsvCell& cell, const CsvFormat& format, std::string& scratch) {
  if (!cell.doubled) return cell.raw;
  scratch.clear();
  for (std::size_t i = 0; i < cell.raw.size(); ++i) {
    scratch += cell.raw[i];
    if (cell.raw[i] == *format.quote) ++i;
  }
  return scratch;
}

}  // namespace graft::plugins
