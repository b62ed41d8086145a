// What other frameworks call a thing, and what graft calls it: num_train_epochs is run.epochs.
#pragma once

#include <string_view>

#include "graft/parameters.hpp"

namespace graft::core {

std::string_view graft_name(std::string_view key);  // "run.epochs" for "num_train_epochs"; "" when it is no such name

// A problem about a key that is not a parameter says what graft calls it, where the key is known from elsewhere.
Problem in_graft_words(Problem problem);

}  // namespace graft::core
