#include "graft/files.hpp"

#include <fcntl.h>
#include <openssl/evp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <functional>
#include <memory>
#include <utility>

#include "graft/error.hpp"

namespace graft {
namespace {

[[noreturn]] void fail(const std::string& path, int error) { throw Error("file", path + ": " + std::strerror(error)); }

class Descriptor {
 public:
  Descriptor(const std::string& path, int flags, mode_t mode = 0)
      : path_(path), fd_(::open(path.c_str(), flags | O_CLOEXEC, mode)) {
    if (fd_ < 0) fail(path, errno);
  }
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;

  std::size_t read(char* data, std::size_t size) {
    for (;;) {
      const ssize_t got = ::read(fd_, data, size);
      if (got >= 0) return static_cast<std::size_t>(got);
      if (errno != EINTR) fail(path_, errno);
    }
  }

  void write(std::string_view data) {
    while (!data.empty()) {
      const ssize_t put = ::write(fd_, data.data(), data.size());
      if (put >= 0)
        data.remove_prefix(static_cast<std::size_t>(put));
      else if (errno != EINTR)
        fail(path_, errno);
    }
  }

  // A folder on a file system that cannot sync folders (EINVAL) is as safe as it gets.
  void sync(bool folder = false) {
    if (::fsync(fd_) != 0 && !(folder && errno == EINVAL)) fail(path_, errno);
  }

  void close() {
    const int fd = std::exchange(fd_, -1);
    if (::close(fd) != 0 && errno != EINTR) fail(path_, errno);  // network file systems report a full disk here
  }

 private:
  std::string path_;
  int fd_;
};

constexpr std::size_t kPiece = 1 << 16;

void for_each_piece(const std::string& path, const std::function<void(std::string_view)>& use) {
  Descriptor file(path, O_RDONLY);
  std::array<char, kPiece> piece;
  while (const std::size_t got = file.read(piece.data(), piece.size())) use({piece.data(), got});
}

class Sha256 {
 public:
  Sha256() : context_(EVP_MD_CTX_new(), EVP_MD_CTX_free) { check(EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr)); }
  void add(std::string_view bytes) { check(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size())); }

  std::string hex() {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
    unsigned int size = 0;
    check(EVP_DigestFinal_ex(context_.get(), digest.data(), &size));
    std::string text;
    for (unsigned int i = 0; i < size; ++i) {
      text += "0123456789abcdef"[digest[i] >> 4];
      text += "0123456789abcdef"[digest[i] & 15];
    }
    return text;
  }

 private:
  static void check(int ok) {
    if (ok != 1) throw Error("file", "OpenSSL offers no SHA-256");
  }
  std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context_;
};

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? "." : slash == 0 ? "/" : path.substr(0, slash);
}

std::string beside(const std::string& path) {
  static std::atomic<unsigned> count{0};
  return path + "." + std::to_string(::getpid()) + "-" + std::to_string(count++) + ".part";
}

}  // namespace

std::string read_file(const std::string& path) {
  std::string contents;
  struct stat info;
  if (::stat(path.c_str(), &info) == 0 && S_ISREG(info.st_mode)) contents.reserve(static_cast<std::size_t>(info.st_size));
  for_each_piece(path, [&](std::string_view piece) { contents += piece; });
  return contents;
}

void write_file(const std::string& path, std::string_view contents) {
  const std::string part = beside(path);
  try {
    Descriptor file(part, O_WRONLY | O_CREAT | O_EXCL, 0666);
    file.write(contents);
    file.sync();
    file.close();
    if (::rename(part.c_str(), path.c_str()) != 0) fail(path, errno);
  } catch (const Error& error) {
    ::unlink(part.c_str());
    const bool names_part = error.text().starts_with(part);
    throw Error("file", names_part ? path + error.text().substr(part.size()) : error.text());
  }
  Descriptor(folder_of(path), O_RDONLY | O_DIRECTORY).sync(true);
}

std::string sha256(std::string_view bytes) {
  Sha256 hash;
  hash.add(bytes);
  return hash.hex();
}

std::string sha256_of_file(const std::string& path) {
  Sha256 hash;
  for_each_piece(path, [&](std::string_view piece) { hash.add(piece); });
  return hash.hex();
}

}  // namespace graft
