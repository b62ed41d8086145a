#include <ATen/Functions.h>

#include "core/conformance/compare.hpp"
#include "core/conformance/host_parts.hpp"
#include "core/conformance/subject.hpp"
#include "graft/augmenter.hpp"
#include "graft/balancer.hpp"
#include "graft/extractor.hpp"
#include "graft/head.hpp"
#include "graft/metric.hpp"
#include "graft/model.hpp"
#include "graft/source.hpp"
#include "graft/task.hpp"
#include "graft/testing.hpp"

namespace graft::core::conformance {
namespace {

constexpr std::int64_t kLosses = 3;

template <class Interface>
std::shared_ptr<Interface> as(const std::shared_ptr<void>& object) {
  return std::static_pointer_cast<Interface>(object);
}

Batch one(const Tensor& value) {
  Batch batch(numbers_to(1));
  batch.set("value", value.detach().reshape({1, -1}));
  return batch;
}

void prepared_head(Subject& subject, Head& head, const Table& data) {
  subject.call("build", [&] { head.build(subject.features.schema, data.schema, Rng(subject.seed)); });
  subject.call("fit", [&] { head.fit(testing::Rows(data.schema, data.rows)); });
}

Batch asked_head(Subject& subject, Head& head, const Table& data, std::uint64_t seed) {
  const Scores scores = subject.call("forward", [&] { return head.forward(make_features(kRows, seed).rows, Call()); });
  return copy_of(subject.call("predict", [&] { return head.predict(scores, data.rows); }));
}

void prepared_metric(Subject& subject, Metric& metric, std::uint64_t seed) {
  const std::vector<Predicted> accepted = accepted_predictions(subject, seed);
  if (accepted.empty()) skip("its build() takes no kind of prediction that heads of graft make");
  const Predicted& given = accepted.front();
  subject.call("build", [&] { metric.build(given.predictions.schema, given.target); });
  subject.call("update", [&] { metric.update(given.predictions.rows, given.truth); });
}

}  // namespace

void shown_columns(Subject& subject, const std::shared_ptr<void>& object) {
  const Table& table = subject.table;
  switch (subject.component.kind) {
    case Kind::kExtractor: subject.call("outputs", [&] { return as<Extractor>(object)->outputs(table.schema); }); return;
    case Kind::kAugmenter: {
      Batch rows = copy_of(table.rows);
      subject.call("outputs", [&] { return as<Augmenter>(object)->outputs(table.schema); });
      subject.call("fit", [&] { as<Augmenter>(object)->fit(testing::Rows(table.schema, table.rows)); });
      subject.call("augment", [&] { return as<Augmenter>(object)->augment(rows, Rng(subject.seed)); });
      return;
    }
    case Kind::kModel: subject.call("build", [&] { return as<Model>(object)->build(table.schema, Rng(subject.seed)); }); return;
    case Kind::kHead:
      subject.call("build", [&] { as<Head>(object)->build(subject.features.schema, table.schema, Rng(subject.seed)); });
      return;
    default: return;
  }
}

void shown_no_columns(Subject& subject, const std::shared_ptr<void>& object) {
  const Table& table = subject.table;
  Batch bare(numbers_to(kRows));
  switch (subject.component.kind) {
    case Kind::kExtractor:
      subject.call("fit", [&] { as<Extractor>(object)->fit(testing::Rows(table.schema, table.rows)); });
      subject.call("transform", [&] { as<Extractor>(object)->transform(bare); });
      return;
    case Kind::kAugmenter:
      subject.call("fit", [&] { as<Augmenter>(object)->fit(testing::Rows(table.schema, table.rows)); });
      subject.call("augment", [&] { return as<Augmenter>(object)->augment(bare, Rng(subject.seed)); });
      return;
    case Kind::kModel:
      subject.call("build", [&] { return as<Model>(object)->build(table.schema, Rng(subject.seed)); });
      subject.call("forward", [&] { return as<Model>(object)->forward(bare, Call()); });
      return;
    case Kind::kHead:
      subject.call("build", [&] { as<Head>(object)->build(subject.features.schema, table.schema, Rng(subject.seed)); });
      subject.call("forward", [&] { return as<Head>(object)->forward(bare, Call()); });
      return;
    default: return;
  }
}

void prepared(Subject& subject, const std::shared_ptr<void>& object, std::uint64_t rows_seed) {
  const Table data = make_rows(kRows, rows_seed, subject.settings.rows);
  const testing::Rows training(data.schema, data.rows);
  switch (subject.component.kind) {
    case Kind::kExtractor: subject.call("fit", [&] { as<Extractor>(object)->fit(training); }); return;
    case Kind::kAugmenter: subject.call("fit", [&] { as<Augmenter>(object)->fit(training); }); return;
    case Kind::kModel: subject.call("build", [&] { as<Model>(object)->build(data.schema, Rng(subject.seed)); }); return;
    case Kind::kHead: return prepared_head(subject, *as<Head>(object), data);
    case Kind::kMetric: return prepared_metric(subject, *as<Metric>(object), rows_seed);
    case Kind::kBalancer: subject.call("build", [&] { as<Balancer>(object)->build(kLosses); }); return;
    default: return;
  }
}

Batch asked(Subject& subject, const std::shared_ptr<void>& object, std::uint64_t rows_seed) {
  const Table data = make_rows(kRows, rows_seed, subject.settings.rows);
  Batch rows = data.rows;
  switch (subject.component.kind) {
    case Kind::kSource:
      return subject.call("rows",
                          [&] { return as<Source>(object)->rows(numbers_to(std::min(kRows, as<Source>(object)->size()))); });
    case Kind::kExtractor: subject.call("transform", [&] { as<Extractor>(object)->transform(rows); }); return rows;
    case Kind::kAugmenter:
      subject.call("augment", [&] { return as<Augmenter>(object)->augment(rows, Rng(subject.seed)); });
      return rows;
    case Kind::kModel: return copy_of(subject.call("forward", [&] { return as<Model>(object)->forward(data.rows, Call()); }));
    case Kind::kHead: return asked_head(subject, *as<Head>(object), data, rows_seed);
    case Kind::kMetric:
      return one(at::scalar_tensor(subject.call("value", [&] { return as<Metric>(object)->value(); }), at::kDouble));
    case Kind::kBalancer: {
      const DrawnLosses losses = losses_of(*as<Balancer>(object), drawn_jacobian(kLosses, 7, rows_seed));
      return one(subject.call("combine", [&] { return as<Balancer>(object)->combine(losses); }));
    }
    case Kind::kAdapter: return used_adapter(subject, *as<Adapter>(object), rows_seed);
    default: return {};
  }
}

Batch used(Subject& subject, const std::shared_ptr<void>& object, std::uint64_t rows_seed) {
  prepared(subject, object, rows_seed);
  return asked(subject, object, rows_seed);
}

}  // namespace graft::core::conformance
