#include "core/pipeline/transform.hpp"

#include <atomic>
#include <exception>
#include <numeric>
#include <thread>

#include "core/registry/guarded.hpp"

namespace graft::core {
namespace {

constexpr std::int64_t kRowsPerPiece = 512;

Batch piece_of(const Batch& rows, std::int64_t begin) {
  std::vector<std::int64_t> positions(std::min(kRowsPerPiece, rows.size() - begin));
  std::iota(positions.begin(), positions.end(), begin);
  return rows.select(positions);
}

}  // namespace

void transform_rows(const PipelineStep& step, Batch& rows, int threads) {
  auto transform = [&](Batch& piece) { guarded(*step.plugin, "transform", [&] { step.extractor->transform(piece); }); };
  const std::int64_t count = (rows.size() + kRowsPerPiece - 1) / kRowsPerPiece;
  if (count < 2) return transform(rows);

  std::vector<Batch> pieces(count);
  std::vector<std::exception_ptr> errors(count);
  std::atomic<std::int64_t> next{0};
  auto work = [&] {
    for (std::int64_t i; (i = next++) < count;) {
      try {
        pieces[i] = piece_of(rows, i * kRowsPerPiece);
        transform(pieces[i]);
      } catch (...) {
        errors[i] = std::current_exception();
      }
    }
  };
  std::vector<std::thread> helpers;
  for (int t = 1; t < threads; ++t) helpers.emplace_back(work);
  work();
  for (std::thread& helper : helpers) helper.join();
  for (const std::exception_ptr& error : errors)
    if (error) std::rethrow_exception(error);  // the first in row order
  rows = Batch::concatenate(pieces);
}

}  // namespace graft::core
