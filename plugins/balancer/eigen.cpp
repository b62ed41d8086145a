#include "eigen.hpp"

#include <algorithm>
#include <cmath>

namespace graft::plugins {
namespace {

constexpr int kSweeps = 60;

double off_diagonal(const Gramian& a) {
  double sum = 0;
  for (std::size_t i = 0; i < a.tasks(); ++i)
    for (std::size_t j = 0; j < i; ++j) sum += a(i, j) * a(i, j);
  return sum;
}

// Makes a(p, q) zero by turning the plane of p and q, in the matrix and in the vectors.
void rotate(Gramian& a, Gramian& v, std::size_t p, std::size_t q) {
  if (a(p, q) == 0) return;
  const double theta = (a(q, q) - a(p, p)) / (2 * a(p, q));
  const double t = (theta >= 0 ? 1 : -1) / (std::abs(theta) + std::hypot(theta, 1));
  const double c = 1 / std::hypot(t, 1), s = t * c;
  auto turn = [c, s](double& x, double& y) {
    const double old = x;
    x = c * old - s * y;
    y = s * old + c * y;
  };
  for (std::size_t k = 0; k < a.tasks(); ++k) turn(a(k, p), a(k, q));
  for (std::size_t k = 0; k < a.tasks(); ++k) turn(a(p, k), a(q, k));
  for (std::size_t k = 0; k < a.tasks(); ++k) turn(v(k, p), v(k, q));
}

}  // namespace

Eigen::Eigen(const Gramian& symmetric) : vectors(symmetric.tasks(), 0.0) {
  Gramian a = symmetric;
  for (std::size_t i = 0; i < a.tasks(); ++i) vectors(i, i) = 1;
  const double enough = std::pow(1e-17 * std::abs(a.trace()), 2);
  for (int sweep = 0; sweep < kSweeps && off_diagonal(a) > enough; ++sweep)
    for (std::size_t p = 0; p < a.tasks(); ++p)
      for (std::size_t q = p + 1; q < a.tasks(); ++q) rotate(a, vectors, p, q);
  for (std::size_t i = 0; i < a.tasks(); ++i) values.push_back(a(i, i));
}

double Eigen::largest() const { return *std::max_element(values.begin(), values.end()); }

}  // namespace graft::plugins
