// FileBytes: the bytes of a file for as long as this lives: mapped, or unpacked into memory when the file is gzip (by its
// first two bytes, whatever its name).
//
//   threads  read by any number
//   needs    a plain file that nobody shortens meanwhile: a mapped page past a new end is SIGBUS
//   throws   Error(where, "path: reason") when it cannot be read, is damaged, or unpacks to more than `max_unpacked_mb`
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace graft::plugins {

class FileBytes {
 public:
  FileBytes(std::string path, std::int64_t max_unpacked_mb, std::string where);
  ~FileBytes();
  FileBytes(const FileBytes&) = delete;
  FileBytes& operator=(const FileBytes&) = delete;

  const std::string& path() const { return path_; }
  std::string_view bytes() const { return bytes_; }
  // Without a UTF-8 byte order mark. throws Error when the file is empty or UTF-16.
  std::string_view text() const;

 private:
  void map(int file);
  void unpack(int file, std::int64_t max_unpacked_mb);
  [[noreturn]] void fail(const std::string& reason) const;

  std::string path_, where_;
  std::string unpacked_;
  std::string_view bytes_;
  void* mapped_ = nullptr;
};

}  // namespace graft::plugins
