// Bert: the encoder of Devlin et al., token ids in, one vector a row out. Weights and names are those of `transformers`.
//
//   reads      the column `input`, kind tokens: Ragged int64 [N]; every row has 1 to max_position_embeddings tokens
//   gives      "features" [B, D]    one vector a row by `pooling`, see bert_pooling.hpp
//              "tokens" Ragged [N, D]   the last hidden states, made only when somebody reads them
//   taps       "embeddings" [N, D], "layer.0" ... [N, D], "features" [B, D]; with a prompt N counts its tokens too
//   adapters   a prompt's tokens are tokens of their row, as in `transformers`: positions count from the first of them, "cls" and
//              "pooler" read it and "mean" and the like count them too; "tokens" leaves them out. Behind a prefix of P keys positions count
//              from P. Rows have that much less room
//   last layer when only first tokens are wanted and no tap listens, its queries, output projection and feed-forward run on
//              B rows instead of N: the same features and gradients
//   weights    a safetensors file or its folder; names with the prefix "bert." or none, LayerNorm.gamma and beta as well as
//              weight and bias; cls.*, classifier.* and embeddings.position_ids are left out. A pooler is used only by "pooler"
//   init       without weights as `transformers`: normal with deviation 0.02, biases 0; where weights are named, build() leaves
//              zeros for load_weights() or a copied state to fill
//   errors     Error("graft/bert") for sizes, ids or rows out of range, for an empty row, for a missing pooler
//   source     Devlin et al. 2018, arXiv:1810.04805; names and config.json of Hugging Face transformers
//   differs    token type is 0 throughout; gelu only; no padding, so no attention mask, and id 0 learns like any other
#pragma once

#include <memory>
#include <vector>

#include "bert_layers.hpp"
#include "bert_pooling.hpp"
#include "bert_sizes.hpp"
#include "graft/model.hpp"

namespace graft::plugins {

class Bert final : public Model {
 public:
  explicit Bert(const Config& config);
  Schema build(const Schema& inputs, Rng rng) override;
  Batch forward(const Batch& batch, const Call& call) override;
  std::vector<std::string> stages() const override;
  void load_weights(const std::string& path) override;
  std::map<std::string, std::string> files() const override;

 private:
  void check_rows(const Ragged& tokens, const Batch& batch, std::int64_t added) const;
  Tensor encode(const Tensor& words, const BertPlaces& places, bool first_only, const Call& call) const;
  Tensor pool(const Tensor& hidden, const BertPlaces& places, bool is_first_only, const Call& call) const;

  std::string input_;
  double deviation_;  // of the first weights
  BertPooling pooling_;
  Value file_;  // config.json, null when there is none
  BertSizes sizes_;
  std::shared_ptr<BertEmbeddings> embeddings_;
  std::vector<std::shared_ptr<BertLayer>> layers_;
  std::shared_ptr<nn::Linear> pooler_;
};

}  // namespace graft::plugins
