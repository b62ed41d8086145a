#include "graft/safetensors.hpp"

#include <ATen/Functions.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstring>

#include "graft/error.hpp"
#include "graft/value.hpp"

namespace graft {
namespace {

static_assert(std::endian::native == std::endian::little, "safetensors files are little-endian and are mapped as they are");

constexpr std::int64_t kLongestHeader = 100'000'000;
constexpr std::size_t kAlignment = 64;
constexpr std::string_view kMetadata = "__metadata__";

struct Type {
  const char* name;
  at::ScalarType type;
};
constexpr Type kTypes[] = {{"F64", at::kDouble}, {"F32", at::kFloat}, {"F16", at::kHalf},  {"BF16", at::kBFloat16},
                           {"I64", at::kLong},   {"I32", at::kInt},   {"I16", at::kShort}, {"I8", at::kChar},
                           {"U8", at::kByte},    {"BOOL", at::kBool}};

[[noreturn]] void refuse(const std::string& path, const std::string& text) { throw Error("safetensors", path + ": " + text); }

std::string reason() { return std::strerror(errno); }

struct Entry {
  at::ScalarType type;
  std::vector<std::int64_t> shape;
  std::int64_t begin = 0, end = 0;  // bytes, from the start of the data
};

// A file mapped read-only for as long as a tensor uses it.
class Mapping {
 public:
  explicit Mapping(const std::string& path) {
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) refuse(path, "cannot open: " + reason());
    struct ::stat status {};
    const bool regular = ::fstat(file, &status) == 0 && S_ISREG(status.st_mode);
    size_ = status.st_size;
    if (regular && size_ >= 8) bytes_ = ::mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, file, 0);
    const std::string fault = bytes_ == MAP_FAILED ? "cannot map: " + reason() : "";
    ::close(file);
    if (!regular) refuse(path, "must be a regular file");
    if (size_ < 8) refuse(path, "must have at least 8 bytes, got " + std::to_string(size_));
    if (!fault.empty()) refuse(path, fault);
  }
  ~Mapping() {
    if (bytes_ && bytes_ != MAP_FAILED) ::munmap(bytes_, size_);
  }
  Mapping(const Mapping&) = delete;
  const char* bytes() const { return static_cast<const char*>(bytes_); }
  std::int64_t size() const { return size_; }

 private:
  void* bytes_ = nullptr;
  std::int64_t size_ = 0;
};

std::int64_t header_length(const Mapping& file, const std::string& path) {
  std::uint64_t length;
  std::memcpy(&length, file.bytes(), 8);
  if (length > kLongestHeader) refuse(path, "the header must have at most 100000000 bytes, got " + std::to_string(length));
  if (8 + static_cast<std::int64_t>(length) > file.size())
    refuse(path, "the header must end inside the file of " + std::to_string(file.size()) + " bytes, got " +
                     std::to_string(length) + " bytes of header");
  return static_cast<std::int64_t>(length);
}

at::ScalarType type_named(const std::string& name, const std::string& path) {
  std::string known;
  for (const Type& type : kTypes) {
    if (name == type.name) return type.type;
    known += (known.empty() ? "" : ", ") + std::string(type.name);
  }
  refuse(path, "dtype must be one of " + known + ", got " + name);
}

std::int64_t count(const Value& value, const char* what, const std::string& path) {
  if (!value.is_integer() || value.integer() < 0)
    refuse(path, std::string(what) + " must be integers >= 0, got " + to_json(value));
  return value.integer();
}

std::int64_t bytes_of(const Entry& entry, const std::string& path) {
  std::int64_t bytes = static_cast<std::int64_t>(c10::elementSize(entry.type));
  for (std::int64_t size : entry.shape)
    if (__builtin_mul_overflow(bytes, size, &bytes))
      refuse(path, "shape must have fewer than 2^63 bytes, got " + c10::str(at::IntArrayRef(entry.shape)));
  return bytes;
}

const Value& member(const Value& tensor, const char* key, bool (Value::*is)() const, const char* kind, const std::string& path) {
  const Value* value = tensor.is_object() ? tensor.find(key) : nullptr;
  if (!value || !(value->*is)()) refuse(path, std::string("must have \"") + key + "\", " + kind);
  return *value;
}

// `path` here is "file: tensor name", so that every refusal says both.
Entry read_entry(const Value& tensor, std::int64_t data_bytes, const std::string& path) {
  Entry entry{type_named(member(tensor, "dtype", &Value::is_text, "a string", path).text(), path), {}};
  for (const Value& size : member(tensor, "shape", &Value::is_list, "an array", path).list())
    entry.shape.push_back(count(size, "shape", path));
  const auto& offsets = member(tensor, "data_offsets", &Value::is_list, "an array", path).list();
  if (offsets.size() != 2) refuse(path, "data_offsets must be [begin, end], got " + to_json(Value(offsets)));
  entry.begin = count(offsets[0], "data_offsets", path);
  entry.end = count(offsets[1], "data_offsets", path);
  const std::string range = "[" + std::to_string(entry.begin) + ", " + std::to_string(entry.end) + "]";
  if (entry.begin > entry.end || entry.end > data_bytes)
    refuse(path, "data_offsets must rise and end inside the " + std::to_string(data_bytes) + " bytes of data, got " + range);
  if (const std::int64_t bytes = bytes_of(entry, path); bytes != entry.end - entry.begin)
    refuse(path, "data_offsets must span the " + std::to_string(bytes) + " bytes of its shape and dtype, got " + range);
  return entry;
}

std::map<std::string, std::string> read_metadata(const Value& value, const std::string& path) {
  if (!value.is_object()) refuse(path, "__metadata__ must be an object of strings, got " + to_json(value));
  std::map<std::string, std::string> metadata;
  for (const Value::Member& item : value.object()) {
    if (!item.value.is_text())
      refuse(path, "__metadata__ must be an object of strings, got " + item.key + ": " + to_json(item.value));
    metadata[item.key] = item.value.text();
  }
  return metadata;
}

// Every byte of the data belongs to exactly one tensor.
void check_cover(const std::map<std::string, Entry, std::less<>>& entries, std::int64_t data_bytes, const std::string& path) {
  std::vector<std::pair<std::string, const Entry*>> order;
  for (const auto& [name, entry] : entries) order.emplace_back(name, &entry);
  std::sort(order.begin(), order.end(), [](const auto& a, const auto& b) {
    return std::pair(a.second->begin, a.second->end) < std::pair(b.second->begin, b.second->end);
  });
  std::int64_t end = 0;
  for (const auto& [name, entry] : order) {
    if (entry->begin != end)
      refuse(path, "tensor " + name + ": data must begin where the tensor before it ends, at " + std::to_string(end) + ", got " +
                       std::to_string(entry->begin) + (entry->begin < end ? " (overlap)" : " (hole)"));
    end = entry->end;
  }
  if (end != data_bytes)
    refuse(path, "the tensors must cover all " + std::to_string(data_bytes) + " bytes of data, got " + std::to_string(end));
}

// Writes a file beside `path`; commit() puts it in place, anything else leaves nothing behind.
class NewFile {
 public:
  NewFile(std::string path, std::int64_t bytes) : path_(std::move(path)), partial_(path_ + ".partial"), bytes_(bytes) {
    file_ = ::open(partial_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (file_ < 0) refuse(path_, "cannot create: " + reason());
    if (bytes_ > 0 && ::fallocate(file_, 0, 0, bytes_) != 0 && errno != EOPNOTSUPP && errno != ENOSYS) fail();
  }
  ~NewFile() { discard(); }
  NewFile(const NewFile&) = delete;

  void write(const void* bytes, std::size_t count) {
    for (const char* at = static_cast<const char*>(bytes); count > 0;) {
      const ssize_t written = ::write(file_, at, std::min<std::size_t>(count, 1 << 30));
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) fail();
      at += written;
      count -= static_cast<std::size_t>(written);
    }
  }
  void commit() {
    if (::fsync(file_) != 0 || ::close(std::exchange(file_, -1)) != 0 || ::rename(partial_.c_str(), path_.c_str()) != 0) fail();
    partial_.clear();
    const std::size_t slash = path_.rfind('/');
    const std::string folder = slash == std::string::npos ? "." : path_.substr(0, slash + 1);
    if (const int handle = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); handle >= 0) {
      ::fsync(handle);
      ::close(handle);
    }
  }

 private:
  [[noreturn]] void fail() {
    const std::string why = reason();
    discard();
    refuse(path_, "cannot write, needs " + std::to_string(bytes_) + " bytes: " + why);
  }
  void discard() {
    if (file_ >= 0) ::close(std::exchange(file_, -1));
    if (!partial_.empty()) ::unlink(partial_.c_str());
  }
  std::string path_, partial_;
  std::int64_t bytes_;
  int file_ = -1;
};

const char* type_name(const Tensor& tensor, const std::string& path) {
  if (tensor.defined() && tensor.layout() == at::kStrided)
    for (const Type& type : kTypes)
      if (type.type == tensor.scalar_type()) return type.name;
  refuse(path, std::string("must be dense and of a type that safetensors has, got ") +
                   (tensor.defined() ? c10::str(tensor.scalar_type(), " ", tensor.layout()) : "an undefined tensor"));
}

// Wide types first, so that every tensor is aligned without holes; then by name.
NamedTensors in_file_order(NamedTensors tensors, const std::string& path) {
  std::sort(tensors.begin(), tensors.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    const std::string where = path + ": tensor " + tensors[i].first;
    if (tensors[i].first == kMetadata) refuse(where, "the name is reserved");
    if (i > 0 && tensors[i].first == tensors[i - 1].first) refuse(where, "a name must be used once");
    type_name(tensors[i].second, where);
  }
  std::stable_sort(tensors.begin(), tensors.end(),
                   [](const auto& a, const auto& b) { return a.second.element_size() > b.second.element_size(); });
  return tensors;
}

// The length and the header, padded with spaces to the alignment.
std::string header_of(const NamedTensors& tensors, const std::map<std::string, std::string>& metadata, const std::string& path) {
  Value::Object header;
  if (!metadata.empty()) {
    Value::Object texts;
    for (const auto& [key, text] : metadata) texts.push_back({key, Value(text), {}});
    header.push_back({std::string(kMetadata), Value(std::move(texts)), {}});
  }
  std::int64_t end = 0;
  for (const auto& [name, tensor] : tensors) {
    Value::List shape;
    for (std::int64_t size : tensor.sizes()) shape.emplace_back(size);
    const std::int64_t begin = end;
    end += static_cast<std::int64_t>(tensor.nbytes());
    header.push_back({name,
                      Value(Value::Object{{"dtype", Value(type_name(tensor, path)), {}},
                                          {"shape", Value(std::move(shape)), {}},
                                          {"data_offsets", Value(Value::List{Value(begin), Value(end)}), {}}}),
                      {}});
  }
  std::string text = to_json(Value(std::move(header)));
  text.append((kAlignment - (8 + text.size()) % kAlignment) % kAlignment, ' ');
  if (text.size() > static_cast<std::size_t>(kLongestHeader))
    refuse(path, "the header must have at most 100000000 bytes, got " + std::to_string(text.size()));
  const std::uint64_t length = text.size();
  return std::string(reinterpret_cast<const char*>(&length), 8) + text;
}

}  // namespace

struct Safetensors::Impl {
  std::string path;
  std::shared_ptr<Mapping> file;
  std::int64_t data = 0;  // where it starts in the file
  std::map<std::string, Entry, std::less<>> entries;
  std::map<std::string, std::string> metadata;

  explicit Impl(const std::string& name) : path(name), file(std::make_shared<Mapping>(name)) {
    const std::int64_t length = header_length(*file, path);
    data = 8 + length;
    const Value header = parse_header({file->bytes() + 8, static_cast<std::size_t>(length)});
    for (const Value::Member& item : header.object()) {
      if (item.key == kMetadata)
        metadata = read_metadata(item.value, path);
      else
        entries[item.key] = read_entry(item.value, file->size() - data, path + ": tensor " + item.key);
    }
    check_cover(entries, file->size() - data, path);
  }

  Value parse_header(std::string_view text) const {
    if (!text.starts_with('{')) refuse(path, "the header must be a JSON object");
    try {
      return parse_json(text, "header");
    } catch (const Error& error) {
      refuse(path, error.text());
    }
  }

  const Entry& entry(std::string_view name) const {
    if (auto at = entries.find(name); at != entries.end()) return at->second;
    std::vector<std::string> names;
    for (const auto& [other, entry] : entries) names.push_back(other);
    const std::string close = nearest(name, names);
    refuse(path, "there is no tensor " + std::string(name) + (close.empty() ? "" : ", did you mean " + close + "?"));
  }
};

Safetensors::Safetensors(const std::string& path) : impl_(std::make_unique<Impl>(path)) {}
Safetensors::~Safetensors() = default;
Safetensors::Safetensors(Safetensors&&) noexcept = default;

std::vector<std::string> Safetensors::names() const {
  std::vector<std::string> names;
  for (const auto& [name, entry] : impl_->entries) names.push_back(name);
  return names;
}

bool Safetensors::has(std::string_view name) const { return impl_->entries.contains(name); }
const std::map<std::string, std::string>& Safetensors::metadata() const { return impl_->metadata; }

Tensor Safetensors::tensor(std::string_view name) const {
  const Entry& entry = impl_->entry(name);
  const char* bytes = impl_->file->bytes() + impl_->data + entry.begin;
  const std::size_t count = static_cast<std::size_t>(entry.end - entry.begin);
  if (entry.type == at::kBool)
    if (auto bad = std::find_if(bytes, bytes + count, [](char byte) { return byte & ~1; }); bad != bytes + count)
      refuse(impl_->path,
             "tensor " + std::string(name) + ": a BOOL must be 0 or 1, got " + std::to_string(static_cast<unsigned char>(*bad)));
  const bool aligned = reinterpret_cast<std::uintptr_t>(bytes) % c10::elementSize(entry.type) == 0;
  if (aligned && count > 0)
    return at::from_blob(const_cast<char*>(bytes), entry.shape, [file = impl_->file](void*) {}, at::TensorOptions(entry.type));
  Tensor copy = at::empty(entry.shape, at::TensorOptions(entry.type));
  if (count > 0) std::memcpy(copy.mutable_data_ptr(), bytes, count);
  return copy;
}

void write_safetensors(const std::string& path, const NamedTensors& tensors, const std::map<std::string, std::string>& metadata) {
  const NamedTensors ordered = in_file_order(tensors, path);
  const std::string header = header_of(ordered, metadata, path);
  std::int64_t bytes = static_cast<std::int64_t>(header.size());
  for (const auto& [name, tensor] : ordered) bytes += static_cast<std::int64_t>(tensor.nbytes());
  NewFile file(path, bytes);
  file.write(header.data(), header.size());
  for (const auto& [name, tensor] : ordered) {
    const Tensor plain = tensor.detach().to(at::kCPU).contiguous();
    file.write(plain.const_data_ptr(), plain.nbytes());
  }
  file.commit();
}

}  // namespace graft
