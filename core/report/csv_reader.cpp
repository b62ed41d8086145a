#include "core/report/csv_reader.hpp"

namespace graft::core {

std::vector<std::vector<std::string>> csv_lines(std::string_view text) {
  std::vector<std::vector<std::string>> lines;
  std::vector<std::string> line;
  std::string field;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted) {
      if (c != '"')
        field += c;
      else if (i + 1 < text.size() && text[i + 1] == '"')
        field += text[++i];
      else
        quoted = false;
    } else if (c == '"') {
      quoted = true;
    } else if (c == ',' || c == '\n') {
      line.push_back(std::move(field));
      field.clear();
      if (c == '\n') lines.push_back(std::move(line)), line.clear();
    } else {
      field += c;
    }
  }
  if (!field.empty() || !line.empty()) line.push_back(std::move(field)), lines.push_back(std::move(line));
  return lines;
}

}  // namespace graft::core
