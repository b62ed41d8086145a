// TokenMask: replaces tokens by the mask token at random, each on its own.
//
//   column   Ragged, [N] int64 ids (kTokens), changed in place
//   draws    one a token from rng.row(row id), also for those that are kept: a token's fate does not depend on the others
//   keeps    the first and the last token of each row, where [CLS] and [SEP] stand, with keep_ends
//   source   Devlin et al. 2019, arXiv:1810.04805, section 3.1
//   differs  always the mask token (there 80 %, else a random or the same one), and nothing is predicted: it is noise
//   scope    row; threads any
#pragma once

#include <cstdint>
#include <string>

#include "graft/augmenter.hpp"
#include "graft/config.hpp"

namespace graft::plugins {

class TokenMask final : public Augmenter {
 public:
  explicit TokenMask(const Config& config);

  Scope scope() const override { return Scope::kRow; }
  Tap augment(Batch& batch, Rng rng) const override;
  Schema outputs(const Schema& inputs) const override;

 private:
  std::string column_;
  std::int64_t mask_id_;
  double probability_;
  bool keep_ends_;
};

}  // namespace graft::plugins
