#include "distill.hpp"

#include <ATen/Functions.h>

#include <algorithm>
#include <set>

#include "graft/error.hpp"
#include "graft/head.hpp"

namespace graft::plugins {
namespace {

constexpr const char* kName = "graft/distill";

// Columns of the teacher's probabilities in the order of the pupil's classes.
Tensor order_of(const Field& pupil, const Field& teacher, const std::string& head) {
  const std::set<std::string> ours(pupil.classes.begin(), pupil.classes.end()),
      theirs(teacher.classes.begin(), teacher.classes.end());
  if (ours != theirs) throw Error(kName, "the teacher's head " + head + " has other classes than the one that learns from it");
  Tensor order = at::empty({static_cast<std::int64_t>(pupil.classes.size())}, at::kLong);
  for (std::size_t c = 0; c < pupil.classes.size(); ++c)
    order.mutable_data_ptr<std::int64_t>()[c] =
        std::find(teacher.classes.begin(), teacher.classes.end(), pupil.classes[c]) - teacher.classes.begin();
  return order;
}

// What can be taught of a head: probabilities of one class a row, or a number.
const Field* taught(const Schema& outputs) {
  for (const Field& field : outputs)
    if (field.name == "probability" ? field.kind == FieldKind::kSoftClass
                                    : field.name == "value" && field.kind == FieldKind::kNumber)
      return &field;
  return nullptr;
}

std::string names_of(std::vector<std::string> names) {
  names.erase(std::unique(names.begin(), names.end()), names.end());
  std::string all;
  for (const std::string& name : names) all += (all.empty() ? "" : ", ") + name;
  return all;
}

Tensor softened(const Tensor& probability, double temperature) {
  const Tensor powered = probability.pow(1 / temperature);
  return powered.div(powered.sum(1, true));
}

}  // namespace

Distill::Distill(const Config& config)
    : teacher_(config.path("teacher")), temperature_(config.number("temperature")), weight_(config.number("weight")) {}

void Distill::setup(Session& session) {
  const Predictions teacher = session.predictions_of(teacher_, "main");
  std::vector<std::string> heads;
  for (const Field& field : teacher.schema) heads.push_back(field.name.substr(0, field.name.find('/')));
  for (const auto& [name, head] : session.heads()) {
    const Schema outputs = head->outputs();
    const Field* answer = taught(outputs);
    if (answer && std::find(heads.begin(), heads.end(), name) != heads.end())
      pupils_.push_back(pupil(name, *head, *answer, teacher));
  }
  if (pupils_.empty()) throw Error(kName, "the teacher has no head here to teach: its heads are " + names_of(heads));
  for (std::int64_t i = 0; i < teacher.rows.size(); ++i) positions_[teacher.rows.row_ids()[i]] = i;
}

Distill::Pupil Distill::pupil(const std::string& name, const Head& head, const Field& wanted, const Predictions& teacher) const {
  const std::string column = name + "/" + wanted.name;
  const Field* answer = find(teacher.schema, column);
  if (!answer || answer->kind != wanted.kind)
    throw Error(kName, "the teacher's head " + name + " is of another kind: it predicts no " + column);
  const Tensor answers = teacher.rows.tensor(column);
  if (wanted.kind == FieldKind::kNumber) return {name, &head, answers, false};
  const Tensor order = order_of(wanted, *answer, name).to(answers.device());
  return {name, &head, softened(answers.index_select(1, order), temperature_), true};
}

Tensor Distill::answers_for(const Pupil& pupil, const Batch& rows) const {
  Tensor positions = at::empty({rows.size()}, at::kLong);
  for (std::int64_t i = 0; i < rows.size(); ++i) positions.mutable_data_ptr<std::int64_t>()[i] = positions_.at(rows.row_ids()[i]);
  return pupil.answers.index_select(0, positions.to(pupil.answers.device()));
}

Term Distill::term(Step& step, const Pupil& pupil, const Batch& features) const {
  Batch rows(std::vector<std::int64_t>(features.row_ids().begin(), features.row_ids().end()));
  rows.set(pupil.head->target(), answers_for(pupil, features));
  Scores scores = step.scores(features, pupil.name);
  const double temperature = pupil.is_class ? temperature_ : 1;
  scores.values = scores.values.div(temperature);
  const RowLoss loss = pupil.head->loss(scores, rows);
  return {pupil.name + "/teacher", loss.value.sum().mul(weight_ * temperature * temperature), loss.weight.sum(), false};
}

void Distill::step(Step& step) {
  const Batch batch = step.next("main");
  step.minimise([&] {
    const Batch features = step.forward(batch);
    Terms terms = step.terms(features, batch);
    for (Term& hard : terms)
      if (std::any_of(pupils_.begin(), pupils_.end(), [&](const Pupil& pupil) { return pupil.name == hard.name; }))
        hard.sum = hard.sum.mul(1 - weight_);
    for (const Pupil& pupil : pupils_) terms.push_back(term(step, pupil, features));
    return terms;
  });
}

}  // namespace graft::plugins
