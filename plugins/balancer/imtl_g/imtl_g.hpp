// ImtlG: impartial multi-task learning, the half that looks at gradients. The direction projects equally on each unit gradient.
//
//   formula  w = v / sum(v),  v = pinv(G) sqrt(diag G), over eigenvalues above 1e-12 of the largest
//   limits   weights may be negative; when |sum(v)| is under 1e-12 of sum |v| they are all 0
//   source   Liu et al. 2021, "Towards Impartial Multi-task Learning", ICLR, section 3.1; closed form of torchjd
#pragma once

#include "../gramian.hpp"
#include "graft/config.hpp"

namespace graft::plugins {

class ImtlG final : public GramianBalancer {
 public:
  explicit ImtlG(const Config&);

 private:
  std::vector<double> weights(const Gramian& gramian, const Losses& losses) override;
};

}  // namespace graft::plugins
