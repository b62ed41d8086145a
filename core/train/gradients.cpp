#include "core/train/gradients.hpp"

#include <ATen/Parallel.h>

#include <algorithm>
#include <atomic>
#include <cmath>

#include "core/registry/guarded.hpp"

namespace graft::core {
namespace {

constexpr std::int64_t kPiece = 64 * 1024;  // elements: 256 KB of each array, which the second-level cache holds

__attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default"), optimize("O3"))) double sum_of_squares(
    const Piece& piece) {
  double lanes[8] = {};  // independent sums, so that the loop vectorises in a fixed order
  const std::int64_t n = piece.gradient ? piece.end - piece.begin : 0;
  std::int64_t i = 0;
  for (; i + 8 <= n; i += 8)
    for (int lane = 0; lane < 8; ++lane) {
      const double g = piece.gradient[i + lane];
      lanes[lane] += g * g;
    }
  for (; i < n; ++i) lanes[0] += static_cast<double>(piece.gradient[i]) * piece.gradient[i];
  return ((lanes[0] + lanes[1]) + (lanes[2] + lanes[3])) + ((lanes[4] + lanes[5]) + (lanes[6] + lanes[7]));
}

// Cuts [begin, end) into pieces of at most `most` elements; `gradient` is that of element `begin`.
void cut(std::vector<Piece>& pieces, Piece whole, std::int64_t most) {
  for (std::int64_t begin = whole.begin; begin < whole.end; begin += most) {
    Piece piece = whole;
    piece.begin = begin;
    piece.end = std::min(begin + most, whole.end);
    if (piece.gradient) piece.gradient += begin - whole.begin;
    pieces.push_back(piece);
  }
}

// Runs of neighbouring rows, with and without gradient; the values of a coalesced gradient lie in the order of its rows.
void cut_rows(std::vector<Piece>& pieces, std::size_t p, const Tensor& tensor, const Tensor& gradient) {
  auto* values = static_cast<float*>(tensor.data_ptr());
  const Tensor ids = gradient._indices().select(0, 0).contiguous();
  const std::int64_t* id = ids.const_data_ptr<std::int64_t>();
  const auto* g = gradient._values().const_data_ptr<float>();
  const std::int64_t count = ids.numel(), width = tensor.size(1), most = std::max<std::int64_t>(1, kPiece / width) * width;
  std::int64_t row = 0;
  for (std::int64_t i = 0; i < count;) {
    std::int64_t last = i + 1;
    while (last < count && id[last] == id[last - 1] + 1) ++last;
    cut(pieces, {p, row * width, id[i] * width, values, nullptr, width}, most);
    cut(pieces, {p, id[i] * width, (id[last - 1] + 1) * width, values, g + i * width, width}, most);
    row = id[last - 1] + 1;
    i = last;
  }
  cut(pieces, {p, row * width, tensor.numel(), values, nullptr, width}, most);
}

bool is_rows(const Tensor& gradient) {
  return gradient.is_sparse() && gradient.sparse_dim() == 1 && gradient.dense_dim() == 1 && gradient.numel() > 0;
}

}  // namespace

std::vector<Piece> pieces_of(Parameters& parameters) {
  std::vector<Piece> pieces;
  for (std::size_t p = 0; p < parameters.size(); ++p) {
    Tensor& tensor = parameters[p].tensor;
    Tensor gradient = parameters[p].trains ? tensor.grad() : Tensor();
    if (!gradient.defined()) continue;
    if (is_rows(gradient))
      gradient = gradient.coalesce();
    else
      gradient = (gradient.is_sparse() ? gradient.to_dense() : gradient).contiguous();
    tensor.mutable_grad() = gradient;
    if (gradient.is_sparse())
      cut_rows(pieces, p, tensor, gradient);
    else
      cut(pieces,
          {p, 0, tensor.numel(), static_cast<float*>(tensor.data_ptr()), static_cast<const float*>(gradient.data_ptr()), 0},
          kPiece);
  }
  return pieces;
}

// Pieces differ in cost, so threads take the next one when they are free; which thread works on a piece changes no bit.
void for_each_piece(const std::vector<Piece>& pieces, const std::function<void(const Piece&)>& work) {
  std::atomic<std::size_t> next = 0;
  const auto count = static_cast<std::int64_t>(pieces.size());
  at::parallel_for(0, std::min<std::int64_t>(at::get_num_threads(), count), 1, [&](std::int64_t, std::int64_t) {
    for (std::size_t i = next++; i < pieces.size(); i = next++) work(pieces[i]);
  });
}

double gradient_norm(const std::vector<Piece>& pieces) {
  std::vector<double> sums(pieces.size());
  for_each_piece(pieces, [&](const Piece& piece) { sums[&piece - pieces.data()] = sum_of_squares(piece); });
  double total = 0;
  for (double sum : sums) total += sum;
  return std::sqrt(total);
}

double clip_factor(double norm, double clip, double scale) {
  return clip > 0 && norm > clip ? scale * clip / (norm + 1e-6) : scale;
}

void drop_gradients(Parameters& parameters) {
  for (Parameter& parameter : parameters) {
    if (!parameter.tensor.grad().defined()) continue;
    if (parameter.trains) parameter.tensor.unsafeGetTensorImpl()->bump_version();
    parameter.tensor.mutable_grad() = Tensor();
  }
}

void refuse_not_finite(double norm, Parameters& parameters) {
  if (std::isfinite(norm)) return;
  std::string names;
  int found = 0;
  for (Parameter& parameter : parameters) {
    const Tensor gradient = parameter.trains ? parameter.tensor.grad() : Tensor();
    if (!gradient.defined() || (gradient.is_sparse() ? gradient._values() : gradient).isfinite().all().item<bool>()) continue;
    if (++found <= 5) names += (names.empty() ? "" : ", ") + parameter.name;
  }
  throw HostError("train", "the gradient is not finite in " + std::to_string(found) + " parameters (" + names +
                               (found > 5 ? ", ..." : "") + "); lower optimizer.learning_rate or set optimizer.clip");
}

}  // namespace graft::core
