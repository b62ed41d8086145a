// What the tests of all metrics share: making one, and feeding it rows.
#pragma once

#include <ATen/ops/empty.h>
#include <ATen/ops/stack.h>
#include <ATen/ops/tensor.h>

#include <cmath>

#include "catch.hpp"
#include "graft/metric.hpp"
#include "graft/rng.hpp"
#include "graft/testing.hpp"

namespace metric_test {

using namespace graft;
using Rows = std::pair<Batch, Batch>;  // predictions, truth

inline std::shared_ptr<Metric> make(const std::string& name, const std::string& parameters = "{}") {
  static const testing::Plugin plugin(GRAFT_PLUGIN_DIR "/graft_metric.so");
  return plugin.make<Metric>("graft/" + name, parameters);
}

inline std::vector<std::string> class_names(int classes) {
  std::vector<std::string> names;
  for (int c = 0; c < classes; ++c) names.push_back("class" + std::to_string(c));
  return names;
}

inline std::shared_ptr<Metric> for_classes(const std::string& name, int classes, const std::string& parameters = "{}") {
  auto metric = make(name, parameters);
  metric->build({{"label", FieldKind::kClass, {}, class_names(classes)},
                 {"probability", FieldKind::kSoftClass, {classes}, class_names(classes)}},
                {"truth", FieldKind::kClass, {}, class_names(classes)});
  return metric;
}

inline std::shared_ptr<Metric> for_numbers(const std::string& name) {
  auto metric = make(name);
  metric->build({{"value", FieldKind::kNumber, {}, {}}}, {"truth", FieldKind::kNumber, {}, {}});
  return metric;
}

inline Rows classes(std::initializer_list<std::int64_t> predicted, std::initializer_list<std::int64_t> truth) {
  return {testing::batch({{"label", testing::integers(predicted)}}), testing::batch({{"truth", testing::integers(truth)}})};
}

inline Rows probabilities(std::initializer_list<std::initializer_list<double>> predicted,
                          std::initializer_list<std::int64_t> truth) {
  return {testing::batch({{"probability", testing::matrix(predicted)}}), testing::batch({{"truth", testing::integers(truth)}})};
}

// Two classes, from the probability of the second.
inline Rows seconds(const std::vector<double>& second, std::initializer_list<std::int64_t> truth) {
  const Tensor p = at::tensor(second, at::kFloat);
  return {testing::batch({{"probability", at::stack({p.neg().add(1), p}, 1)}}),
          testing::batch({{"truth", testing::integers(truth)}})};
}

inline Rows numbers(std::initializer_list<double> predicted, std::initializer_list<double> truth) {
  return {testing::batch({{"value", testing::numbers(predicted)}}), testing::batch({{"truth", testing::numbers(truth)}})};
}

inline double value(const std::shared_ptr<Metric>& metric, const Rows& rows) {
  metric->update(rows.first, rows.second);
  return metric->value();
}

// [rows, 3] float distributions over a few values, so that some are equal.
inline Tensor drawn_probabilities(Rng rng, int rows) {
  const Tensor counts = at::empty({rows, 3}, at::kDouble);
  for (int i = 0; i < 3 * rows; ++i) counts.mutable_data_ptr<double>()[i] = static_cast<double>(rng.below(4)) + 0.5;
  return counts.div(counts.sum(1, true)).to(at::kFloat);
}

inline Rows drawn(bool of_classes, std::uint64_t seed, int rows) {
  Rng rng(seed);
  std::vector<std::int64_t> ids(rows);
  Tensor predicted =
      of_classes ? testing::integers({0}).expand({rows}).contiguous() : testing::numbers({0}).expand({rows}).contiguous();
  Tensor truth = predicted.clone();
  for (int i = 0; i < rows; ++i) {
    ids[i] = i;
    if (of_classes) {
      predicted.mutable_data_ptr<std::int64_t>()[i] = rng.below(3);
      truth.mutable_data_ptr<std::int64_t>()[i] = rng.below(4) < 1 ? kMissingClass : rng.below(3);
    } else {
      predicted.mutable_data_ptr<double>()[i] = std::round(4 * rng.normal()) / 4;
      truth.mutable_data_ptr<double>()[i] = rng.below(4) < 1 ? NAN : rng.normal();
    }
  }
  Rows both{Batch(ids), Batch(ids)};
  both.first.set(of_classes ? "label" : "value", predicted);
  if (of_classes) both.first.set("probability", drawn_probabilities(rng.fork("probability"), rows));
  both.second.set("truth", truth);
  return both;
}

// The contract of the kind: in range, merge equals whole, nothing seen is NaN, missing labels do not count.
inline void check_contract(const std::function<std::shared_ptr<Metric>()>& made, bool of_classes, double low, double high) {
  CHECK(std::isnan(made()->value()));
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const auto [predicted, truth] = drawn(of_classes, seed, 60);
    const auto whole = made(), first = made(), second = made(), none = made();
    whole->update(predicted, truth);
    std::vector<std::int64_t> head, tail;
    for (std::int64_t i = 0; i < 60; ++i) (i < 13 ? head : tail).push_back(i);
    first->update(predicted.select(head), truth.select(head));
    second->update(predicted.select(tail), truth.select(tail));
    first->merge(*second);
    first->merge(*none);
    CHECK(first->value() == Approx(whole->value()).epsilon(1e-13).margin(1e-15));
    none->merge(*whole);
    CHECK(none->value() == Approx(whole->value()).epsilon(1e-13).margin(1e-15));
    CHECK(whole->value() >= low);
    CHECK(whole->value() <= high);
    std::vector<std::int64_t> known;
    const Tensor label = truth.tensor("truth");
    for (std::int64_t i = 0; i < 60; ++i)
      if (of_classes ? label[i].item<std::int64_t>() != kMissingClass : !std::isnan(label[i].item<double>())) known.push_back(i);
    const auto clean = made();
    clean->update(predicted.select(known), truth.select(known));
    CHECK(clean->value() == whole->value());
  }
}

inline Tensor matrix_of(const Value& rows) {  // [B, C] float
  std::vector<double> values;
  for (const Value& row : rows.list())
    for (const Value& item : row.list()) values.push_back(item.number());
  return at::tensor(values, at::kFloat).view({static_cast<std::int64_t>(rows.list().size()), -1});
}

// What the reference file says of `metric` ("f1 macro"), against what `make` gives, for every case of `group`.
inline void check_reference(const std::string& group, const std::string& expected, const std::string& name,
                            const std::string& parameters = "{}", const std::string& file = "metrics.json") {
  const Value cases = read_json(GRAFT_TEST_DATA "/" + file);
  int checked = 0;
  for (const Value& one : cases.at(group).list()) {
    const Value* reference = one.at("expected").find(expected);
    if (!reference) continue;
    const bool of_classes = group == "class";
    const auto metric =
        of_classes ? for_classes(name, static_cast<int>(one.at("classes").integer()), parameters) : for_numbers(name);
    std::vector<std::int64_t> ids(one.at("truth").list().size());
    for (std::size_t i = 0; i < ids.size(); ++i) ids[i] = static_cast<std::int64_t>(i);
    auto column = [&](const char* key) {
      Tensor tensor = of_classes ? testing::integers({0}) : testing::numbers({0});
      tensor = tensor.expand({static_cast<std::int64_t>(ids.size())}).contiguous();
      for (std::size_t i = 0; i < ids.size(); ++i) {
        const Value& item = one.at(key).list()[i];
        if (of_classes)
          tensor.mutable_data_ptr<std::int64_t>()[i] = item.integer();
        else
          tensor.mutable_data_ptr<double>()[i] = item.number();
      }
      return tensor;
    };
    Batch predicted(ids), truth(ids);
    predicted.set(of_classes ? "label" : "value", column("predicted"));
    if (const Value* rows = one.find("probability")) predicted.set("probability", matrix_of(*rows));
    truth.set("truth", column("truth"));
    metric->update(predicted, truth);
    INFO(name << " " << parameters << " case " << checked);
    CHECK(metric->value() == Approx(reference->number()).epsilon(1e-12).margin(1e-15));
    ++checked;
  }
  CHECK(checked > 0);
}

}  // namespace metric_test
