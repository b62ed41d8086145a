#include "core/train/schedule.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "graft/error.hpp"

namespace graft::core {
namespace {

Schedule::Shape shape_of(const std::string& use) {
  if (use == "graft/constant") return Schedule::Shape::kConstant;
  if (use == "graft/linear") return Schedule::Shape::kLinear;
  if (use == "graft/cosine") return Schedule::Shape::kCosine;
  if (use == "graft/slanted_triangular") return Schedule::Shape::kSlanted;
  throw Error("schedule", "must be linear, cosine, slanted_triangular or constant, got " + use);
}

double ratio_of(const Value& config) {
  const Value* ratio = config.find("ratio");
  return ratio ? ratio->number() : 1;
}

}  // namespace

Schedule::Schedule(const Value& config)
    : Schedule(shape_of(config.at("use").text()), config.at("warmup").number(), ratio_of(config)) {}

std::int64_t Schedule::warmup_steps(std::int64_t total) const {
  return static_cast<std::int64_t>(std::ceil(warmup_ <= 1 ? warmup_ * static_cast<double>(total) : warmup_));
}

double Schedule::factor(const Progress& progress) const {
  const auto step = static_cast<double>(progress.step);
  const auto warmup = static_cast<double>(warmup_steps(progress.total_steps));
  const auto slanted = [&](double p) { return shape_ == Shape::kSlanted ? (1 + p * (ratio_ - 1)) / ratio_ : p; };
  if (step < warmup) return slanted(step / warmup);
  const double left = std::max(1.0, static_cast<double>(progress.total_steps) - warmup);
  const double done = std::min(1.0, (step - warmup) / left);
  switch (shape_) {
    case Shape::kConstant: return 1;
    case Shape::kLinear: return 1 - done;
    case Shape::kSlanted: return slanted(1 - done);
    case Shape::kCosine: return 0.5 * (1 + std::cos(std::numbers::pi * done));
  }
  return 1;
}

}  // namespace graft::core
