#include "trunk_case.hpp"

using namespace graft;
using namespace graft::trunk_case;

namespace {

const Schema kInputs = {
    {"a", FieldKind::kNumber, {}, {}},  {"b", FieldKind::kNumber, {}, {}},          {"x", FieldKind::kVector, {5}, {}},
    {"y", FieldKind::kVector, {5}, {}}, {"wide", FieldKind::kVector, {6}, {}},      {"s", FieldKind::kSparse, {3}, {}},
    {"r", FieldKind::kSparse, {3}, {}}, {"tokens_a", FieldKind::kTokens, {-1}, {}}, {"tokens_b", FieldKind::kTokens, {-1}, {}}};

std::shared_ptr<Model> twin(const std::string& parameters) { return built("graft/twin", parameters, kInputs); }

const char* const kNumbers = R"({"trunk": {"use": "graft/mlp", "input": "a", "hidden": [1]}, "first": "a", "second": "b")";

std::string bert_of(const std::string& first, const std::string& second, const std::string& more = "") {
  return R"({"first": ")" + first + R"(", "second": ")" + second + R"(", "trunk": {"use": "graft/bert", "input": ")" + first +
         R"(", "vocab_size": 11, "hidden_size": 8, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 12,
             "max_position_embeddings": 6)" +
         more + "}}";
}

Batch texts() {
  return testing::batch(
      {{"tokens_a", testing::tokens({{1, 2, 3}, {4}, {5, 6}})}, {"tokens_b", testing::tokens({{7, 8}, {9, 10, 1, 2}, {3}})}});
}

}  // namespace

TEST_CASE("twin: two numbers through one layer by hand, for both ways to combine", "[model][twin]") {
  const bool difference = GENERATE(false, true);
  auto model = twin(kNumbers + std::string(difference ? "}" : R"(, "combine": "concat"})"));
  put(*model, "trunk.hidden.0.weight", {2});
  put(*model, "trunk.hidden.0.bias", {1});
  const Batch output =
      model->forward(testing::batch({{"a", testing::numbers({3, 0})}, {"b", testing::numbers({5, -9})}}), Call());
  CHECK(at::equal(output.tensor("first"), testing::matrix({{7}, {1}})));
  CHECK(at::equal(output.tensor("second"), testing::matrix({{11}, {0}})));  // relu(2 * -9 + 1)
  CHECK(at::equal(output.tensor("features"),
                  difference ? testing::matrix({{7, 11, 4}, {1, 0, 1}}) : testing::matrix({{7, 11}, {1, 0}})));
}

TEST_CASE("twin: outputs and gradients are those of the formula in PyTorch", "[model][twin]") {
  auto model = twin(R"({"trunk": {"use": "graft/mlp", "input": "x", "hidden": [4, 3], "activation": "tanh"}, "first": "x",
                        "second": "y"})");
  require_reference(*model, "twin", reference_rows());
}

TEST_CASE("twin: each side is what the trunk alone gives for it, whatever the lengths of rows", "[model][twin]") {
  const std::string pooling = GENERATE("pooler", "mean");
  auto model = twin(bert_of("tokens_a", "tokens_b", R"(, "pooling": ")" + pooling + "\""));
  std::shared_ptr<Model> trunk;
  for (const auto& child : model->named_children()) trunk = std::dynamic_pointer_cast<Model>(child.value());
  const Batch rows = texts(), output = model->forward(rows, call_for({"first", "second"}));
  const std::pair<std::string, std::string> side("tokens_b", "tokens_a");
  CHECK(at::allclose(output.tensor("first"), trunk->forward(rows, Call()).tensor("features"), 1e-5, 1e-6));
  CHECK(at::allclose(output.tensor("second"), trunk->forward(rows.renamed({&side, 1}), Call()).tensor("features"), 1e-5, 1e-6));
}

TEST_CASE("twin: sides that change places change places in what it gives", "[model][twin]") {
  const auto there = twin(bert_of("tokens_a", "tokens_b")), back = twin(bert_of("tokens_b", "tokens_a"));
  const Batch one = there->forward(texts(), Call()), other = back->forward(texts(), Call());
  CHECK(at::allclose(one.tensor("first"), other.tensor("second"), 1e-5, 1e-6));
  CHECK(at::allclose(one.tensor("features").narrow(1, 16, 8), other.tensor("features").narrow(1, 16, 8), 1e-5, 1e-6));
}

TEST_CASE("twin: equal texts are equal in evaluation, and differ by dropout in training", "[model][twin]") {
  auto model = twin(bert_of("tokens_a", "tokens_b", R"(, "hidden_dropout": 0.3)"));
  const Batch same = testing::batch({{"tokens_a", testing::tokens({{1, 2}, {3}})}, {"tokens_b", testing::tokens({{1, 2}, {3}})}});
  const auto apart = [&](bool training) {
    const Batch output = model->forward(same, call_for({}, training));
    return output.tensor("first").sub(output.tensor("second")).abs().max().item<double>();
  };
  CHECK(apart(false) < 1e-6);
  CHECK(apart(true) > 1e-3);
}

TEST_CASE("twin: stages partition the parameters, a gradient reaches each, taps see the trunk's points", "[model][twin]") {
  auto model = twin(bert_of("tokens_a", "tokens_b"));
  require_contract(*model, texts());
  CHECK(model->stages() ==
        std::vector<std::string>{"trunk.embeddings", "trunk.encoder.layer.0", "trunk.encoder.layer.1", "trunk.pooler"});
  CHECK(points_of(*model, texts()) == std::vector<std::string>{"trunk.embeddings", "trunk.layer.0", "trunk.layer.1",
                                                               "trunk.features", "first", "second", "features"});
  CHECK(model->forward(testing::batch({{"tokens_a", testing::tokens({})}, {"tokens_b", testing::tokens({})}}), Call())
            .tensor("features")
            .sizes() == at::IntArrayRef({0, 24}));
}

TEST_CASE("twin: what does not pair up is refused", "[model][twin]") {
  const auto refusal = [](const std::string& parameters) { return message_of([&] { twin(parameters); }); };
  CHECK(refusal(R"({"trunk": {"use": "graft/mlp", "input": "x"}, "first": "x", "second": "wide"})") ==
        "[graft/twin] first and second must be alike, x is vector [5] and wide is vector [6]");
  CHECK(refusal(R"({"trunk": {"use": "graft/mlp", "input": "a"}, "first": "a", "second": "tokens_b"})") ==
        "[graft/twin] first and second must be alike, a is number and tokens_b is tokens [-1]");
  CHECK(refusal(R"({"trunk": {"use": "graft/mlp", "input": "a"}, "first": "a", "second": ["a", "b"]})") ==
        "[graft/twin] first and second must name as many columns, got 1 and 2");
  CHECK(refusal(R"({"trunk": {"use": "graft/mlp", "input": "x"}, "first": "a", "second": "b"})") ==
        "[graft/mlp] there is no column x (columns: a)");
  CHECK(refusal(R"({"trunk": {"use": "graft/identity", "input": "s"}, "first": "s", "second": "r"})") ==
        "[graft/twin] trunk must give features, one dense vector a row; it gives features (sparse)");
  CHECK(refusal(R"({"first": "a", "second": "b"})") == "parameters:1:1: [graft/twin] trunk is required");
}
