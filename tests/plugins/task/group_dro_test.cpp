#include "domain_case.hpp"

using namespace graft;

TEST_CASE("group_dro: weights follow the losses as the paper says", "[task][group_dro]") {
  toy::Labelled host;
  const auto task = toy::task("group_dro");
  host.run(*task);
  const Tensor q = toy::reference().tensor("group_dro");
  CHECK(at::allclose(task->state().tensors.at("q"), q, 1e-12, 1e-15));
  CHECK(host.value("group_dro") ==
        Approx(q[0].item<double>() * toy::risk(0) + q[1].item<double>() * toy::risk(1)).epsilon(1e-12));
}

TEST_CASE("group_dro: the gradient of a domain is that of its loss, times its weight", "[task][group_dro]") {
  toy::Labelled host;
  host.during = [&] {
    const Tensor got = torch::autograd::grad({host.last[0][0].sum}, {host.x(1)}, {}, /*retain_graph=*/true)[0];
    const Tensor p = at::softmax(host.x(1).detach(), 1);
    const Tensor y = at::one_hot(torch::tensor(toy::reference_labels("third_labels")), 3);
    const double q = toy::reference().tensor("group_dro")[1].item<double>();
    CHECK(at::allclose(got, p.sub(y).mul(q / 4), 1e-9, 1e-12));
  };
  const auto task = toy::task("group_dro");
  host.run(*task);
  CHECK(host.order == "0");
}

TEST_CASE("group_dro: restored, it goes on to the same bits; a state of other domains is refused", "[task][group_dro]") {
  toy::Labelled host, same;
  const auto task = toy::task("group_dro"), other = toy::task("group_dro");
  host.run(*task);
  other->setup(same);
  other->restore(task->state());
  other->step(same);
  task->step(host);
  CHECK(at::equal(other->state().tensors.at("q"), task->state().tensors.at("q")));
  State wrong;
  wrong.tensors["q"] = at::ones({3}, at::kDouble);
  CHECK(message_of([&] { task->restore(wrong); }) == "[graft/group_dro] the saved state is not of 2 domains");
}

TEST_CASE("group_dro: one domain is refused, one without labels is left out", "[task][group_dro]") {
  toy::check_one_domain("group_dro");
  toy::check_absent("group_dro", "group_dro");
}

TEST_CASE("group_dro: contract: each stream in every step, not split, two runs give the same bits", "[task][group_dro]") {
  toy::check_domains("group_dro");
}
