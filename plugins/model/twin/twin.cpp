#include "twin.hpp"

#include <ATen/ops/cat.h>

#include "graft/error.hpp"

namespace graft::plugins {
namespace {

constexpr const char* kName = "graft/twin";

std::string text_of(const Field& field) {
  std::string text = std::string(kind_name(field.kind)) + " [";
  for (const std::int64_t size : field.shape) text += (text.back() == '[' ? "" : ", ") + std::to_string(size);
  return field.shape.empty() ? std::string(kind_name(field.kind)) : text + "]";
}

}  // namespace

Twin::Twin(const Config& config)
    : trunk_(config, kName),
      first_(config.columns("first")),
      second_(config.columns("second")),
      with_difference_(config.text("combine") == "difference") {
  if (first_.size() != second_.size())
    throw Error(kName, "first and second must name as many columns, got " + std::to_string(first_.size()) + " and " +
                           std::to_string(second_.size()));
  for (std::size_t i = 0; i < first_.size(); ++i) renames_.emplace_back(second_[i], first_[i]);
}

Schema Twin::sides(const Schema& inputs) const {
  Schema side;
  for (const auto& [second, first] : renames_) {
    const Field &ours = require(inputs, first, kName), &theirs = require(inputs, second, kName);
    if (ours.kind != theirs.kind || ours.shape != theirs.shape)
      throw Error(kName, "first and second must be alike, " + first + " is " + text_of(ours) + " and " + second + " is " +
                             text_of(theirs));
    side.push_back(ours);
  }
  return side;
}

Schema Twin::build(const Schema& inputs, Rng rng) {
  const std::int64_t width = trunk_.build(*this, sides(inputs), rng);
  return {Field{"features", FieldKind::kVector, {(with_difference_ ? 3 : 2) * width}, {}},
          Field{"first", FieldKind::kVector, {width}, {}}, Field{"second", FieldKind::kVector, {width}, {}}};
}

Tensor Twin::combined(const Tensor& first, const Tensor& second) const {
  return with_difference_ ? at::cat({first, second, first.sub(second).abs()}, 1) : at::cat({first, second}, 1);
}

Batch Twin::forward(const Batch& batch, const Call& call) {
  const std::vector<Batch> sides = {batch.only(first_), batch.only(second_).renamed(renames_)};
  const Tensor both = trunk_.features(Batch::concatenate(sides), call);
  const Tensor first = call.tap("first", both.narrow(0, 0, batch.size()));
  const Tensor second = call.tap("second", both.narrow(0, batch.size(), batch.size()));
  Batch result(std::vector<std::int64_t>(batch.row_ids().begin(), batch.row_ids().end()));
  result.set("features", call.tap("features", combined(first, second)));
  result.set("first", first);
  result.set("second", second);
  return result;
}

std::vector<std::string> Twin::stages() const { return trunk_.stages(); }

}  // namespace graft::plugins
