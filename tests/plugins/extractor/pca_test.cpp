#include "step_case.hpp"

using namespace graft;

namespace {
constexpr const char* kUse = "graft/pca";
Tensor mixed() { return table_of(reference("table_steps").at("mixed")); }
}  // namespace

TEST_CASE("pca: rows along a diagonal lie along it", "[extractor][pca]") {
  const Tensor x = testing::matrix({{0, 0}, {1, 1}, {2, 2}});
  const Tensor along = transformed(*fitted_step(kUse, x, R"("n_components": 1)"), x).squeeze(1);
  CHECK(at::allclose(along, testing::numbers({-1, 0, 1}) * std::sqrt(2.0), 1e-12, 1e-12));
}

TEST_CASE("pca: components are those of scikit-learn's PCA, signs included", "[extractor][pca]") {
  const Value expected = reference("table_steps");
  CHECK(largest_difference(transformed(*fitted_step(kUse, mixed(), R"("n_components": 3)"), mixed()),
                           table_of(expected.at("pca"))) < 1e-9);
  CHECK(largest_difference(transformed(*fitted_step(kUse, mixed(), R"("n_components": 3, "whiten": true)"), mixed()),
                           table_of(expected.at("pca_white"))) < 1e-9);
}

TEST_CASE("pca: all components keep every distance, and vary less one after the other", "[extractor][pca]") {
  const Tensor made = transformed(*fitted_step(kUse, mixed(), R"("n_components": 5)"), mixed());
  CHECK(at::allclose(at::pdist(made), at::pdist(mixed()), 1e-10, 1e-12));
  CHECK(made.var(0).diff().le(0).all().item<bool>());
  CHECK(made.mean(0).abs().max().item<double>() < 1e-12);
}

TEST_CASE("pca: refusals name the rule and the value", "[extractor][pca]") {
  const auto fit = [](const Tensor& x, const char* more) { return message_of([&] { fitted_step(kUse, x, more); }); };
  CHECK(fit(testing::matrix({{1, 2}, {3, 4}}), R"("n_components": 3)") ==
        "[graft/pca] n_components must be at most the features and the training rows, 2, got 3");
  CHECK(message_of([] { step_of(kUse, R"("n_components": 3)")->outputs({{"x", FieldKind::kVector, {2}, {}}}); }) ==
        "[graft/pca] n_components must be at most the features, 2, got 3");
  CHECK(
      fit(testing::matrix({{1, NAN}, {3, 4}}), R"("n_components": 1)") ==
      "[graft/pca] feature 1 must have no missing value, has one in a training row (a step impute before this one fills it in)");
  const auto fitted = fitted_step(kUse, testing::matrix({{1, 2}, {3, 4}}), R"("n_components": 1)");
  CHECK(message_of([&] { transformed(*fitted, testing::matrix({{1, NAN}})); }) ==
        "[graft/pca] column x[1] must have no missing value (a step impute before this one fills it in)");
  CHECK(message_of([] { step_of(kUse); }) == "parameters:1:1: [graft/pca] n_components is required");
}

TEST_CASE("pca: keeps the contract of steps", "[extractor][pca]") { check_contract(kUse, mixed(), R"("n_components": 2)"); }
