#include "core/report/html.hpp"

#include "graft/utf8.hpp"

namespace graft::core::html {

std::string escape(std::string_view text) {
  std::string safe;
  for (unsigned char c : replace_ill_formed(text)) switch (c) {
      case '&': safe += "&amp;"; break;
      case '<': safe += "&lt;"; break;
      case '>': safe += "&gt;"; break;
      case '"': safe += "&quot;"; break;
      case '\'': safe += "&#39;"; break;
      default: safe += (c < 0x20 && c != '\n' && c != '\t') || c == 0x7f ? "\xEF\xBF\xBD" : std::string(1, static_cast<char>(c));
    }
  return safe;
}

std::string element(std::string_view tag, std::string_view inner, std::string_view attributes) {
  const std::string name(tag);
  return "<" + name + (attributes.empty() ? "" : " " + std::string(attributes)) + ">" + std::string(inner) + "</" + name + ">";
}

std::string shortened(std::string_view text, std::size_t code_points) {
  std::size_t position = 0;
  for (std::size_t i = 0; i < code_points && position < text.size(); ++i) next_code_point(text, position);
  return std::string(text.substr(0, position)) + (position < text.size() ? "\xE2\x80\xA6" : "");
}

std::string table(const Table& table) {
  std::string head, body;
  for (std::size_t c = 0; c < table.header.size(); ++c) {
    const bool numeric = !table.rows.empty() && table.rows[0][c].numeric;
    head += element("th", escape(table.header[c]), std::string("scope=\"col\"") + (numeric ? " class=\"n\"" : ""));
  }
  for (const auto& row : table.rows) {
    std::string cells;
    for (std::size_t c = 0; c < row.size(); ++c)
      cells += element("td", row[c].html,
                       "data-label=\"" + escape(table.header[c]) + "\"" + (row[c].numeric ? " class=\"n\"" : "") +
                           (row[c].sort_key.empty() ? "" : " data-key=\"" + escape(row[c].sort_key) + "\""));
    body += element("tr", cells) + "\n";
  }
  const std::string css = table.css + (table.sortable ? " sortable" : "");
  return element("table", element("thead", element("tr", head)) + "\n" + element("tbody", body), "class=\"" + css + "\"") + "\n";
}

}  // namespace graft::core::html
