// Head: one prediction problem on top of features. A torch::nn::Module; registered names are the checkpoint's.
//
//   calls   build fit? forward (loss | predict)*
//   batch   of loss() and predict(): the columns that the model reads and those that the head's parameters name (format
//           "column" or "columns"). The parameter `target` names the label, which may be absent from predict(); others are there
//   B rows   N tokens in a packed batch   D width of a representation   C classes
#pragma once

#include <torch/nn/module.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "graft/batch.hpp"
#include "graft/call.hpp"
#include "graft/export.hpp"
#include "graft/rng.hpp"
#include "graft/schema.hpp"
#include "graft/source.hpp"

namespace graft {

// Scores of a head: one entry a row, or one a token with the offsets that say whose.
struct Scores {
  Tensor values;                  // [B, ...] or [N, ...]
  std::optional<Tensor> offsets;  // [B + 1] int32 when per token
};

// A loss with its weight, so that accumulation, a split batch and several processes all give the exact mean.
struct RowLoss {
  Tensor value;   // [B] or [N], not reduced; 0 where the label is missing
  Tensor weight;  // same shape; 0 where the label is missing
};

class GRAFT_API Head : public torch::nn::Module {
 public:
  ~Head() override;

  virtual std::vector<std::string> reads() const;  // columns of the model's output; default {"features"}
  virtual std::string target() const = 0;          // the label's column in the data

  // Makes the layers, initialised from `rng`. `features` is the model's output, `data` the columns of the rows.
  virtual void build(const Schema& features, const Schema& data, Rng rng) = 0;

  virtual void fit(const Source& training);  // sees clean training rows; default: nothing to learn. Results go to buffers

  // What predict() gives, by the SDK's standard names, so that any metric meets any head:
  //   one class a row             "label" kClass      "probability" kSoftClass
  //   several classes a row       "label" kLabelSet   "probability" kLabelSet: of each class by itself
  //   a class for each word       "label" kTags       "probability" kVector: Ragged [N, C], N words
  //   a number                    "value" kNumber, in the target's units
  virtual Schema outputs() const = 0;

  virtual Scores forward(const Batch& features, const Call& call) = 0;
  virtual RowLoss loss(const Scores& scores, const Batch& batch) const = 0;
  virtual Batch predict(const Scores& scores, const Batch& batch) const = 0;
};

// The column of the model's output that a head reads as one vector a row: `input`; where that is empty "features", or, of a model that
// gives none, the column of the head's own name. throws Error(where) when there is none, or it is no vector or sparse column.
GRAFT_API const Field& head_input(const Schema& features, const std::string& input, const std::string& head,
                                  std::string_view where);

// Scores as losses take them: float, or double where they are double (a solver's, see Step::minimise).
GRAFT_API Tensor wide(const Tensor& scores);

}  // namespace graft
