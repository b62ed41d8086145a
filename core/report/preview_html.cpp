#include "core/report/preview_html.hpp"

#include <algorithm>

#include "core/report/html.hpp"
#include "core/report/number_text.hpp"
#include "core/report/page_style.hpp"
#include "core/report/text_diff.hpp"

namespace graft::core {
namespace {

constexpr std::size_t kPreviewText = 900;  // code points

constexpr std::string_view kPreviewStyle = R"css(
ins{background:color-mix(in srgb,var(--good) 22%,transparent);text-decoration:none;border-radius:3px;padding:0 2px}
del{color:var(--bad);opacity:.85;text-decoration-thickness:1px;padding:0 2px}
.rows td{min-width:110px}.rows td:first-child{min-width:0;width:1%;color:var(--soft);white-space:nowrap}
.rows td.wide{min-width:220px}
.rows img{display:block;width:112px;height:auto;image-rendering:pixelated;border-radius:4px;background:var(--panel)}
.value+.value{margin-top:6px}.value b{display:block;color:var(--soft);font-size:12.5px;font-weight:550}
.many .value{display:inline-block;margin:0 16px 2px 0}.many .value b{display:inline;margin-right:6px}
.same{color:var(--soft);opacity:.75}
.step h3{margin-bottom:2px}.step h3 code{font-weight:400;color:var(--soft);margin-left:8px}
.step h3 .only{font-size:12.5px;font-weight:550;color:var(--c1);border:1px solid;border-radius:9px;padding:0 8px;margin-left:8px;vertical-align:1px}
)css";

std::string value_html(const PreviewValue& value, bool is_alone) {
  const std::string name = is_alone ? "" : html::element("b", html::escape(value.column));
  const std::string inner = value.picture.empty()
                                ? html::escape(html::shortened(value.text, kPreviewText))
                                : "<img alt=\"" + html::escape(value.column) + "\" src=\"" + html::escape(value.picture) + "\">";
  return html::element("div", name + inner, "class=\"value\"");
}

// Values of several columns, one below the other; of more than two in running lines.
std::string values_html(const std::vector<PreviewValue>& values, bool has_names) {
  std::string text;
  for (const PreviewValue& value : values) text += value_html(value, !has_names && values.size() == 1);
  return values.size() > 2 ? html::element("div", text, "class=\"many\"") : text;
}

std::string diff_html(const PreviewValue& before, const PreviewValue& after, bool is_alone) {
  if (!after.picture.empty() || !before.picture.empty()) return value_html(after, is_alone);
  std::string text = is_alone ? "" : html::element("b", html::escape(after.column));
  for (const DiffPart& part : text_diff(before.text, after.text)) {
    const std::string words = html::escape(html::shortened(part.text, kPreviewText));
    text +=
        part.kind == DiffPart::Kind::kKept ? words : html::element(part.kind == DiffPart::Kind::kRemoved ? "del" : "ins", words);
    text += " ";
  }
  return html::element("div", text, "class=\"value\"");
}

std::string changed_html(const std::vector<PreviewValue>& before, const std::vector<PreviewValue>& after, bool is_changed) {
  if (!is_changed) return html::element("span", "as it was", "class=\"same\"");
  if (before == after) return html::element("span", "changed, but not in what is shown here", "class=\"same\"");
  std::string text;
  for (std::size_t i = 0; i < after.size(); ++i)
    text += i < before.size() ? diff_html(before[i], after[i], after.size() == 1) : value_html(after[i], false);
  return text;
}

// A column of the table is wide where a cell holds a text of some length.
std::string cell_html(const std::string& inner, const std::string& label, bool is_wide) {
  return html::element("td", inner, "data-label=\"" + html::escape(label) + "\"" + (is_wide ? " class=\"wide\"" : ""));
}

bool has_long_text(const std::vector<PreviewValue>& values) {
  return std::any_of(values.begin(), values.end(), [](const PreviewValue& value) { return value.text.size() > 60; });
}

std::string rows_table(const std::vector<std::string>& header, const std::string& body) {
  std::string head;
  for (const std::string& name : header) head += html::element("th", html::escape(name), "scope=\"col\"");
  const std::string inside = html::element("thead", html::element("tr", head)) + html::element("tbody", body);
  return html::element("div", html::element("table", inside, "class=\"rows cards\""), "class=\"scroll\"") + "\n";
}

std::string source_table(const std::vector<PreviewRow>& rows) {
  std::vector<std::string> header = {"row"};
  if (!rows.empty())
    for (const PreviewValue& value : rows[0].before) header.push_back(value.column);
  std::string body;
  for (const PreviewRow& row : rows) {
    std::string cells = cell_html(thousands(row.number), "row", false);
    for (const PreviewValue& value : row.before)
      cells += cell_html(value_html(value, true), value.column, has_long_text({value}));
    body += html::element("tr", cells) + "\n";
  }
  return rows_table(header, body);
}

// "reads rating" where each row has the one column.
std::string header_of(const char* verb, const std::vector<PreviewValue>& values) {
  return values.size() == 1 ? verb + (" " + values[0].column) : verb;
}

std::vector<std::string> header_of(const PreviewStep& step) {
  const PreviewRow none, &first = step.rows.empty() ? none : step.rows[0];
  if (!step.is_augmenter)
    return {"row", header_of("reads", first.before), header_of("makes", first.after.empty() ? none.before : first.after[0])};
  std::vector<std::string> header = {"row", header_of("changes", first.before)};
  for (int epoch = 1; epoch <= kPreviewEpochs; ++epoch) header.push_back("epoch " + std::to_string(epoch));
  return header;
}

std::string step_table(const PreviewStep& step) {
  const std::vector<std::string> header = header_of(step);
  std::string body;
  for (const PreviewRow& row : step.rows) {
    std::string cells = cell_html(thousands(row.number), "row", false) +
                        cell_html(values_html(row.before, false), header[1], has_long_text(row.before));
    for (std::size_t i = 0; i < row.after.size(); ++i)
      cells += cell_html(
          step.is_augmenter ? changed_html(row.before, row.after[i], row.is_changed[i]) : values_html(row.after[i], false),
          header[i + 2], has_long_text(row.after[i]));
    body += html::element("tr", cells) + "\n";
  }
  return rows_table(header, body);
}

std::string step_id(const PreviewStream& stream, const PreviewStep& step) { return html::escape(stream.name + "-" + step.name); }

std::string chance_html(const PreviewStep& step) {
  const bool is_inside = !step.rows.empty() && step.rows[0].before.empty();
  const std::string seen = is_inside ? "It changes hidden tensors inside the model, of which a preview shows nothing."
                                     : "In epoch 1 it changes " + std::to_string(step.rows_changed()) + " of these " +
                                           count_of(std::ssize(step.rows), "row") + ".";
  return html::element("p", html::escape(step.chance + ". " + seen), "class=\"hint\"") + (is_inside ? "" : step_table(step));
}

std::string step_section(const PreviewStream& stream, const PreviewStep& step) {
  const std::string only = step.is_augmenter ? html::element("span", "training only", "class=\"only\"") : "";
  const std::string text = html::element("h3", html::escape(step.name) + html::element("code", html::escape(step.use)) + only) +
                           html::element("p", html::escape(step.summary), "class=\"hint\"") +
                           (step.is_augmenter ? chance_html(step) : step_table(step));
  return html::element("section", text, "class=\"step\" id=\"" + step_id(stream, step) + "\"") + "\n";
}

std::string stream_section(const PreviewStream& stream) {
  std::string links;
  for (const PreviewStep& step : stream.steps)
    links +=
        html::element("a", (step.is_augmenter ? "~" : "") + html::escape(step.name), "href=\"#" + step_id(stream, step) + "\"");
  std::string text =
      html::element("h2", html::escape(stream.name)) + html::element("nav", links) +
      html::element("h3", "rows as they are read") +
      html::element(
          "p", std::to_string(stream.rows.size()) + " of " + thousands(stream.training_rows) + " training rows, drawn by chance",
          "class=\"hint\"") +
      source_table(stream.rows);
  for (const PreviewStep& step : stream.steps) text += step_section(stream, step);
  return html::element("section", text) + "\n";
}

}  // namespace

std::int64_t PreviewStep::rows_changed() const {
  return std::count_if(rows.begin(), rows.end(),
                       [](const PreviewRow& row) { return !row.is_changed.empty() && row.is_changed[0]; });
}

std::string preview_html(const Preview& preview) {
  const std::string name = html::escape(preview.config);
  std::string body =
      html::element("p", "graft preview", "class=\"eyebrow\"") + html::element("h1", name) +
      html::element("p",
                    "Training rows before and after each step, in order; nothing is trained yet. Steps marked ~ "
                    "change rows in training only: rows that choose and test, and prediction, never see them. Words "
                    "they " +
                        html::element("del", "remove") + " and " + html::element("ins", "insert") +
                        " are marked. Steps after such a step show epoch 1, with seed " + std::to_string(preview.seed) + ".");
  for (const PreviewStream& stream : preview.streams) body += stream_section(stream);
  return "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
         "content=\"width=device-width,initial-scale=1\">" +
         html::element("title", "preview of " + name) +
         html::element("style", std::string(kPageStyle) + std::string(kPreviewStyle)) + "</head><body>" +
         html::element("main", body) + "</body></html>\n";
}

}  // namespace graft::core
