// Times one extractor of a config alone, on the training rows, by the code that passes a run's rows through it.
//
//   bench_extract CONFIG STEP THREADS OUT.safetensors      prints one JSON line
//
//   rows_per_second, entries_per_second   of transform; an entry is a token, or a weight that is not zero
//   fit_rows_per_second                   of fit and transform together
//   OUT                                   the column that STEP makes, to compare with another's: offsets, values, ids
//
// Times are medians of five passes at least, and two seconds.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <variant>

#include "core/config/resolve.hpp"
#include "core/data/streams.hpp"
#include "core/data/table.hpp"
#include "core/pipeline/transform.hpp"
#include "core/registry/loader.hpp"
#include "graft/error.hpp"
#include "graft/safetensors.hpp"

using namespace graft;
using namespace graft::core;

namespace {

double now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

template <class Work>
double median_seconds(Work work) {
  std::vector<double> seconds;
  for (const double begin = now(); seconds.size() < 5 || now() - begin < 2;) {
    const double start = now();
    work();
    seconds.push_back(now() - start);
  }
  return median(std::move(seconds));
}

NamedTensors tensors_of(const Column& column) {
  if (const auto* rows = std::get_if<Ragged>(&column)) return {{"offsets", rows->offsets}, {"values", rows->values}};
  const auto& rows = std::get<SparseRows>(column);
  return {{"offsets", rows.offsets}, {"values", rows.values}, {"ids", rows.ids}};
}

void measure(const std::string& path, const std::string& name, int threads, const std::string& out) {
  const auto bin = std::filesystem::read_symlink("/proc/self/exe").parent_path();
  const PluginCatalog catalog({{}, {}, true, (bin.parent_path() / "lib").string()});  // as graft beside it finds them
  const Value config = resolve_config(path, {}, catalog).root;
  Loader loader(catalog);
  const std::vector<Stream> streams = open_streams(config.at("data"), loader);
  const Value& parameters = config.at("pipeline").at(name);
  const std::string use = parameters.at("use").text();
  const std::vector<std::string> needed = {parameters.at("column").text()};
  const Batch rows = streams.at(0).splits.at("train").only(needed);
  const Table training({require(streams[0].schema, needed[0], use)}, rows);

  PipelineStep step{name, use, {0}, nullptr, nullptr, nullptr, parameters};
  const double fit = median_seconds([&] {
    step.extractor = loader.create<Extractor>(use, Config(name, parameters));
    step.extractor->fit(training);
  });
  step.plugin = plugin_of(step.extractor);
  Batch made;
  const double transform = median_seconds([&] { transform_rows(step, made = rows, threads); });
  const NamedTensors tensors = tensors_of(made.column(name));
  write_safetensors(out, tensors);
  const double count = static_cast<double>(rows.size()), entries = static_cast<double>(tensors[1].second.size(0));
  std::printf("{\"rows_per_second\": %.1f, \"entries_per_second\": %.1f, \"fit_rows_per_second\": %.1f}\n", count / transform,
              entries / transform, count / (fit + transform));
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 5) return std::fprintf(stderr, "bench_extract CONFIG STEP THREADS OUT.safetensors\n"), 2;
  try {
    measure(arguments[1], arguments[2], std::stoi(arguments[3]), arguments[4]);
  } catch (const std::exception& error) {
    return std::fprintf(stderr, "%s\n", error.what()), 1;
  }
}
