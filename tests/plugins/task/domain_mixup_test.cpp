#include "domain_case.hpp"

using namespace graft;

TEST_CASE("domain_mixup: mixing a domain with its equal changes nothing", "[task][domain_mixup]") {
  toy::DomainHost host;
  host.add_movies();
  host.add("same movies", toy::reference().tensor("source").clone(), toy::reference_labels("labels"));
  host.run(*toy::task("domain_mixup"));
  CHECK(host.value("domain_mixup") == Approx(toy::risk(0)).epsilon(1e-12));
}

TEST_CASE("domain_mixup: by the paper's formula: features and losses in the same shares, over the rows that both have",
          "[task][domain_mixup]") {
  toy::Labelled host;
  host.run(*toy::task("domain_mixup", R"({"alpha": 1})"));
  Rng rng = static_cast<Step&>(host).rng();  // the toy host gives every step the same
  const std::size_t first = rng.below(2) == 1 ? 0 : 1;
  const std::vector<Tensor> x = {toy::reference().tensor("source").narrow(0, 0, 4), toy::reference().tensor("third")};
  const std::vector<Tensor> y = {toy::reference().tensor("labels").narrow(0, 0, 4), toy::reference().tensor("third_labels")};
  double expected = 0;
  for (const std::size_t i : {first, 1 - first}) {
    double u = 1, v = 1;  // Beta(1, 1) by Joehnk's method is the share of u where u + v <= 1
    while (u + v > 1 || u + v == 0) u = rng.uniform(), v = rng.uniform();
    const double share = u / (u + v);
    const Tensor log = at::log_softmax(x[i].mul(share) + x[1 - i].mul(1 - share), 1);
    expected += share * at::nll_loss(log, y[i]).item<double>() + (1 - share) * at::nll_loss(log, y[1 - i]).item<double>();
  }
  CHECK(host.value("domain_mixup") == Approx(expected / 2).epsilon(1e-10));
}

TEST_CASE("domain_mixup: the gradient matches finite differences in both domains", "[task][domain_mixup]") {
  toy::check_gradient<toy::Labelled>("domain_mixup", "domain_mixup");
}

TEST_CASE("domain_mixup: one domain is refused, one without labels is left out, a model without features is refused",
          "[task][domain_mixup]") {
  toy::check_one_domain("domain_mixup");
  toy::check_absent("domain_mixup", "domain_mixup");
  toy::Labelled host;
  host.field = {"features", FieldKind::kSparse, {100}, {}};
  CHECK(message_of([&] { toy::task("domain_mixup")->setup(host); }).find("features") != std::string::npos);
}

TEST_CASE("domain_mixup: contract: each stream in every step, not split, two runs give the same bits", "[task][domain_mixup]") {
  toy::check_domains("domain_mixup");
}
