// Left out, LogME, H-score and LEEP against their definitions, and what must hold of them whatever the features.
//
//   tolerance  1e-8 relative, as tests/data/transferability.py explains; 1e-9 between two ways of ours
#include <ATen/Functions.h>
#include <torch/types.h>

#include <numeric>

#include "catch.hpp"
#include "core/data/order.hpp"
#include "core/evaluate/transferability.hpp"
#include "graft/error.hpp"
#include "graft/value.hpp"

using namespace graft;
using namespace graft::core;

namespace {

Tensor matrix(const Value& rows) {
  std::vector<double> values;
  for (const Value& row : rows.list())
    for (const Value& value : row.list()) values.push_back(value.number());
  return torch::tensor(values, at::kDouble).view({static_cast<std::int64_t>(rows.list().size()), -1});
}

Tensor numbers(const Value& list) {
  std::vector<double> values;
  for (const Value& value : list.list()) values.push_back(value.number());
  return torch::tensor(values, at::kDouble);
}

// Features whose columns differ in size, and labels that a part of them says.
struct Drawn {
  Tensor features, labels;
  Drawn(std::int64_t n, std::int64_t width, std::int64_t classes, double noise, std::uint64_t seed = 1)
      : features(at::empty({n, width}, at::kDouble)), labels(at::empty({n}, at::kLong)) {
    Rng rng(seed);
    for (std::int64_t i = 0; i < n; ++i)
      for (std::int64_t d = 0; d < width; ++d)
        features[i][d] = rng.normal() * (0.3 + static_cast<double>(d % 5)) + 0.1 * static_cast<double>(d % 3);
    for (std::int64_t i = 0; i < n; ++i) {
      const double score = features[i][0].item<double>() + features[i][1].item<double>() + noise * rng.normal();
      labels[i] =
          std::min(classes - 1, std::max<std::int64_t>(0, static_cast<std::int64_t>(score + 0.5 * static_cast<double>(classes))));
    }
  }
};

struct All {
  double left_out, logme, h_score, shrunk;
};

All all_of(const FeatureRows& rows, const Tensor& labels) {
  const Spectrum centred = rows.centred_spectrum();
  return {left_out(centred, one_vs_rest(labels)), logme(rows.spectrum(), one_vs_rest(labels)), h_score(centred, labels),
          shrunk_h_score(centred, labels)};
}

void check_same(const All& a, const All& b, double epsilon = 1e-9) {
  CHECK(a.left_out == Approx(b.left_out).epsilon(epsilon).margin(1e-9));
  CHECK(a.logme == Approx(b.logme).epsilon(epsilon));
  CHECK(a.h_score == Approx(b.h_score).epsilon(epsilon));
  CHECK(a.shrunk == Approx(b.shrunk).epsilon(epsilon));
}

Tensor rotation(std::int64_t width) { return std::get<0>(at::linalg_qr(Drawn(width, width, 2, 0, 9).features)); }

SparseRows sparse_of(const Tensor& features) {
  std::vector<std::int32_t> ids, offsets = {0};
  std::vector<float> values;
  for (std::int64_t i = 0; i < features.size(0); ++i) {
    for (std::int64_t d = 0; d < features.size(1); ++d)
      if (const auto value = features[i][d].item<float>(); value != 0)
        ids.push_back(static_cast<std::int32_t>(d)), values.push_back(value);
    offsets.push_back(static_cast<std::int32_t>(ids.size()));
  }
  return {torch::tensor(ids, at::kInt), torch::tensor(values), torch::tensor(offsets, at::kInt), features.size(1)};
}

}  // namespace

TEST_CASE("transferability: all scores equal their definitions", "[core][transferability][reference]") {
  const Value cases = read_json(GRAFT_TEST_DATA "/transferability.json");
  REQUIRE(cases.list().size() == 10);
  for (const Value& one : cases.list()) {
    CAPTURE(one.at("name").text());
    const Tensor features = matrix(one.at("features")), labels = numbers(one.at("labels"));
    const Value& expected = one.at("expected");
    const FeatureRows rows{features};
    const bool is_class = expected.find("h_score") != nullptr;
    const Tensor targets = is_class ? one_vs_rest(labels.to(at::kLong)) : labels.unsqueeze(1);
    CHECK(left_out(rows.centred_spectrum(), targets) == Approx(expected.at("left_out").number()).epsilon(1e-8));
    const double evidence = logme(rows.spectrum(), targets);
    CHECK(evidence == Approx(expected.at("logme").number()).epsilon(1e-8));
    const std::string name = one.at("name").text();
    const bool is_authors_own = name.starts_with("n > D") && name.find("mean") == std::string::npos;
    CHECK((evidence == Approx(one.at("authors").number()).epsilon(1e-2)) == is_authors_own);
    if (!is_class) continue;
    const Spectrum centred = rows.centred_spectrum();
    CHECK(h_score(centred, labels.to(at::kLong)) == Approx(expected.at("h_score").number()).epsilon(1e-8));
    CHECK(shrunk_h_score(centred, labels.to(at::kLong)) == Approx(expected.at("shrunk_h_score").number()).epsilon(1e-8));
    CHECK(leep(matrix(one.at("source")), labels.to(at::kLong)) == Approx(expected.at("leep").number()).epsilon(1e-8));
  }
}

TEST_CASE("transferability: worked out by hand", "[core][transferability]") {
  // One feature that is the class less a half: it lies between the classes alone, so that H-score is 1.
  const Tensor labels = torch::tensor({0, 0, 1, 1}, at::kLong);
  const FeatureRows rows{Column(torch::tensor({-0.5, -0.5, 0.5, 0.5}, at::kDouble).unsqueeze(1))};
  CHECK(h_score(rows.centred_spectrum(), labels) == Approx(1));
  // Values 0 and 2 in one class, 1 and 3 in the other: means 1 and 2, variance 5/4 in all, 1/4 between.
  const FeatureRows mixed{Column(torch::tensor({0.0, 2.0, 1.0, 3.0}, at::kDouble).unsqueeze(1))};
  CHECK(h_score(mixed.centred_spectrum(), labels) == Approx(0.2));
  // Of two rows each learns nothing from the other but its value: the mean of the others is as good.
  const Tensor y = torch::tensor({1.0, 3.0}, at::kDouble).unsqueeze(1);
  CHECK(left_out(FeatureRows{Column(torch::tensor({0.0, 1.0}, at::kDouble).unsqueeze(1))}.centred_spectrum(), y) ==
        Approx(0).margin(1e-9));
  CHECK(left_out(rows.centred_spectrum(), torch::ones({4, 1}, at::kDouble)) == 0);
  // A source class for each class, sure of it: P(y | z) is 1. One that knows nothing: the entropy of two equal classes.
  CHECK(leep(torch::tensor({{1.0, 0.0}, {1.0, 0.0}, {0.0, 1.0}, {0.0, 1.0}}), labels) == Approx(0).margin(1e-12));
  CHECK(leep(torch::full({4, 3}, 1.0 / 3), labels) == Approx(-std::log(2.0)));
  // Features of 0 explain nothing: y ~ N(0, mean of squares).
  CHECK(logme(FeatureRows{Column(torch::zeros({2, 1}))}.spectrum(), y) ==
        Approx(-0.5 * (std::log(5.0) + 1 + std::log(2 * M_PI))));
}

TEST_CASE("transferability: rotated, scaled or reordered features score the same", "[core][transferability]") {
  for (const std::int64_t width : {7, 90}) {
    CAPTURE(width);
    const Drawn drawn(60, width, 3, 1);
    const All plain = all_of(FeatureRows{drawn.features}, drawn.labels);
    check_same(plain, all_of(FeatureRows{drawn.features.mm(rotation(width))}, drawn.labels));
    check_same(plain, all_of(FeatureRows{drawn.features.mul(1000)}, drawn.labels));
    const std::vector<std::int64_t> order = permutation(60, Rng(4));
    check_same(plain, all_of(FeatureRows{drawn.features}.select(order), drawn.labels.index_select(0, torch::tensor(order))));
  }
}

TEST_CASE("transferability: sparse rows score as the same rows written out", "[core][transferability]") {
  for (const std::int64_t width : {20, 200}) {
    CAPTURE(width);
    Drawn drawn(50, width, 2, 1);
    drawn.features.masked_fill_(drawn.features.abs().lt(1.5), 0);
    const Tensor held = drawn.features.to(at::kFloat);
    check_same(all_of(FeatureRows{held}, drawn.labels), all_of(FeatureRows{sparse_of(held)}, drawn.labels));
  }
}

TEST_CASE("transferability: some of the rows, chosen before or after, score the same", "[core][transferability]") {
  for (const std::int64_t width : {5, 30, 80}) {  // in all rows, in half of them, in none are there more rows than columns
    CAPTURE(width);
    const Drawn drawn(50, width, 2, 1);
    std::vector<std::int64_t> half(25);
    std::iota(half.begin(), half.end(), 10);
    const Tensor labels = drawn.labels.slice(0, 10, 35);
    check_same(all_of(FeatureRows{drawn.features}.select(half), labels),
               all_of(FeatureRows{drawn.features.slice(0, 10, 35)}, labels));
  }
}

TEST_CASE("transferability: scores rise with what features say of the labels", "[core][transferability]") {
  const Drawn drawn(200, 12, 2, 0.5);
  const std::vector<std::int64_t> order = permutation(200, Rng(8));
  const Tensor shuffled = drawn.labels.index_select(0, torch::tensor(order));
  All before = all_of(FeatureRows{drawn.features}, shuffled);
  for (const double signal : {0.5, 1.0, 2.0}) {  // one column says the label, ever louder over noise of size 1
    CAPTURE(signal);
    Tensor features = drawn.features.clone();
    features.select(1, 0).div_(0.3).add_(shuffled.to(at::kDouble).sub(0.5).mul(2 * signal));
    const All now = all_of(FeatureRows{features}, shuffled);
    CHECK(now.left_out > before.left_out);
    CHECK(now.logme > before.logme);
    CHECK(now.h_score > before.h_score);
    CHECK(now.shrunk > before.shrunk);
    before = now;
  }
}

TEST_CASE("transferability: a row with a huge feature of its own tells nothing of the others", "[core][transferability]") {
  const Drawn drawn(60, 6, 2, 0.5);
  const auto score = [&](const Tensor& features) {
    return left_out(FeatureRows{features}.centred_spectrum(), one_vs_rest(drawn.labels));
  };
  Tensor own = torch::zeros({60, 1}, at::kDouble);
  own[7][0] = 1e4;
  CHECK(score(at::cat({drawn.features, own}, 1)) == Approx(score(drawn.features)).margin(0.02));
}

TEST_CASE("transferability: rank n - 1 tells all classes apart, whatever the features", "[core][transferability]") {
  const Drawn drawn(40, 60, 4, 5);
  CHECK(h_score(FeatureRows{drawn.features}.centred_spectrum(), drawn.labels) == Approx(3));
  CHECK(shrunk_h_score(FeatureRows{drawn.features}.centred_spectrum(), drawn.labels) < 2.5);
}

TEST_CASE("transferability: features that are the label score finitely, and a class without rows counts for nothing",
          "[core][transferability]") {
  const Drawn drawn(50, 4, 2, 1);
  Tensor leaked = drawn.features.clone();
  leaked.select(1, 2).copy_(drawn.labels);
  leaked.select(1, 3).fill_(1);
  const double sure = logme(FeatureRows{leaked}.spectrum(), one_vs_rest(drawn.labels));
  CHECK(std::isfinite(sure));
  CHECK(sure > 5);
  check_same(all_of(FeatureRows{drawn.features}, drawn.labels), all_of(FeatureRows{drawn.features}, drawn.labels.mul(3)), 1e-12);
}

TEST_CASE("transferability: what is not one finite vector a row is refused", "[core][transferability][bad]") {
  const auto refused = [](Column features) { return message_of([&] { FeatureRows rows(features); }); };
  CHECK(refused(torch::zeros({3, 2, 2})) == "[rank] features must be one vector a row: a tensor [rows, width] or sparse rows");
  CHECK(refused(torch::zeros({0, 2})) == "[rank] features must have rows, got none");
  Tensor holed = torch::zeros({3, 2});
  holed[1][0] = std::nan("");
  CHECK(refused(holed) == "[rank] features must be finite, but those of row 1 hold NaN or infinity");
}
