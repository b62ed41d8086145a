// The page of `graft preview`: some training rows before and after each step of the pipeline. One file without network or script, in
// the style of report.html.
//
//   augmenters  what they make of a row in each of the first epochs; removed and inserted words marked, pictures side by side
//   safe        every text from data or config is escaped
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace graft::core {

inline constexpr int kPreviewEpochs = 3;

// One column of one row. A picture is a data URI; all else is text, of which words are compared.
struct PreviewValue {
  std::string column, text, picture;
  bool operator==(const PreviewValue& other) const = default;
};

struct PreviewRow {
  std::int64_t number = 0;                       // in its source, from 1
  std::vector<PreviewValue> before;              // what the step reads or changes
  std::vector<std::vector<PreviewValue>> after;  // once; by epoch where the step is an augmenter
  std::vector<bool> is_changed;                  // by epoch: some content of the row is another, shown or not
};

struct PreviewStep {
  std::string name, use, summary;
  std::string chance;  // of an augmenter: "Each row with chance 0.5, in epochs 1 to 3"
  bool is_augmenter = false;
  std::vector<PreviewRow> rows;

  std::int64_t rows_changed() const;  // in the first epoch
};

struct PreviewStream {
  std::string name;
  std::int64_t training_rows = 0;
  std::vector<PreviewRow> rows;  // as read: before alone
  std::vector<PreviewStep> steps;
};

struct Preview {
  std::string config;  // its name
  std::int64_t seed = 1;
  std::vector<PreviewStream> streams;
};

std::string preview_html(const Preview& preview);

}  // namespace graft::core
