// The binary interface that this compiler saw, as flat JSON in the section graft_abi: what the host compares with its own
// before it loads a plugin.
//
//   {"sdk_abi":"0","sdk":"0.1.0","sdk_headers":"6f0c...","torch":"2.11.0","stdlib":"...", ..., "layout":"Batch=48/8 ..."}
//
//   sdk_abi, sdk, sdk_headers   the SDK's ABI number and version; a hash of its public headers without comments
//   torch                       TORCH_VERSION
//   stdlib, stdlib_abi          the standard library's release, and its string and list layout
//   debug_stl, asan, tsan       0 or 1: what changes the layout or the allocator
//   arch, os, cplusplus
//   layout                      size/alignment of every type that crosses the boundary
//   compiler, ndebug            recorded, never compared
//
// All values are texts without spaces, but for layout (a space between types) and compiler.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <c10/core/TensorOptions.h>
#include <torch/version.h>

#include "graft/batch.hpp"
#include "graft/call.hpp"
#include "graft/config.hpp"
#include "graft/error.hpp"
#include "graft/export.hpp"
#include "graft/progress.hpp"
#include "graft/rng.hpp"
#include "graft/safetensors.hpp"
#include "graft/schema.hpp"
#include "graft/source.hpp"
#include "graft/state.hpp"
#include "graft/step.hpp"
#include "graft/tap.hpp"
#include "graft/term.hpp"
#include "graft/value.hpp"
#include "graft/version.hpp"  // made by CMake

#define GRAFT_TEXT_OF(x) #x
#define GRAFT_TEXT(x) GRAFT_TEXT_OF(x)

#if defined(_LIBCPP_VERSION)
#define GRAFT_STDLIB "libc++-" GRAFT_TEXT(_LIBCPP_VERSION)
#define GRAFT_STDLIB_ABI "libcpp" GRAFT_TEXT(_LIBCPP_ABI_VERSION)
#else
#define GRAFT_STDLIB "libstdc++-" GRAFT_TEXT(__GLIBCXX__)
#define GRAFT_STDLIB_ABI "cxx11=" GRAFT_TEXT(_GLIBCXX_USE_CXX11_ABI)
#endif

#if defined(__has_feature)
#define GRAFT_HAS_FEATURE(x) __has_feature(x)
#else
#define GRAFT_HAS_FEATURE(x) 0
#endif

#if defined(__x86_64__)
#define GRAFT_ARCH "x86_64"
#elif defined(__aarch64__)
#define GRAFT_ARCH "aarch64"
#else
#error "graft runs on x86_64 and aarch64"
#endif

#if !defined(__linux__)
#error "graft runs on Linux"
#endif

namespace graft::abi {

inline constexpr std::size_t kRecordBytes = 2048;

// The text of a record, filled up with NUL. One too long does not compile.
struct Record {
  char text[kRecordBytes];
};

class Writer {
 public:
  consteval void field(std::string_view key, std::string_view value) {
    open(key);
    for (const char c : value) {
      if (c == '"' || c == '\\') put('\\');
      put(c);
    }
    put('"');
  }

  consteval void open(std::string_view key) {
    put(size_ ? ',' : '{');
    put('"');
    add(key);
    add("\":\"");
  }

  template <class Type>
  consteval void layout(std::string_view name) {
    if (record_.text[size_ - 1] != '"') put(' ');
    add(name);
    put('=');
    number(sizeof(Type));
    put('/');
    number(alignof(Type));
  }

  consteval void add(std::string_view text) {
    for (const char c : text) put(c);
  }

  consteval Record done() {
    put('}');
    put('\0');
    return record_;
  }

 private:
  consteval void put(char c) {
    if (size_ == kRecordBytes) throw "the ABI record is longer than kRecordBytes";
    record_.text[size_++] = c;
  }

  consteval void number(std::size_t value) {
    if (value >= 10) number(value / 10);
    put(static_cast<char>('0' + value % 10));
  }

  Record record_{};
  std::size_t size_ = 0;
};

consteval void write_layout(Writer& to) {
  to.open("layout");
  to.layout<std::string>("std::string");
  to.layout<std::vector<int>>("std::vector");
  to.layout<std::function<void()>>("std::function");
  to.layout<std::shared_ptr<int>>("std::shared_ptr");
  to.layout<at::Tensor>("at::Tensor");
  to.layout<std::optional<at::Tensor>>("optional<Tensor>");
  to.layout<c10::TensorOptions>("c10::TensorOptions");
  to.layout<Batch>("Batch");
  to.layout<Batches>("Batches");
  to.layout<Call>("Call");
  to.layout<Call::Options>("Call::Options");
  to.layout<Column>("Column");
  to.layout<Config>("Config");
  to.layout<Error>("Error");
  to.layout<Field>("Field");
  to.layout<ForwardOptions>("ForwardOptions");
  to.layout<Place>("Place");
  to.layout<Progress>("Progress");
  to.layout<Ragged>("Ragged");
  to.layout<Rng>("Rng");
  to.layout<Safetensors>("Safetensors");
  to.layout<SparseRows>("SparseRows");
  to.layout<State>("State");
  to.layout<Tap>("Tap");
  to.layout<Term>("Term");
  to.layout<Value>("Value");
  to.layout<Value::Member>("Value::Member");
  to.add("\"");
}

consteval Record record() {
  Writer to;
  to.field("sdk_abi", GRAFT_TEXT(GRAFT_SDK_ABI));
  to.field("sdk", GRAFT_SDK_VERSION);
  to.field("sdk_headers", GRAFT_SDK_HEADERS);
  to.field("torch", TORCH_VERSION);
  to.field("stdlib", GRAFT_STDLIB);
  to.field("stdlib_abi", GRAFT_STDLIB_ABI);
#if defined(_GLIBCXX_DEBUG)
  to.field("debug_stl", "1");
#else
  to.field("debug_stl", "0");
#endif
#if defined(__SANITIZE_ADDRESS__) || GRAFT_HAS_FEATURE(address_sanitizer)
  to.field("asan", "1");
#else
  to.field("asan", "0");
#endif
#if defined(__SANITIZE_THREAD__) || GRAFT_HAS_FEATURE(thread_sanitizer)
  to.field("tsan", "1");
#else
  to.field("tsan", "0");
#endif
  to.field("arch", GRAFT_ARCH);
  to.field("os", "linux");
  to.field("cplusplus", GRAFT_TEXT(__cplusplus));
  write_layout(to);
  to.field("compiler", __VERSION__);
#if defined(NDEBUG)
  to.field("ndebug", "1");
#else
  to.field("ndebug", "0");
#endif
  return to.done();
}

}  // namespace graft::abi

#define GRAFT_ABI_RECORD                                                                                                       \
  extern "C" GRAFT_API __attribute__((used, retain, section("graft_abi"))) constinit const ::graft::abi::Record graft_abi_v1 = \
      ::graft::abi::record();
