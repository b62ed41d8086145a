#include "core/report/csv_writer.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstring>

#include "graft/error.hpp"

namespace graft::core {
namespace {

[[noreturn]] void fail(const std::string& path) { throw Error("csv", path + ": " + std::strerror(errno)); }

void sync(const std::string& written, const std::string& path) {
  const int file = ::open(written.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) fail(path);
  const bool failed = ::fsync(file) != 0;
  ::close(file);
  if (failed) fail(path);
}

}  // namespace

std::string csv_field(std::string_view text, char delimiter) {
  const char special[] = {delimiter, '"', '\r', '\n', '\0'};
  if (text.find_first_of(special) == std::string_view::npos) return std::string(text);
  std::string quoted = "\"";
  for (char c : text) quoted += c == '"' ? "\"\"" : std::string(1, c);
  return quoted + "\"";
}

std::string csv_number(double number) {
  if (std::isnan(number)) return "";
  char text[32];
  return std::string(text, std::to_chars(text, text + sizeof text, number).ptr);
}

std::string csv_line(std::span<const std::string> fields, char delimiter) {
  if (fields.size() == 1 && fields[0].empty()) return "\"\"\n";
  std::string line;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (i > 0) line += delimiter;
    line += csv_field(fields[i], delimiter);
  }
  return line + "\n";
}

CsvWriter::CsvWriter(std::string path, char delimiter)
    : path_(std::move(path)),
      partial_(path_ + ".partial"),
      delimiter_(delimiter),
      file_(partial_, std::ios::binary | std::ios::trunc) {
  if (!file_) fail(path_);
}

CsvWriter::~CsvWriter() {
  if (!partial_.empty()) ::unlink(partial_.c_str());
}

void CsvWriter::line(std::span<const std::string> fields) {
  if (fields_ == 0) fields_ = fields.size();
  if (fields.size() != fields_)
    throw Error("csv", path_ + ": a line must have " + std::to_string(fields_) + " fields, got " + std::to_string(fields.size()));
  file_ << csv_line(fields, delimiter_);
  if (!file_) fail(path_);
}

void CsvWriter::close() {
  file_.close();
  if (!file_) fail(path_);
  sync(partial_, path_);
  if (std::rename(partial_.c_str(), path_.c_str()) != 0) fail(path_);
  partial_.clear();
}

}  // namespace graft::core
