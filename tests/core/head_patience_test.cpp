// Heads that stop when they get no better: when, what is kept of it, and that a resumed run knows as much.
#include "head_evaluation.hpp"

#include "catch.hpp"
#include "core/train/head_patience.hpp"

using namespace graft;
using namespace graft::core;

namespace {

HeadPatience two_and_one() {
  return HeadPatience(parse_json(R"({"mood": {"patience": 2}, "stars": {"patience": 1}, "kind": {}})", "heads"), {"s"});
}

Evaluation of(double mood, double stars) {
  return {{head("mood", {{"accuracy", mood, true}, {"f1", 0, true}}), head("stars", {{"mae", stars, false}})}, 0};
}

}  // namespace

TEST_CASE("head patience: a head stops after so many evaluations without a better one, by its first metric",
          "[train][patience]") {
  HeadPatience patience = two_and_one();
  CHECK(patience.add(10, of(0.6, 3)).empty());
  CHECK(patience.add(20, of(0.7, 2)).empty());
  const auto first = patience.add(30, of(0.7, 2.5));  // equal is no better
  REQUIRE(first.size() == 1);
  CHECK(first[0].head == "stars");
  CHECK(first[0].measure == "mae");
  CHECK(first[0].step == 30);
  CHECK(first[0].value == 2.5);
  CHECK(first[0].best_step == 20);
  CHECK(first[0].best == 2);  // lower is better
  const auto second = patience.add(40, of(0.65, 1));
  REQUIRE(second.size() == 1);
  CHECK(second[0].head == "mood");
  CHECK(second[0].best_step == 20);
  CHECK(second[0].best == 0.7);
  CHECK(patience.add(50, of(0.9, 0)).empty());  // it does not begin again
  CHECK(patience.stopped() == std::set<std::string>{"mood", "stars"});
  CHECK_FALSE(patience.all_stopped());  // kind has no patience
  REQUIRE(patience.stops().size() == 2);
  CHECK(patience.stops()[0].head == "stars");
}

TEST_CASE("head patience: labelled streams count and a target domain does not; without a metric it is the loss",
          "[train][patience]") {
  HeadPatience patience(parse_json(R"({"stars": {"patience": 1}})", "heads"), {"s"});
  const auto at = [&](std::int64_t step, double loss, double of_target) {
    return patience.add(step, {{head("stars", {}, loss), head("stars", {}, of_target, "target")}, 0});
  };
  CHECK(at(1, 2, 5).empty());
  const auto stopped = at(2, 3, 1);
  REQUIRE(stopped.size() == 1);
  CHECK(stopped[0].measure == "loss");
  CHECK(stopped[0].best == 2);
}

TEST_CASE("head patience: a head that is never measured stops and says so", "[train][patience]") {
  HeadPatience patience = two_and_one();
  const auto stopped = patience.add(5, {{head("mood", {{"accuracy", 1, true}})}, 0});
  REQUIRE(stopped.size() == 1);
  CHECK(stopped[0].best_step == -1);
  CHECK(std::isnan(stopped[0].value));
  CHECK(std::isnan(stopped[0].best));
}

TEST_CASE("head patience: what is saved goes on as if it had not stopped", "[train][patience][resume]") {
  HeadPatience whole = two_and_one(), resumed = two_and_one();
  whole.add(10, of(0.6, 3));
  whole.add(20, of(0.7, 4));
  resumed.restore(parse_json(to_json(whole.save()), "state"));
  CHECK(resumed.save() == whole.save());
  CHECK(resumed.stopped() == whole.stopped());
  for (std::int64_t step : {30, 40}) {
    const auto a = whole.add(step, of(0.5, 1)), b = resumed.add(step, of(0.5, 1));
    REQUIRE(a.size() == b.size());
    if (!a.empty()) CHECK(a[0].best_step == b[0].best_step);
  }
  CHECK(resumed.stops().size() == 2);
}
