#include "mgda.hpp"

#include "../quadratic.hpp"

namespace graft::plugins {

Mgda::Mgda(const Config&) {}

std::vector<double> Mgda::weights(const Gramian& gramian, const Losses&) { return shortest_in_hull(gramian); }

}  // namespace graft::plugins
