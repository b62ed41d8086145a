#include <ATen/ops/allclose.h>
#include <ATen/ops/equal.h>
#include <graft/extractor.hpp>
#include <graft/testing.hpp>

#include <cmath>

#include "catch.hpp"

using namespace graft;

namespace {

const Schema kInputs = {{"a", FieldKind::kNumber, {}, {}}, {"n", FieldKind::kInteger, {}, {}}, {"t", FieldKind::kText, {}, {}}};

std::shared_ptr<Extractor> made(const std::string& parameters) {
  static const testing::Plugin plugin(ACME_WIDGET_PLUGIN);
  return plugin.make<Extractor>("acme/widget", parameters, "scaled");
}

Batch rows() {
  return testing::batch({{"a", testing::numbers({10, 2, 4, 1000, std::nan("")})}, {"n", testing::integers({7, 7, 7, 7, 7})}});
}

std::shared_ptr<Extractor> fitted() {
  auto extractor = made(R"({"columns": ["a", "n"]})");
  extractor->fit(testing::Rows({kInputs[0], kInputs[1]}, rows()));
  return extractor;
}

Tensor scaled(const Extractor& extractor) {
  Batch batch = rows();
  extractor.transform(batch);
  return batch.tensor("scaled");
}

}  // namespace

TEST_CASE("widget: by hand, with an outlier, a missing number and a constant column", "[widget]") {
  // 2 4 10 1000: median 7; quartiles 2 + 0.75 * 2 = 3.5 and 10 + 0.25 * 990 = 257.5
  const Tensor wanted = testing::matrix({{3, 0}, {-5, 0}, {-3, 0}, {993, 0}, {0, 0}}).to(at::kDouble);
  CHECK(at::allclose(scaled(*fitted()), wanted.div(testing::numbers({254, 1}))));
}

TEST_CASE("widget: what is restored transforms the same", "[widget]") {
  auto restored = made(R"({"columns": ["a", "n"]})");
  restored->restore(fitted()->state());
  CHECK(at::equal(scaled(*restored), scaled(*fitted())));
}

TEST_CASE("widget: the unit of a column does not matter", "[widget]") {
  auto extractor = made(R"({"columns": "a"})");
  const Batch metres = rows();
  Batch feet = testing::batch({{"a", metres.tensor("a").mul(3.281).add(5)}});
  extractor->fit(testing::Rows({kInputs[0]}, feet));
  extractor->transform(feet);
  CHECK(at::allclose(feet.tensor("scaled"), scaled(*fitted()).narrow(1, 0, 1)));
}

TEST_CASE("widget: what it cannot do it refuses", "[widget]") {
  CHECK(message_of([] { made(R"({"columns": "t"})")->outputs(kInputs); }) ==
        "[acme/widget] column t must be number or integer, is text");
  CHECK(message_of([] { scaled(*made(R"({"columns": "a"})")); }) ==
        "[acme/widget] transform needs medians: call fit or restore first");
  const Batch none = testing::batch({{"a", testing::numbers({std::nan("")})}});
  CHECK(message_of([&] { made(R"({"columns": "a"})")->fit(testing::Rows({kInputs[0]}, none)); }) ==
        "[acme/widget] column a must have a value in the training rows, has none");
}
