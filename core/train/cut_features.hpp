// CutFeatures: a pass in two halves, cut at what the model gives: the tasks' gradients meet at the cut, and one combined gradient
// goes back through the model. This is what makes balancing at the features cheap.
//
//   source  Sener and Koltun 2018, arXiv:1810.04650, section 3.3: an upper bound that needs one pass through the trunk
#pragma once

#include <vector>

#include "core/train/accumulator.hpp"
#include "core/train/balance.hpp"
#include "graft/batch.hpp"

namespace graft::core {

class CutFeatures {
 public:
  void clear();
  void cut(Batch& features);  // puts leaves in the place of its float columns; REQUIRES: one pass since clear()

  // The step's gradient into grad() of the parameters: of a head its own task's, of the model the balanced one.
  void backward(const Terms& terms, Parameters& parameters, Balance& balance, const Progress& progress);

 private:
  std::vector<Tensor> given_, leaves_;
};

}  // namespace graft::core
