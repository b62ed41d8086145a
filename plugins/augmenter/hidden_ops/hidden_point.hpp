// HiddenPoint: a named point of a model ("embeddings", "layer.0", "features") at which an augmenter changes hidden tensors.
//
//   name     as the model calls it; of a model inside another one its end ("embeddings" is also "trunk.embeddings")
//   absent   tap() throws Error(where) once a forward pass has gone by without that point: names those that there were
//   threads  any
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "graft/columns.hpp"
#include "graft/tap.hpp"

namespace graft::plugins {

class HiddenPoint {
 public:
  HiddenPoint(std::string name, std::string where);

  // A tap that puts change(value) in the place of the tensor at this point and leaves the others alone.
  Tap tap(std::function<Tensor(const Tensor& value)> change) const;

 private:
  struct Seen {
    std::mutex mutex;
    bool has_point = false;
    std::vector<std::string> others;
  };
  void refuse_absent() const;

  std::string name_, where_;
  std::shared_ptr<Seen> seen_;
};

// per_row [B, ...] spread over the tokens of a packed tensor [N, ...]: those of `tokens`, with as many virtual ones more in each row as
// an adapter put there. throws Error(where) when N fits no such number.
Tensor spread_over_tokens(const Tensor& per_row, const Ragged& tokens, std::int64_t count, const std::string& where);

// per_row [B] as [B, 1, ...], to multiply `value` with. throws Error(where) when `value` has not one row for each row of the batch.
Tensor spread_over_rows(const Tensor& per_row, const Tensor& value, const std::string& where);

}  // namespace graft::plugins
