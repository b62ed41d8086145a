// TextCnn: convolutions of several widths over word embeddings; of each channel the largest value in the row is kept.
//
//   formula   feature = max over places of relu(W [x_i .. x_i+w-1] + b), for each width w and channel; then dropout
//   reads     the column `input`: tokens, Ragged int64 in [0, vocab_size)
//   gives     "features" [B, F] float, F = widths * channels, by width in the config's order
//   short     a row of fewer than w tokens has zeros after its last; one without tokens too
//   taps      "embedding" [N, D], "features"
//   names     "embedding.weight" [V, D], "convolutions.<width>.weight" [channels, w * D], "convolutions.<width>.bias" [channels];
//             stages "embedding" and "convolutions"
//   init      embeddings normal with deviation 0.1; convolutions as torch.nn.Linear, which torch.nn.Conv1d's is too
//   memory    in training B * T * w * D numbers for each width, T tokens in the longest row
//   errors    Error("acme/text_cnn") when a width is there twice, or the column is no tokens
//   source    Kim 2014, arXiv:1408.5882, CNN-rand
//   differs   no limit on the norm of the last layer's weights, which is the head's
//
//   B rows in a batch   N tokens in a packed batch   V vocabulary   D width of an embedding   F width of the features
#pragma once

#include <graft/config.hpp>
#include <graft/model.hpp>
#include <graft/nn/linear.hpp>
#include <graft/nn/token_embedding.hpp>

namespace acme_text {

class TextCnn final : public graft::Model {
 public:
  explicit TextCnn(const graft::Config& config);
  graft::Schema build(const graft::Schema& inputs, graft::Rng rng) override;
  graft::Batch forward(const graft::Batch& batch, const graft::Call& call) override;
  std::vector<std::string> stages() const override;

 private:
  std::string input_;
  std::int64_t vocab_size_, embedding_size_, channels_;
  std::vector<std::int64_t> widths_;
  double dropout_;
  std::shared_ptr<graft::nn::TokenEmbedding> embedding_;
  std::vector<std::shared_ptr<graft::nn::Linear>> convolutions_;  // one a width, over w embeddings side by side
};

}  // namespace acme_text
