// Solvers: minima worked out by hand, those of scikit-learn, and what they refuse.
#include <ATen/Functions.h>
#include <ATen/Parallel.h>
#include <torch/types.h>

#include "catch.hpp"
#include "core/train/lbfgs.hpp"
#include "core/train/least_squares.hpp"
#include "graft/error.hpp"
#include "graft/head.hpp"
#include "graft/testing.hpp"
#include "graft/weights.hpp"

using namespace graft;
using namespace graft::core;

namespace {

Tensor tensor_of(const Value& list) {
  std::vector<Tensor> parts;
  for (const Value& item : list.list())
    parts.push_back(item.is_list() ? tensor_of(item) : at::scalar_tensor(item.number(), at::kDouble));
  return at::stack(parts);
}

// A function of one weight matrix: given x, its value.
struct Function {
  Parameters parameters;
  std::function<Tensor(const Tensor&)> value;
  double penalty = 0;

  Function(std::vector<float> start, std::function<Tensor(const Tensor&)> f)
      : parameters({{"heads.h.w", torch::tensor(start).unsqueeze(0).set_requires_grad(true)}}), value(std::move(f)) {}
  Solver::Result solve(Solver& solver) {
    Objective objective(parameters, penalty, [&] {
      const Tensor loss = value(parameters[0].tensor);
      loss.backward();
      return Objective::Loss{loss.item<double>(), {{"h", 4.0}}};
    });
    return solver.solve(objective);
  }
  Tensor weights() const { return parameters[0].tensor.detach().squeeze(0); }
};

Tensor rosenbrock(const Tensor& w) {
  const Tensor x = w.select(1, 0), y = w.select(1, 1);
  return (x - 1).square().sum() + 100 * (y - x.square()).square().sum();
}

// One head of the plugin on the rows of the reference.
struct Problem {
  Value data = read_json(GRAFT_TEST_DATA "/solvers.json");
  std::shared_ptr<Head> head;
  Batch features, truth;
  Parameters parameters;

  Problem(const std::string& use, const std::string& target, const std::string& more = "", bool is_sparse = false) {
    static const testing::Plugin plugin(GRAFT_PLUGIN_DIR "/graft_head.so");
    head = plugin.make<Head>(use, R"({"target": ")" + target + "\"" + more + "}");
    const Tensor x = tensor_of(data.at("x")), y = tensor_of(data.at(target));
    Field field{target, FieldKind::kNumber, {}, {}};
    if (target != "number") field = {target, FieldKind::kClass, {}, {"a", "b"}};
    if (target == "three") field.classes.push_back("c");
    truth = testing::batch({{target, target == "number" ? y : y.to(at::kLong)}});
    const FieldKind kind = is_sparse ? FieldKind::kSparse : FieldKind::kVector;
    head->build({{"features", kind, {x.size(1)}, {}}}, {field}, Rng(1));
    head->fit(testing::Rows({field}, truth));
    features = testing::batch({{"features", is_sparse ? Column(sparse(x)) : Column(x)}});
    for (const auto& item : head->named_parameters())
      parameters.push_back({"heads.h." + item.key(), item.value(), true, 1.0, item.value().dim() >= 2});
  }

  static SparseRows sparse(const Tensor& x) {
    const auto rows = x.size(0), width = x.size(1);
    return {at::arange(width, at::kInt).repeat({rows}), x.to(at::kFloat).flatten().contiguous(),
            at::arange(0, (rows + 1) * width, width, at::kInt), width};
  }

  Solver::Result solve(Solver& solver) {
    Objective objective(parameters, solver.penalty(), [&] {
      const RowLoss loss = head->loss(head->forward(features, Call()), truth);
      const Tensor count = loss.weight.sum();
      (loss.value.sum() / count).backward();
      return Objective::Loss{(loss.value.sum() / count).item<double>(), {{"h", count.item<double>()}}};
    });
    return solver.solve(objective);
  }

  Tensor parameter(const std::string& name) const { return head->named_parameters()[name].detach().to(at::kDouble); }
  Tensor labels() const { return head->predict(head->forward(float_features(), Call()), truth).tensor("label"); }
  Batch float_features() const {
    if (std::holds_alternative<SparseRows>(features.column("features"))) return features;
    return testing::batch({{"features", features.tensor("features").to(at::kFloat)}});
  }
};

// Within 1e-4 of the largest entry.
bool are_close(const Tensor& ours, const Tensor& theirs) {
  UNSCOPED_INFO("ours\n" << ours << "\ntheirs\n" << theirs);
  return ours.sub(theirs).abs().max().item<double>() <= 1e-4 * theirs.abs().max().item<double>();
}

Tensor centred(const Tensor& bias) { return bias - bias.mean(); }  // softmax knows biases up to a constant

}  // namespace

TEST_CASE("lbfgs: the minimum of a curved valley, to the last digits of a float", "[train][solver]") {
  Function valley({-1.2f, 1.0f}, rosenbrock);
  Lbfgs solver({0, 1e-9, 1000, 10});
  const Solver::Result result = valley.solve(solver);
  CHECK(result.is_solved);
  CHECK(result.gradient <= 1e-9);
  CHECK(result.value < 1e-18);
  CHECK(at::equal(valley.weights(), at::ones({2})));
}

TEST_CASE("lbfgs: the penalty is |w|^2 over twice C and the rows", "[train][solver]") {
  Function line({0.0f}, [](const Tensor& w) { return (w - 3).square().sum() / 2; });
  line.penalty = 1 / 0.5;  // C = 0.5, 4 rows: f = (w - 3)^2 / 2 + w^2 / 4, at its minimum 3/2 w = 3
  Lbfgs solver({line.penalty, 1e-9, 100, 10});
  line.solve(solver);
  CHECK(line.weights().item<float>() == 2.0f);
}

TEST_CASE("lbfgs: a solved problem is solved again in no iteration, from rounded weights in few", "[train][solver]") {
  Problem problem("graft/classify", "three");
  Lbfgs solver({1 / 0.7, 1e-9, 1000, 10});
  problem.solve(solver);
  const Tensor weight = problem.parameter("classifier.weight");
  const Solver::Result again = problem.solve(solver);
  CHECK(again.is_solved);
  CHECK(again.iterations < 10);
  CHECK(at::allclose(problem.parameter("classifier.weight"), weight, 1e-6, 1e-7));
  Lbfgs coarse({1 / 0.7, 1e-5, 1000, 10});
  CHECK(problem.solve(coarse).iterations == 0);
}

TEST_CASE("lbfgs: logistic regression has scikit-learn's coefficients and predictions, dense and sparse", "[train][solver]") {
  const bool is_sparse = GENERATE(false, true);
  INFO((is_sparse ? "sparse" : "dense"));
  const auto [use, more, target, penalty] = GENERATE(table<std::string, std::string, std::string, double>(
      {{"logistic_three", "", "three", 1 / 0.7},
       {"logistic_two", "", "two", 1 / 0.7},
       {"logistic_weighted", R"(, "class_weights": [0.5, 1.5, 2.0])", "three", 1 / 0.7}}));
  Problem problem("graft/classify", target, more, is_sparse);
  Lbfgs solver({penalty, 1e-9, 1000, 10});
  const Solver::Result result = problem.solve(solver);
  CHECK(result.gradient <= 1e-9);
  const Value& expected = problem.data.at(use);
  Tensor weight = problem.parameter("classifier.weight"), bias = problem.parameter("classifier.bias");
  if (target == "two") weight = weight.diff(1, 0), bias = bias.diff();
  CHECK(are_close(weight, tensor_of(expected.at("weight"))));
  const Tensor theirs = tensor_of(expected.at("bias"));
  CHECK(are_close(target == "two" ? bias : centred(bias), target == "two" ? theirs : centred(theirs)));
  CHECK(at::equal(problem.labels(), tensor_of(expected.at("predicted")).to(at::kLong)));
}

TEST_CASE("lbfgs: the head svm has the coefficients of LinearSVC with a free intercept", "[train][solver]") {
  const std::string target = GENERATE("two", "three");
  Problem problem("graft/svm", target);
  Lbfgs solver({1 / 0.5, 1e-9, 1000, 10});
  CHECK(problem.solve(solver).is_solved);
  const Value& expected = problem.data.at("svm_" + target);
  CHECK(are_close(problem.parameter("classifier.weight"), tensor_of(expected.at("weight"))));
  CHECK(are_close(problem.parameter("classifier.bias"), tensor_of(expected.at("bias"))));
  CHECK(at::equal(problem.labels(), tensor_of(expected.at("predicted")).to(at::kLong)));
}

TEST_CASE("least_squares: ridge has scikit-learn's coefficients and predictions, by Cholesky and by conjugate gradients",
          "[train][solver]") {
  const std::int64_t direct = GENERATE(1024, 1);
  Problem problem("graft/regress", "number");
  LeastSquares solver({2 * 2.5, 1e-9, direct});
  CHECK(problem.solve(solver).gradient <= 1e-9);
  const Value& expected = problem.data.at("ridge");
  const Tensor y = tensor_of(problem.data.at("number")), deviation = y.std(0, false);
  CHECK(are_close(problem.parameter("regressor.weight") * deviation, tensor_of(expected.at("weight"))));
  const Batch predicted = problem.head->predict(problem.head->forward(problem.float_features(), Call()), problem.truth);
  CHECK(are_close(predicted.tensor("value"), tensor_of(expected.at("predicted"))));
}

TEST_CASE("least_squares: one step of Newton ends a quadratic, whatever its scales", "[train][solver]") {
  Function bowl({5.0f, -7.0f}, [](const Tensor& w) {
    return (w.select(1, 0) - 2).square().sum() * 1e6 + (w.select(1, 1) + 0.5).square().sum() / 1e3;
  });
  LeastSquares solver({0, 1e-9});
  const Solver::Result result = bowl.solve(solver);
  CHECK(result.iterations <= 2);
  CHECK(at::equal(bowl.weights(), torch::tensor({2.0f, -0.5f})));
}

TEST_CASE("lbfgs: a bias that bends a thousand times as much as the weights costs few iterations", "[train][solver]") {
  Parameters parameters = {{"heads.h.w", torch::zeros({1, 60}).set_requires_grad(true)},
                           {"heads.h.b", torch::zeros({1}).set_requires_grad(true)}};
  const Tensor bends = at::linspace(1, 10, 60, at::kDouble), to = at::linspace(-1, 1, 60, at::kDouble);
  Objective objective(parameters, 0, [&] {
    const Tensor w = parameters[0].tensor[0], b = parameters[1].tensor[0], away = w.sub(to);
    const Tensor loss =
        bends.mul(away.square()).sum().div(2).add(away.pow(4).sum()).add(w.mean().mul(1e-3).add(b).sub(3).square().mul(5e3));
    loss.backward();
    return Objective::Loss{loss.item<double>(), {}};
  });
  Lbfgs solver({0, 1e-9, 1000, 10});
  const Solver::Result result = solver.solve(objective);
  CHECK(result.is_solved);
  CHECK(result.iterations < 60);  // 173 with one scale for both
  CHECK(std::abs(parameters[1].tensor.item<double>() - 3) < 1e-9);
}

TEST_CASE("solvers leave floats behind, and no gradient", "[train][solver]") {
  Problem problem("graft/classify", "two");
  Lbfgs solver({1, 1e-9, 1000, 10});
  const auto before = problem.parameters[0].tensor._version();
  problem.solve(solver);
  for (const Parameter& parameter : problem.parameters) {
    CHECK(parameter.tensor.scalar_type() == at::kFloat);
    CHECK_FALSE(parameter.tensor.grad().defined());
  }
  CHECK(problem.parameters[0].tensor._version() > before);
}

TEST_CASE("solvers refuse what they do not solve", "[train][solver]") {
  LeastSquares squares({0, 1e-9});
  CHECK(message_of([&] {
          Function({1.0f, 2.0f}, [](const Tensor& w) { return w.exp().sub(w).sum(); }).solve(squares);
        }).starts_with("[optimizer] least_squares solves for square losses"));
  Function flat({1.0f, 1.0f}, [](const Tensor& w) { return (w.sum() - 1).square(); });
  CHECK(message_of([&] { flat.solve(squares); }) ==
        "[optimizer] least_squares must have one minimum, but some features follow from others: set optimizer.alpha over 0");
  Lbfgs lbfgs({});
  Function infinite({1.0f}, [](const Tensor& w) { return (w * std::numeric_limits<double>::infinity()).sum(); });
  CHECK(message_of([&] { infinite.solve(lbfgs); }) ==
        "[train] the loss must be finite at the first weights, is \"inf\" with a gradient up to \"inf\": a feature or target of "
        "the "
        "training rows is not finite, or too large");
  const Parameters both = {{"encoder.weight", torch::zeros({2, 2})}, {"heads.a.weight", torch::zeros({2, 2})}};
  CHECK(message_of([&] { require_heads_alone(lbfgs, both, "all", 1); }) ==
        "[optimizer] lbfgs solves for heads alone, and in the phase all encoder.weight trains too: set \"phases\": {\"all\": "
        "{\"train\": [\"heads\"]}}, or use adamw");
  CHECK(message_of([&] { require_heads_alone(lbfgs, {both[1]}, "all", 2); }) ==
        "[optimizer] lbfgs needs all rows in one batch, and the streams make 2: solve for one stream, or use adamw");
}

TEST_CASE("sums over weights are the same for any number of threads", "[train][solver]") {
  Weights a(100003), b(a.size());
  for (std::size_t i = 0; i < a.size(); ++i) a[i] = std::sin(static_cast<double>(i)), b[i] = std::cos(static_cast<double>(3 * i));
  const int threads = at::get_num_threads();
  at::set_num_threads(1);
  const double one = dot(a, b);
  at::set_num_threads(2);
  CHECK(dot(a, b) == one);
  at::set_num_threads(threads);
}
