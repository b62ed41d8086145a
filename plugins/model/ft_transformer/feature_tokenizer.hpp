// FeatureTokenizer: a row of a table as tokens: one a number, then one a category.
//
//   formula  number j: x_j W_j + b_j;  category k: E_k[class] + b_k
//   names    "num_tokenizer.weight", "num_tokenizer.bias" [n, D]; "cat_tokenizer.embeddings.weight" [sum of table rows, D], the tables
//            of all categories end to end, "cat_tokenizer.bias" [K, D]; each only where there are such columns. rtdl's
//   init     uniform within 1 / sqrt(D)
//   B rows   n numbers   K categories   D width of a token
//   source   Gorishniy et al. 2021, arXiv:2106.11959, section 3.3; rtdl 0.0.13
//   differs  a category has a row more, for a missing class
#pragma once

#include <torch/nn/module.h>

#include <memory>
#include <vector>

#include "../table_columns.hpp"
#include "graft/call.hpp"
#include "graft/nn/embedding.hpp"

namespace graft::plugins {

class FeatureTokenizer final : public torch::nn::Module {
 public:
  FeatureTokenizer(std::int64_t numbers, const std::vector<std::int64_t>& table_rows, std::int64_t width, const Rng& rng);

  std::int64_t tokens() const;  // n + K

  // numbers [B, n] float, or undefined; categories [B, K] int64: rows of each table, or undefined. Returns [B, n + K, D].
  Tensor forward(const Tensor& numbers, const Tensor& categories, const Call& call) const;

 private:
  std::int64_t numbers_;
  std::vector<std::int64_t> first_rows_;  // [K]: where each category's table begins
  Tensor weight_, bias_, category_bias_;  // undefined where there are no such columns
  std::shared_ptr<nn::Embedding> embeddings_;
};

}  // namespace graft::plugins
