// Mlp: layers of linear, activation and dropout over a row of numbers.
//
//   reads    the columns `input`: number, integer and vector columns side by side, and class columns, each by a vector for each class
//            and one for a missing class; or one sparse column [B, D]
//   gives    "features" [B, width of the last hidden layer]
//   taps     "hidden.0" ... [B, width], "features"
//   order    the numbers first, then the vectors of the classes, each in the order of the config
//   names    "embeddings.0.weight", ... by class column, one stage; "hidden.0.weight", "hidden.0.bias", ...; a stage each
//   init     see Perceptron; vectors of classes normal with deviation 0.01, of width min(600, round(1.6 C^0.56)) for C classes or
//            `embedding_width`
//   source   Guo and Berkhahn 2016, arXiv:1604.06737; widths and init of fastai 2, tabular.model
//   errors   Error("graft/mlp") for a missing number, for a sparse column beside another, for an adapter on the first layer where that
//            reads a sparse column: its rows are never made dense, and a patch needs them
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "../perceptron.hpp"
#include "../table_columns.hpp"
#include "graft/config.hpp"
#include "graft/model.hpp"
#include "graft/nn/embedding.hpp"

namespace graft::plugins {

class Mlp final : public Model {
 public:
  explicit Mlp(const Config& config);
  Schema build(const Schema& inputs, Rng rng) override;
  Batch forward(const Batch& batch, const Call& call) override;
  std::vector<std::string> stages() const override;

 private:
  std::int64_t embed(const Rng& rng);  // makes a table a class column; their widths in all
  Tensor row_of(const Batch& batch, const Call& call) const;
  Tensor first_layer(const Batch& batch, const Call& call) const;

  std::vector<std::string> input_;
  std::int64_t embedding_width_;  // 0: by the number of classes
  PerceptronShape shape_;
  bool is_sparse_ = false;
  TableColumns columns_;
  std::vector<std::shared_ptr<nn::Embedding>> embeddings_;  // by class column
  std::shared_ptr<Perceptron> hidden_;
};

}  // namespace graft::plugins
