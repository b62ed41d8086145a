#include "feature_tokenizer.hpp"

#include <ATen/ops/addcmul.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/tensor.h>

#include <cmath>
#include <numeric>

#include "graft/nn/init.hpp"

namespace graft::plugins {
namespace {

Tensor uniform(std::int64_t rows, std::int64_t width, const Rng& rng) {
  Tensor values = at::empty({rows, width}, at::kFloat);
  nn::uniform_(values, 1 / std::sqrt(static_cast<double>(width)), rng);
  return values;
}

}  // namespace

FeatureTokenizer::FeatureTokenizer(std::int64_t numbers, const std::vector<std::int64_t>& table_rows, std::int64_t width,
                                   const Rng& rng)
    : numbers_(numbers) {
  if (numbers > 0) {
    auto own = register_module("num_tokenizer", std::make_shared<torch::nn::Module>());
    weight_ = own->register_parameter("weight", uniform(numbers, width, rng.fork("weight")));
    bias_ = own->register_parameter("bias", uniform(numbers, width, rng.fork("bias")));
  }
  if (table_rows.empty()) return;
  auto own = register_module("cat_tokenizer", std::make_shared<torch::nn::Module>());
  const std::int64_t rows = std::accumulate(table_rows.begin(), table_rows.end(), std::int64_t{0});
  embeddings_ = own->register_module("embeddings", std::make_shared<nn::Embedding>(rows, width, rng));
  embeddings_->weight.set_data(uniform(rows, width, rng.fork("embeddings")));
  category_bias_ =
      own->register_parameter("bias", uniform(static_cast<std::int64_t>(table_rows.size()), width, rng.fork("category bias")));
  first_rows_.resize(table_rows.size());
  std::exclusive_scan(table_rows.begin(), table_rows.end(), first_rows_.begin(), std::int64_t{0});
}

std::int64_t FeatureTokenizer::tokens() const { return numbers_ + static_cast<std::int64_t>(first_rows_.size()); }

Tensor FeatureTokenizer::forward(const Tensor& numbers, const Tensor& categories, const Call& call) const {
  std::vector<Tensor> parts;
  if (numbers_ > 0) parts.push_back(at::addcmul(bias_, numbers.unsqueeze(2), weight_));
  if (embeddings_) {
    const Tensor rows = categories.add(at::tensor(first_rows_, categories.options()));
    const Tensor looked_up = embeddings_->forward(rows.flatten(), call).to(category_bias_.scalar_type());
    parts.push_back(looked_up.view({rows.size(0), rows.size(1), -1}).add(category_bias_));
  }
  return parts.size() == 1 ? parts.front() : at::cat(parts, 1);
}

}  // namespace graft::plugins
