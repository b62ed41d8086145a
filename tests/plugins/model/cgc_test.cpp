#include <cmath>

#include "trunk_case.hpp"

using namespace graft;
using namespace graft::trunk_case;

namespace {

const Schema kInputs = {{"a", FieldKind::kNumber, {}, {}}, {"x", FieldKind::kVector, {5}, {}}};

std::shared_ptr<Model> cgc(const std::string& outputs, const std::string& more, const std::string& input = "x") {
  return built("graft/cgc",
               R"({"trunk": {"use": "graft/identity", "input": ")" + input + R"("}, "outputs": )" + outputs + more + "}",
               kInputs);
}

const char* const kTanh = R"(, "shared_experts": 1, "hidden": [4, 3], "activation": "tanh", "levels": )";

}  // namespace

TEST_CASE("cgc: an expert of each output's own and a shared one by hand", "[model][cgc]") {
  auto model = cgc(R"(["mood", "stars"])", R"(, "experts": 1, "shared_experts": 1, "hidden": [1])", "a");
  put(*model, "levels.0.specific.mood.0.0.weight", {2});
  put(*model, "levels.0.specific.stars.0.0.weight", {5});
  put(*model, "levels.0.shared.0.0.weight", {3});
  put(*model, "levels.0.gates.mood.weight", {std::log(3.0), 0});  // 3/4 of its own
  put(*model, "levels.0.gates.stars.weight", {0, 0});
  const Batch output = model->forward(testing::batch({{"a", testing::numbers({1})}}), Call());
  CHECK(at::allclose(output.tensor("mood"), testing::matrix({{0.75 * 2 + 0.25 * 3}})));
  CHECK(at::allclose(output.tensor("stars"), testing::matrix({{4}})));
}

TEST_CASE("cgc: outputs and gradients of one level and of two are those of the formula in PyTorch", "[model][cgc]") {
  const int levels = GENERATE(1, 2);
  auto model = cgc(R"(["a", "b"])", kTanh + std::to_string(levels));
  require_reference(*model, levels == 1 ? "cgc" : "ple", reference_rows());
}

TEST_CASE("cgc: the slope along any direction is the gradient's, through three levels", "[model][cgc]") {
  auto model = cgc(R"(["a", "b"])", kTanh + std::string("3"));
  const auto loss = [&] {
    const Batch output = model->forward(reference_rows(), Call());
    return output.tensor("a").square().sum().add(output.tensor("b").sum());
  };
  loss().backward();
  torch::manual_seed(3);
  double slope = 0;
  std::vector<std::pair<Tensor, Tensor>> directions;
  for (auto& named : model->named_parameters()) {
    directions.emplace_back(named.value(), at::randn_like(named.value()));
    slope += named.value().grad().mul(directions.back().second).sum().item<double>();
  }
  const auto moved = [&](double step) {
    const at::NoGradGuard no_grad;
    for (auto& [parameter, direction] : directions) write_parameter(parameter, parameter.add(direction, step));
    return loss().item<double>();
  };
  const double above = moved(1e-3), below = moved(-2e-3);
  CHECK((above - below) / 2e-3 == Approx(slope).epsilon(5e-3));
}

TEST_CASE("cgc: an output does not depend on the other's own experts in one level, and does in two", "[model][cgc]") {
  const int levels = GENERATE(1, 2);
  auto model = cgc(R"(["a", "b"])", kTanh + std::to_string(levels));
  model->forward(reference_rows(), call_for({"a"})).tensor("a").sum().backward();
  const Tensor gradient = model->named_parameters()["levels.0.specific.b.0.0.weight"].grad();
  CHECK(gradient.defined() == (levels == 2));
  CHECK(model->forward(reference_rows(), call_for({"b"})).names() == Strings{"b"});
}

TEST_CASE("cgc: stages partition the parameters, a gradient reaches each, taps see gates and outputs", "[model][cgc]") {
  auto model = cgc(R"(["a", "b"])", kTanh + std::string("2"));
  require_contract(*model, reference_rows());
  CHECK(model->stages() == std::vector<std::string>{"trunk", "levels.0", "levels.1"});
  CHECK(points_of(*model, reference_rows()) == std::vector<std::string>{"trunk.features", "levels.0.gates.a", "levels.0.gates.b",
                                                                        "levels.0.shared_gate", "levels.1.gates.a",
                                                                        "levels.1.gates.b", "a", "b"});
}

TEST_CASE("cgc: what it cannot hold it refuses", "[model][cgc]") {
  CHECK(message_of([] { cgc(R"(["a", "a"])", ""); }) == "[graft/cgc] outputs must differ, a is there twice");
  CHECK(message_of([] { cgc(R"(["a"])", R"(, "levels": 0)"); }).find("[graft/cgc] levels must be >= 1, got 0") !=
        std::string::npos);
}
