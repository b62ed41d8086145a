// Widget: plain training that holds the model back from being sure of itself (a penalty on confidence).
//
//   formula  the sum of the heads' losses - weight * the sum over heads of the mean entropy of their probabilities, in nats
//   streams  main: the rows that carry labels
//   heads    those that give a probability of one class a row; others train as they are
//   errors   Error("acme/widget") when no head gives such a probability
//   source   Pereyra et al. 2017, arXiv:1701.06548
#include <ATen/ops/full.h>
#include <graft/config.hpp>
#include <graft/error.hpp>
#include <graft/plugin.hpp>
#include <graft/task.hpp>

#include <algorithm>

namespace acme_widget {

constexpr const char* kName = "acme/widget";

bool gives_classes(const graft::Head& head) {
  const graft::Schema outputs = head.outputs();
  const graft::Field* probability = graft::find(outputs, "probability");
  return probability && probability->kind == graft::FieldKind::kSoftClass;
}

class Widget final : public graft::Task {
 public:
  // The parameters are as plugin.json says, checked and completed before this runs.
  explicit Widget(const graft::Config& config) : weight_(config.number("weight")) {}

  // Once, before the first step: the place to refuse what cannot work, and to add modules that train beside the model.
  void setup(graft::Session& session) override {
    const auto heads = session.heads();
    if (std::none_of(heads.begin(), heads.end(), [](const auto& named) { return gives_classes(*named.second); }))
      throw graft::Error(kName, "a head must give a probability of one class a row, as classify does; none does");
  }

  // One step. The closure may run several times (a batch too big for memory, a balancer), so rows are taken outside of it.
  void step(graft::Step& step) override {
    const graft::Batch batch = step.next("main");
    step.minimise([&] {
      const graft::Batch features = step.forward(batch);
      graft::Terms terms = step.terms(features, batch);
      for (const auto& [name, head] : step.session().heads())
        if (gives_classes(*head))
          terms.push_back(penalty(name, head->predict(step.scores(features, name), batch).tensor("probability")));
      return terms;
    });
  }

 private:
  // A term is a sum with a count, so that parts of a batch add up; not balanced: it is no task of its own.
  graft::Term penalty(const std::string& head, const graft::Tensor& probability) const {  // [B, C]
    const graft::Tensor entropies = probability.mul(probability.clamp_min(1e-12).log()).sum(1).neg();
    const double rows = static_cast<double>(probability.size(0));
    return {head + "/confidence", entropies.sum().mul(-weight_), at::full({}, rows, entropies.options().requires_grad(false)),
            /*balanced=*/false};
  }

  double weight_;
};

}  // namespace acme_widget

GRAFT_PLUGIN(registrar) { registrar.add<acme_widget::Widget>("acme/widget"); }
