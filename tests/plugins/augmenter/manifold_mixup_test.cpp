#include <cmath>
#include <set>

#include "hidden_case.hpp"

using namespace graft;

namespace {

const Schema kSchema = {{"label", FieldKind::kClass, {}, {"no", "yes"}}};

Batch labelled() { return testing::batch({{"label", testing::integers({0, 1, 1, kMissingClass})}}); }

std::shared_ptr<Augmenter> mixup(const std::string& more = "") {
  auto step =
      augmenters().make<Augmenter>("graft/manifold_mixup", R"({"label": "label")" + (more.empty() ? "" : ", " + more) + "}");
  step->fit(testing::Rows(kSchema, labelled()));
  return step;
}

// The row's own share, read off labels that differ from the next row's.
double share_of_first(const Batch& mixed) { return mixed.tensor("label")[0][0].item<double>(); }

}  // namespace

TEST_CASE("manifold_mixup: hidden rows and labels are mixed by the same shares", "[augmenter][manifold_mixup]") {
  Batch batch = labelled();
  const Tap tap = mixup("\"alpha\": 1")->augment(batch, Rng(4));
  const Tensor value = testing::matrix({{1, 0}, {0, 1}, {0, 8}, {5, 5}}), mixed = tap("features", value);
  const double share = share_of_first(batch);
  CHECK((share > 0 && share < 1));
  CHECK(mixed[0].allclose(at::tensor({share, 1 - share}, at::kFloat), 1e-6, 1e-6));
  CHECK(batch.tensor("label")[0].allclose(at::tensor({share, 1 - share}, at::kFloat), 1e-6, 1e-6));
  CHECK(mixed[1][0].item<double>() == 0);
  CHECK(batch.tensor("label")[1].allclose(at::tensor({0.0, 1.0}, at::kFloat), 1e-6, 1e-6));
  // The third row's partner and the fourth row itself have no label.
  CHECK(mixed.slice(0, 2, 4).equal(value.slice(0, 2, 4)));
}

TEST_CASE("manifold_mixup: at the input of a linear head it is mixup, as graft/mixup does it", "[augmenter][manifold_mixup]") {
  const Schema schema = {kSchema[0], {"x", FieldKind::kVector, {2}, {}}};
  const Tensor value = testing::matrix({{1, 2}, {3, 4}, {5, 6}, {7, 8}});
  Batch batch = labelled(), same = batch;
  same.set("x", value);
  const auto plain = augmenters().make<Augmenter>("graft/mixup", R"({"columns": "x", "label": "label", "alpha": 0.7})");
  plain->fit(testing::Rows(schema, same));
  plain->augment(same, Rng(9));
  const Tap tap = mixup("\"alpha\": 0.7")->augment(batch, Rng(9));
  CHECK(tap("features", value).equal(same.tensor("x")));
  CHECK(batch.tensor("label").equal(same.tensor("label")));
}

TEST_CASE("manifold_mixup: each batch is mixed at one of the points, all equally often", "[augmenter][manifold_mixup]") {
  const auto step = mixup(R"("points": ["hidden.0", "features"], "alpha": 1)");
  const Tensor value = testing::matrix({{1, 0}, {0, 1}, {0, 8}, {5, 5}});
  int first = 0;
  for (std::uint64_t key = 0; key < 1000; ++key) {
    Batch batch = labelled();
    const Tap tap = step->augment(batch, Rng(key));
    const bool at_first = !tap("hidden.0", value).equal(value), at_last = !tap("features", value).equal(value);
    REQUIRE(at_first != at_last);
    first += at_first;
  }
  CHECK(std::abs(first - 500) < 4.5 * std::sqrt(250));
}

TEST_CASE("manifold_mixup: pictures between convolutions are mixed whole", "[augmenter][manifold_mixup]") {
  Batch batch = labelled();
  const Tap tap = mixup(R"("points": ["blocks.0"], "alpha": 1)")->augment(batch, Rng(4));
  const Tensor value = at::arange(4 * 2 * 3 * 3, at::kFloat).view({4, 2, 3, 3});
  const double share = share_of_first(batch);
  CHECK(tap("blocks.0", value)[0].allclose(value[0].mul(share).add(value[1].mul(1 - share)), 1e-5, 1e-5));
}

TEST_CASE("manifold_mixup: refusals name the rule and the value", "[augmenter][manifold_mixup]") {
  CHECK(message_of([] { mixup("\"alpha\": 3"); }).ends_with("[graft/manifold_mixup] alpha must be <= 2, got 3"));
  CHECK(message_of([] {
          mixup()->outputs({{"label", FieldKind::kText, {}, {}}});
        }).starts_with("[graft/manifold_mixup] column label must be class"));
  CHECK(message_of([] {
          Batch batch = labelled();
          mixup()->augment(batch, Rng(1))("features", at::zeros({9, 2}));
        }) == "[graft/manifold_mixup] the point has 9 rows, the batch 4: name one with a row for each, like features");
}

TEST_CASE("manifold_mixup: keeps the contract of taps", "[augmenter][manifold_mixup]") {
  keeps_the_contract_of_taps(*mixup("\"alpha\": 1"), labelled(), testing::matrix({{1, 0}, {0, 1}, {0, 8}, {5, 5}}), "features");
}
