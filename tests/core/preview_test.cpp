// The page of graft preview and what it is made of.
#include <ATen/Functions.h>

#include <cmath>

#include "catch.hpp"
#include "core/report/preview_html.hpp"
#include "core/report/text_diff.hpp"
#include "core/run/preview_values.hpp"
#include "graft/testing.hpp"

using namespace graft;
using namespace graft::core;
using Change = DiffPart::Kind;

namespace {

std::string side(const std::vector<DiffPart>& parts, Change other) {
  std::string text;
  for (const DiffPart& part : parts)
    if (part.kind != other) text += (text.empty() ? "" : " ") + part.text;
  return text;
}

// "a -very- dull +new+ film"
std::string marked(const std::string& before, const std::string& after) {
  std::string text;
  for (const DiffPart& part : text_diff(before, after)) {
    const char* mark = part.kind == Change::kRemoved ? "-" : part.kind == Change::kInserted ? "+" : "";
    text += (text.empty() ? "" : " ") + (mark + part.text) + mark;
  }
  return text;
}

std::string shown(const Field& field, Column column) { return preview_value(field, column, 0).text; }

}  // namespace

TEST_CASE("text diff: words that went, came and stayed are told apart", "[report][preview]") {
  CHECK(marked("a dull film", "a dull film") == "a dull film");
  CHECK(marked("a very dull film", "a dull new film") == "a -very- dull +new+ film");
  CHECK(marked("dull plot", "funny storyline") == "-dull plot- +funny storyline+");
  CHECK(marked("", "a") == "+a+");
  CHECK(marked("", "") == "");
}

TEST_CASE("text diff: both texts can be read off it, and as few words as possible are marked", "[report][preview]") {
  const std::string before = "the plot of the film is the best part of it", after = "of the film the plot is a part of the best";
  const std::vector<DiffPart> parts = text_diff(before, after);
  CHECK(side(parts, Change::kInserted) == before);
  CHECK(side(parts, Change::kRemoved) == after);
  std::size_t kept = 0;
  for (const DiffPart& part : parts)
    if (part.kind == Change::kKept) kept += 1 + static_cast<std::size_t>(std::count(part.text.begin(), part.text.end(), ' '));
  CHECK(kept == 6);  // "of the film is part of"
  CHECK(text_diff(before, after, 5).size() == 2);
}

TEST_CASE("preview: values read as a person reads them", "[report][preview]") {
  CHECK(shown({"label", FieldKind::kClass, {}, {"no", "yes"}}, testing::integers({1})) == "yes");
  CHECK(shown({"label", FieldKind::kClass, {}, {"no", "yes"}}, testing::integers({kMissingClass})) == "(no label)");
  CHECK(shown({"label", FieldKind::kClass, {}, {"no", "yes"}}, testing::matrix({{0.25, 0.75}})) == "no (25 %), yes (75 %)");
  CHECK(shown({"x", FieldKind::kNumber, {}, {}}, testing::numbers({0.123456})) == "0.1235");
  CHECK(shown({"x", FieldKind::kNumber, {}, {}}, testing::numbers({1984})) == "1984");
  CHECK(shown({"x", FieldKind::kNumber, {}, {}}, testing::numbers({std::nan("")})) == "(missing)");
  CHECK(shown({"t", FieldKind::kTokens, {-1}, {}}, testing::tokens({{101, 7, 102}})) == "101  7  102");
  CHECK(shown({"v", FieldKind::kVector, {10}, {}}, testing::matrix({{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}})) ==
        "0  1  2  3  4  5  6  7  \xE2\x80\xA6 10 in all");
  CHECK(shown({"text", FieldKind::kText, {}, {}}, Strings{"a film"}) == "a film");
}

TEST_CASE("preview: of a wide vector the entries are shown that differ in some epoch", "[report][preview]") {
  const Field vector{"v", FieldKind::kVector, {10}, {}};
  const Column before = testing::matrix({{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}}),
               one = testing::matrix({{0, 1, 2, 3, 4, 5, 6, 7, 8, 5}}), two = testing::matrix({{0, 7, 2, 3, 4, 5, 6, 7, 8, 9}}),
               narrow = testing::matrix({{0, 1}});
  const std::vector<std::int64_t> differ = {1, 9};
  CHECK(entries_that_differ(before, {&one, &two}, 0) == differ);
  CHECK(preview_value(vector, two, 0, differ).text == "[1] 7  [9] 9  \xE2\x80\xA6 10 in all");
  CHECK(entries_that_differ(before, {&before}, 0).empty());
  CHECK(entries_that_differ(narrow, {&narrow}, 0).empty());
}

TEST_CASE("preview: a row that changed only where nothing is shown is not called unchanged", "[report][preview]") {
  PreviewStep step{"noise", "graft/swap_noise", "Swaps.", "Every row", true, {}};
  step.rows.push_back({3, {{"v", "1  2", ""}}, {{{"v", "1  2", ""}}, {{"v", "1  2", ""}}}, {true, false}});
  const std::string page = preview_html({"table", 7, {{"rows", 210, {}, {step}}}});
  CHECK(page.find("In epoch 1 it changes 1 of these 1 row.") != std::string::npos);
  CHECK(page.find("changed, but not in what is shown here") < page.find("as it was"));
}

TEST_CASE("preview: a picture is a bitmap whose bytes are worked out by hand", "[report][preview]") {
  // One red and one blue pixel: 54 bytes of header, blue green red of each, two bytes of padding: 62 = 0x3e.
  Tensor picture = at::zeros({3, 1, 2}, at::kByte);
  picture[0][0][0] = 255, picture[2][0][1] = 255;
  CHECK(picture_uri(picture) ==
        "data:image/bmp;base64,Qk0+AAAAAAAAADYAAAAoAAAAAgAAAAEAAAABABgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAD//wAAAAA=");
  CHECK(picture_uri(picture) == picture_uri(picture.to(at::kFloat).div(255)));
  CHECK(picture_uri(at::zeros({1, 500, 500}, at::kByte)).size() < 4 * 160 * 160 + 100);
}

TEST_CASE("preview: the page escapes what data says, marks words and tells rows that stayed", "[report][preview]") {
  PreviewStep step{"noise", "graft/eda", "Edits <text>.", "Every row", true, {}};
  step.rows.push_back(
      {3, {{"text", "a <b>dull</b> film", ""}}, {{{"text", "a film", ""}}, {{"text", "a <b>dull</b> film", ""}}}, {true, false}});
  const std::string page = preview_html({"movies", 7, {{"films", 210, {{3, {{"text", "x & y", ""}}, {}, {}}}, {step}}}});
  CHECK(page.find("a <del>&lt;b&gt;dull&lt;/b&gt;</del> film") != std::string::npos);
  CHECK(page.find("<b>dull") == std::string::npos);
  CHECK(page.find("as it was") != std::string::npos);
  CHECK(page.find("x &amp; y") != std::string::npos);
  CHECK(page.find("In epoch 1 it changes 1 of these 1 row.") != std::string::npos);
  CHECK(page.find("http") == std::string::npos);
}
