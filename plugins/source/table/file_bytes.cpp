#include "file_bytes.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <cerrno>
#include <cstring>

#include "graft/error.hpp"

namespace graft::plugins {
namespace {

struct Descriptor {
  int number;
  ~Descriptor() {
    if (number >= 0) ::close(number);
  }
};

bool is_gzip(int file) {
  unsigned char magic[2] = {};
  return ::pread(file, magic, 2, 0) == 2 && magic[0] == 0x1F && magic[1] == 0x8B;
}

struct GzipStream {
  explicit GzipStream(int file) : stream(gzdopen(::dup(file), "rb")) {}
  ~GzipStream() {
    if (stream) gzclose(stream);
  }
  gzFile stream;
};

}  // namespace

FileBytes::FileBytes(std::string path, std::int64_t max_unpacked_mb, std::string where)
    : path_(std::move(path)), where_(std::move(where)) {
  const Descriptor file{::open(path_.c_str(), O_RDONLY | O_CLOEXEC)};
  if (file.number < 0) fail(std::strerror(errno));
  struct stat status {};
  if (::fstat(file.number, &status) != 0) fail(std::strerror(errno));
  if (!S_ISREG(status.st_mode)) fail(S_ISDIR(status.st_mode) ? "is a folder" : "is not a regular file");
  if (is_gzip(file.number))
    unpack(file.number, max_unpacked_mb);
  else
    map(file.number);
}

FileBytes::~FileBytes() {
  if (mapped_) ::munmap(mapped_, bytes_.size());
}

void FileBytes::map(int file) {
  struct stat status {};
  if (::fstat(file, &status) != 0) fail(std::strerror(errno));
  if (status.st_size == 0) return;
  const auto size = static_cast<std::size_t>(status.st_size);
  void* begin = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file, 0);
  if (begin == MAP_FAILED) fail(std::strerror(errno));
  mapped_ = begin;
  bytes_ = {static_cast<const char*>(begin), size};
}

void FileBytes::unpack(int file, std::int64_t max_unpacked_mb) {
  constexpr unsigned kChunk = 1 << 20;
  const GzipStream gzip(file);
  if (!gzip.stream) fail("cannot be unpacked: no memory");
  gzbuffer(gzip.stream, kChunk);
  const auto limit = static_cast<std::size_t>(max_unpacked_mb) << 20;
  for (int got = 1; got > 0;) {
    const std::size_t before = unpacked_.size();
    unpacked_.resize(before + kChunk);
    got = gzread(gzip.stream, unpacked_.data() + before, kChunk);
    unpacked_.resize(before + (got > 0 ? got : 0));
    if (unpacked_.size() > limit)
      fail("must unpack to at most " + std::to_string(max_unpacked_mb) + " MB (max_unpacked_mb), is larger");
  }
  int code = Z_OK;
  const char* text = gzerror(gzip.stream, &code);
  if (code != Z_OK) fail(code == Z_BUF_ERROR ? "is gzip that ends too early" : std::string("is damaged gzip: ") + text);
  bytes_ = unpacked_;
}

std::string_view FileBytes::text() const {
  if (bytes_.empty()) fail("is empty");
  if (bytes_.starts_with("\xFF\xFE") || bytes_.starts_with("\xFE\xFF")) fail("must be UTF-8, is UTF-16");
  return bytes_.starts_with("\xEF\xBB\xBF") ? bytes_.substr(3) : bytes_;
}

void FileBytes::fail(const std::string& reason) const { throw Error(where_, path_ + ": " + reason); }

}  // namespace graft::plugins
