// Transferability: how well a trunk's features suit labels, by closed forms, before any training.
//
//   n rows   D width of the features   k their rank   C classes that have rows   Z classes of a source
//   all in double; equal for rotated features (D) and for rows in another order
#pragma once

#include "core/evaluate/feature_rows.hpp"

namespace graft::core {

// Left out: how much of the targets a linear model on the features explains of a row, when it has learned from all rows but that one.
//
//   formula  1 - sum (y_i - p_i)^2 / sum (y_i - m_i)^2 over rows and targets:  p_i of ridge regression with intercept on the other
//            rows, m_i their mean; the largest over all strengths of ridge, one for all targets
//   source   Allen 1974, doi:10.1080/00401706.1974.10489157: the residual of row i, left out, is (y - H y)_i / (1 - H_ii)
//   why      it measures what a head would say of new rows, so that trunks of any width compare: LogME holds all weights back alike,
//            and places features of which few matter, as words, below those of a trunk that has learned nothing
//   centred  spectrum of the centred features
//   targets  [n, K] double, n > 1; one column a target, see one_vs_rest()
//   returns  in [0, 1]; higher is better. 0 where the targets are constant
//   limit    a row whose features are about 1e9 times those of all others is beyond double, and places the trunk too low
double left_out(const Spectrum& centred, const Tensor& targets);

// LogME: the log evidence, a row, of a Bayesian linear model of the targets on the features, at its largest.
//
//   formula  y = F w + noise,  w ~ N(0, I / alpha),  noise ~ N(0, I / beta):  max over alpha, beta of log N(y; 0, I / beta +
//            F F^T / alpha) / n
//   source   You et al. 2021, arXiv:2102.11005; on singular values: You et al. 2022, arXiv:2110.10545
//   differs  the authors' program takes at most 11 steps of a fixed point from alpha = beta = 1, with 1e-5 in both denominators, and
//            so may stay in a local maximum, as of features whose mean is far from 0; here beta in closed form, and alpha / beta by
//            a search over all its decades: the maximum, whatever the features' scale. For n < D that program leaves out log(alpha)
//            of the D - k directions without features; here they count. A class without rows is left out, not counted as explained
//   spectrum of the features as they are, not centred
//   targets  [n, K] double; one column a target, see one_vs_rest()
//   returns  nats a row, the mean over the targets; higher is better. Features of rank < n that give the target exactly have no
//            largest evidence: their residual counts as 1e-12 of the target's sum of squares
double logme(const Spectrum& spectrum, const Tensor& targets);

// [n, C] double: 1 where the row has the class. labels: [n] int64.
Tensor one_vs_rest(const Tensor& labels);

// H-score: the share of the features' variance that lies between classes, each direction measured by its own variance.
//
//   formula  tr(cov(f)^-1 cov(E[f | y])), the pseudo-inverse where cov(f) has none
//   source   Bao et al. 2019, doi:10.1109/ICIP.2019.8803726
//   centred  spectrum of the centred features
//   returns  in [0, C - 1]; C - 1 for any features of rank n - 1, so that it says something only where D < n - 1
double h_score(const Spectrum& centred, const Tensor& labels);

// The same with a covariance shrunk towards a multiple of the identity, for wide features.
//
//   formula  tr(S^-1 (1 - a) cov(E[f | y])),  S = (1 - a) cov(f) + a tr(cov(f)) / D I,  a by Ledoit and Wolf 2004
//   source   Ibrahim et al. 2021, arXiv:2110.06893
//   differs  both covariances divide by n, so that a = 0 gives the H-score
double shrunk_h_score(const Spectrum& centred, const Tensor& labels);

// LEEP: the log likelihood, a row, of the labels under what a source's classes say of them.
//
//   formula  mean over rows of log sum_z P(y | z) source[i, z],  P(y | z) the empirical conditional
//   source   Nguyen et al. 2020, arXiv:2002.12462
//   source   [n, Z] probabilities of a classifier over other classes
//   returns  nats a row, <= 0; higher is better
double leep(const Tensor& source, const Tensor& labels);

}  // namespace graft::core
