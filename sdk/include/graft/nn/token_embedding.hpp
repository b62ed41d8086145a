// TokenEmbedding: an Embedding of ragged ids, whose patches may put virtual tokens before every row.
//
//   ids       Ragged int64 [N]
//   returns   Ragged [N + B * P, D], the tokens of the patches first in each row; P = 0 and the given offsets without any
//   patches   those of an Embedding; tokens() gives [P, D]
//   source    Lester et al. 2021, arXiv:2104.08691
#pragma once

#include "graft/columns.hpp"
#include "graft/nn/embedding.hpp"

namespace graft::nn {

class GRAFT_API TokenEmbedding : public Embedding {
 public:
  using Embedding::Embedding;
  using Embedding::forward;
  Ragged forward(const Ragged& ids, const Call& call) const;
  std::int64_t virtual_tokens(const Call& call) const;  // P
};

}  // namespace graft::nn
