// The choice of the best step by a mean over heads.
#include "head_evaluation.hpp"

#include "catch.hpp"
#include "core/train/selection.hpp"

using namespace graft;
using namespace graft::core;

namespace {

Evaluation of(std::vector<HeadEvaluation> heads) { return {std::move(heads), 0}; }

// a has an accuracy and an f1, b an accuracy.
Evaluation two(double a, double b) {
  return of({head("a", {{"accuracy", a, true}, {"f1", 0, true}}), head("b", {{"accuracy", b, true}})});
}

}  // namespace

TEST_CASE("selection: mean is that of each head's first metric", "[train][selection]") {
  Selection selection("mean", std::nullopt);
  CHECK(selection.add(1, two(0.9, 0.1)));
  CHECK(selection.key() == "valid/mean");
  CHECK(selection.value() == Approx(0.5));
  CHECK_FALSE(selection.add(2, two(0.4, 0.5)));
  CHECK(selection.add(3, two(0.4, 0.7)));
}

TEST_CASE("selection: a mean of errors is better when lower; beside scores an error counts with a minus", "[train][selection]") {
  const auto errors = [](double a, double b) { return of({head("a", {{"mae", a, false}}), head("b", {{"mae", b, false}})}); };
  Selection lower("mean", std::nullopt);
  CHECK(lower.add(1, errors(2, 4)));
  CHECK_FALSE(lower.higher_is_better());
  CHECK(lower.value() == Approx(3));
  CHECK(lower.add(2, errors(2, 3)));

  const auto mixed = [](double score, double error) {
    return of({head("a", {{"accuracy", score, true}}), head("b", {{"mae", error, false}})});
  };
  Selection both("mean", std::nullopt);
  CHECK(both.add(1, mixed(0.5, 0.3)));
  CHECK(both.value() == Approx(0.1));
  CHECK(both.higher_is_better());
  CHECK_FALSE(both.add(2, mixed(0.5, 0.4)));
  CHECK(both.add(3, mixed(0.5, 0.2)));
}

TEST_CASE("selection: a mean may name its metric, which only some heads have, or the loss", "[train][selection]") {
  Selection f1("mean/f1", std::nullopt);
  f1.add(1, two(0.9, 0.1));
  CHECK(f1.key() == "valid/mean/f1");
  CHECK(f1.value() == 0);
  Selection loss("mean/loss", std::nullopt);
  loss.add(1, of({head("a", {}, 1), head("b", {}, 2)}));
  CHECK(loss.value() == Approx(1.5));
  CHECK_FALSE(loss.higher_is_better());
}

TEST_CASE("selection: a mean takes labelled streams alone, and goes on after a resume", "[train][selection]") {
  const Evaluation evaluation = of({head("a", {{"f1", 0.5, true}}), head("a", {{"f1", 0.9, true}}, 1, "target")});
  Selection selection("mean", std::nullopt, {"s"}), resumed("mean", std::nullopt, {"s"});
  selection.add(1, evaluation);
  CHECK(selection.value() == Approx(0.5));
  resumed.restore(selection.save());
  CHECK_FALSE(resumed.add(2, evaluation));
  CHECK(resumed.last() == Approx(0.5));
}

TEST_CASE("selection: a metric that no head has, and a head without one, are refused; a head may be called mean",
          "[train][selection][bad]") {
  const auto refusal = [](const std::string& wanted, const Evaluation& evaluation) {
    return message_of([&] { Selection(wanted, std::nullopt).add(1, evaluation); });
  };
  CHECK(refusal("mean/acuracy", two(1, 1)) ==
        "[evaluate] best: no head has a metric called acuracy, did you mean mean/accuracy?");
  CHECK(refusal("mean", of({head("a", {{"f1", 1, true}}), head("b", {})})) ==
        "[evaluate] best: the mean is of each head's first metric, and b has none: give it one, or set mean/loss");
  Selection named("mean/f1", std::nullopt);
  named.add(1, of({head("mean", {{"f1", 0.25, true}}), head("b", {{"f1", 1, true}})}));
  CHECK(named.key() == "valid/s/mean/f1");
  CHECK(named.value() == 0.25);
}
