#include "hidden_point.hpp"

#include <ATen/Functions.h>

#include <algorithm>
#include <utility>

#include "graft/error.hpp"

namespace graft::plugins {

HiddenPoint::HiddenPoint(std::string name, std::string where)
    : name_(std::move(name)), where_(std::move(where)), seen_(std::make_shared<Seen>()) {}

void HiddenPoint::refuse_absent() const {
  const std::lock_guard lock(seen_->mutex);
  if (seen_->has_point || seen_->others.empty()) return;
  std::string points;
  for (const std::string& point : seen_->others) points += (points.empty() ? "" : ", ") + point;
  throw Error(where_, "the model has no point " + name_ + "; it has " + points);
}

Tap HiddenPoint::tap(std::function<Tensor(const Tensor& value)> change) const {
  refuse_absent();
  return [name = name_, seen = seen_, change = std::move(change)](std::string_view point, const Tensor& value) {
    const bool is_own = point == name || point.ends_with("." + name);
    {
      const std::lock_guard lock(seen->mutex);
      seen->has_point = seen->has_point || is_own;
      if (!is_own && std::find(seen->others.begin(), seen->others.end(), point) == seen->others.end())
        seen->others.emplace_back(point);
    }
    return is_own ? change(value) : value;
  };
}

Tensor spread_over_tokens(const Tensor& per_row, const Ragged& tokens, std::int64_t count, const std::string& where) {
  const std::int64_t rows = per_row.size(0), own = tokens.values.size(0), more = rows > 0 ? (count - own) / rows : 0;
  if (more < 0 || own + more * rows != count)
    throw Error(where, "the point has " + std::to_string(count) + " tokens, the column " + std::to_string(own) +
                           ": name the column that the model reads");
  return per_row.repeat_interleave(tokens.offsets.diff().add(more).to(at::kLong), 0, count);
}

Tensor spread_over_rows(const Tensor& per_row, const Tensor& value, const std::string& where) {
  if (value.size(0) != per_row.size(0))
    throw Error(where, "the point has " + std::to_string(value.size(0)) + " rows, the batch " + std::to_string(per_row.size(0)) +
                           ": name one with a row for each, like features");
  std::vector<std::int64_t> shape(static_cast<std::size_t>(value.dim()), 1);
  shape[0] = -1;
  return per_row.view(shape);
}

}  // namespace graft::plugins
