// Jsonl: rows of a JSON Lines file, plain or gzip: one object a line.
//
// The file is read through once when the source is made; afterwards only its bytes and 8 bytes a row are kept, and rows()
// parses the rows it is asked for.
//
//   columns  the keys of all lines, in the order they first come; a key that a line lacks, and null, are missing
//   cells    JSON numbers; strings; true and false as texts of these names. Lists and objects are bad rows
//   fields   kNumber [] double, kInteger [] int64, kClass [] int64, kText: as `types` says, else as all cells allow; a string is
//            a number only where `types` says so
//   rows     0 .. size() - 1 in file order; empty lines and dropped rows have no number
//   threads  rows() on any number
//   source   jsonlines.org
//   throws   Error("graft/jsonl", "path:line:column: rule, value") for a line that is no object of such cells, or is not UTF-8;
//            "path:line: ..." for a cell that breaks its column's type; "path: reason": no rows, an unreadable file
//   warns    once a file, with the number of rows dropped (bad_rows: "drop") or replaced (encoding_errors: "replace")
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "../table/bad_rows.hpp"
#include "../table/column_scan.hpp"
#include "../table/file_bytes.hpp"
#include "../table/table_rules.hpp"
#include "graft/config.hpp"
#include "graft/source.hpp"

namespace graft::plugins {

class Jsonl final : public Source {
 public:
  explicit Jsonl(const Config& config);

  Schema schema() const override { return fields_; }
  std::int64_t size() const override { return static_cast<std::int64_t>(offsets_.size()); }
  Batch rows(std::span<const std::int64_t> numbers) const override;

 private:
  struct Line {
    std::string_view bytes;
    std::uint64_t begin = 0;
    std::int64_t number = 0;  // from 1
  };
  class Lines;
  class Scan;

  Value parse(std::string_view line) const;  // throws Error("json", "line:1:column: ...")
  Cell cell_of(const Value& value, std::string& scratch) const;

  TableRules rules_;
  FileBytes file_;
  Schema fields_;
  std::vector<std::uint64_t> offsets_;  // of each row's line in file_.text()
};

}  // namespace graft::plugins
