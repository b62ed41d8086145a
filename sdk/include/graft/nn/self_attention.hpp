// SelfAttention: attention() over ragged rows as a layer without parameters, whose patches may give each row more to attend to.
//
//   q, k, v   [N, D], D = width; or q [B, D]: only the first token of each row asks
//   offsets   [B + 1] int32    longest: tokens in the longest row
//   returns   in the shape of q
//   patches   tokens() gives keys and values, [P, D] each: every query of every row sees them, before the row's own. before()
//             and after() are not asked
//   dropout   as attention(); what the first tokens lose is the same for q [N, D] and [B, D], with patches too
//   cost      with patches P queries a row more, whose result is dropped, as attention() has one set of offsets
//   source    Li and Liang 2021, arXiv:2101.00190
#pragma once

#include <cstdint>

#include "graft/nn/patch.hpp"

namespace graft::nn {

class GRAFT_API SelfAttention : public PatchSlot {
 public:
  SelfAttention(std::int64_t width, std::int64_t heads, double p_dropout);
  Tensor forward(const Tensor& q, const Tensor& k, const Tensor& v, const Tensor& offsets, std::int64_t longest,
                 const Call& call) const;
  std::int64_t virtual_tokens(const Call& call) const;  // P
  std::int64_t width() const { return width_; }
  std::int64_t heads() const { return heads_; }

 private:
  std::int64_t width_, heads_;
  double dropout_;
};

}  // namespace graft::nn
