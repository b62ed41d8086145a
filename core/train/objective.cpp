#include "core/train/objective.hpp"

#include <ATen/Parallel.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/from_blob.h>

#include <algorithm>
#include <cmath>

#include "core/train/gradients.hpp"
#include "graft/error.hpp"
#include "graft/value.hpp"

namespace graft::core {
namespace {

constexpr std::size_t kPieceOfWeights = 16 * 1024;  // doubles: two arrays of them lie in the second-level cache

// Calls work(begin, end) for each piece, several at once.
template <class Work>
void for_weight_pieces(std::size_t size, Work work) {
  const auto pieces = static_cast<std::int64_t>((size + kPieceOfWeights - 1) / kPieceOfWeights);
  at::parallel_for(0, pieces, 1, [&](std::int64_t first, std::int64_t last) {
    for (auto piece = static_cast<std::size_t>(first); piece < static_cast<std::size_t>(last); ++piece)
      work(piece * kPieceOfWeights, std::min((piece + 1) * kPieceOfWeights, size));
  });
}

double dot_of_piece(const double* a, const double* b, std::size_t size) {
  double lanes[8] = {};  // independent sums, so that the loop vectorises in a fixed order
  std::size_t i = 0;
  for (; i + 8 <= size; i += 8)
    for (std::size_t lane = 0; lane < 8; ++lane) lanes[lane] += a[i + lane] * b[i + lane];
  for (; i < size; ++i) lanes[0] += a[i] * b[i];
  return ((lanes[0] + lanes[1]) + (lanes[2] + lanes[3])) + ((lanes[4] + lanes[5]) + (lanes[6] + lanes[7]));
}

std::string head_of(const std::string& parameter) {  // "heads.<head>.<rest>"
  const std::size_t begin = parameter.find('.') + 1;
  return parameter.substr(begin, parameter.find('.', begin) - begin);
}

Tensor view_of(double* values, const Tensor& like) { return at::from_blob(values, like.sizes(), at::kDouble); }

}  // namespace

double dot(const Weights& a, const Weights& b) { return dot(a, b, {0, a.size()}); }

double dot(const Weights& a, const Weights& b, Range range) {
  const double *from_a = a.data() + range.begin, *from_b = b.data() + range.begin;
  const std::size_t size = range.end - range.begin;
  std::vector<double> sums((size + kPieceOfWeights - 1) / kPieceOfWeights);
  for_weight_pieces(size, [&](std::size_t begin, std::size_t end) {
    sums[begin / kPieceOfWeights] = dot_of_piece(from_a + begin, from_b + begin, end - begin);
  });
  double sum = 0;
  for (const double piece : sums) sum += piece;
  return sum;
}

void add_scaled(Weights& to, double factor, const Weights& from) {
  for_weight_pieces(to.size(), [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) to[i] += factor * from[i];
  });
}

double largest(const Weights& x) {
  double most = 0;
  for (const double value : x) {
    if (std::isnan(value)) return value;
    most = std::max(most, std::abs(value));
  }
  return most;
}

Objective::Objective(Parameters& parameters, double penalty, Evaluate evaluate)
    : parameters_(parameters), penalty_(penalty), evaluate_(std::move(evaluate)) {
  for (Parameter& parameter : parameters_) {
    if (!parameter.trains) continue;
    const auto size = static_cast<std::size_t>(parameter.tensor.numel());
    parts_.push_back({&parameter, size_, size, head_of(parameter.name)});
    size_ += size;
    parameter.tensor.mutable_grad() = Tensor();
    parameter.tensor.set_data(parameter.tensor.detach().to(at::kDouble).contiguous());
  }
}

Objective::~Objective() {
  drop_gradients(parameters_);
  for (Part& part : parts_) {
    Tensor& tensor = part.parameter->tensor;
    tensor.mutable_grad() = Tensor();
    tensor.set_data(tensor.detach().to(at::kFloat));
    tensor.unsafeGetTensorImpl()->bump_version();
  }
}

Weights Objective::start() const {
  Weights x(size_);
  for (const Part& part : parts_) view_of(x.data() + part.begin, part.parameter->tensor).copy_(part.parameter->tensor.detach());
  return x;
}

std::vector<Range> Objective::parameters() const {
  std::vector<Range> ranges;
  for (const Part& part : parts_) ranges.push_back({part.begin, part.begin + part.size});
  return ranges;
}

void Objective::place(const Weights& x) {
  at::NoGradGuard no_grad;
  for (Part& part : parts_) {
    Tensor& tensor = part.parameter->tensor;
    tensor.copy_(view_of(const_cast<double*>(x.data()) + part.begin, tensor));
    tensor.mutable_grad() = Tensor();
  }
}

double Objective::penalise(const Part& part, double count, const Weights& x, Weights& gradient) const {
  if (!part.parameter->decays || penalty_ == 0 || count <= 0) return 0;
  const double strength = penalty_ / count;
  for (std::size_t i = part.begin; i < part.begin + part.size; ++i) gradient[i] += strength * x[i];
  return strength / 2 * dot_of_piece(x.data() + part.begin, x.data() + part.begin, part.size);
}

double Objective::at(const Weights& x, Weights& gradient) {
  place(x);
  const Loss loss = evaluate_();
  at::NoGradGuard no_grad;
  gradient.assign(size_, 0);
  double value = loss.value;
  for (const Part& part : parts_) {
    const Tensor& own = part.parameter->tensor.grad();
    if (own.defined()) view_of(gradient.data() + part.begin, own).copy_(own);
    const auto count = loss.counts.find(part.head);
    value += penalise(part, count == loss.counts.end() ? 0 : count->second, x, gradient);
  }
  if (evaluations_++ == 0 && !(std::isfinite(value) && std::isfinite(largest(gradient))))
    throw Error("train", "the loss must be finite at the first weights, is " + to_json(Value(value)) + " with a gradient up to " +
                             to_json(Value(largest(gradient))) +
                             ": a feature or target of the training rows is not finite, or too large");
  return value;
}

}  // namespace graft::core
