// What the tests of metrics on label sets share.
#pragma once

#include "metric_test_case.hpp"

namespace metric_test {

// [B, C] 0 or 1 of a text a row, "101"; "?" is missing.
inline Tensor sets_of(std::initializer_list<std::string> rows) {
  std::vector<Tensor> all;
  for (const std::string& row : rows) {
    std::vector<float> set;
    for (char c : row) set.push_back(c == '?' ? NAN : static_cast<float>(c - '0'));
    all.push_back(at::tensor(set));
  }
  return at::stack(all);
}

inline std::shared_ptr<Metric> for_sets(const std::string& name, int classes, const std::string& parameters = "{}") {
  auto metric = make(name, parameters);
  metric->build({{"label", FieldKind::kLabelSet, {classes}, class_names(classes)},
                 {"probability", FieldKind::kLabelSet, {classes}, class_names(classes)}},
                {"truth", FieldKind::kLabelSet, {classes}, class_names(classes)});
  return metric;
}

inline Rows sets(const Tensor& predicted, const Tensor& truth) {
  return {testing::batch({{"label", predicted}, {"probability", predicted.clone()}}), testing::batch({{"truth", truth}})};
}

// Sets of 3 classes with a few missing entries, and probabilities over a few values.
inline Rows drawn_sets(std::uint64_t seed, int rows) {
  Rng rng(seed);
  std::vector<float> truth, label, probability;
  for (int i = 0; i < 3 * rows; ++i) {
    truth.push_back(rng.below(8) == 0 ? NAN : static_cast<float>(rng.below(2)));
    probability.push_back(static_cast<float>(rng.below(9)) / 8);
    label.push_back(static_cast<float>(probability.back() > 0.5F));
  }
  const auto matrix = [&](const std::vector<float>& values) { return at::tensor(values).view({rows, 3}); };
  return {testing::batch({{"label", matrix(label)}, {"probability", matrix(probability)}}),
          testing::batch({{"truth", matrix(truth)}})};
}

// In range, merge equals whole, nothing seen is NaN, rows without labels do not count.
inline void check_set_contract(const std::string& name, const std::string& parameters = "{}") {
  const auto made = [&] { return for_sets(name, 3, parameters); };
  CHECK(std::isnan(made()->value()));
  CHECK(std::isnan(value(made(), sets(sets_of({"101"}), sets_of({"???"})))));
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const auto [predicted, truth] = drawn_sets(seed, 60);
    const auto whole = made(), first = made(), second = made();
    whole->update(predicted, truth);
    std::vector<std::int64_t> head, tail;
    for (std::int64_t i = 0; i < 60; ++i) (i < 13 ? head : tail).push_back(i);
    first->update(predicted.select(head), truth.select(head));
    second->update(predicted.select(tail), truth.select(tail));
    first->merge(*second);
    first->merge(*made());
    CHECK(first->value() == Approx(whole->value()).epsilon(1e-13));
    CHECK(whole->value() >= 0);
    CHECK(whole->value() <= 1);
  }
}

// What scikit-learn says of `metric` ("f1 macro") in every case of label_sets.json.
inline void check_set_reference(const std::string& expected, const std::string& name, const std::string& parameters = "{}") {
  const Value cases = read_json(GRAFT_TEST_DATA "/label_sets.json");
  for (const Value& one : cases.at("metrics").list()) {
    const auto metric = for_sets(name, static_cast<int>(one.at("classes").integer()), parameters);
    metric->update(testing::batch({{"label", matrix_of(one.at("label"))}, {"probability", matrix_of(one.at("probability"))}}),
                   testing::batch({{"truth", matrix_of(one.at("truth"))}}));
    INFO(expected);
    CHECK(metric->value() == Approx(one.at("expected").at(expected).number()).epsilon(1e-12));
  }
}

}  // namespace metric_test
