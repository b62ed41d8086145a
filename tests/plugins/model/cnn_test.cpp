#include "image_case.hpp"

using namespace graft;
using namespace graft::image_case;

namespace {

std::shared_ptr<Model> cnn(const std::string& more, const Schema& schema = kPicture) {
  return trunk_case::built("graft/cnn", R"({"input": "image", )" + more + "}", schema);
}

Batch pictures() { return testing::batch({{"image", hashed_pixels({4, 3, 40, 36})}}); }

Call training() { return trunk_case::call_for({}, true); }

}  // namespace

TEST_CASE("cnn: one block by hand", "[model][cnn]") {
  auto model = cnn(R"("widths": [2], "convolutions": 1, "pooling": "none", "mean": 0, "std": 0.5)",
                   {{"image", FieldKind::kImage, {1, 2, 3}, {}}});
  // channel 0 takes the pixel itself, channel 1 minus its left neighbour; norms are (x - 1) / sqrt(4 - 1e-5 + eps) * 3 + 2
  std::vector<double> weight(18, 0.0);
  weight[4] = 1;
  weight[9 + 3] = -1;
  trunk_case::put(*model, "blocks.0.conv0.weight", weight);
  trunk_case::put(*model, "blocks.0.norm0.weight", {3, 3});
  trunk_case::put(*model, "blocks.0.norm0.bias", {2, 2});
  for (auto [name, tensor] : named_tensors(*model)) {
    if (name.ends_with("running_mean")) tensor.fill_(1);
    if (name.ends_with("running_var")) tensor.fill_(4 - 1e-5);
  }
  const Tensor image = at::tensor({1.0, 2.0, 9.0, 3.0, 0.0, 9.0}, at::kFloat).view({1, 1, 2, 3});
  // channel 0: largest of 2 (1, 2, 3, 0) is 6: (6 - 1) / 2 * 3 + 2; channel 1: largest of -2 (0, 1, 0, 3) is 0: (0 - 1) / 2 * 3 + 2
  const Tensor features = model->forward(testing::batch({{"image", image}}), Call()).tensor("features");
  CHECK(relative_difference(features, testing::matrix({{9.5, 0.5}})) < 1e-6);
}

TEST_CASE("cnn: is what LibTorch's own modules give, in training and after it", "[model][cnn]") {
  auto model = cnn(R"("widths": [4, 6], "convolutions": 2)");
  const Tensor x = hashed_pixels({4, 3, 40, 36}).to(at::kFloat).div(255).sub(0.5).div(0.5);
  auto p = model->named_parameters();
  auto b = model->named_buffers();
  std::map<std::string, Tensor> kept;
  for (const auto& buffer : b) kept[buffer.key()] = buffer.value().clone();
  const auto expected = [&](bool by_batch) {
    Tensor y = x;
    for (const std::string block : {"blocks.0.", "blocks.1."}) {
      for (const std::string number : {"0", "1"}) {
        const std::string norm = block + "norm" + number + ".";
        y = at::conv2d(y, p[block + "conv" + number + ".weight"], {}, 1, 1);
        y = at::relu(at::batch_norm(y, p[norm + "weight"], p[norm + "bias"], kept[norm + "running_mean"],
                                    kept[norm + "running_var"], by_batch, 0.1, 1e-5, false));
      }
      y = at::max_pool2d(y, 2);
    }
    return y.mean({2, 3});
  };
  CHECK(relative_difference(model->forward(pictures(), training()).tensor("features"), expected(true)) < 1e-5);
  CHECK(relative_difference(model->forward(pictures(), Call()).tensor("features"), expected(false)) < 1e-5);
  CHECK(b["blocks.0.norm0.num_batches_tracked"].item<std::int64_t>() == 1);
}

TEST_CASE("cnn: a frozen block keeps its statistics, and its output does not depend on the batch", "[model][cnn]") {
  auto model = cnn(R"("widths": [4])");
  for (const auto& named : model->named_parameters()) named.value().requires_grad_(false);
  const Tensor all = model->forward(pictures(), training()).tensor("features");
  CHECK(at::equal(all, model->forward(pictures(), Call()).tensor("features")));
  CHECK(model->named_buffers()["blocks.0.norm0.running_mean"].abs().max().item<double>() == 0);
}

TEST_CASE("cnn: one value a channel has no variance, so the running statistics serve", "[model][cnn]") {
  auto model = cnn(R"("widths": [4])", {{"image", FieldKind::kImage, {1, 1, 1}, {}}});
  const Batch one = testing::batch({{"image", at::ones({1, 1, 1, 1})}});
  const Tensor features = model->forward(one, training()).tensor("features");
  CHECK(at::equal(features, model->forward(one, Call()).tensor("features")));
}

TEST_CASE("cnn: bytes are floats times 255", "[model][cnn]") {
  auto model = cnn(R"("widths": [4], "mean": [0.1, 0.2, 0.3], "std": [1, 2, 3])");
  const Tensor bytes = hashed_pixels({2, 3, 40, 36});
  const Tensor by_bytes = model->forward(testing::batch({{"image", bytes}}), Call()).tensor("features");
  const Tensor by_floats = model->forward(testing::batch({{"image", bytes.to(at::kFloat).div(255)}}), Call()).tensor("features");
  CHECK(at::equal(by_bytes, by_floats));
}

TEST_CASE("cnn: stages partition the parameters, a gradient reaches each, taps change nothing", "[model][cnn]") {
  auto model = cnn(R"("widths": [4, 6, 8])");
  trunk_case::require_contract(*model, pictures());
  CHECK(trunk_case::points_of(*model, pictures()) == std::vector<std::string>{"blocks.0", "blocks.1", "blocks.2", "features"});
  require_precisions_agree(*model, 0.03);
  require_rows_alone(*model);
}

TEST_CASE("cnn: refusals name the rule and the value", "[model][cnn]") {
  CHECK(message_of([] { cnn(R"("widths": [])"); }).find("widths must have at least 1 entry") != std::string::npos);
  CHECK(message_of([] { cnn(R"("mean": [1, 2])"); }) ==
        "[graft/cnn] mean must have 1 number or one a channel of image, 3, got 2");
  CHECK(message_of([] { cnn(R"("std": -1)"); }) == "[graft/cnn] std must be > 0, got -1");
  CHECK(message_of([] { cnn(R"("widths": [2])", {{"image", FieldKind::kText, {}, {}}}); }) ==
        "[graft/cnn] column image must be image, is text");
}
