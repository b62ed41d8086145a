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
  CHECK(refusal(R"({"input": ["s", "a"]})") == "[graft/identity] a sparse column must be the only input, s is one of 2");
  CHECK(refusal(R"({"input": "c"})") == "[graft/identity] column c must be number, integer or vector, is class");
}
