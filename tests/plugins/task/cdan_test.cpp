#include "domain_case.hpp"

using namespace graft;

namespace {

double count_of(const std::string& parameters) {
  toy::Adapting host;
  const auto task = toy::task("cdan", parameters);
  host.run(*task);
  return host.last[0].back().count.item<double>();
}

}  // namespace

TEST_CASE("cdan: rows weigh by how sure the head is, or all the same", "[task][cdan]") {
  double rows = 0;
  for (const char* name : {"source", "target"}) {
    const Tensor p = at::softmax(toy::reference().tensor(name), 1);
    rows += p.mul(p.log()).sum(1).exp().add(1).sum().item<double>();
  }
  CHECK(count_of("{}") == Approx(rows).epsilon(1e-12));
  CHECK(count_of(R"({"entropy": false})") == 12);
}

TEST_CASE("cdan: the discriminator reads features times probabilities", "[task][cdan]") {
  toy::Adapting host;
  const auto task = toy::task("cdan", R"({"hidden": 4, "entropy": false})");
  host.run(*task);
  const auto parameters = host.modules.at("discriminator").first->named_parameters();
  REQUIRE(parameters["hidden.weight"].size(1) == 9);
  double sum = 0;
  for (const auto& [name, sign] : {std::pair("source", -1.0), std::pair("target", 1.0)}) {
    const Tensor x = toy::reference().tensor(name), p = at::softmax(x, 1);
    const Tensor both = (x.unsqueeze(2) * p.unsqueeze(1)).flatten(1);
    const Tensor hidden = at::relu(at::linear(both, parameters["hidden.weight"], parameters["hidden.bias"]));
    const Tensor score = at::linear(hidden, parameters["out.weight"], parameters["out.bias"]).squeeze(1);
    sum += score.mul(sign).exp().add(1).log().sum().item<double>();
  }
  CHECK(host.value("domain") == Approx(sum / 12).epsilon(1e-10));
}

TEST_CASE("cdan: probabilities are constants of its gradient", "[task][cdan]") {
  toy::Adapting host;
  host.during = [&] {
    const Tensor gradient = torch::autograd::grad({host.total("domain")}, {host.x(1)})[0];
    CHECK(gradient.abs().max().item<double>() > 0);
    const auto parameters = host.modules.at("discriminator").first->named_parameters();
    const Tensor x = host.x(1).detach().requires_grad_(), p = at::softmax(x.detach(), 1);
    const Tensor both = (x.unsqueeze(2) * p.unsqueeze(1)).flatten(1);
    const Tensor hidden = at::relu(at::linear(both, parameters["hidden.weight"], parameters["hidden.bias"]));
    const Tensor score = at::linear(hidden, parameters["out.weight"], parameters["out.bias"]).squeeze(1);
    const Tensor plain = torch::autograd::grad({at::softplus(score).sum().div(12)}, {x})[0];
    const double lambda = 2 / (1 + std::exp(-10 * 0.5)) - 1;
    CHECK(at::allclose(gradient, plain.mul(-lambda), 1e-9, 1e-12));
  };
  const auto task = toy::task("cdan", R"({"entropy": false})");
  host.run(*task);
  CHECK(host.order == "0");
}

TEST_CASE("cdan: what it cannot use is refused", "[task][cdan]") {
  toy::check_needs_vectors("cdan");
  toy::check_needs_two_domains("cdan");
  toy::check_needs_classes("cdan");
}

TEST_CASE("cdan: contract: two streams, no state, the heads learn from the first, two runs give the same bits", "[task][cdan]") {
  toy::check_adaptation("cdan", /*splits=*/true);
  toy::check_parts("cdan", "domain");
}
