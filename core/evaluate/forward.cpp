#include "core/evaluate/forward.hpp"

#include <ATen/Functions.h>

#include <algorithm>
#include <numeric>

#include "core/registry/guarded.hpp"

namespace graft::core {

Batch forward(Network& network, const Batch& rows) {
  const Call call({false, 0, network.outputs(), {}, {}});
  return guarded(*network.model_plugin, "forward", [&] { return network.model->forward(rows, call); });
}

void for_each_piece(Network& network, const Batch& rows, std::vector<std::string> columns, std::int64_t batch_size,
                    const std::function<void(const Batch&)>& use) {
  at::NoGradGuard no_grad;
  network.train(false);
  columns.insert(columns.end(), network.inputs.begin(), network.inputs.end());
  const Batch needed = rows.only(columns);
  for (std::int64_t begin = 0; begin < rows.size(); begin += batch_size) {
    std::vector<std::int64_t> positions(std::min(batch_size, rows.size() - begin));
    std::iota(positions.begin(), positions.end(), begin);
    use(needed.select(positions));
  }
}

}  // namespace graft::core
