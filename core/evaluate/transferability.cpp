#include "core/evaluate/transferability.hpp"

#include <ATen/ops/bincount.h>
#include <ATen/ops/one_hot.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <utility>
#include <vector>

namespace graft::core {
namespace {

constexpr double kLeastResidual = 1e-12;
constexpr int kStepsPerDecade = 4;   // the evidence changes over decades of the ratio
constexpr double kPrecision = 1e-8;  // of a ratio's logarithm

std::vector<double> doubles(const Tensor& values) {
  const Tensor held = values.to(at::kDouble).contiguous();
  return {held.const_data_ptr<double>(), held.const_data_ptr<double>() + held.numel()};
}

// The evidence of one target along its singular directions. `ratio` t = alpha / beta says how strongly weights are held back.
class Evidence {
 public:
  Evidence(const Spectrum& spectrum, const Tensor& target)
      : squares_(doubles(spectrum.squares)),
        parts_(doubles(spectrum.left.t().mv(target).square())),
        rows_(static_cast<double>(target.size(0))),
        outside_(rows_ - static_cast<double>(squares_.size())) {
    if (outside_ <= 0) return;
    const double all = target.square().sum().item<double>();
    residual_ = all;
    for (const double part : parts_) residual_ -= part;
    residual_ = std::max(residual_, kLeastResidual * all);
  }

  // Nats a row, at the best beta for this ratio.
  double at(double ratio) const {
    double misfit = residual_, determinant = 0;
    for (std::size_t i = 0; i < squares_.size(); ++i) {
      misfit += parts_[i] / (1 + squares_[i] / ratio);
      determinant += std::log1p(squares_[i] / ratio);
    }
    return 0.5 * (std::log(rows_ / misfit) - determinant / rows_ - 1 - std::log(2 * std::numbers::pi));
  }

 private:
  std::vector<double> squares_, parts_;  // [k]: of the features, of the target
  double rows_, outside_;                // n, n - k
  double residual_ = 0;                  // of the target, where no feature reaches
};

// What ridge explains of rows that are left out, for each strength.
class LeftOut {
 public:
  LeftOut(const Spectrum& centred, const Tensor& targets)
      : squares_(centred.squares),
        left_(centred.left),
        leverages_(centred.left.square()),
        share_(1 / static_cast<double>(targets.size(0))) {
    const Tensor spread = targets.sub(targets.mean(0, true));
    by_mean_ = spread.div(1 - share_).square().sum().item<double>();
    parts_ = left_.t().mm(spread);
    outside_ = leverages_.sum(1).neg().add(1 - share_);
    const Tensor is_inside = outside_.lt(kLeastResidual);  // but for rounding
    outside_.masked_fill_(is_inside, 0);
    beyond_ = spread.sub(left_.mm(parts_)).masked_fill_(is_inside.unsqueeze(1), 0);
  }

  bool has_spread() const { return by_mean_ > 0; }

  // y - H y and 1 - H_ii as sums of what is held back, so that neither is a difference of two almost equal numbers.
  double at(double strength) const {
    const Tensor held = squares_.add(strength).reciprocal().mul(strength);
    const Tensor residuals = beyond_.add(left_.mm(parts_.mul(held.unsqueeze(1))));
    const Tensor others = outside_.add(leverages_.mv(held));
    return 1 - residuals.div(others.unsqueeze(1)).square().sum().item<double>() / by_mean_;
  }

 private:
  Tensor squares_, left_, leverages_;  // [k], [n, k], [n, k]
  double share_, by_mean_ = 0;         // 1 / n; the squares of what the mean of the other rows leaves
  Tensor parts_, outside_, beyond_;    // [k, K]; [n], [n, K]: what no feature reaches of each row's place and of the targets
};

// The largest value of a function between two places, where it has one maximum: golden section.
template <class Score>
double largest_between(const Score& score, double low, double high) {
  constexpr double kShare = std::numbers::phi - 1;
  double a = high - kShare * (high - low), b = low + kShare * (high - low);
  double at_a = score.at(std::exp(a)), at_b = score.at(std::exp(b));
  while (high - low > kPrecision) {
    if (at_a > at_b) {
      high = std::exchange(b, a);
      a = high - kShare * (high - low);
      at_b = std::exchange(at_a, score.at(std::exp(a)));
    } else {
      low = std::exchange(a, b);
      b = low + kShare * (high - low);
      at_a = std::exchange(at_b, score.at(std::exp(b)));
    }
  }
  return std::max(at_a, at_b);
}

// Over all ratios: from where every direction is free to where none is, in steps, then between the best one's neighbours.
template <class Score>
double largest(const Score& score, const Spectrum& spectrum, double beyond) {
  constexpr double kStep = std::numbers::ln10 / kStepsPerDecade;
  const double low = std::log(spectrum.squares.min().item<double>() / beyond);
  const double high = std::log(spectrum.squares.max().item<double>() * beyond);
  double best = low, most = score.at(std::exp(low));
  for (double place = low + kStep; place < high; place += kStep)
    if (const double value = score.at(std::exp(place)); value > most) best = place, most = value;
  return std::max(most, largest_between(score, best - kStep, best + kStep));
}

// [C, k]: of each class, the square of its sum along each direction by its rows. Their sum over classes is |P u|^2, P the
// projection on what is constant within classes.
Tensor between_classes(const Spectrum& centred, const Tensor& labels) {
  const Tensor classes = one_vs_rest(labels);
  return classes.t().mm(centred.left).square().div(classes.sum(0).unsqueeze(1)).sum(0);
}

// Ledoit and Wolf's intensity, in [0, 1].
double shrinkage(const Spectrum& centred) {
  const auto n = static_cast<double>(centred.left.size(0)), width = static_cast<double>(centred.width);
  const double trace = centred.squares.sum().item<double>() / n,
               squared = centred.squares.square().sum().item<double>() / (n * n);
  const double fourth = centred.left.square().mv(centred.squares).square().sum().item<double>();  // of the rows' lengths
  const double distance = (squared - trace * trace / width) / width;
  const double noise = (fourth / n - squared) / (width * n);
  return distance > 0 ? std::min(1.0, noise / distance) : 1.0;
}

}  // namespace

double left_out(const Spectrum& centred, const Tensor& targets) {
  const LeftOut score(centred, targets);
  if (!score.has_spread() || centred.squares.numel() == 0) return 0;
  return std::max(0.0, largest(score, centred, 1e4));
}

double logme(const Spectrum& spectrum, const Tensor& targets) {
  double sum = 0;
  for (std::int64_t k = 0; k < targets.size(1); ++k) {
    const Evidence evidence(spectrum, targets.select(1, k));
    sum += spectrum.squares.numel() == 0 ? evidence.at(1) : largest(evidence, spectrum, 1e14);
  }
  return sum / static_cast<double>(targets.size(1));
}

Tensor one_vs_rest(const Tensor& labels) {
  const Tensor has_rows = at::bincount(labels).gt(0).nonzero().squeeze(1);
  return at::one_hot(labels).index_select(1, has_rows).to(at::kDouble);
}

double h_score(const Spectrum& centred, const Tensor& labels) { return between_classes(centred, labels).sum().item<double>(); }

double shrunk_h_score(const Spectrum& centred, const Tensor& labels) {
  const double a = shrinkage(centred), n = static_cast<double>(centred.left.size(0));
  const Tensor variances = centred.squares.div(n).mul(1 - a);
  const double floor = a * centred.squares.sum().item<double>() / n / static_cast<double>(centred.width);
  return between_classes(centred, labels).mul(variances).div(variances.add(floor)).sum().item<double>();
}

double leep(const Tensor& source, const Tensor& labels) {
  const Tensor probability = source.to(at::kDouble), classes = one_vs_rest(labels);
  const Tensor joint = classes.t().mm(probability);  // [C, Z]
  const Tensor conditional = joint.div(joint.sum(0).clamp_min(std::numeric_limits<double>::min()));
  return classes.mul(probability.mm(conditional.t())).sum(1).log().mean().item<double>();
}

}  // namespace graft::core
