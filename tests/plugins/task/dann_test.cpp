#include "domain_case.hpp"

using namespace graft;

namespace {

void zero(torch::nn::Module& module) {
  const at::NoGradGuard no_grad;
  for (Tensor& parameter : module.parameters()) parameter.zero_();
}

}  // namespace

TEST_CASE("dann: a discriminator that knows nothing loses log 2 a row", "[task][dann]") {
  toy::Adapting host;
  host.during = [&] {
    CHECK(host.modules.at("discriminator").second == 0);
    zero(*host.modules.at("discriminator").first);
    CHECK(host.total("domain").item<double>() == Approx(std::log(2)).epsilon(1e-12));
  };
  const auto task = toy::task("dann");
  host.run(*task);
  CHECK(host.last[0].back().count.item<double>() == 12);  // rows of both domains
}

TEST_CASE("dann: the gradient of the features is reversed, and scaled by the share of the run", "[task][dann]") {
  const double lambda = 0.5 * (2 / (1 + std::exp(-10 * 0.5)) - 1);  // half of the run is done
  toy::check_gradient<toy::Adapting>("dann", "domain", -lambda, R"({"hidden": 4, "weight": 0.5})");
}

TEST_CASE("dann: the discriminator itself learns to tell domains apart", "[task][dann]") {
  toy::Adapting host;
  host.during = [&] {
    const double before = host.total("domain").item<double>();
    auto parameters = host.modules.at("discriminator").first->parameters();
    for (int i = 0; i < 200; ++i) {
      const auto slopes = torch::autograd::grad({host.total("domain")}, parameters);
      const at::NoGradGuard no_grad;
      for (std::size_t p = 0; p < parameters.size(); ++p) parameters[p].sub_(slopes[p], 0.3);
    }
    CHECK(host.total("domain").item<double>() < 0.7 * before);
  };
  const auto task = toy::task("dann", R"({"hidden": 8})");
  host.run(*task);
  CHECK(host.order == "0");
}

TEST_CASE("dann: alternating, the model steps first, then the discriminator on the same features without the model",
          "[task][dann]") {
  toy::Adapting host;
  host.during = [&] {
    if (!host.closures.contains(1)) return;
    const Terms terms = host.closures.at(1)();
    const auto slopes = torch::autograd::grad({terms[0].sum}, {host.x(0)}, {}, {}, false, /*allow_unused=*/true);
    CHECK(!slopes[0].defined());
  };
  const auto task = toy::task("dann", R"({"alternate": true})");
  host.run(*task);
  CHECK(host.order == "01");
  CHECK(host.modules.at("discriminator").second == 1);
  CHECK(host.value("domain", 1) == Approx(host.value("domain")).epsilon(1e-12));
}

TEST_CASE("dann: what it cannot use is refused", "[task][dann]") {
  toy::check_needs_vectors("dann");
  toy::check_needs_two_domains("dann");
  CHECK(message_of([] { toy::task("dann", R"({"hidden": 0})"); }) == "parameters:1:12: [graft/dann] hidden must be >= 1, got 0");
}

TEST_CASE("dann: contract: two streams, no state, the heads learn from the first, two runs give the same bits", "[task][dann]") {
  toy::check_adaptation("dann", /*splits=*/true);
  toy::check_parts("dann", "domain");
  CHECK(!toy::task("dann", R"({"alternate": true})")->splittable());
}
