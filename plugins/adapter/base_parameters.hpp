// Base parameters: which of a model's own parameters train beside the adapters of this library.
//
//   freeze       stops them all, but not those that some adapter had train: so the order of adapters does not matter
//   train_alone  freezes, then has `parameters` train; kept in the model under the adapter's name until forgotten
//   forget       takes that note off; which parameters train stays as it is
//   errors       Error(where) when the model has a part or a parameter of the adapter's name
#pragma once

#include <string>
#include <vector>

#include "graft/model.hpp"

namespace graft::plugins {

void freeze(Model& model);
void train_alone(Model& model, const std::string& adapter, std::vector<Tensor> parameters, const std::string& where);
void forget(Model& model, const std::string& adapter);

}  // namespace graft::plugins
