#include "vector_file.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "graft/error.hpp"

namespace graft::plugins {
namespace {

std::string_view next_field(std::string_view& rest) {
  rest.remove_prefix(std::min(rest.find_first_not_of(" \t"), rest.size()));
  const std::string_view field = rest.substr(0, std::min(rest.find_first_of(" \t"), rest.size()));
  rest.remove_prefix(field.size());
  return field;
}

std::int64_t count_of_fields(std::string_view rest) {
  std::int64_t count = 0;
  while (!next_field(rest).empty()) ++count;
  return count;
}

bool is_count(std::string_view field, std::int64_t& value) {
  const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), value);
  return error == std::errc() && end == field.data() + field.size() && value >= 0;
}

}  // namespace

VectorFile::VectorFile(std::string path, std::string where)
    : path_(std::move(path)), where_(std::move(where)), file_(path_, std::ios::binary) {
  if (!file_) throw Error(where_, path_ + ": must be a file that can be read");
  read_width();
}

void VectorFile::refuse(const std::string& rule) const {
  throw Error(where_, path_ + ":" + std::to_string(number_) + ": " + rule);
}

bool VectorFile::read_line() {
  if (!std::getline(file_, line_)) return false;
  ++number_;
  line_.erase(line_.find_last_not_of(" \t\r") + 1);
  return true;
}

void VectorFile::read_width() {
  if (!read_line()) refuse("must hold a word and its numbers, or \"V D\", got an empty file");
  std::string_view rest = line_;
  const std::string_view first = next_field(rest), second = next_field(rest);
  std::int64_t promised = 0;
  if (rest.empty() && is_count(first, promised) && is_count(second, width_) && width_ > 0) {
    promised_ = promised;
    return;
  }
  width_ = count_of_fields(line_) - 1;
  if (width_ < 1) refuse("must be a word and its numbers, or \"V D\", got \"" + line_ + "\"");
  is_pending_ = true;
}

bool VectorFile::next() {
  while (is_pending_ || read_line()) {
    is_pending_ = false;
    if (line_.empty()) continue;
    ++words_;
    numbers_ = line_;
    word_ = next_field(numbers_);
    const std::int64_t fields = count_of_fields(numbers_);
    if (fields == width_) return true;
    if (fields < width_) refuse("must be a word and " + std::to_string(width_) + " numbers, got " + std::to_string(fields));
  }
  if (promised_ >= 0 && words_ != promised_)
    throw Error(where_, path_ + ": must hold the " + std::to_string(promised_) + " words that line 1 says, got " +
                            std::to_string(words_));
  return false;
}

void VectorFile::read(std::vector<float>& vector) const {
  std::string_view rest = numbers_;
  for (std::string_view field; !(field = next_field(rest)).empty();) {
    float value = 0;
    const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), value);
    if (error != std::errc() || end != field.data() + field.size() || !std::isfinite(value))
      refuse("must hold finite numbers, got \"" + std::string(field) + "\"");
    vector.push_back(value);
  }
}

}  // namespace graft::plugins
