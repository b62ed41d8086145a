// HTML pieces: escaped text, elements, and tables that turn into cards on a narrow screen.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace graft::core::html {

std::string escape(std::string_view text);  // & < > " ' and control characters; ill-formed UTF-8 becomes U+FFFD
std::string element(std::string_view tag, std::string_view inner, std::string_view attributes = "");  // inner is HTML
std::string shortened(std::string_view text, std::size_t code_points);  // cut with an ellipsis, never inside a code point

struct Cell {
  std::string html;
  bool numeric = false;       // right-aligned
  std::string sort_key = {};  // what sorting compares; empty: the text
};
struct Table {
  std::vector<std::string> header;
  std::vector<std::vector<Cell>> rows;
  bool sortable = false;
  std::string css;  // class names
};
std::string table(const Table& table);

}  // namespace graft::core::html
