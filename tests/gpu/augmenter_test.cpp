// Augmenters of pictures: what CUDA gives is what the CPU gives. Between pixels the two round apart by a level; at the nearest pixel a
// place right between two may fall to either.
#include <ATen/ops/arange.h>

#include "catch.hpp"
#include "device.hpp"
#include "graft/augmenter.hpp"
#include "graft/testing.hpp"

using namespace graft;

namespace {

Tensor augmented_on(const at::Device& device, const std::string& name, const std::string& more) {
  static const testing::Plugin plugin(GRAFT_PLUGIN_DIR "/graft_augmenter.so");
  const auto augmenter = plugin.make<Augmenter>("graft/" + name, R"({"column": "image")" + more + "}");
  const Tensor pixels = at::arange(64 * 3 * 20 * 24, at::kLong).mul(37).remainder(251).to(at::kByte).view({64, 3, 20, 24});
  Batch batch = testing::batch({{"image", pixels.to(device)}});
  augmenter->augment(batch, Rng(3));
  REQUIRE(batch.tensor("image").device() == pixels.to(device).device());
  return batch.tensor("image").to(at::kCPU);
}

}  // namespace

TEST_CASE("gpu: augmenters of pictures give on CUDA what they give on the CPU", "[gpu][augmenter]") {
  const auto [name, more] = GENERATE(table<std::string, std::string>({{"flip", ""},
                                                                      {"crop", R"(, "padding_mode": "reflect")"},
                                                                      {"random_resized_crop", ""},
                                                                      {"affine", R"(, "degrees": 20, "scale": [0.8, 1.2])"},
                                                                      {"color_jitter", R"(, "brightness": 0.4, "hue": 0.2)"},
                                                                      {"grayscale", R"(, "probability": 0.5)"},
                                                                      {"gaussian_blur", R"(, "kernel_size": 5)"},
                                                                      {"erasing", R"(, "value": "random")"},
                                                                      {"auto_augment", ""},
                                                                      {"rand_augment", ""},
                                                                      {"trivial_augment", ""}}));
  INFO(name);
  const Tensor cpu = augmented_on(at::kCPU, name, more).to(at::kInt), cuda = augmented_on(kCuda, name, more).to(at::kInt);
  CHECK(cpu.sub(cuda).abs().gt(1).to(at::kDouble).mean().item<double>() < 0.01);
}
