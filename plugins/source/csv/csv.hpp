// Csv: rows of a delimited text file, plain or gzip.
//
// The file is read through once when the source is made: columns are counted, bytes checked, types settled. Afterwards only
// the file's bytes and 8 bytes a row are kept; rows() parses the rows it is asked for.
//
//   fields   kNumber [] double, kInteger [] int64, kClass [] int64, kText: as `types` says, else as all cells allow
//   rows     0 .. size() - 1 in file order; empty lines and dropped rows have no number
//   threads  rows() on any number
//   source   RFC 4180; what csv_reader.hpp says differs
//   throws   Error("graft/csv", "path:line: rule, value"): other than the header's number of columns, NUL bytes, bytes that are
//            not UTF-8, an open quote, a cell that breaks its column's type; "path: reason": no rows, an unreadable file
//   warns    once a file, with the number of rows dropped (bad_rows: "drop") or replaced (encoding_errors: "replace")
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "../table/bad_rows.hpp"
#include "../table/column_scan.hpp"
#include "../table/file_bytes.hpp"
#include "../table/table_rules.hpp"
#include "csv_reader.hpp"
#include "graft/config.hpp"
#include "graft/source.hpp"

namespace graft::plugins {

class Csv final : public Source {
 public:
  explicit Csv(const Config& config);

  Schema schema() const override { return fields_; }
  std::int64_t size() const override { return static_cast<std::int64_t>(offsets_.size()); }
  Batch rows(std::span<const std::int64_t> numbers) const override;

 private:
  struct Record {  // storage that is reused from record to record
    std::vector<CsvCell> raw;
    std::vector<Cell> cells;
    std::vector<std::string> scratch;
  };
  std::vector<std::string> header(CsvReader& reader, bool has_header) const;
  void scan(CsvReader& reader, std::vector<ColumnScan>& columns);
  std::string fault(const CsvReader& reader, const Record& record, bool well_formed,
                    const std::vector<ColumnScan>& columns) const;
  void decode(Record& record) const;

  TableRules rules_;
  CsvFormat format_;
  std::vector<std::string> names_;  // as the config gives them; empty: from the header
  FileBytes file_;
  Schema fields_;
  std::vector<std::uint64_t> offsets_;  // of each row's first byte in file_.text()
};

}  // namespace graft::plugins
