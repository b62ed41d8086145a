#include "bad_rows.hpp"

#include "graft/error.hpp"

namespace graft::plugins {

void BadRows::add(const std::string& place, const std::string& text) {
  if (!rules_.drops_bad_rows) throw Error(rules_.where, path_ + ":" + place + ": " + text);
  if (dropped_++ == 0) first_ = place + ": " + text;
}

void BadRows::warn() const {
  const auto rows = [](std::int64_t n) { return std::to_string(n) + (n == 1 ? " row" : " rows"); };
  if (dropped_)
    graft::warn(rules_.where, path_ + ": dropped " + rows(dropped_) + " that cannot be read; the first: line " + first_);
  if (replaced_) graft::warn(rules_.where, path_ + ": " + rows(replaced_) + " with bytes that are not UTF-8, replaced by U+FFFD");
}

}  // namespace graft::plugins
