#include "core/data/leaks.hpp"

#include <cmath>
#include <cstring>
#include <unordered_set>

#include "graft/error.hpp"
#include "graft/utf8.hpp"

namespace graft::core {
namespace {

using Keys = std::vector<std::string>;  // by row; "" is never the same as another
using Seen = std::unordered_set<std::string>;

char32_t lowered(char32_t c) {
  const bool has_small_32_on = (c >= 'A' && c <= 'Z') || (c >= 0xC0 && c <= 0xDE && c != 0xD7) ||
                               (c >= 0x391 && c <= 0x3A9 && c != 0x3A2) || (c >= 0x410 && c <= 0x42F);
  if (has_small_32_on) return c + 32;
  return c >= 0x400 && c <= 0x40F ? c + 80 : c;
}

bool is_space(char32_t c) { return c == ' ' || (c >= '\t' && c <= '\r') || c == 0xA0; }
bool is_mark(char32_t c) {
  return c < 0x80 && std::string_view(".,;:!?\"()[]-").find(static_cast<char>(c)) != std::string_view::npos;
}

std::string counted(std::int64_t count, const char* what) { return std::to_string(count) + " " + what + (count == 1 ? "" : "s"); }

Seen distinct(const Keys& keys) { return {keys.begin(), keys.end()}; }

std::int64_t count_seen(const Keys& keys, const Seen& seen) {
  std::int64_t count = 0;
  for (const std::string& key : keys) count += !key.empty() && seen.contains(key);
  return count;
}

bool is_category(const Keys& keys, const Seen& seen) { return seen.size() * 2 < keys.size(); }

Keys squeezed_all(const Strings& texts) {
  Keys keys;
  for (const std::string& text : texts) keys.push_back(squeezed(text));
  return keys;
}

void warn_of_texts(const Stream& stream, const std::string& column) {
  const Strings& training = stream.splits.at("train").strings(column);
  const Seen same = distinct(training);
  if (is_category(training, same)) return;
  const Seen alike = distinct(squeezed_all(training));
  for (const char* split : {"valid", "test"}) {
    if (!stream.splits.contains(split)) continue;
    const Strings& texts = stream.splits.at(split).strings(column);
    const std::int64_t leaks = count_seen(squeezed_all(texts), alike), exact = count_seen(texts, same);
    if (leaks == 0) continue;
    warn("data", stream.name + ": " + counted(leaks, "text") + " of column " + column + (leaks == 1 ? " occurs" : " occur") +
                     " in both train and " + split +
                     (leaks > exact ? ", " + std::to_string(leaks - exact) + " with other case, punctuation or spaces" : ""));
  }
}

// The bytes of a row's numbers; "" where all are missing.
Keys numbers_of(const Batch& rows, const std::vector<std::string>& columns) {
  Keys keys(static_cast<std::size_t>(rows.size()));
  std::vector<bool> has_value(keys.size());
  for (const std::string& column : columns) {
    const Tensor values = rows.tensor(column).to(at::kDouble).contiguous();
    const auto* from = values.const_data_ptr<double>();
    for (std::size_t row = 0; row < keys.size(); ++row) {
      const double value = std::isnan(from[row]) ? NAN : from[row] + 0.0;  // one NaN, one zero
      keys[row].append(reinterpret_cast<const char*>(&value), sizeof value);
      if (!std::isnan(value)) has_value[row] = true;
    }
  }
  for (std::size_t row = 0; row < keys.size(); ++row)
    if (!has_value[row]) keys[row].clear();
  return keys;
}

void warn_of_numbers(const Stream& stream, const std::vector<std::string>& columns) {
  const Keys training = numbers_of(stream.splits.at("train"), columns);
  const Seen seen = distinct(training);
  if (is_category(training, seen)) return;
  for (const char* split : {"valid", "test"}) {
    if (!stream.splits.contains(split)) continue;
    const std::int64_t leaks = count_seen(numbers_of(stream.splits.at(split), columns), seen);
    if (leaks)
      warn("data", stream.name + ": " + counted(leaks, "row") + " of " + split +
                       (leaks == 1 ? " has all its" : " have all their") + " numbers from a row of train");
  }
}

}  // namespace

std::string squeezed(std::string_view text) {
  std::string made;
  bool is_pending = false;  // spaces before the next letter
  for (std::size_t at = 0; at < text.size();) {
    const char32_t c = next_code_point(text, at);
    if (is_space(c) || is_mark(c)) {
      is_pending = !made.empty();
      continue;
    }
    if (is_pending) made += ' ';
    is_pending = false;
    append_utf8(made, lowered(c));
  }
  return made;
}

void warn_of_leaks(const Stream& stream, const std::set<std::string>& targets) {
  std::vector<std::string> numbers;
  for (const Field& field : stream.schema) {
    if (stream.not_features.contains(field.name)) continue;
    if (field.kind == FieldKind::kText) warn_of_texts(stream, field.name);
    const bool is_number = field.kind == FieldKind::kNumber || field.kind == FieldKind::kInteger;
    if (is_number && !targets.contains(field.name)) numbers.push_back(field.name);
  }
  if (!numbers.empty()) warn_of_numbers(stream, numbers);
}

}  // namespace graft::core
