#include "core/conformance/rows.hpp"

#include <ATen/Functions.h>

#include <algorithm>
#include <array>
#include <functional>
#include <numeric>

#include "graft/rng.hpp"

namespace graft::core::conformance {
namespace {

constexpr std::array kWords = {"the", "cat", "sat", "on", "a", "red", "mat", "and", "Paris", "was", "far", "42"};
const std::vector<std::string> kNames = {"O", "B-X", "I-X"};

Rng row_rng(std::uint64_t seed, const std::string& column, std::int64_t row) { return Rng(seed).fork(column).row(row); }

std::int64_t length_of(std::int64_t row) { return 3 + (row * 5) % 7; }

template <class T>
Tensor tensor_of(const std::vector<T>& values, std::vector<std::int64_t> shape) {
  return at::tensor(at::ArrayRef<T>(values)).view(shape);
}

struct Maker {
  std::int64_t count;
  std::uint64_t seed;
  std::string name;

  template <class T>
  std::vector<T> drawn(std::int64_t per_row, const std::function<T(Rng&)>& draw) const {
    std::vector<T> values;
    for (std::int64_t row = 0; row < count; ++row) {
      Rng rng = row_rng(seed, name, row);
      for (std::int64_t i = 0; i < per_row; ++i) values.push_back(draw(rng));
    }
    return values;
  }
  std::vector<std::int64_t> lengths() const {
    std::vector<std::int64_t> all;
    for (std::int64_t row = 0; row < count; ++row) all.push_back(length_of(row));
    return all;
  }
  std::int64_t total() const {
    const std::vector<std::int64_t> all = lengths();
    return std::accumulate(all.begin(), all.end(), std::int64_t{0});
  }

  Column integers(std::int64_t below) const {
    return tensor_of(drawn<std::int64_t>(1, [&](Rng& rng) { return rng.below(below); }), {count});
  }
  Column ragged_integers(std::int64_t below) const {
    std::vector<std::int64_t> values;
    for (std::int64_t row = 0; row < count; ++row) {
      Rng rng = row_rng(seed, name, row);
      for (std::int64_t i = 0; i < length_of(row); ++i) values.push_back(1 + rng.below(below - 1));
    }
    return ragged_of(tensor_of(values, {static_cast<std::int64_t>(values.size())}), lengths());
  }
  Column floats(std::vector<std::int64_t> shape) const {
    const std::int64_t size = std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, std::multiplies<>());
    shape.insert(shape.begin(), count);
    return tensor_of(drawn<float>(size, [](Rng& rng) { return static_cast<float>(rng.normal()); }), shape);
  }
  Column bytes(std::vector<std::int64_t> shape) const {
    return std::get<Tensor>(floats(std::move(shape))).mul(50).add(128).clamp(0, 255).to(at::kByte);
  }
  Column vectors_of_tokens() const {
    std::vector<float> values;
    for (std::int64_t row = 0; row < count; ++row) {
      Rng rng = row_rng(seed, name, row);
      for (std::int64_t i = 0; i < length_of(row) * kWidth; ++i) values.push_back(static_cast<float>(rng.normal()));
    }
    return ragged_of(tensor_of(values, {total(), kWidth}), lengths());
  }
  Column texts() const {
    Strings texts;
    for (std::int64_t row = 0; row < count; ++row) {
      Rng rng = row_rng(seed, name, row);
      std::string text;
      for (std::int64_t i = 0; i < length_of(row); ++i)
        text += (i ? " " : "") + std::string(kWords[static_cast<std::size_t>(rng.below(kWords.size()))]);
      texts.push_back(text);
    }
    return texts;
  }
  Column sparse() const {
    std::vector<std::int32_t> ids, offsets = {0};
    for (std::int64_t row = 0; row < count; ++row) {
      Rng rng = row_rng(seed, name, row);
      for (std::int32_t id = 0; id < 2 * kWidth; ++id)
        if (rng.uniform() < 0.4) ids.push_back(id);
      offsets.push_back(static_cast<std::int32_t>(ids.size()));
    }
    const std::int64_t entries = static_cast<std::int64_t>(ids.size());
    Tensor values = at::linspace(0.1, 1.0, std::max<std::int64_t>(entries, 1), at::kFloat).slice(0, 0, entries);
    if (entries > 0) values = values.mul(0).add(0.5);  // of a row, whatever the number of rows
    return SparseRows{tensor_of(ids, {entries}), values, tensor_of(offsets, {count + 1}), 2 * kWidth};
  }
  Column soft_classes() const { return at::softmax(std::get<Tensor>(floats({kClasses})), 1); }
  Column label_sets() const { return std::get<Tensor>(floats({kClasses})).gt(0).to(at::kFloat); }
  Column numbers() const {
    return tensor_of(drawn<double>(1, [](Rng& rng) { return rng.normal(); }), {count});
  }
};

Field field_of(FieldKind kind, const std::string& name) {
  switch (kind) {
    case FieldKind::kClass: return {name, kind, {}, kNames};
    case FieldKind::kSoftClass:
    case FieldKind::kLabelSet: return {name, kind, {kClasses}, kNames};
    case FieldKind::kTags: return {name, kind, {-1}, kNames};
    case FieldKind::kTokens: return {name, kind, {-1}, {}};
    case FieldKind::kVector: return {name, kind, {kWidth}, {}};
    case FieldKind::kSparse: return {name, kind, {2 * kWidth}, {}};
    case FieldKind::kImage: return {name, kind, {3, 8, 8}, {}};
    default: return {name, kind, {}, {}};
  }
}

Column column_like(FieldKind kind, const Maker& make) {
  switch (kind) {
    case FieldKind::kNumber: return make.numbers();
    case FieldKind::kInteger: return make.integers(10);
    case FieldKind::kClass: return make.integers(kClasses);
    case FieldKind::kSoftClass: return make.soft_classes();
    case FieldKind::kText: return make.texts();
    case FieldKind::kTokens: return make.ragged_integers(kTokenIds);
    case FieldKind::kImage: return make.bytes({3, 8, 8});
    case FieldKind::kVector: return make.floats({kWidth});
    case FieldKind::kSparse: return make.sparse();
    case FieldKind::kLabelSet: return make.label_sets();
    case FieldKind::kTags: {
      Ragged tags = std::get<Ragged>(make.ragged_integers(kClasses + 1));
      return Ragged{tags.values.sub(1), tags.offsets, tags.longest};
    }
  }
  return {};
}

FieldKind kind_of(const Value& column, const Value& first) {
  if (const Value* said = column.is_object() ? column.find("kind") : nullptr)
    for (const FieldKind kind : kinds_tried())
      if (kind_name(kind) == said->text()) return kind;
  if (first.is_text()) return FieldKind::kText;
  return first.is_integer() || first.is_list() ? FieldKind::kInteger : FieldKind::kNumber;
}

// A column of the settings: row i is entry i, and again from the first where they end.
void add_column(Table& table, const std::string& name, const Value& column) {
  const Value::List& entries = column.is_object() ? column.at("rows").list() : column.list();
  Field field{name, kind_of(column, entries.at(0)), {}, {}};
  if (const Value* classes = column.is_object() ? column.find("classes") : nullptr)
    for (const Value& one : classes->list()) field.classes.push_back(one.text());
  const std::int64_t count = table.rows.size();
  Strings texts;
  std::vector<std::int64_t> integers, lengths;
  std::vector<double> numbers;
  for (std::int64_t row = 0; row < count; ++row) {
    const Value& entry = entries[static_cast<std::size_t>(row) % entries.size()];
    if (entry.is_text()) texts.push_back(entry.text());
    if (entry.is_integer()) integers.push_back(entry.integer());
    if (entry.is_number()) numbers.push_back(entry.number());
    if (!entry.is_list()) continue;
    for (const Value& inner : entry.list()) integers.push_back(inner.integer());
    lengths.push_back(static_cast<std::int64_t>(entry.list().size()));
  }
  const auto integer_tensor = [&] { return tensor_of(integers, {static_cast<std::int64_t>(integers.size())}); };
  if (entries.at(0).is_list()) {
    field.shape = {-1};
    table.rows.set(name, ragged_of(integer_tensor(), lengths));
  } else if (entries.at(0).is_text()) {
    table.rows.set(name, texts);
  } else if (field.kind == FieldKind::kNumber) {
    table.rows.set(name, tensor_of(numbers, {count}));
  } else {
    table.rows.set(name, integer_tensor());
  }
  table.schema = with(std::move(table.schema), std::move(field));
}

}  // namespace

const std::vector<FieldKind>& kinds_tried() {
  static const std::vector<FieldKind> kinds = {FieldKind::kText,   FieldKind::kTokens,    FieldKind::kVector, FieldKind::kNumber,
                                               FieldKind::kClass,  FieldKind::kLabelSet,  FieldKind::kTags,   FieldKind::kInteger,
                                               FieldKind::kSparse, FieldKind::kSoftClass, FieldKind::kImage};
  return kinds;
}

std::string column_of(FieldKind kind, bool is_second) {
  std::string name(kind_name(kind));
  std::replace(name.begin(), name.end(), ' ', '_');
  return is_second ? name + "_2" : name;
}

Table make_rows(std::int64_t count, std::uint64_t seed, const Value& more) {
  Table table{{}, Batch(numbers_to(count))};
  for (const FieldKind kind : kinds_tried())
    for (const bool is_second : {false, true}) {
      const std::string name = column_of(kind, is_second);
      table.schema.push_back(field_of(kind, name));
      table.rows.set(name, column_like(kind, Maker{count, seed, name}));
    }
  for (const Value::Member& column : more.object()) add_column(table, column.key, column.value);
  return table;
}

Table make_features(std::int64_t count, std::uint64_t seed) {
  Table table{{}, Batch(numbers_to(count))};
  for (const char* name : {"features", "features_2"}) {
    table.schema.push_back({name, FieldKind::kVector, {kWidth}, {}});
    table.rows.set(name, Maker{count, seed, name}.floats({kWidth}));
  }
  for (const char* name : {"tokens", "tokens_2"}) {
    table.schema.push_back({name, FieldKind::kVector, {-1, kWidth}, {}});
    table.rows.set(name, Maker{count, seed, name}.vectors_of_tokens());
  }
  return table;
}

std::vector<std::int64_t> numbers_to(std::int64_t count) {
  std::vector<std::int64_t> numbers(static_cast<std::size_t>(count));
  std::iota(numbers.begin(), numbers.end(), 0);
  return numbers;
}

Batch first_rows(const Batch& batch, std::int64_t count) { return batch.select(numbers_to(count)); }

Batch permuted(const Batch& batch, const std::vector<std::int64_t>& order) { return batch.select(order); }

std::vector<std::int64_t> some_order(std::int64_t count, std::uint64_t seed) {
  std::vector<std::int64_t> order = numbers_to(count);
  Rng rng = Rng(seed).fork("order");
  for (std::int64_t i = count - 1; i > 0; --i)
    std::swap(order[static_cast<std::size_t>(i)], order[static_cast<std::size_t>(rng.below(i + 1))]);
  return order;
}

}  // namespace graft::core::conformance
