#include <ATen/ops/allclose.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/conv1d.h>
#include <ATen/ops/equal.h>
#include <ATen/ops/stack.h>
#include <ATen/ops/zeros.h>
#include <graft/model.hpp>
#include <graft/testing.hpp>
#include <graft/weights.hpp>

#include "catch.hpp"  // last: LibTorch has a CHECK too

using namespace graft;

namespace {

std::shared_ptr<Model> made(const std::string& parameters) {
  static const testing::Plugin plugin(ACME_TEXT_PLUGIN);
  auto model = plugin.make<Model>("acme/text_cnn", parameters);
  model->build({{"words", FieldKind::kTokens, {-1}, {}}}, Rng(1));
  return model;
}

const std::string kSmall = R"({"input": "words", "vocab_size": 9, "embedding_size": 4, "channels": 5, "widths": [2, 3]})";

Tensor features(Model& model, const Ragged& words) {
  return model.forward(testing::batch({{"words", words}}), Call()).tensor("features");
}

void put(Model& model, const std::string& name, const Tensor& value) {
  Tensor parameter = model.named_parameters()[name];
  write_parameter(parameter, value);
}

}  // namespace

TEST_CASE("text_cnn: by hand: the largest sum of two neighbours, below it the relu", "[text_cnn]") {
  auto model = made(R"({"input": "words", "vocab_size": 4, "embedding_size": 1, "channels": 2, "widths": [2]})");
  put(*model, "embedding.weight", testing::matrix({{0}, {1}, {2}, {-3}}));
  put(*model, "convolutions.2.weight", testing::matrix({{1, 1}, {-1, 0}}));
  put(*model, "convolutions.2.bias", testing::matrix({{0.5, -2}})[0]);
  // row 1 2 3: sums 3 and -1, first channel 3.5; second -1 - 2 and -2 - 2, so 0. Row 3: -3 + 0, so 0; 3 - 2
  CHECK(at::equal(features(*model, testing::tokens({{1, 2, 3}, {3}})), testing::matrix({{3.5, 0}, {0, 1}})));
}

TEST_CASE("text_cnn: is what LibTorch's conv1d gives, row by row", "[text_cnn]") {
  auto model = made(kSmall);
  auto weights = model->named_parameters();
  const std::vector<std::vector<std::int64_t>> rows = {{1, 2, 3, 4, 5, 6, 7}, {8}, {}, {2, 2, 8, 0}};
  std::vector<Tensor> wanted;
  for (const std::vector<std::int64_t>& row : rows) {
    Tensor x = at::zeros({1, 4, std::max<std::int64_t>(std::ssize(row), 3)});
    for (std::size_t i = 0; i < row.size(); ++i)
      x[0].select(1, static_cast<std::int64_t>(i)).copy_(weights["embedding.weight"][row[i]]);
    std::vector<Tensor> parts;
    for (const std::int64_t width : {2, 3}) {
      const std::string name = "convolutions." + std::to_string(width);
      const Tensor kernel = weights[name + ".weight"].view({5, width, 4}).transpose(1, 2);
      const std::int64_t length = std::max<std::int64_t>(std::ssize(row), width);
      parts.push_back(at::conv1d(x.narrow(2, 0, length), kernel, weights[name + ".bias"]).relu().amax(2)[0]);
    }
    wanted.push_back(at::cat(parts));
  }
  const Tensor given = features(*model, testing::tokens({{1, 2, 3, 4, 5, 6, 7}, {8}, {}, {2, 2, 8, 0}}));
  CHECK(at::allclose(given, at::stack(wanted), 1e-5, 1e-6));
}

TEST_CASE("text_cnn: a row does not depend on the rows beside it", "[text_cnn]") {
  auto model = made(kSmall);
  const Tensor together = features(*model, testing::tokens({{1, 2}, {3, 4, 5, 6, 7, 8}}));
  CHECK(at::allclose(together[0], features(*model, testing::tokens({{1, 2}}))[0]));
}

TEST_CASE("text_cnn: stages part the parameters, and gradients reach them all", "[text_cnn]") {
  auto model = made(kSmall);
  features(*model, testing::tokens({{1, 2, 3, 4}, {5, 6, 7, 8}})).sum().backward();
  CHECK(model->stages() == std::vector<std::string>{"embedding", "convolutions"});
  for (const auto& parameter : model->named_parameters()) {
    INFO(parameter.key());
    CHECK(parameter.value().grad().defined());
    CHECK((parameter.key().starts_with("embedding.") || parameter.key().starts_with("convolutions.")));
  }
}

TEST_CASE("text_cnn: what it cannot do it refuses", "[text_cnn]") {
  CHECK(message_of([] { made(R"({"input": "words", "vocab_size": 4, "widths": [2, 2]})"); }) ==
        "[acme/text_cnn] widths must differ, 2 is there twice");
  CHECK(message_of([] { features(*made(kSmall), testing::tokens({{9}})); }).find("9") != std::string::npos);
  static const testing::Plugin plugin(ACME_TEXT_PLUGIN);
  CHECK(message_of([] { plugin.make<Model>("acme/text_cnn", kSmall)->build({{"words", FieldKind::kText, {}, {}}}, Rng(1)); }) ==
        "[acme/text_cnn] column words must be tokens, is text");
}
