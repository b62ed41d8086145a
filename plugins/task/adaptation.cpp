#include "adaptation.hpp"

#include <ATen/Functions.h>

#include <algorithm>

#include "graft/error.hpp"
#include "graft/head.hpp"

namespace graft::plugins {

Tensor one_on(const Tensor& like) { return at::ones({}, like.options().requires_grad(false)); }

Tensor in_float(const Tensor& tensor) { return tensor.scalar_type() == at::kDouble ? tensor : tensor.to(at::kFloat); }

namespace {

bool reads_features(const Head& head) {
  const std::vector<std::string> read = head.reads();
  return std::find(read.begin(), read.end(), "features") != read.end();
}

void require_two_domains(Session& session, const std::string& name) {
  const std::vector<std::string> main = session.streams("main");
  for (const std::string& stream : session.streams("target"))
    if (std::find(main.begin(), main.end(), stream) != main.end())
      throw Error(name, "compares two domains, and " + stream +
                            " plays both roles: take it out of task.streams.main or of task.streams.target");
}

}  // namespace

void Adaptation::setup(Session& session) {
  const Schema schema = session.features();
  const Field* field = find(schema, "features");
  if (!field || field->kind != FieldKind::kVector || field->shape.size() != 1)
    throw Error(name_, "needs a model that gives features [B, D]; use bert, mlp or another with a dense output");
  width_ = field->shape[0];
  if (compares_domains()) require_two_domains(session, name_);
  const auto heads = session.heads();
  if (!heads.empty() && std::none_of(heads.begin(), heads.end(), [](const auto& head) { return reads_features(*head.second); }))
    throw Error(
        name_,
        "works on the column features, which no head reads, so that the model need not make it: set `input` of a head to it");
}

void Adaptation::step(Step& step) {
  const Batch source = step.next("main"), target = step.next("target");
  step.minimise([&] {
    const Batch ours = step.forward(source), theirs = step.forward(target);
    Terms terms = step.terms(ours, source);
    Term term =
        penalty(step, {source, ours, in_float(ours.tensor("features"))}, {target, theirs, in_float(theirs.tensor("features"))});
    term.balanced = false;
    terms.push_back(std::move(term));
    return terms;
  });
  after_step(step);
}

ClassHead class_head(Session& session, const std::string& wanted, const std::string& name) {
  std::string seen;
  for (const auto& [head_name, head] : session.heads()) {
    seen += (seen.empty() ? "" : ", ") + head_name;
    if (!wanted.empty() && head_name != wanted) continue;
    const Schema outputs = head->outputs();
    const Field* field = find(outputs, "probability");
    if (field && field->kind == FieldKind::kSoftClass) return {head_name, static_cast<std::int64_t>(field->classes.size())};
    if (!wanted.empty()) throw Error(name, "head " + wanted + " predicts no probabilities of classes");
  }
  throw Error(name, wanted.empty() ? "needs a head that predicts classes, such as classify"
                                   : "there is no head " + wanted + "; there are " + seen);
}

}  // namespace graft::plugins
