// Any bytes as a CSV file, plain or gzip: bad rows stop the reading with their line, or are left out, counted, and the first of them
// named by the same line. What is kept can be read, whole and row by row.
#include <algorithm>
#include <cstdint>
#include <numeric>
#include <optional>
#include <vector>

#include "graft/error.hpp"
#include "graft/testing.hpp"
#include "scratch.hpp"

namespace {

using namespace graft;

struct Outcome {
  std::shared_ptr<Source> source;   // null where it threw
  std::string error;                // "[graft/csv] /path:line: rule"
  std::vector<std::string> warned;  // "[graft/csv] /path: dropped 2 rows that cannot be read; the first: line 3: rule"
};

Outcome opened(const std::string& path, const std::string& more) {
  static const testing::Plugin plugin(GRAFT_PLUGIN_DIR "/graft_source.so");
  Outcome outcome;
  const testing::Warnings warnings;
  try {
    outcome.source = plugin.make<Source>("graft/csv", "{\"path\": \"" + path + R"(", "max_unpacked_mb": 16, )" + more + "}");
  } catch (const Error& error) {
    outcome.error = error.what();
  }
  outcome.warned = warnings.lines();
  return outcome;
}

std::int64_t number_after(const std::string& text, const std::string& before) {
  const std::size_t at = text.find(before);
  return at == std::string::npos ? 0 : std::strtoll(text.c_str() + at + before.size(), nullptr, 10);
}

void read_all(const Source& source) {
  std::vector<std::int64_t> rows(source.size());
  std::iota(rows.begin(), rows.end(), 0);
  const Batch all = source.rows(rows);
  std::reverse(rows.begin(), rows.end());
  const Batch backwards = source.rows(rows);
  for (const Field& field : source.schema()) {
    if (field.kind != FieldKind::kText) continue;
    Strings texts = all.strings(field.name);
    std::reverse(texts.begin(), texts.end());
    fuzz::require(texts == backwards.strings(field.name), "a row is the same however it is asked for");
  }
}

// Both refuse the file, or the first bad row of the strict reader is the first that the lenient one leaves out.
void compare(const Outcome& strict, const Outcome& lenient, const std::string& path) {
  const std::int64_t dropped = lenient.warned.empty() ? 0 : number_after(lenient.warned[0], ": dropped ");
  fuzz::require(strict.error.empty() == (lenient.error.empty() && dropped == 0),
                "strict refuses what lenient leaves out: " + strict.error);
  if (strict.error.empty()) return;
  fuzz::require(strict.error.starts_with("[graft/csv] "), "the error says whose it is: " + strict.error);
  if (dropped == 0) return;
  const std::string place = "the first: line ";
  const std::string& line = lenient.warned[0];
  const std::string first = line.substr(line.find(place) + place.size());
  fuzz::require(strict.error == "[graft/csv] " + path + ":" + first, "both name the same row: " + strict.error + " / " + line);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const fuzz::Scratch folder;
  const std::string path = folder.put("rows.csv", {reinterpret_cast<const char*>(data), size});
  const std::string types = R"("types": {"stars": "integer", "price": "number", "kind": "class"}, )";
  for (const std::string& typed : {types, std::string()}) {
    const Outcome strict = opened(path, typed + R"("bad_rows": "error")"),
                  lenient = opened(path, typed + R"("bad_rows": "drop")");
    compare(strict, lenient, path);
    if (lenient.source) read_all(*lenient.source);
  }
  const Outcome replaced = opened(path, R"("bad_rows": "drop", "encoding_errors": "replace")");
  if (replaced.source) read_all(*replaced.source);
  return 0;
}
