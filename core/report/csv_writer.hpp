// CSV as RFC 4180 quotes it: a field with the delimiter, a quote, CR or LF stands in quotes, with its quotes doubled.
//
//   differs  lines end with LF alone, as pandas and most Unix tools write them
#pragma once

#include <fstream>
#include <span>
#include <string>
#include <string_view>

namespace graft::core {

std::string csv_field(std::string_view text, char delimiter = ',');
std::string csv_number(double number);  // the shortest text that reads back as the same double; "" for NaN
std::string csv_line(std::span<const std::string> fields,
                     char delimiter = ',');  // with its LF; a single empty field is written ""

// A CSV file that is whole or not there: written beside, synced and renamed by close(). Every line has as many fields as the first.
class CsvWriter {
 public:
  explicit CsvWriter(std::string path, char delimiter = ',');  // throws Error("csv", "path: reason"), as all below
  ~CsvWriter();                                                // without close(): leaves nothing behind
  CsvWriter(const CsvWriter&) = delete;
  void line(std::span<const std::string> fields);
  void close();

 private:
  std::string path_, partial_;
  char delimiter_;
  std::size_t fields_ = 0;
  std::ofstream file_;
};

}  // namespace graft::core
