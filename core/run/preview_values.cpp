#include "core/run/preview_values.hpp"

#include <ATen/Functions.h>

#include <algorithm>
#include <cmath>

#include "core/report/number_text.hpp"

namespace graft::core {
namespace {

constexpr std::int64_t kNumbersShown = 8, kTokensShown = 40, kLongestSide = 160;

std::string number_text_of(double value) {
  if (std::isnan(value)) return "(missing)";
  if (value == std::floor(value) && std::abs(value) < 1e15) return std::to_string(static_cast<std::int64_t>(value));
  char text[32];
  std::snprintf(text, sizeof text, "%.4g", value);
  return text;
}

std::string class_text(const Field& field, std::int64_t id) {
  if (id < 0) return "(no label)";
  return static_cast<std::size_t>(id) < field.classes.size() ? field.classes[static_cast<std::size_t>(id)] : std::to_string(id);
}

// The first entries of a vector, with how many there are where some are left out.
template <class Text>
std::string first_of(std::int64_t count, std::int64_t shown, Text text) {
  std::string all;
  for (std::int64_t i = 0; i < std::min(count, shown); ++i) all += (i ? "  " : "") + text(i);
  return count > shown ? all + "  \xE2\x80\xA6 " + thousands(count) + " in all" : all;
}

// "cat (75 %), dog (25 %)"; a whole class by its name alone.
std::string distribution_text(const Field& field, const Tensor& row) {
  std::string text;
  for (std::int64_t c = 0; c < row.numel(); ++c)
    if (const double share = row[c].item<double>(); share >= 0.005)
      text += (text.empty() ? "" : ", ") + class_text(field, c) + (share >= 0.995 ? "" : " (" + fixed(100 * share, 0) + " %)");
  return text.empty() ? "(no label)" : text;
}

std::string tensor_text(const Field& field, const Tensor& row) {
  switch (field.kind) {
    case FieldKind::kClass: return row.dim() == 0 ? class_text(field, row.item<std::int64_t>()) : distribution_text(field, row);
    case FieldKind::kSoftClass:
    case FieldKind::kLabelSet: return distribution_text(field, row);
    default: break;
  }
  const Tensor values = row.to(at::kDouble).reshape({-1});
  return first_of(values.numel(), kNumbersShown, [&](std::int64_t i) { return number_text_of(values[i].item<double>()); });
}

// "[3] 0.5  [17] -1  ... 30 in all"
std::string entries_text(const Tensor& row, const std::vector<std::int64_t>& entries) {
  const Tensor values = row.to(at::kDouble);
  const std::string all = first_of(std::ssize(entries), kNumbersShown, [&](std::int64_t i) {
    return "[" + std::to_string(entries[i]) + "] " + number_text_of(values[entries[i]].item<double>());
  });
  return all + "  \xE2\x80\xA6 " + thousands(values.numel()) + " in all";
}

bool is_wide_vector(const Column& column) {
  const auto* tensor = std::get_if<Tensor>(&column);
  return tensor && tensor->dim() == 2 && tensor->size(1) > kNumbersShown;
}

std::string ragged_text(const Field& field, const Ragged& rows, std::int64_t row) {
  const auto begin = rows.offsets[row].item<std::int64_t>(), end = rows.offsets[row + 1].item<std::int64_t>();
  return first_of(end - begin, kTokensShown, [&](std::int64_t i) {
    const auto id = rows.values[begin + i].item<std::int64_t>();
    return field.kind == FieldKind::kTags ? class_text(field, id) : std::to_string(id);
  });
}

std::string sparse_text(const SparseRows& rows, std::int64_t row) {
  const auto begin = rows.offsets[row].item<std::int64_t>(), end = rows.offsets[row + 1].item<std::int64_t>();
  const std::string entries = first_of(end - begin, kNumbersShown, [&](std::int64_t i) {
    return std::to_string(rows.ids[begin + i].item<std::int64_t>()) + ":" + number_text_of(rows.values[begin + i].item<double>());
  });
  return entries + " (of " + thousands(rows.width) + " columns)";
}

void append_number(std::string& bytes, std::uint32_t value, int size) {
  for (int i = 0; i < size; ++i) bytes += static_cast<char>(value >> (8 * i) & 0xFF);
}

// Windows bitmap, 24 bits a pixel, rows from the bottom and padded to 4 bytes. pixels [3, H, W] uint8, contiguous.
std::string bitmap(const Tensor& pixels) {
  const std::int64_t height = pixels.size(1), width = pixels.size(2), stride = (width * 3 + 3) / 4 * 4;
  std::string bytes = "BM";
  for (const auto value : {54 + stride * height, std::int64_t{0}, std::int64_t{54}, std::int64_t{40}, width, height})
    append_number(bytes, static_cast<std::uint32_t>(value), 4);
  append_number(bytes, 1, 2);
  append_number(bytes, 24, 2);
  bytes.resize(54, '\0');
  const auto* from = pixels.const_data_ptr<std::uint8_t>();
  for (std::int64_t y = height; y-- > 0;) {
    for (std::int64_t x = 0; x < width; ++x)
      for (const std::int64_t channel : {2, 1, 0}) bytes += static_cast<char>(from[(channel * height + y) * width + x]);
    bytes.append(static_cast<std::size_t>(stride - width * 3), '\0');
  }
  return bytes;
}

std::string base64(const std::string& bytes) {
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 3; ++k)
      group = group << 8 | (i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0);
    for (std::size_t k = 0; k < 4; ++k) text += i + k <= bytes.size() ? kDigits[group >> (18 - 6 * k) & 63] : '=';
  }
  return text;
}

}  // namespace

std::string picture_uri(const Tensor& picture) {
  Tensor pixels = picture.is_floating_point() ? picture.clamp(0, 1).mul(255).round().to(at::kByte) : picture.to(at::kByte);
  const std::int64_t step = (std::max(pixels.size(1), pixels.size(2)) + kLongestSide - 1) / kLongestSide;
  pixels = pixels.slice(1, 0, pixels.size(1), step).slice(2, 0, pixels.size(2), step);
  return "data:image/bmp;base64," + base64(bitmap(pixels.expand({3, -1, -1}).contiguous()));
}

std::vector<std::int64_t> entries_that_differ(const Column& before, const std::vector<const Column*>& after, std::int64_t row) {
  std::vector<std::int64_t> entries;
  if (!is_wide_vector(before)) return entries;
  const Tensor from = std::get<Tensor>(before)[row].to(at::kCPU, at::kDouble).nan_to_num(0);
  Tensor differs = at::zeros_like(from, at::kBool);
  for (const Column* column : after) {
    const auto* tensor = std::get_if<Tensor>(column);
    if (!tensor || tensor->sizes() != std::get<Tensor>(before).sizes()) return entries;
    differs.logical_or_((*tensor)[row].to(at::kCPU, at::kDouble).nan_to_num(0).ne(from));
  }
  for (std::int64_t i = 0; i < differs.numel() && std::ssize(entries) < kNumbersShown; ++i)
    if (differs[i].item<bool>()) entries.push_back(i);
  return entries;
}

PreviewValue preview_value(const Field& field, const Column& column, std::int64_t row, const std::vector<std::int64_t>& entries) {
  PreviewValue value{field.name, {}, {}};
  if (const auto* tensor = std::get_if<Tensor>(&column)) {
    const Tensor one = (*tensor)[row].to(at::kCPU);
    const bool is_picture = field.kind == FieldKind::kImage && one.dim() == 3 && (one.size(0) == 1 || one.size(0) == 3);
    const auto text = [&] { return entries.empty() ? tensor_text(field, one) : entries_text(one, entries); };
    (is_picture ? value.picture : value.text) = is_picture ? picture_uri(one) : text();
  } else if (const auto* ragged = std::get_if<Ragged>(&column)) {
    value.text = ragged_text(field, *ragged, row);
  } else if (const auto* sparse = std::get_if<SparseRows>(&column)) {
    value.text = sparse_text(*sparse, row);
  } else {
    value.text = std::get<Strings>(column)[static_cast<std::size_t>(row)];
  }
  return value;
}

}  // namespace graft::core
