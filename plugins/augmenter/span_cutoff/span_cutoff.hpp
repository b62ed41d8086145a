// SpanCutoff: takes a run of neighbouring tokens out of each row, or masks it.
//
//   run      max(1, floor(share n)) of the n tokens that may go, at a place drawn evenly; a row with n = 0 stays, share 0 is off
//   keeps    the first and the last token of each row, where [CLS] and [SEP] stand, with keep_ends; one token of a row without
//   column   Ragged, [N] int64 ids (kTokens), changed in place; without mask_id rows become shorter
//   draws    one a row from rng.row(row id)
//   source   Shen et al. 2020, arXiv:2009.13818, section 3 (span cutoff)
//   differs  there the embeddings of the run become 0, positions stay and padding hides it; here its tokens go, or one id takes their
//            place
//   scope    row; threads any
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "graft/augmenter.hpp"
#include "graft/config.hpp"

namespace graft::plugins {

class SpanCutoff final : public Augmenter {
 public:
  explicit SpanCutoff(const Config& config);

  Scope scope() const override { return Scope::kRow; }
  Tap augment(Batch& batch, Rng rng) const override;
  Schema outputs(const Schema& inputs) const override;

 private:
  struct Span {
    std::int64_t begin, length;
  };
  Span drawn(std::int64_t begin, std::int64_t end, Rng& draws) const;  // of a row's tokens [begin, end)

  std::string column_;
  double share_;
  std::optional<std::int64_t> mask_id_;
  bool keep_ends_;
};

}  // namespace graft::plugins
