// Coral: Deep CORAL, features of both domains with the same covariance.
//
//   formula   weight * || C_s - C_t ||_F^2 / (4 d^2), C the covariance (n - 1) of a batch's features, d their width
//   source    Sun and Saenko 2016, arXiv:1607.01719
//   differs   from DomainBed and tllib, which take means over all elements and match the means of the features as well
#pragma once

#include "../adaptation.hpp"

namespace graft::plugins {

Tensor coral_loss(const Tensor& source, const Tensor& target);  // [n, d], [m, d] -> []

class Coral final : public Adaptation {
 public:
  explicit Coral(const Config& config);

 protected:
  Term penalty(Step& step, const Domain& source, const Domain& target) override;

 private:
  double weight_;
};

}  // namespace graft::plugins
