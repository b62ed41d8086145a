#include <torch/types.h>

#include "catch.hpp"
#include "graft/model.hpp"
#include "graft/safetensors.hpp"
#include "graft/testing.hpp"
#include "graft/weights.hpp"

using namespace graft;

namespace {

const testing::Plugin& plugin() {
  static const testing::Plugin opened(GRAFT_PLUGIN_DIR "/graft_model.so");
  return opened;
}

const Schema kInputs = {{"v", FieldKind::kVector, {2}, {}},
                        {"a", FieldKind::kNumber, {}, {}},
                        {"job", FieldKind::kClass, {}, {"x", "y", "z"}},
                        {"city", FieldKind::kClass, {}, {"here", "there"}},
                        {"t", FieldKind::kText, {}, {}}};
constexpr const char* kTiny =
    R"("n_blocks": 2, "d_token": 8, "n_heads": 2, "ffn_d_hidden": 5, "attention_dropout": 0.3, "ffn_dropout": 0.3, "residual_dropout": 0.1)";

std::shared_ptr<Model> built(const std::string& input, const std::string& more = kTiny) {
  auto model = plugin().make<Model>("graft/ft_transformer", "{\"input\": " + input + ", " + more + "}");
  model->build(kInputs, Rng(1));
  return model;
}

Batch reference_batch(const Safetensors& reference) {
  const Tensor x = reference.tensor("x"), categories = reference.tensor("categories");
  return testing::batch({{"v", x.narrow(1, 0, 2).contiguous()},
                         {"a", x.select(1, 2).to(at::kDouble)},
                         {"job", categories.select(1, 0).contiguous()},
                         {"city", categories.select(1, 1).contiguous()}});
}

Tensor features(Model& model, const Batch& batch, bool is_training = false, std::uint64_t key = 1, Tap tap = {}) {
  Call::Options options;
  options.training = is_training;
  options.key = key;
  options.tap = std::move(tap);
  return model.forward(batch, Call(options)).tensor("features");
}

constexpr const char* kAll = R"(["v", "a", "job", "city"])";

}  // namespace

TEST_CASE("ft_transformer: without attention's and feed-forward's part the features are the norm of the row's token",
          "[model][ft_transformer]") {
  auto model = built("\"a\"", R"("n_blocks": 1, "d_token": 2, "n_heads": 1)");
  for (auto [name, parameter] : named_tensors(*model))
    if (name.find("W_out") != std::string::npos || name.find("linear_second") != std::string::npos)
      write_parameter(parameter, at::zeros_like(parameter));
  Tensor token = model->named_parameters()["cls_token.weight"];
  write_parameter(token, at::tensor({3.0, 7.0}));  // less its mean: -2 and 2; over the deviation: -1 and 1; relu
  const Tensor made = features(*model, testing::batch({{"a", testing::numbers({5, -1})}}));
  CHECK(at::allclose(made, testing::matrix({{0, 1}, {0, 1}}), 0, 1e-5));
}

TEST_CASE("ft_transformer: features and gradients are those of the paper's formulas in plain PyTorch",
          "[model][ft_transformer]") {
  const Safetensors reference(GRAFT_TEST_DATA "/ft_transformer.safetensors");
  auto model = built(kAll);
  std::size_t weights = 0;
  for (auto [name, parameter] : named_tensors(*model)) {
    CAPTURE(name);
    write_parameter(parameter, reference.tensor("weight." + name));
    ++weights;
  }
  CHECK(weights == 37);
  const Tensor made = features(*model, reference_batch(reference));
  CHECK(at::allclose(made, reference.tensor("features"), 1e-5, 1e-5));
  made.square().sum().backward();
  for (const auto& named : model->named_parameters()) {
    CAPTURE(named.key());
    CHECK(at::allclose(named.value().grad(), reference.tensor("gradient." + named.key()), 1e-4, 1e-5));
  }
}

TEST_CASE("ft_transformer: rows do not see each other, and the order of tokens does not matter", "[model][ft_transformer]") {
  const Batch batch = reference_batch(Safetensors(GRAFT_TEST_DATA "/ft_transformer.safetensors"));
  auto model = built(kAll);
  const Tensor all = features(*model, batch);
  CHECK(at::allclose(features(*model, batch.select(std::vector<std::int64_t>{4, 1})), all.index_select(0, at::tensor({4, 1})), 0,
                     1e-6));
  auto numbers = built(R"(["v"])");
  Tensor weight = numbers->named_parameters()["feature_tokenizer.num_tokenizer.weight"];
  Tensor bias = numbers->named_parameters()["feature_tokenizer.num_tokenizer.bias"];
  const Tensor before = features(*numbers, testing::batch({{"v", testing::matrix({{2, 5}})}}));
  write_parameter(weight, weight.detach().flip(0));
  write_parameter(bias, bias.detach().flip(0));
  CHECK(at::allclose(features(*numbers, testing::batch({{"v", testing::matrix({{5, 2}})}})), before, 0, 1e-6));
}

TEST_CASE("ft_transformer: stages partition the parameters, identity taps change nothing, gradients reach all",
          "[model][ft_transformer]") {
  const Batch batch = reference_batch(Safetensors(GRAFT_TEST_DATA "/ft_transformer.safetensors"));
  auto model = built(kAll);
  std::vector<std::string> points;
  const Tensor plain = features(*model, batch);
  const Tensor tapped = features(*model, batch, false, 1, [&](std::string_view point, const Tensor& value) {
    points.emplace_back(point);
    return value;
  });
  CHECK(at::equal(plain, tapped));
  CHECK(points == std::vector<std::string>{"tokens", "transformer.blocks.0", "transformer.blocks.1", "features"});
  plain.sum().backward();
  for (const auto& named : model->named_parameters()) {
    CAPTURE(named.key());
    int owners = 0;
    for (const std::string& stage : model->stages()) owners += named.key().starts_with(stage + ".");
    CHECK(owners == 1);
    const bool moves_no_share = named.key().ends_with("W_k.bias");  // the same for all keys: softmax does not see it
    CHECK((named.value().grad().abs().sum().item<double>() > 1e-7 || moves_no_share));
  }
}

TEST_CASE("ft_transformer: starts with the same values under the same key, within 1 / sqrt(in)", "[model][ft_transformer]") {
  auto one = built(kAll), same = built(kAll);
  for (const auto& named : one->named_parameters()) {
    CAPTURE(named.key());
    CHECK(at::equal(named.value(), same->named_parameters()[named.key()]));
    if (named.key().find("normalization") != std::string::npos) continue;
    const double in = named.key().find("linear_second") != std::string::npos ? 5 : 8;
    CHECK(named.value().abs().max().item<double>() <= 1 / std::sqrt(in));
    const bool is_zero = named.key().find(".W_") != std::string::npos && named.key().ends_with("bias");
    CHECK((named.value().abs().max().item<double>() > 0.1) != is_zero);
  }
}

TEST_CASE("ft_transformer: dropout acts in training only, by the call's key", "[model][ft_transformer]") {
  const Batch batch = reference_batch(Safetensors(GRAFT_TEST_DATA "/ft_transformer.safetensors"));
  auto model = built(kAll);
  CHECK(at::equal(features(*model, batch, false, 1), features(*model, batch, false, 2)));
  CHECK(at::equal(features(*model, batch, true, 1), features(*model, batch, true, 1)));
  CHECK_FALSE(at::equal(features(*model, batch, true, 1), features(*model, batch, true, 2)));
}

TEST_CASE("ft_transformer: what it cannot read or build it refuses", "[model][ft_transformer]") {
  CHECK(message_of([] { built("\"t\""); }) ==
        "[graft/ft_transformer] column t must be number, integer, vector or class, is text");
  CHECK(message_of([] { built("\"a\"", R"("d_token": 100)"); }) ==
        "[graft/ft_transformer] d_token must be a multiple of n_heads, 8, got 100: the nearest is 104");
  auto model = built("\"a\"");
  CHECK(
      message_of([&] { features(*model, testing::batch({{"a", testing::numbers({NAN})}})); }) ==
      "[graft/ft_transformer] column a must have no missing number, but has one in row 0: drop such rows or fill them in (a step "
      "impute)");
  CHECK(features(*model, testing::batch({{"a", testing::numbers({})}})).size(0) == 0);
}
