#include "core/data/split.hpp"

#include <algorithm>
#include <cstring>
#include <numeric>

#include "graft/error.hpp"
#include "graft/rng.hpp"

namespace graft::core {
namespace {

std::uint64_t hash_bytes(std::uint64_t hash, const void* data, std::size_t size) {
  const auto* bytes = static_cast<const unsigned char*>(data);
  for (; size >= 8; bytes += 8, size -= 8) {
    std::uint64_t word;
    std::memcpy(&word, bytes, 8);
    hash = Rng::mix(hash ^ word) + 0x9e3779b97f4a7c15ULL;
  }
  std::uint64_t rest = size;
  for (std::size_t i = 0; i < size; ++i) rest = (rest << 8) | bytes[i];
  return Rng::mix(hash ^ rest);
}

void hash_tensor_rows(const Tensor& column, std::uint64_t* hashes) {
  const Tensor rows = column.contiguous();
  const std::size_t bytes = rows.size(0) ? rows.nbytes() / rows.size(0) : 0;
  const auto* data = static_cast<const char*>(rows.data_ptr());
  for (std::int64_t i = 0; i < rows.size(0); ++i) hashes[i] = hash_bytes(hashes[i], data + i * bytes, bytes);
}

void hash_column(const Column& column, std::uint64_t* hashes) {
  if (const auto* texts = std::get_if<Strings>(&column)) {
    for (std::size_t i = 0; i < texts->size(); ++i) hashes[i] = hash_bytes(hashes[i], (*texts)[i].data(), (*texts)[i].size());
  } else if (const auto* tensor = std::get_if<Tensor>(&column)) {
    hash_tensor_rows(*tensor, hashes);
  } else {
    throw Error("split", "rows can be hashed by number, class, text and vector columns only");
  }
}

double as_share(std::uint64_t hash) { return static_cast<double>(hash >> 11) * 0x1.0p-53; }

void check_shares(const SplitOptions& options) {
  for (double share : {options.valid, options.test})
    if (!(share >= 0 && share < 1)) throw Error("split", "a share must be in [0, 1), got " + std::to_string(share));
  if (options.valid + options.test >= 1)
    throw Error("split", "valid + test must be < 1, got " + std::to_string(options.valid + options.test));
}

Splits split_by_hash(const std::vector<std::uint64_t>& hashes, const SplitOptions& options) {
  Splits splits;
  for (std::size_t i = 0; i < hashes.size(); ++i) {
    const double u = as_share(Rng::mix(hashes[i] + Rng::mix(options.seed)));
    const char* split = u < options.test ? "test" : u < options.test + options.valid ? "valid" : "train";
    splits[split].push_back(static_cast<std::int64_t>(i));
  }
  return splits;
}

Splits split_stratified(const std::vector<std::uint64_t>& hashes, const std::vector<std::uint64_t>& strata,
                        const SplitOptions& options) {
  std::map<std::uint64_t, std::vector<std::int64_t>> members;
  for (std::size_t i = 0; i < hashes.size(); ++i) members[strata[i]].push_back(static_cast<std::int64_t>(i));
  Splits splits;
  for (auto& [stratum, rows] : members) {
    auto key = [&](std::int64_t row) { return Rng::mix(hashes[row] + Rng::mix(options.seed)); };
    std::sort(rows.begin(), rows.end(), [&](auto a, auto b) { return std::pair(key(a), a) < std::pair(key(b), b); });
    double place = 0;  // of the first row among its equals, which all go where it goes
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (i == 0 || key(rows[i]) != key(rows[i - 1])) place = (static_cast<double>(i) + 0.5) / static_cast<double>(rows.size());
      splits[place < options.test ? "test" : place < options.test + options.valid ? "valid" : "train"].push_back(rows[i]);
    }
  }
  for (auto& [name, rows] : splits) std::sort(rows.begin(), rows.end());
  return splits;
}

Splits split_by_column(const Source& source, const std::string& column) {
  require(source.schema(), column, {FieldKind::kText, FieldKind::kClass}, "split");
  const Field field = require(source.schema(), column, "split");
  static const std::map<std::string, std::string> names = {{"train", "train"},      {"training", "train"}, {"valid", "valid"},
                                                           {"validation", "valid"}, {"dev", "valid"},      {"test", "test"}};
  Splits splits;
  std::int64_t row = 0;
  for (Batches each(source); each.next();) {
    for (std::int64_t i = 0; i < each.batch().size(); ++i, ++row) {
      const std::string value = field.kind == FieldKind::kText
                                    ? each.batch().strings(column)[i]
                                    : field.classes.at(each.batch().tensor(column)[i].item<std::int64_t>());
      const auto known = names.find(value);
      if (known == names.end())
        throw Error("split",
                    "column " + column + ", row " + std::to_string(row) + ": must be train, valid or test, got '" + value + "'");
      splits[known->second].push_back(row);
    }
  }
  return splits;
}

// The columns that say what a row is: its group; else its pictures, whatever their files are called; else all.
std::vector<std::string> key_columns(const Schema& schema, const std::string& group) {
  if (!group.empty()) return {require(schema, group, "split").name};
  std::vector<std::string> pictures;
  for (const Field& field : schema)
    if (field.kind == FieldKind::kImage) pictures.push_back(field.name);
  return pictures;
}

}  // namespace

std::vector<std::uint64_t> hash_rows(const Source& source, const std::vector<std::string>& columns) {
  std::vector<std::uint64_t> hashes(source.size(), 0x243f6a8885a308d3ULL);
  std::uint64_t* out = hashes.data();
  for (Batches each(source); each.next(); out += each.batch().size())
    for (const std::string& name : columns.empty() ? each.batch().names() : columns) hash_column(each.batch().column(name), out);
  return hashes;
}

Batch sample_rows(const Batch& rows, std::int64_t count, std::uint64_t seed, const std::string& stratify) {
  if (count == 0 || count >= rows.size()) return rows;
  std::vector<std::uint64_t> hashes(rows.size(), 0x243f6a8885a308d3ULL), strata(rows.size(), 0);
  for (const std::string& name : rows.names()) hash_column(rows.column(name), hashes.data());
  if (!stratify.empty()) hash_column(rows.column(stratify), strata.data());
  std::vector<std::int64_t> order(rows.size());
  std::iota(order.begin(), order.end(), 0);
  auto key = [&](std::int64_t row) { return Rng::mix(hashes[row] + Rng::mix(seed)); };
  std::sort(order.begin(), order.end(), [&](auto a, auto b) { return std::pair(key(a), a) < std::pair(key(b), b); });
  std::map<std::uint64_t, std::int64_t> seen;  // rows of the stratum before
  std::vector<std::int64_t> rank(rows.size());
  for (const std::int64_t row : order) rank[row] = seen[strata[row]]++;
  std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return rank[a] < rank[b]; });
  order.resize(count);
  std::sort(order.begin(), order.end());
  return rows.select(order);
}

Splits split_rows(const Source& source, const SplitOptions& options) {
  if (!options.column.empty()) return split_by_column(source, options.column);
  check_shares(options);
  const auto hashes = hash_rows(source, key_columns(source.schema(), options.group));
  if (options.stratify.empty()) return split_by_hash(hashes, options);
  return split_stratified(hashes, hash_rows(source, {require(source.schema(), options.stratify, "split").name}), options);
}

}  // namespace graft::core
