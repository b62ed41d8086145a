#include "hashing.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

namespace graft::plugins {
namespace {

constexpr const char* kWhere = "graft/hashing";

std::uint32_t scrambled(std::uint32_t k) { return std::rotl(k * 0xcc9e2d51U, 15) * 0x1b873593U; }

std::uint32_t bytes_at(std::string_view bytes, std::size_t begin, std::size_t count) {  // little-endian
  std::uint32_t k = 0;
  for (std::size_t i = count; i-- > 0;) k = k << 8 | static_cast<unsigned char>(bytes[begin + i]);
  return k;
}

}  // namespace

std::uint32_t murmur3(std::string_view bytes) {
  std::uint32_t h = 0;
  std::size_t at = 0;
  for (; at + 4 <= bytes.size(); at += 4) h = std::rotl(h ^ scrambled(bytes_at(bytes, at, 4)), 13) * 5 + 0xe6546b64U;
  h ^= scrambled(bytes_at(bytes, at, bytes.size() - at));
  h ^= static_cast<std::uint32_t>(bytes.size());
  h = (h ^ h >> 16) * 0x85ebca6bU;
  h = (h ^ h >> 13) * 0xc2b2ae35U;
  return h ^ h >> 16;
}

Hashing::Hashing(const Config& config)
    : column_(config.column("column")),
      output_(config.name()),
      analyzer_(config, kWhere),
      width_(config.integer("n_features")),
      alternate_sign_(config.flag("alternate_sign")),
      binary_(config.flag("binary")),
      norm_(!config.has("norm")           ? Norm::kNone
            : config.text("norm") == "l1" ? Norm::kL1
                                          : Norm::kL2) {}

Schema Hashing::outputs(const Schema& inputs) const {
  require(inputs, column_, {FieldKind::kText}, kWhere);
  return with(inputs, {output_, FieldKind::kSparse, {width_}, {}});
}

Hashing::Hit Hashing::hit(std::string_view term) const {
  const auto h = static_cast<std::int32_t>(murmur3(term));
  constexpr std::int32_t kLowest = std::numeric_limits<std::int32_t>::min();  // |h| is no int32: as scikit-learn has it
  const std::int64_t column =
      h == kLowest ? (2147483647 - (width_ - 1)) % width_ : std::abs(static_cast<std::int64_t>(h)) % width_;
  return {static_cast<std::int32_t>(column), alternate_sign_ && h < 0 ? -1.0 : 1.0};
}

void Hashing::write_row(std::vector<Hit>& hits, SparseBuilder& rows) const {
  std::sort(hits.begin(), hits.end(), [](const Hit& a, const Hit& b) { return a.column < b.column; });
  std::vector<Hit> sums;
  for (const Hit& hit : hits) {
    if (sums.empty() || sums.back().column != hit.column) sums.push_back({hit.column, 0});
    sums.back().sign += hit.sign;
  }
  std::erase_if(sums, [](const Hit& sum) { return sum.sign == 0; });
  double size = 0;
  for (Hit& sum : sums) {
    if (binary_) sum.sign = 1;
    size += norm_ == Norm::kL2 ? sum.sign * sum.sign : std::abs(sum.sign);
  }
  const double norm = norm_ == Norm::kNone ? 1 : norm_ == Norm::kL2 ? std::sqrt(size) : size;
  for (const Hit& sum : sums) rows.add(sum.column, sum.sign / norm);
  rows.end_row();
}

void Hashing::transform(Batch& batch) const {
  SparseBuilder rows;
  std::vector<Hit> hits;
  Analyzer::Storage storage;
  for (const std::string& text : batch.strings(column_)) {
    hits.clear();
    analyzer_.each_term(text, storage, [&](std::string_view term) { hits.push_back(hit(term)); });
    write_row(hits, rows);
  }
  batch.set(output_, rows.take(width_));
}

}  // namespace graft::plugins
