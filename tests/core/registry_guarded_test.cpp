#include <c10/util/Exception.h>

#include <cstdlib>
#include <new>
#include <stdexcept>

#include "catch.hpp"
#include "core/registry/guarded.hpp"
#include "core/registry/refused.hpp"
#include "graft/error.hpp"

using namespace graft;
using namespace graft::core;

namespace {

const PluginInfo kPlugin{Kind::kModel, "acme/scale", "acme-scale", "0.1.0", "/opt/acme_scale.so"};

template <class Call>
PluginError error_of(Call&& call) {
  try {
    guarded(kPlugin, "forward", call);
  } catch (const PluginError& error) {
    return error;
  }
  FAIL("nothing was thrown");
  throw;
}

}  // namespace

TEST_CASE("guarded: the result comes through, by value and by reference", "[core][registry]") {
  int number = 7;
  CHECK(guarded(kPlugin, "forward", [&] { return number; }) == 7);
  CHECK(&guarded(kPlugin, "forward", [&]() -> int& { return number; }) == &number);
}

TEST_CASE("guarded: an error says plugin, operation, type and message", "[core][registry]") {
  const PluginError error = error_of([] { throw std::out_of_range("no such row"); });
  CHECK(std::string(error.what()) == "[acme/scale] forward: no such row (plugin acme-scale 0.1.0, /opt/acme_scale.so)");
  CHECK(error.component == "acme/scale");
  CHECK(error.id == "acme-scale");
  CHECK(error.version == "0.1.0");
  CHECK(error.path == "/opt/acme_scale.so");
  CHECK(error.operation == "forward");
  CHECK(error.cxx_type == "std::out_of_range");
  CHECK(error.message == "no such row");
  CHECK(error.torch_backtrace.empty());
}

TEST_CASE("guarded: an error of the host's own passes through a plugin's call as it is", "[core][registry]") {
  CHECK_THROWS_AS(guarded(kPlugin, "step", []() -> int { throw HostError("train", "the gradient is not finite"); }), HostError);
}

TEST_CASE("guarded: what is no exception class is named by its type", "[core][registry]") {
  CHECK(error_of([] { throw 42; }).cxx_type == "int");
  CHECK(error_of([] { throw std::string("x"); }).message.starts_with("threw std::__cxx11::basic_string"));
}

TEST_CASE("guarded: LibTorch's message comes without its backtrace, which is kept apart", "[core][registry]") {
  const PluginError error = error_of([] { TORCH_CHECK(false, "sizes 3 and 4 do not match"); });
  CHECK(std::string(error.what()) ==
        "[acme/scale] forward: sizes 3 and 4 do not match (plugin acme-scale 0.1.0, /opt/acme_scale.so)");
  CHECK(error.cxx_type == "c10::Error");
  CHECK(error.torch_backtrace.find("sizes 3") == std::string::npos);
  CHECK(error_of([] { TORCH_CHECK_WITH(OutOfMemoryError, false, "no memory"); }).cxx_type == "c10::OutOfMemoryError");
}

TEST_CASE("guarded: an error that names a component stays as it is", "[core][registry]") {
  const PluginError error = error_of([] { throw Error("acme/scale", "rows.csv:3: by must be >= 0, got -1"); });
  CHECK(std::string(error.what()) == "[acme/scale] rows.csv:3: by must be >= 0, got -1");
  CHECK(error.message == "rows.csv:3: by must be >= 0, got -1");
  CHECK(error.cxx_type == "graft::Error");
  CHECK(std::string(error_of([] { throw Error("", "config.json:3:7: two\nlines"); }).what()) == "config.json:3:7: two\nlines");
  CHECK(std::string(error_of([] { throw Error("json", "a.json:1:2: must be a string"); }).what()) ==
        "[acme/scale] [json] a.json:1:2: must be a string");
}

TEST_CASE("guarded: the innermost guard speaks", "[core][registry]") {
  const PluginInfo inner{Kind::kHead, "acme/focal", "acme-focal", "0.2.0", "/opt/acme_focal.so"};
  CHECK(error_of([&] { guarded(inner, "loss", [] { throw std::runtime_error("nan"); }); }).component == "acme/focal");
  CHECK_THROWS_AS(guarded(kPlugin, "forward", [] { throw PluginRefused("G140", "a 1.0.0", "/a.so", "gone"); }), PluginRefused);
}

TEST_CASE("guarded: breadcrumbs name the calls this thread is in, also after an error", "[core][registry]") {
  CHECK(Breadcrumb::innermost == nullptr);
  guarded(kPlugin, "step", [&] {
    CHECK_THROWS(guarded(kPlugin, "forward", [] { throw 1; }));
    CHECK(std::string(Breadcrumb::innermost->operation) == "step");
    guarded(kPlugin, "loss", [] { CHECK(std::string(Breadcrumb::innermost->outer->operation) == "step"); });
  });
  CHECK(Breadcrumb::innermost == nullptr);
}
