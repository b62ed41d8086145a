#include <ATen/ops/allclose.h>
#include <ATen/ops/equal.h>
#include <graft/head.hpp>
#include <graft/testing.hpp>
#include <graft/weights.hpp>

#include <cmath>

#include "catch.hpp"

using namespace graft;

namespace {

const Schema kFeatures = {{"features", FieldKind::kVector, {2}, {}}};
const Schema kData = {{"visits", FieldKind::kNumber, {}, {}}, {"t", FieldKind::kText, {}, {}}};

Batch rows() { return testing::batch({{"visits", testing::numbers({2, 0, std::nan("")})}}); }

std::shared_ptr<Head> made(const std::string& target = "visits") {
  static const testing::Plugin plugin(ACME_WIDGET_PLUGIN);
  auto head = plugin.make<Head>("acme/widget", R"({"target": ")" + target + "\"}");
  head->build(kFeatures, kData, Rng(1));
  return head;
}

void fit(Head& head, const Batch& batch) { head.fit(testing::Rows({kData[0]}, batch)); }

Scores scores(Head& head) {
  return head.forward(testing::batch({{"features", testing::matrix({{1, 2}, {0, 1}, {3, 3}})}}), Call());
}

}  // namespace

TEST_CASE("widget: losses by hand; a missing label counts for nothing", "[widget]") {
  auto head = made();
  Tensor weight = head->named_parameters()["linear.weight"];
  write_parameter(weight, testing::matrix({{1, -1}}));
  const RowLoss loss = head->loss(scores(*head), rows());
  // scores -1, -1, 0: exp(-1) - 2 * -1 and exp(-1) - 0
  const double e = std::exp(-1);
  CHECK(at::allclose(loss.value, testing::numbers({e + 2, e, 0}).to(at::kFloat)));
  CHECK(at::equal(loss.weight, testing::numbers({1, 1, 0}).to(at::kFloat)));
}

TEST_CASE("widget: before training it predicts the mean count", "[widget]") {
  auto head = made();
  fit(*head, rows());
  CHECK(at::allclose(head->predict(scores(*head), rows()).tensor("value"), testing::numbers({1, 1, 1})));
}

TEST_CASE("widget: the loss is least where the prediction is the count", "[widget]") {
  const auto head = made();
  const auto loss = [&](double mean) {
    return head->loss({testing::numbers({std::log(mean), 0, 0}).to(at::kFloat), {}}, rows()).value[0].item<double>();
  };
  CHECK(loss(2) < loss(1.9));
  CHECK(loss(2) < loss(2.1));
}

TEST_CASE("widget: what it cannot do it refuses", "[widget]") {
  CHECK(message_of([] { made("t"); }) == "[acme/widget] column t must be number or integer, is text");
  CHECK(message_of([] { fit(*made(), testing::batch({{"visits", testing::numbers({1, -2})}})); }) ==
        "[acme/widget] target visits must be >= 0, is -2.000000 in a training row");
  CHECK(message_of([] { fit(*made(), testing::batch({{"visits", testing::numbers({0})}})); }) ==
        "[acme/widget] target visits must be above 0 in some training row, is in none");
}
