#include "domain_case.hpp"

using namespace graft;

namespace {

// The weak view of a target row is twice its strong one: surer.
struct Sure : toy::Adapting {
  Batch clean(const Batch& batch) override {
    Batch weak = batch;
    weak.set("x", batch.tensor("x").mul(2));
    asked = batch.size();
    return weak;
  }
  Batch forward(const Batch& batch, const ForwardOptions& options) override {
    if (at::GradMode::is_enabled()) return toy::Adapting::forward(batch, options);
    Batch features(std::vector<std::int64_t>(batch.row_ids().begin(), batch.row_ids().end()));
    features.set("features", batch.tensor("x"));
    return features;
  }
  std::int64_t asked = 0;
};

}  // namespace

TEST_CASE("fixmatch: rows of a sure guess learn it, the mean is over all rows of the target", "[task][fixmatch]") {
  const Tensor x = toy::reference().tensor("target");
  const auto [best, guess] = at::softmax(x.mul(2), 1).max(1);
  for (const double threshold : {0.0, 0.8, 0.95}) {
    Sure host;
    host.run(*toy::task("fixmatch", R"({"weight": 2, "threshold": )" + std::to_string(threshold) + "}"));
    const Tensor each = at::log_softmax(x, 1).gather(1, guess.unsqueeze(1)).squeeze(1).neg();
    const double expected = 2 * each.mul(best.ge(threshold)).sum().item<double>() / 5;
    CHECK(host.value("fixmatch") == Approx(expected).epsilon(1e-12));
    CHECK(host.asked == 5);
  }
}

TEST_CASE("fixmatch: no row is sure enough: the penalty is 0 and its count is the target's rows", "[task][fixmatch]") {
  Sure host;
  host.run(*toy::task("fixmatch", R"({"threshold": 1})"));
  CHECK(host.value("fixmatch") == 0.0);
  CHECK(host.last[0].back().count.item<double>() == 5);
}

TEST_CASE("fixmatch: the gradient matches finite differences and does not go through the guess", "[task][fixmatch]") {
  Sure host;
  host.during = [&] { CHECK(host.gradient_error("fixmatch", 1) < 1e-6); };
  host.run(*toy::task("fixmatch", R"({"threshold": 0.5})"));
  CHECK(host.order == "0");
}

TEST_CASE("fixmatch: a model without dense features or a run without classes is refused", "[task][fixmatch]") {
  toy::check_needs_vectors("fixmatch");
  toy::check_needs_classes("fixmatch");
}

TEST_CASE("fixmatch: contract: two streams, not split, no state, two runs give the same bits", "[task][fixmatch]") {
  toy::check_adaptation("fixmatch");
}
