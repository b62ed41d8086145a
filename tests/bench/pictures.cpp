// Times the source image_folder: from files to batches.
//
//   bench_pictures FOLDER SIZE THREADS      prints one JSON line
//
//   images_per_second        of a first pass: files listed, decoded and brought to SIZE x SIZE on THREADS threads, then all rows read in
//                            batches of 64, in random order
//   later_images_per_second  of the passes after it, which read from memory
//
// Each figure is that of the fastest of five passes: what nothing disturbed.
#include <ATen/Parallel.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <numeric>
#include <random>

#include "graft/testing.hpp"
#include "graft/value.hpp"

using namespace graft;

namespace {

constexpr int kPasses = 5;
constexpr std::size_t kBatch = 64;

double now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

void read_all(const Source& source) {
  std::vector<std::int64_t> rows(source.size());
  std::iota(rows.begin(), rows.end(), 0);
  std::shuffle(rows.begin(), rows.end(), std::mt19937(1));
  for (std::size_t at = 0; at < rows.size(); at += kBatch)
    source.rows(std::span(rows).subspan(at, std::min(kBatch, rows.size() - at)));
}

void measure(const std::string& folder, const std::string& size) {
  const auto bin = std::filesystem::read_symlink("/proc/self/exe").parent_path();
  const testing::Plugin plugin((bin.parent_path() / "lib/graft_source.so").string());
  double first = 1e9, later = 1e9, count = 0;
  for (int pass = 0; pass < kPasses; ++pass) {
    const double begin = now();
    const auto source =
        plugin.make<Source>("graft/image_folder", "{\"path\": " + to_json(Value(folder)) + ", \"size\": " + size + "}");
    read_all(*source);
    const double middle = now();
    read_all(*source);
    later = std::min(later, now() - middle);
    first = std::min(first, middle - begin);
    count = static_cast<double>(source->size());
  }
  std::printf("{\"images_per_second\": %.1f, \"later_images_per_second\": %.1f}\n", count / first, count / later);
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 4) return std::fprintf(stderr, "bench_pictures FOLDER SIZE THREADS\n"), 2;
  try {
    at::set_num_threads(std::stoi(arguments[3]));
    measure(arguments[1], arguments[2]);
  } catch (const std::exception& error) {
    return std::fprintf(stderr, "%s\n", error.what()), 1;
  }
}
