#include "affine.hpp"

#include <cmath>
#include <numbers>

#include "../pixel_ops/policy.hpp"

namespace graft::plugins {
namespace {

constexpr const char* kWhere = "graft/affine";

double tangent(double degrees) { return std::tan(degrees * std::numbers::pi / 180); }

// Whole pixels, up to `share` of the side each way.
double shift(double share, std::int64_t side, Rng& rng) {
  const double most = share * static_cast<double>(side);
  return std::nearbyint(Range{-most, most}.draw(rng));
}

}  // namespace

AffineStep::AffineStep(const Config& config)
    : column_(config.column("column")),
      degrees_(range_round(0, config, "degrees", {-360, 360}, kWhere)),
      scale_(range_of(config, "scale", {0.01, 100}, kWhere)),
      shear_x_(range_round(0, config, "shear", {-89, 89}, kWhere)),
      shear_y_(range_round(0, config, "shear_y", {-89, 89}, kWhere)),
      shift_x_(config.numbers("translate")[0]),
      shift_y_(config.numbers("translate")[1]),
      fill_(config.number("fill")),
      is_smooth_(config.text("interpolation") == "bilinear") {}

Schema AffineStep::outputs(const Schema& inputs) const {
  require(inputs, column_, {FieldKind::kImage}, kWhere);
  return inputs;
}

Affine AffineStep::drawn(std::int64_t height, std::int64_t width, Rng& rng) const {
  Affine affine;
  affine.angle = degrees_.draw(rng);
  affine.translate_x = shift(shift_x_, width, rng);
  affine.translate_y = shift(shift_y_, height, rng);
  affine.scale = scale_.draw(rng);
  affine.shear_x = tangent(shear_x_.draw(rng));
  affine.shear_y = tangent(shear_y_.draw(rng));
  return affine;
}

Tap AffineStep::augment(Batch& batch, Rng rng) const {
  const Tensor& images = pixels_of(batch, column_, kWhere);
  std::vector<AffineMap> maps;
  for (const std::int64_t id : batch.row_ids()) {
    Rng draws = rng.row(id);
    maps.push_back(drawn(images.size(2), images.size(3), draws).inverse());
  }
  if (!maps.empty()) batch.set(column_, warped_onto(fill_, is_smooth_, images, maps));
  return {};
}

}  // namespace graft::plugins
