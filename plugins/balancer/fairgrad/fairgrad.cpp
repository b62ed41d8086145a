#include "fairgrad.hpp"

#include "../bargain.hpp"

namespace graft::plugins {

Fairgrad::Fairgrad(const Config& config) : alpha_(config.number("alpha")) {}

std::vector<double> Fairgrad::weights(const Gramian& gramian, const Losses&) { return bargain(gramian, 1 / alpha_); }

}  // namespace graft::plugins
