#include "text_cnn.hpp"

#include <ATen/ops/arange.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/where.h>
#include <ATen/ops/zeros.h>
#include <graft/error.hpp>
#include <graft/nn/dropout.hpp>

#include <algorithm>
#include <set>

namespace acme_text {
namespace {

constexpr const char* kName = "acme/text_cnn";

// [B, T, D]: the rows of a ragged column below each other, zeros after their ends.
graft::Tensor padded(const graft::Ragged& rows, std::int64_t longest) {
  const graft::Tensor begin = rows.offsets.narrow(0, 0, rows.offsets.size(0) - 1).to(at::kLong).unsqueeze(1);
  const graft::Tensor end = rows.offsets.narrow(0, 1, rows.offsets.size(0) - 1).to(at::kLong).unsqueeze(1);
  const graft::Tensor place = begin + at::arange(longest, begin.options());
  const graft::Tensor zero = at::zeros({1, rows.values.size(1)}, rows.values.options());
  const graft::Tensor from = at::where(place.lt(end), place, rows.values.size(0));
  return at::cat({rows.values, zero}).index_select(0, from.flatten()).view({begin.size(0), longest, zero.size(1)});
}

// [B, places] 1 where a window of `width` begins inside its row and ends there too; the first place of a shorter row counts.
graft::Tensor is_window(const graft::Ragged& rows, std::int64_t places, std::int64_t width) {
  const graft::Tensor last = rows.offsets.diff().to(at::kLong).sub(width).clamp_min(0);
  return at::arange(places, last.options()).le(last.unsqueeze(1));
}

}  // namespace

TextCnn::TextCnn(const graft::Config& config)
    : input_(config.column("input")),
      vocab_size_(config.integer("vocab_size")),
      embedding_size_(config.integer("embedding_size")),
      channels_(config.integer("channels")),
      dropout_(config.number("dropout")) {
  for (const double width : config.numbers("widths")) widths_.push_back(static_cast<std::int64_t>(width));
  std::set<std::int64_t> seen;
  for (const std::int64_t width : widths_)
    if (!seen.insert(width).second) throw graft::Error(kName, "widths must differ, " + std::to_string(width) + " is there twice");
}

graft::Schema TextCnn::build(const graft::Schema& inputs, graft::Rng rng) {
  graft::require(inputs, input_, {graft::FieldKind::kTokens}, kName);
  embedding_ = register_module("embedding",
                               std::make_shared<graft::nn::TokenEmbedding>(vocab_size_, embedding_size_, rng.fork("embedding"),
                                                                           /*deviation=*/0.1));
  const auto convolutions = register_module("convolutions", std::make_shared<torch::nn::Module>());
  for (const std::int64_t width : widths_) {
    const std::string name = std::to_string(width);
    convolutions_.push_back(convolutions->register_module(
        name, std::make_shared<graft::nn::Linear>(width * embedding_size_, channels_, rng.fork("convolutions." + name))));
  }
  return {graft::Field{"features", graft::FieldKind::kVector, {std::ssize(widths_) * channels_}, {}}};
}

graft::Batch TextCnn::forward(const graft::Batch& batch, const graft::Call& call) {
  graft::Ragged embedded = embedding_->forward(batch.ragged(input_), call);
  embedded.values = call.tap("embedding", embedded.values);
  const std::int64_t longest = std::max(embedded.longest, *std::max_element(widths_.begin(), widths_.end()));
  const graft::Tensor rows = padded(embedded, longest);
  std::vector<graft::Tensor> largest;
  for (std::size_t i = 0; i < widths_.size(); ++i) {
    const std::int64_t places = longest - widths_[i] + 1;
    const graft::Tensor windows = rows.unfold(1, widths_[i], 1).transpose(2, 3).flatten(2);  // [B, places, w * D]
    const graft::Tensor found = convolutions_[i]->forward(windows, call).relu();
    largest.push_back(found.mul(is_window(embedded, places, widths_[i]).unsqueeze(2)).amax(1));  // relu: 0 is the least there is
  }
  graft::Tensor features = at::cat(largest, 1);
  if (features.scalar_type() == at::kBFloat16) features = features.to(at::kFloat);
  features = graft::nn::dropout(features, dropout_, call);
  graft::Batch result(std::vector<std::int64_t>(batch.row_ids().begin(), batch.row_ids().end()));
  result.set("features", call.tap("features", features));
  return result;
}

std::vector<std::string> TextCnn::stages() const { return {"embedding", "convolutions"}; }

}  // namespace acme_text
