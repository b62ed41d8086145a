#include "term_trie.hpp"

#include <algorithm>
#include <numeric>

namespace graft::plugins {
namespace {

// `items` in the order of their keys, 0 to `keys` - 1; equal ones stay as they are. begins [keys + 1]: where each key's items begin.
template <class KeyOf>
std::vector<std::int32_t> counting_sort(const std::vector<std::int32_t>& items, std::size_t keys, KeyOf key_of,
                                        std::vector<std::size_t>& begins) {
  begins.assign(keys + 1, 0);
  for (const std::int32_t item : items) ++begins[key_of(item) + 1];
  std::partial_sum(begins.begin(), begins.end(), begins.begin());
  std::vector<std::size_t> next(begins);
  std::vector<std::int32_t> sorted(items.size());
  for (const std::int32_t item : items) sorted[next[key_of(item)]++] = item;
  return sorted;
}

}  // namespace

std::int32_t TermTrie::add_new(std::int32_t prefix, std::int32_t unit) {
  const std::int32_t node = size();
  nodes_.push_back({prefix, unit});
  if (prefix == kRoot) {
    const auto at = static_cast<std::size_t>(unit);
    if (at >= first_.size()) first_.resize(std::max(at + 1, 2 * first_.size()), kNone);
    return first_[at] = node;
  }
  const std::uint64_t key = key_of(prefix, unit);
  slots_[slot_of(key)] = {key, node};
  if (nodes_.size() * 2 > slots_.size()) grow();
  return node;
}

void TermTrie::grow() {
  std::vector<Slot> old(slots_.size() * 2);
  old.swap(slots_);
  --shift_;
  for (const Slot& slot : old)
    if (slot.node != kNone) slots_[slot_of(slot.key)] = slot;
}

std::vector<std::int32_t> TermTrie::sorted(const std::vector<std::int32_t>& ranks) const {
  std::vector<std::int32_t> nodes(nodes_.size() - 1);
  std::iota(nodes.begin(), nodes.end(), 1);
  std::vector<std::size_t> begins;
  const auto rank = [&](std::int32_t node) { return static_cast<std::size_t>(ranks[static_cast<std::size_t>(unit(node))]); };
  nodes = counting_sort(nodes, ranks.size(), rank, begins);
  const auto prefix_of = [&](std::int32_t node) { return static_cast<std::size_t>(prefix(node)); };
  const std::vector<std::int32_t> children = counting_sort(nodes, nodes_.size(), prefix_of, begins);

  std::vector<std::int32_t> order, waiting = {kRoot};
  while (!waiting.empty()) {
    const std::int32_t node = waiting.back();
    waiting.pop_back();
    if (node != kRoot) order.push_back(node);
    for (std::size_t at = begins[static_cast<std::size_t>(node) + 1]; at-- > begins[static_cast<std::size_t>(node)];)
      waiting.push_back(children[at]);
  }
  return order;
}

}  // namespace graft::plugins
