#include <filesystem>

#include "graft/nn/self_attention.hpp"
#include "virtual_case.hpp"

namespace {

constexpr const char* kTwo = R"({"length": 2})";

struct Attending final : Model {
  std::shared_ptr<nn::SelfAttention> self = register_module("self", std::make_shared<nn::SelfAttention>(2, 1, 0.0));
  Schema build(const Schema&, Rng) override { return {}; }
  Batch forward(const Batch& batch, const Call&) override { return batch; }
};

}  // namespace

TEST_CASE("prefix: with keys of zero every token's result is the mean of the prefix's values and its row's",
          "[adapter][prefix]") {
  Attending model;
  adapter("prefix", kTwo)->attach(model, Rng(1));
  at::NoGradGuard no_grad;
  auto parameters = model.named_parameters();
  write_parameter(parameters["self.prefix.key"], at::zeros({2, 2}));
  write_parameter(parameters["self.prefix.value"], testing::matrix({{3, 0}, {6, 12}}));
  const Tensor q = at::ones({3, 2}), k = at::zeros({3, 2}), v = testing::matrix({{0, 0}, {9, -9}, {3, 3}});
  const Tensor y = model.self->forward(q, k, v, at::tensor({0, 1, 3}, at::kInt), 2, Call());
  CHECK(at::allclose(y, testing::matrix({{3, 4}, {5.25, 1.5}, {5.25, 1.5}})));  // of 3 values, and twice of 4
}

TEST_CASE("prefix: meets the contract of adapters, with a projection too", "[adapter][prefix]") {
  check_virtual_contract("prefix", kTwo, 2 * 2 * 2 * 16);
  check_virtual_contract("prefix", R"({"length": 3, "projection": 5})", 3 * 16 + 16 * 5 + 5 + 2 * (5 * 32 + 32));
}

TEST_CASE("prefix: the short last layer, taps and neighbours do not matter", "[adapter][prefix]") {
  check_short_last_layer("prefix", kTwo);
  check_rows_apart("prefix", kTwo);
}

TEST_CASE("prefix: gradients are those of central differences", "[adapter][prefix]") {
  CHECK(worst_virtual_gradient("prefix", kTwo) < 1e-7);
  CHECK(worst_virtual_gradient("prefix", R"({"length": 2, "projection": 3})") < 1e-7);
}

TEST_CASE("prefix: keys and values start normal, other ones in each layer", "[adapter][prefix]") {
  const auto model = tiny_bert();
  adapter("prefix", R"({"length": 9})")->attach(*model, Rng(1));
  const auto parameters = model->named_parameters();
  const std::string layers = "encoder.layer.";
  std::vector<Tensor> all;
  for (const char* layer : {"0", "1"})
    for (const char* part : {"key", "value"}) all.push_back(parameters[layers + layer + ".attention.self.prefix." + part]);
  const Tensor together = at::cat(all).detach();
  CHECK(std::abs(together.mean().item<double>()) < 0.1);
  CHECK(together.std().item<double>() == Approx(1).epsilon(0.1));
  CHECK_FALSE(at::equal(all[0], all[2]));
}

TEST_CASE("prefix: what a projection comes to is what is saved", "[adapter][prefix]") {
  const auto model = tiny_bert(), again = tiny_bert();
  const auto made = adapter("prefix", R"({"length": 3, "projection": 5})");
  made->attach(*model, Rng(1));
  const std::string folder = (std::filesystem::temp_directory_path() / "graft_prefix_test").string();
  made->save(*model, folder);
  adapter("prefix", R"({"length": 3, "from": ")" + folder + "\"}")->attach(*again, Rng(2));
  std::filesystem::remove_all(folder);
  CHECK(furthest(features_of(*again).detach(), features_of(*model).detach()) < 1e-6);
}

TEST_CASE("prefix: two of them on one model both act, end to end", "[adapter][prefix]") {
  Attending model;
  adapter("prefix", R"({"length": 1})", "one")->attach(model, Rng(1));
  adapter("prefix", R"({"length": 2})", "two")->attach(model, Rng(2));
  CHECK(model.self->virtual_tokens(Call()) == 3);
  Call::Options one;
  one.adapters = {"one"};
  CHECK(model.self->virtual_tokens(Call(one)) == 1);
}

TEST_CASE("prefix: a model without attention, and rows that it leaves no room for, are refused", "[adapter][prefix]") {
  Toy toy;
  CHECK(refused_by("prefix", toy) ==
        "[graft/prefix] needs a model with attention slots (nn::SelfAttention), as graft/bert; this one has none");
  CHECK(toy.training_count() == kToyParameters);
  const auto model = tiny_bert();
  adapter("prefix", R"({"length": 5})")->attach(*model, Rng(1));
  CHECK(
      message_of([&] { features_of(*model); }) ==
      "[graft/bert] a row must have at most max_position_embeddings = 12 tokens, got 8 and 5 virtual ones: set max_length of the "
      "step that makes ids");
}
