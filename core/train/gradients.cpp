#include "core/train/gradients.hpp"

#include <ATen/Parallel.h>

#include <algorithm>
#include <cmath>

#include "core/registry/guarded.hpp"

namespace graft::core {
namespace {

constexpr std::int64_t kPiece = 64 * 1024;  // elements: 256 KB of each array, which the second-level cache holds

double sum_of_squares(const Piece& piece) {
  double lanes[8] = {};  // independent sums, so that the loop vectorises in a fixed order
  std::int64_t i = piece.begin;
  for (; i + 8 <= piece.end; i += 8)
    for (int lane = 0; lane < 8; ++lane) {
      const double g = piece.gradient[i + lane];
      lanes[lane] += g * g;
    }
  for (; i < piece.end; ++i) lanes[0] += static_cast<double>(piece.gradient[i]) * piece.gradient[i];
  return ((lanes[0] + lanes[1]) + (lanes[2] + lanes[3])) + ((lanes[4] + lanes[5]) + (lanes[6] + lanes[7]));
}

}  // namespace

std::vector<Piece> pieces_of(Parameters& parameters) {
  std::vector<Piece> pieces;
  for (std::size_t p = 0; p < parameters.size(); ++p) {
    Tensor& tensor = parameters[p].tensor;
    Tensor gradient = parameters[p].trains ? tensor.grad() : Tensor();
    if (!gradient.defined()) continue;
    if (gradient.is_sparse()) gradient = gradient.to_dense();
    if (!gradient.is_contiguous()) gradient = gradient.contiguous();
    tensor.mutable_grad() = gradient;
    float* values = static_cast<float*>(tensor.data_ptr());
    const auto* g = static_cast<const float*>(gradient.data_ptr());
    for (std::int64_t begin = 0; begin < tensor.numel(); begin += kPiece)
      pieces.push_back({p, begin, std::min(begin + kPiece, tensor.numel()), values, g});
  }
  return pieces;
}

void for_each_piece(const std::vector<Piece>& pieces, const std::function<void(const Piece&)>& work) {
  at::parallel_for(0, static_cast<std::int64_t>(pieces.size()), 1, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) work(pieces[i]);
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

void refuse_not_finite(double norm, Parameters& parameters) {
  if (std::isfinite(norm)) return;
  std::string names;
  int found = 0;
  for (Parameter& parameter : parameters) {
    const Tensor gradient = parameter.trains ? parameter.tensor.grad() : Tensor();
    if (!gradient.defined() || gradient.isfinite().all().item<bool>()) continue;
    if (++found <= 5) names += (names.empty() ? "" : ", ") + parameter.name;
  }
  throw HostError("train", "the gradient is not finite in " + std::to_string(found) + " parameters (" + names +
                               (found > 5 ? ", ..." : "") + "); lower optimizer.learning_rate or set optimizer.clip");
}

}  // namespace graft::core
