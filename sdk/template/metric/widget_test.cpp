#include <graft/metric.hpp>
#include <graft/testing.hpp>

#include <cmath>

#include "catch.hpp"

using namespace graft;

namespace {

const Schema kPredictions = {{"value", FieldKind::kNumber, {}, {}}};
const Field kTarget = {"stars", FieldKind::kNumber, {}, {}};

std::shared_ptr<Metric> made(const std::string& parameters = "{}", const Schema& predictions = kPredictions,
                             const Field& target = kTarget) {
  static const testing::Plugin plugin(ACME_WIDGET_PLUGIN);
  auto metric = plugin.make<Metric>("acme/widget", parameters);
  metric->build(predictions, target);
  return metric;
}

void update(Metric& metric, Tensor predicted, Tensor truth) {
  metric.update(testing::batch({{"value", std::move(predicted)}}), testing::batch({{"stars", std::move(truth)}}));
}

}  // namespace

TEST_CASE("widget: by hand; the tolerance itself is within, a missing label does not count", "[widget]") {
  auto metric = made(R"({"tolerance": 0.5})");
  CHECK(std::isnan(metric->value()));
  update(*metric, testing::numbers({1, 2, 3, 4, 5}), testing::numbers({1.5, 2.6, 3, 3.4, std::nan("")}));
  CHECK(metric->value() == 0.5);
  CHECK(metric->higher_is_better());
}

TEST_CASE("widget: parts merged are the whole", "[widget]") {
  auto first = made(), second = made(), whole = made();
  update(*first, testing::numbers({0, 5}), testing::numbers({0, 0}));
  update(*second, testing::numbers({1}), testing::numbers({1}));
  update(*whole, testing::numbers({0, 5, 1}), testing::numbers({0, 0, 1}));
  first->merge(*second);
  CHECK(first->value() == whole->value());
}

TEST_CASE("widget: a wider tolerance takes in no less", "[widget]") {
  double before = 0;
  for (const char* tolerance : {"0", "0.1", "1", "10"}) {
    auto metric = made(std::string(R"({"tolerance": )") + tolerance + "}");
    update(*metric, testing::numbers({0, 1, 2, 3}), testing::numbers({0, 1.05, 2.5, 9}));
    CHECK(metric->value() > before);
    before = metric->value();
  }
}

TEST_CASE("widget: what it cannot count it refuses", "[widget]") {
  CHECK(message_of([] { made("{}", kPredictions, {"kind", FieldKind::kClass, {}, {"a", "b"}}); }) ==
        "[acme/widget] column kind must be number or integer, is class");
}
