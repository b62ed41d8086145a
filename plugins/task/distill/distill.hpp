// Distill: learns from the labels and from what a finished run, the teacher, predicts for the same rows.
//
//   formula  (1 - weight) * loss(labels) + weight * T^2 * loss_T(teacher), for each head that the teacher has too
//   classes  loss_T: the head's own loss on scores / T, its target the teacher's probabilities p^(1/T), scaled to sum to 1: for a
//            softmax, the teacher's scores divided by T. Numbers (a head with "value"): the teacher's value is the label, T is 1
//   streams  main: its rows need no labels; without any the teacher's answers are all that counts
//   teacher  is asked once, at the start, for the training rows without augmentation, through its own pipeline
//   source   Hinton, Vinyals, Dean 2015, arXiv:1503.02531
//   differs  the teacher sees clean rows, where the usual loop gives both the augmented ones and runs the teacher in every epoch
//   errors   Error("graft/distill") when the teacher has no head of that name, or one of other classes or another kind
#pragma once

#include <map>
#include <string>
#include <vector>

#include "graft/config.hpp"
#include "graft/task.hpp"

namespace graft::plugins {

class Distill final : public Task {
 public:
  explicit Distill(const Config& config);
  void setup(Session& session) override;
  void step(Step& step) override;

 private:
  struct Pupil {  // a head that the teacher has too
    std::string name;
    const Head* head;
    Tensor answers;  // [rows, C] softened probabilities, or [rows] values
    bool is_class;
  };
  Pupil pupil(const std::string& name, const Head& head, const Field& wanted, const Predictions& teacher) const;
  Term term(Step& step, const Pupil& pupil, const Batch& features) const;
  Tensor answers_for(const Pupil& pupil, const Batch& rows) const;

  std::string teacher_;
  double temperature_, weight_;
  std::vector<Pupil> pupils_;
  std::map<std::int64_t, std::int64_t> positions_;  // of a row id in the answers
};

}  // namespace graft::plugins
