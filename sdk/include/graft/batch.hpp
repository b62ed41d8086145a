// Batch: named columns over the same B rows, in a fixed order. The core gives no name a meaning.
//
// Copies are cheap: columns are shared, and set() replaces a column rather than writing into it. Tensors of a batch are not
// to be changed in place, unless the component made them.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "graft/columns.hpp"
#include "graft/export.hpp"
#include "graft/schema.hpp"

namespace graft {

using Column = std::variant<Tensor, Ragged, SparseRows, Strings>;

class GRAFT_API Batch {
 public:
  Batch() = default;  // no rows
  explicit Batch(std::vector<std::int64_t> row_ids);

  std::int64_t size() const;                      // B
  std::span<const std::int64_t> row_ids() const;  // [B] unique over all streams: the key of randomness, caches and reports
  Strings names() const;
  bool has(std::string_view name) const;

  // Each throws Error("batch") when the column is absent (lists the columns that exist) or of another form (says which).
  const Column& column(std::string_view name) const;
  const Tensor& tensor(std::string_view name) const;
  const Ragged& ragged(std::string_view name) const;
  const SparseRows& sparse(std::string_view name) const;
  const Strings& strings(std::string_view name) const;

  // Adds or replaces. throws Error("batch") when the column's rows are not B.
  void set(std::string name, Column column);
  void erase(std::string_view name);  // nothing when absent

  Batch select(std::span<const std::int64_t> positions) const;  // rows by position in [0, B), repeats allowed

  // A view under other names, each pair {from, to}; a column that had the name `to` is hidden. throws when `from` is absent.
  Batch renamed(std::span<const std::pair<std::string, std::string>> names) const;

  Batch only(std::span<const std::string> names) const;  // those columns; throws when one is absent
  Batch to(at::Device device) const;

  static Batch concatenate(std::span<const Batch> parts);  // rows of all parts in order; same columns and forms in each

 private:
  std::vector<std::int64_t> row_ids_;
  std::vector<std::pair<std::string, std::shared_ptr<const Column>>> columns_;
};

// Rows of a column, whatever its form.
GRAFT_API std::int64_t rows_of(const Column& column);

// Builds the offsets [B + 1] (int32, CPU) and `longest` of rows with these lengths.
GRAFT_API Ragged ragged_of(Tensor values, std::span<const std::int64_t> lengths);

}  // namespace graft
