#include "graft/nn/token_embedding.hpp"
#include "virtual_case.hpp"

namespace {

constexpr const char* kTwo = R"({"length": 2})";
const std::string kTokens = "embeddings.word_embeddings.prompt.tokens";

}  // namespace

TEST_CASE("prompt: stands before every row of the embedded ids", "[adapter][prompt]") {
  struct Words final : Model {
    std::shared_ptr<nn::TokenEmbedding> words = register_module("words", std::make_shared<nn::TokenEmbedding>(4, 1, Rng(1)));
    Schema build(const Schema&, Rng) override { return {}; }
    Batch forward(const Batch& batch, const Call&) override { return batch; }
  } model;
  at::NoGradGuard no_grad;
  write_parameter(model.words->weight, testing::matrix({{0}, {1}, {2}, {3}}));
  adapter("prompt", kTwo)->attach(model, Rng(1));
  write_parameter(model.named_parameters()["words.prompt.tokens"], testing::matrix({{-1}, {-2}}));
  const Ragged out = model.words->forward(testing::tokens({{3}, {1, 2}}), Call());
  CHECK(at::equal(out.values, testing::matrix({{-1}, {-2}, {3}, {-1}, {-2}, {1}, {2}})));
  CHECK(at::equal(out.offsets, at::tensor({0, 3, 7}, at::kInt)));
  CHECK(out.longest == 4);
}

TEST_CASE("prompt: meets the contract of adapters", "[adapter][prompt]") {
  check_virtual_contract("prompt", kTwo, 2 * 16);
  check_virtual_contract("prompt", R"({"length": 3, "init": "random"})", 3 * 16);
}

TEST_CASE("prompt: the short last layer, taps and neighbours do not matter", "[adapter][prompt]") {
  check_short_last_layer("prompt", kTwo);
  check_rows_apart("prompt", kTwo);
}

TEST_CASE("prompt: beside a prefix both act, and the short last layer does not matter", "[adapter][prompt][prefix]") {
  const auto model = tiny_bert();
  adapter("prompt", kTwo)->attach(*model, Rng(1));
  adapter("prefix", kTwo)->attach(*model, Rng(2));
  const Tensor both = features_of(*model).detach();
  Call::Options short_way, prompt;
  short_way.outputs = {"features"};
  prompt.adapters = {"prompt"};
  CHECK(furthest(features_of(*model, short_way).detach(), both) < 1e-6);
  CHECK(furthest(features_of(*model, prompt).detach(), both) > 1e-2);
  CHECK(model->forward(peft_rows(true), Call()).ragged("tokens").values.size(0) == 17);
}

TEST_CASE("prompt: gradients are those of central differences", "[adapter][prompt]") {
  CHECK(worst_virtual_gradient("prompt", kTwo) < 1e-7);
}

TEST_CASE("prompt: taps see the virtual tokens as tokens of their row", "[adapter][prompt]") {
  const auto model = tiny_bert();
  adapter("prompt", kTwo)->attach(*model, Rng(1));
  Call::Options tapped;
  std::vector<std::int64_t> sizes;
  tapped.tap = [&](std::string_view, const Tensor& value) {
    sizes.push_back(value.size(0));
    return value;
  };
  features_of(*model, tapped);
  CHECK(sizes == std::vector<std::int64_t>{17 + 8, 17 + 8, 17 + 8, 4});
}

TEST_CASE("prompt: starts as words of the vocabulary, or normal", "[adapter][prompt]") {
  const auto model = tiny_bert(), other = tiny_bert();
  adapter("prompt", R"({"length": 9})")->attach(*model, Rng(1));
  const Tensor words = model->named_parameters()["embeddings.word_embeddings.weight"].detach();
  const Tensor tokens = model->named_parameters()[kTokens].detach();
  CHECK(furthest(tokens, tokens[0]) > 0);  // not all of one word
  for (const Tensor& token : tokens.unbind()) CHECK(words.eq(token).all(1).any().item<bool>());
  adapter("prompt", R"({"length": 9, "init": "random"})")->attach(*other, Rng(1));
  const Tensor drawn = other->named_parameters()[kTokens].detach();
  CHECK(std::abs(drawn.mean().item<double>()) < 0.3);
  CHECK(drawn.std().item<double>() == Approx(1).epsilon(0.2));
}

TEST_CASE("prompt: a model that embeds no tokens, and rows that it leaves no room for, are refused", "[adapter][prompt]") {
  Toy toy;
  CHECK(refused_by("prompt", toy) ==
        "[graft/prompt] needs a model with one embedding of tokens (nn::TokenEmbedding), as graft/bert; this one has 0");
  CHECK(toy.training_count() == kToyParameters);
  const auto model = tiny_bert();
  adapter("prompt", R"({"length": 5})")->attach(*model, Rng(1));
  CHECK(
      message_of([&] { features_of(*model); }) ==
      "[graft/bert] a row must have at most max_position_embeddings = 12 tokens, got 8 and 5 virtual ones: set max_length of the "
      "step that makes ids");
}
