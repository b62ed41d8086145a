// What the tests of models of pictures share: pictures and numbers by the formula of tests/data/resnet.py, and what must hold of
// each such model.
#pragma once

#include "trunk_case.hpp"

namespace graft::image_case {

inline const Schema kPicture = {{"image", FieldKind::kImage, {3, 40, 36}, {}}};

inline std::uint32_t hashed(std::uint32_t key, std::uint32_t number) {
  std::uint32_t x = key + number * 2654435761U;
  x = (x ^ (x >> 16)) * 0x7feb352dU;
  x = (x ^ (x >> 15)) * 0x846ca68bU;
  return x ^ (x >> 16);
}

inline std::uint32_t key_of(const std::string& name) {
  std::uint32_t key = 2166136261U;
  for (const char byte : name) key = (key ^ static_cast<unsigned char>(byte)) * 16777619U;
  return key;
}

// [count] double in [-0.5, 0.5)
inline Tensor hashed_numbers(const std::string& name, std::int64_t count) {
  Tensor numbers = at::empty({count}, at::kDouble);
  double* to = numbers.mutable_data_ptr<double>();
  for (std::int64_t i = 0; i < count; ++i)
    to[i] = static_cast<double>(hashed(key_of(name), static_cast<std::uint32_t>(i)) >> 8) / (1 << 24) - 0.5;
  return numbers;
}

inline Tensor hashed_pixels(std::vector<std::int64_t> shape) {
  Tensor pixels = at::empty(shape, at::kByte);
  auto* to = pixels.mutable_data_ptr<std::uint8_t>();
  for (std::int64_t i = 0; i < pixels.numel(); ++i)
    to[i] = static_cast<std::uint8_t>(hashed(key_of("pixels"), static_cast<std::uint32_t>(i)) >> 24);
  return pixels;
}

inline void require_precisions_agree(Model& model, double tolerance) {
  Call::Options options;
  options.precision = at::kBFloat16;
  const Batch pictures = testing::batch({{"image", hashed_pixels({2, 3, 40, 36})}});
  const Tensor narrow = model.forward(pictures, Call(options)).tensor("features");
  CHECK(relative_difference(narrow, model.forward(pictures, Call()).tensor("features")) < tolerance);
}

inline void require_rows_alone(Model& model) {
  const Batch pictures = testing::batch({{"image", hashed_pixels({3, 3, 40, 36})}});
  const Tensor all = model.forward(pictures, Call()).tensor("features");
  const Tensor one = model.forward(pictures.select(std::vector<std::int64_t>{2}), Call()).tensor("features");
  CHECK(relative_difference(one[0], all[2]) < 1e-5);
}

}  // namespace graft::image_case
