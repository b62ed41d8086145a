// The components of this plugin break one rule of their kind each, and are sound otherwise. What plugin check must say of each stands
// in tests/conformance/conduct_test.cpp.
#pragma once

#include "graft/registrar.hpp"

void add_making(graft::Registrar& registrar);      // extractors that fail before they have done anything
void add_conduct(graft::Registrar& registrar);     // extractors that are bad company
void add_extractors(graft::Registrar& registrar);  // those that are no good extractors
void add_sources(graft::Registrar& registrar);
void add_augmenters(graft::Registrar& registrar);
