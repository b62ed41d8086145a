#include <torch/types.h>

#include "catch.hpp"
#include "graft/model.hpp"
#include "graft/testing.hpp"

using namespace graft;

namespace {

const Schema kInputs = {{"a", FieldKind::kNumber, {}, {}},
                        {"n", FieldKind::kInteger, {}, {}},
                        {"v", FieldKind::kVector, {2}, {}},
                        {"s", FieldKind::kSparse, {3}, {}},
                        {"c", FieldKind::kClass, {}, {"x", "y"}}};

std::shared_ptr<Model> make(const std::string& parameters) {
  static const testing::Plugin plugin(GRAFT_PLUGIN_DIR "/graft_model.so");
  return plugin.make<Model>("graft/identity", parameters);
}

}  // namespace

TEST_CASE("identity: columns become features, side by side in the order asked for", "[model][identity]") {
  auto model = make(R"({"input": ["v", "n", "a"]})");
  const Schema schema = model->build(kInputs, Rng(1));
  CHECK((schema == Schema{{"features", FieldKind::kVector, {4}, {}}}));
  const Batch batch = testing::batch(
      {{"a", testing::numbers({0.5, 1})}, {"n", testing::integers({7, 8})}, {"v", testing::matrix({{1, 2}, {3, 4}})}});
  const Batch output = model->forward(batch, Call());
  CHECK(at::equal(output.tensor("features"), testing::matrix({{1, 2, 7, 0.5}, {3, 4, 8, 1}})));
  CHECK(output.row_ids()[1] == 1);
  CHECK(model->parameters().empty());
}

TEST_CASE("identity: a sparse column stays sparse", "[model][identity]") {
  auto model = make(R"({"input": "s"})");
  CHECK((model->build(kInputs, Rng(1)) == Schema{{"features", FieldKind::kSparse, {3}, {}}}));
  const SparseRows rows{at::tensor(std::vector<int>{1}, at::kInt), at::ones({1}), at::tensor(std::vector<int>{0, 1}, at::kInt),
                        3};
  const Batch output = model->forward(testing::batch({{"s", rows}}), Call());
  CHECK(output.sparse("features").values.is_same(rows.values));
}

TEST_CASE("identity: sparse, vector and number columns make one sparse row, in order", "[model][identity]") {
  auto model = make(R"({"input": ["v", "s", "a", "s"]})");
  CHECK((model->build(kInputs, Rng(1)) == Schema{{"features", FieldKind::kSparse, {9}, {}}}));
  const SparseRows rows{at::tensor(std::vector<int>{2, 0, 1}, at::kInt), testing::matrix({{5, 6, 7}}).squeeze(0),
                        at::tensor(std::vector<int>{0, 1, 1, 3}, at::kInt), 3};
  const Batch batch =
      testing::batch({{"v", testing::matrix({{1, 0}, {0, 0}, {0, 2}})}, {"s", rows}, {"a", testing::numbers({0, 0, 3})}});
  const SparseRows made = model->forward(batch, Call()).sparse("features");
  CHECK(at::equal(made.offsets, at::tensor(std::vector<int>{0, 3, 3, 9}, at::kInt)));
  CHECK(at::equal(made.ids, at::tensor(std::vector<int>{0, 4, 8, 1, 2, 3, 5, 6, 7}, at::kInt)));
  CHECK(at::equal(made.values, testing::matrix({{1, 5, 5, 2, 6, 7, 3, 6, 7}}).squeeze(0)));
  CHECK(made.width == 9);
}

TEST_CASE("identity: a tap sees and may replace dense features", "[model][identity]") {
  auto model = make(R"({"input": "a"})");
  model->build(kInputs, Rng(1));
  Call::Options options;
  options.tap = [](std::string_view point, const Tensor& value) { return point == "features" ? value.mul(10) : value; };
  CHECK(at::equal(model->forward(testing::batch({{"a", testing::numbers({1, 2})}}), Call(options)).tensor("features"),
                  testing::matrix({{10}, {20}})));
}

TEST_CASE("identity: what it cannot pass on it refuses", "[model][identity]") {
  const auto refusal = [](const std::string& parameters) {
    return message_of([&] { make(parameters)->build(kInputs, Rng(1)); });
  };
  CHECK(refusal(R"({"input": "c"})") == "[graft/identity] column c must be number, integer or vector, is class");
  CHECK(refusal(R"({"input": ["s", "c"]})") == "[graft/identity] column c must be number, integer, vector or sparse, is class");
  auto model = make(R"({"input": ["s", "a"]})");
  model->build(kInputs, Rng(1));
  const SparseRows none{at::zeros({0}, at::kInt), at::zeros({0}), at::zeros({2}, at::kInt), 3};
  CHECK(message_of([&] { model->forward(testing::batch({{"s", none}, {"a", testing::numbers({NAN})}}), Call()); }) ==
        "[graft/identity] column a must have no missing number, but has one in row 0: drop such rows or fill them in (a step "
        "impute)");
}
