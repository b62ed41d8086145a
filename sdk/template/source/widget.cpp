// Widget: rows of a text file in fastText's form, a label and a text each: "__label__good a fine film".
//
//   fields   "label" class, the distinct labels of the file in sorted order; "text" text, what follows the label
//   rows     0 .. size() - 1 in file order; empty lines have no number
//   memory   the texts
//   errors   Error("acme/widget", "path:line: rule, value") for a line that does not begin with one label, or is not UTF-8;
//            Error("acme/widget", "path: reason") for a file that cannot be read or has no rows
//   source   fasttext.cc, "Text classification"
//   differs  one label a row; a second one is an error, where fastText learns from both
#include <ATen/ops/empty.h>
#include <graft/config.hpp>
#include <graft/error.hpp>
#include <graft/files.hpp>
#include <graft/plugin.hpp>
#include <graft/source.hpp>
#include <graft/utf8.hpp>

#include <algorithm>
#include <set>
#include <sstream>

namespace acme_widget {

constexpr const char* kName = "acme/widget";
constexpr std::string_view kPrefix = "__label__";

struct Row {
  std::string label, text;
};

class Widget final : public graft::Source {
 public:
  // The parameters are as plugin.json says, checked and completed before this runs. Read the file through once here, so that
  // a fault in it is found before the run begins, with its line.
  explicit Widget(const graft::Config& config) : path_(config.path("path")) {
    std::istringstream lines(graft::read_file(path_));
    std::int64_t number = 0;
    for (std::string line; std::getline(lines, line);) {
      ++number;
      if (line.ends_with('\r')) line.pop_back();
      if (!line.empty()) rows_.push_back(row_of(line, path_ + ":" + std::to_string(number) + ": "));
    }
    if (rows_.empty()) throw graft::Error(kName, path_ + ": has no rows");
    std::set<std::string> labels;
    for (const Row& row : rows_) labels.insert(row.label);
    labels_.assign(labels.begin(), labels.end());
  }

  graft::Schema schema() const override {
    return {{"label", graft::FieldKind::kClass, {}, labels_}, {"text", graft::FieldKind::kText, {}, {}}};
  }

  std::int64_t size() const override { return static_cast<std::int64_t>(rows_.size()); }

  // Rows by number, in any order and grouping, on any thread: nothing random, nothing remembered.
  graft::Batch rows(std::span<const std::int64_t> numbers) const override {
    graft::Tensor labels = at::empty({static_cast<std::int64_t>(numbers.size())}, at::kLong);
    graft::Strings texts;
    for (const std::int64_t number : numbers) {
      if (number < 0 || number >= size())
        throw graft::Error(kName, "row must be in [0, " + std::to_string(size()) + "), got " + std::to_string(number));
      const Row& row = rows_[static_cast<std::size_t>(number)];
      const auto label = std::lower_bound(labels_.begin(), labels_.end(), row.label);
      labels.mutable_data_ptr<std::int64_t>()[texts.size()] = label - labels_.begin();
      texts.push_back(row.text);
    }
    graft::Batch batch(std::vector<std::int64_t>(numbers.begin(), numbers.end()));
    batch.set("label", std::move(labels));
    batch.set("text", std::move(texts));
    return batch;
  }

 private:
  static Row row_of(const std::string& line, const std::string& place) {
    if (!graft::is_utf8(line)) throw graft::Error(kName, place + "must be UTF-8, is not");
    const std::size_t end = std::min(line.find(' '), line.size());
    if (!line.starts_with(kPrefix) || end == kPrefix.size())
      throw graft::Error(kName, place + "must begin with __label__<label>, begins with " + line.substr(0, end));
    const std::size_t text = std::min(line.find_first_not_of(' ', end), line.size());
    if (line.compare(text, kPrefix.size(), kPrefix) == 0)
      throw graft::Error(kName, place + "must have one label, has a second: " + line.substr(text, line.find(' ', text) - text));
    return {line.substr(kPrefix.size(), end - kPrefix.size()), line.substr(text)};
  }

  std::string path_;
  std::vector<Row> rows_;
  std::vector<std::string> labels_;  // sorted
};

}  // namespace acme_widget

GRAFT_PLUGIN(registrar) { registrar.add<acme_widget::Widget>("acme/widget"); }
