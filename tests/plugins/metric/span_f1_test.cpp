#include <ATen/ops/full.h>

#include "metric_test_case.hpp"

using namespace metric_test;

namespace {

const std::vector<std::string> kTags = {"O", "B-LOC", "I-LOC", "B-PER", "I-PER"};

std::shared_ptr<Metric> for_tags(const std::string& name, const std::vector<std::string>& tags = kTags,
                                 const std::string& parameters = "{}") {
  auto metric = make(name, parameters);
  const auto width = static_cast<std::int64_t>(tags.size());
  metric->build({{"label", FieldKind::kTags, {-1}, tags}, {"probability", FieldKind::kVector, {-1, width}, tags}},
                {"truth", FieldKind::kTags, {-1}, tags});
  return metric;
}

using Words = std::initializer_list<std::initializer_list<std::int64_t>>;

Rows tags(Words predicted, Words truth) {
  return {testing::batch({{"label", testing::tokens(predicted)}}), testing::batch({{"truth", testing::tokens(truth)}})};
}

Ragged ragged_of_lists(const Value& rows) {
  std::vector<std::int64_t> values, lengths;
  for (const Value& row : rows.list()) {
    for (const Value& tag : row.list()) values.push_back(tag.integer());
    lengths.push_back(static_cast<std::int64_t>(row.list().size()));
  }
  return ragged_of(at::tensor(values, at::kLong), lengths);
}

Rows of_case(const Value& one) {
  const Ragged truth = ragged_of_lists(one.at("truth"));
  std::vector<std::int64_t> ids(one.at("truth").list().size());
  for (std::size_t i = 0; i < ids.size(); ++i) ids[i] = static_cast<std::int64_t>(i);
  Rows rows{Batch(ids), Batch(ids)};
  rows.first.set("label", ragged_of_lists(one.at("predicted")));
  rows.second.set("truth", truth);
  return rows;
}

std::vector<std::string> texts(const Value& list) {
  std::vector<std::string> all;
  for (const Value& item : list.list()) all.push_back(item.text());
  return all;
}

constexpr std::int64_t kNone = kMissingClass;

}  // namespace

TEST_CASE("span_f1: a span is right as a whole: of three true and three predicted two agree", "[metric][span_f1]") {
  // B-PER I-PER O B-LOC | B-LOC I-LOC   against   B-PER I-PER O B-LOC | B-LOC O
  CHECK(value(for_tags("span_f1"), tags({{3, 4, 0, 1}, {1, 0}}, {{3, 4, 0, 1}, {1, 2}})) == Approx(2.0 / 3));
  CHECK(value(for_tags("span_f1"), tags({{1, 2}}, {{3, 4}})) == 0);  // the type counts too
}

TEST_CASE("span_f1: equals seqeval, by default and strict", "[metric][span_f1]") {
  const Value cases = read_json(GRAFT_TEST_DATA "/span_f1.json");
  for (const Value& one : cases.list())
    for (const Value::Member& mode : one.at("expected").object()) {
      INFO(mode.key);
      const auto metric = for_tags("span_f1", texts(one.at("tags")), R"({"mode": ")" + mode.key + R"("})");
      CHECK(value(metric, of_case(one)) == Approx(mode.value.number()).epsilon(1e-12));
    }
}

TEST_CASE("span_f1: an I- that nothing begins is a span by default, and none when strict", "[metric][span_f1]") {
  const Rows rows = tags({{0, 2, 2}, {1, 4}}, {{0, 2, 2}, {1, 4}});  // O I-LOC I-LOC | B-LOC I-PER
  CHECK(value(for_tags("span_f1"), rows) == 1);
  const Rows stray = tags({{0, 2}}, {{0, 1}});
  CHECK(value(for_tags("span_f1"), stray) == 1);
  CHECK(value(for_tags("span_f1", kTags, R"({"mode": "strict"})"), stray) == 0);
}

TEST_CASE("span_f1: a span does not go on from one row to the next", "[metric][span_f1]") {
  CHECK(value(for_tags("span_f1"), tags({{1}, {2}}, {{1}, {2}})) == 1);
  CHECK(value(for_tags("span_f1"), tags({{1}, {0}}, {{1}, {2}})) == Approx(2.0 / 3));
}

TEST_CASE("span_f1: words without a tag are left out; a word that was cut off is predicted as O", "[metric][span_f1]") {
  CHECK(value(for_tags("span_f1"), tags({{1, 3, 2}}, {{1, kNone, 2}})) == 1);
  CHECK(value(for_tags("span_f1"), tags({{1, kNone}}, {{1, 2}})) == 0);
  CHECK(std::isnan(value(for_tags("span_f1"), tags({{1, 2}}, {{kNone, kNone}}))));
  CHECK(std::isnan(for_tags("span_f1")->value()));
  CHECK(value(for_tags("span_f1"), tags({{0, 0}}, {{0, 0}})) == 0);  // no spans anywhere
}

TEST_CASE("span_f1: merged parts equal the whole, in any order", "[metric][span_f1]") {
  const Value cases = read_json(GRAFT_TEST_DATA "/span_f1.json");
  const Rows rows = of_case(cases.list()[0]);
  const auto made = [&] { return for_tags("span_f1", texts(cases.list()[0].at("tags"))); };
  const auto whole = made(), first = made(), second = made();
  whole->update(rows.first, rows.second);
  std::vector<std::int64_t> head, tail;
  for (std::int64_t i = 0; i < rows.first.size(); ++i) (i % 3 ? head : tail).push_back(i);
  first->update(rows.first.select(head), rows.second.select(head));
  second->update(rows.first.select(tail), rows.second.select(tail));
  second->merge(*first);
  second->merge(*made());
  CHECK(second->value() == whole->value());
  CHECK(whole->value() > 0.5);
  CHECK(whole->higher_is_better());
}

TEST_CASE("span_f1: metrics of classes count the words of tags", "[metric][span_f1][accuracy]") {
  const Rows rows = tags({{1, 0}, {3, 3, kNone}}, {{1, 2}, {3, kNone, 4}});
  CHECK(value(for_tags("accuracy"), rows) == 0.5);
  CHECK(value(for_tags("f1", kTags, R"({"average": "micro"})"), rows) == Approx(2.0 * 2 / (4 + 3)));
  Batch predicted = rows.first;
  predicted.set("probability", Ragged{at::full({5, 5}, 0.2), predicted.ragged("label").offsets, 3});
  CHECK(value(for_tags("log_loss"), {predicted, rows.second}) == Approx(std::log(5)));
}

TEST_CASE("span_f1: other targets, tags that mark no spans, and rows that do not fit are refused", "[metric][span_f1]") {
  CHECK(message_of([] { for_classes("span_f1", 2); }) == "[graft/span_f1] is for tags, column truth is class; use f1");
  CHECK(message_of([] { for_tags("span_f1", {"NOUN", "O"}); }) ==
        "[graft/span_f1] tag NOUN of truth must be O, or B-, I-, E- or S- and a type");
  CHECK(message_of([] { for_tags("span_f1", {"S-LOC", "O"}, R"({"mode": "strict"})"); }) ==
        "[graft/span_f1] tag S-LOC of truth must be O, or B- or I- and a type");
  CHECK(message_of([] { value(for_tags("span_f1"), tags({{1}, {1, 1}}, {{1, 1}, {1}})); }) ==
        "[graft/span_f1] predictions and tags must be of the same words in every row");
  CHECK(message_of([] { value(for_tags("span_f1"), tags({{1}}, {{7}})); }) == "[graft/span_f1] a tag must be in [0, 5), got 7");
  CHECK(message_of([] { for_tags("span_f1")->merge(*for_tags("span_f1", kTags, R"({"mode": "strict"})")); }) ==
        "[graft/span_f1] metrics of other tags or modes cannot be merged");
}
