#include "picture_reader.hpp"

#include <ATen/ops/_upsample_bilinear2d_aa.h>

#include <cmath>

#include "graft/error.hpp"
#include "graft/files.hpp"
#include "jpeg.hpp"
#include "orientation.hpp"
#include "png.hpp"

namespace graft::plugins {
namespace {

Decoded decode(const std::string& path) {
  std::string bytes;
  try {
    bytes = read_file(path);
  } catch (const Error& error) {
    throw BadPicture(error.text());
  }
  if (is_jpeg(bytes)) return decode_jpeg(bytes);
  if (is_png(bytes)) return decode_png(bytes);
  throw BadPicture(bytes.empty() ? "is empty" : "is neither JPEG nor PNG");
}

Tensor grey_of(const Tensor& rgb) {
  const Tensor wide = rgb.to(at::kInt);
  const auto channel = [&](std::int64_t c, std::int64_t weight) { return wide.select(2, c).mul(weight); };
  return channel(0, 19595)
      .add_(channel(1, 38470))
      .add_(channel(2, 7471))
      .add_(32768)
      .bitwise_right_shift_(16)
      .to(at::kByte)
      .unsqueeze(2);
}

}  // namespace

Tensor PictureReader::coloured(const Tensor& pixels) const {
  if (pixels.size(2) == channels) return pixels;
  return channels == 1 ? grey_of(pixels) : pixels.expand({pixels.size(0), pixels.size(1), channels});
}

Tensor PictureReader::sized(const Tensor& image) const {
  const std::int64_t h = image.size(2), w = image.size(3);
  if (h == height && w == width) return image;
  if (fit == Fit::kStretch) return at::_upsample_bilinear2d_aa(image, {height, width}, false);
  const bool by_height = height * w >= width * h;
  const std::int64_t over = by_height ? height : width, under = by_height ? h : w;
  const std::int64_t tall = h * over / under, wide = w * over / under;
  const Tensor whole = tall == h && wide == w ? image : at::_upsample_bilinear2d_aa(image, {tall, wide}, false);
  const auto margin = [](std::int64_t is, std::int64_t wanted) { return std::llrint(static_cast<double>(is - wanted) / 2); };
  return whole.slice(2, margin(tall, height), margin(tall, height) + height)
      .slice(3, margin(wide, width), margin(wide, width) + width);
}

Tensor PictureReader::read(const std::string& path) const {
  const Decoded picture = decode(path);
  const Tensor pixels = coloured(upright(picture.pixels, picture.orientation));
  return sized(pixels.permute({2, 0, 1}).unsqueeze(0).contiguous(at::MemoryFormat::ChannelsLast)).squeeze(0);
}

}  // namespace graft::plugins
