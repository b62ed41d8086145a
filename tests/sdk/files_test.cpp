#include "graft/files.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "catch.hpp"

using namespace graft;
namespace fs = std::filesystem;

namespace {

struct Folder {
  Folder() { fs::create_directories(path); }
  ~Folder() { fs::remove_all(path); }
  std::string operator/(const std::string& name) const { return (path / name).string(); }
  std::size_t entries() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(path), fs::directory_iterator()));
  }
  fs::path path = fs::temp_directory_path() / ("graft-files-" + std::to_string(::getpid()));
};

}  // namespace

TEST_CASE("files: sha256 of the published examples", "[sdk][files]") {
  CHECK(sha256("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(sha256("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(sha256(std::string(1000000, 'a')) == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST_CASE("files: what was written is read back, and hashed as its bytes are", "[sdk][files]") {
  const Folder folder;
  std::string bytes;
  for (int i = 0; i < 200000; ++i) bytes += static_cast<char>(i * 7);
  write_file(folder / "a", bytes);
  CHECK(read_file(folder / "a") == bytes);
  CHECK(sha256_of_file(folder / "a") == sha256(bytes));
  write_file(folder / "a", "");
  CHECK(read_file(folder / "a").empty());
}

TEST_CASE("files: a write replaces the old file and leaves nothing beside it", "[sdk][files]") {
  const Folder folder;
  write_file(folder / "a", "old");
  write_file(folder / "a", "new");
  CHECK(read_file(folder / "a") == "new");
  CHECK(folder.entries() == 1);
}

TEST_CASE("files: a write that fails keeps the old file, leaves nothing beside it and names the file", "[sdk][files]") {
  const Folder folder;
  fs::create_directories(folder / "a/inner");
  CHECK(message_of([&] { write_file(folder / "a", "new"); }) == "[file] " + (folder / "a") + ": Is a directory");
  CHECK(folder.entries() == 1);
}

TEST_CASE("files: a full disk is an error, not a short file", "[sdk][files]") {
  if (::access("/dev/full", W_OK) != 0) return;
  const Folder folder;
  fs::create_symlink("/dev/full", folder / "a");
  write_file(folder / "a", "x");  // the link is replaced, not followed
  CHECK(fs::is_regular_file(fs::symlink_status(folder / "a")));
  CHECK(message_of([&] { write_file("/proc/graft/a", "x"); }) == "[file] /proc/graft/a: No such file or directory");
}

TEST_CASE("files: a file that cannot be read is named with the reason", "[sdk][files]") {
  const Folder folder;
  CHECK(message_of([&] { read_file(folder / "none"); }) == "[file] " + (folder / "none") + ": No such file or directory");
  CHECK(message_of([&] { sha256_of_file(folder / "none"); }) == "[file] " + (folder / "none") + ": No such file or directory");
  CHECK(message_of([&] { read_file(folder.path.string()); }) == "[file] " + folder.path.string() + ": Is a directory");
}
