#include "ranges.hpp"

#include <algorithm>

#include "graft/error.hpp"

namespace graft::plugins {
namespace {

Range checked(Range range, std::string_view key, Range allowed, const std::string& where) {
  const auto [low, high] = range;
  if (low > high)
    throw Error(where, std::string(key) + " must have its lesser bound first, got [" + written(low) + ", " + written(high) + "]");
  if (low >= allowed.low && high <= allowed.high) return range;
  throw Error(where, std::string(key) + " must be in [" + written(allowed.low) + ", " + written(allowed.high) + "], got " +
                         written(low < allowed.low ? low : high));
}

}  // namespace

std::string written(double number) {
  const std::string text = to_json(Value(number));
  return text.ends_with(".0") ? text.substr(0, text.size() - 2) : text;
}

Range range_round(double middle, const Config& config, std::string_view key, Range allowed, const std::string& where) {
  const std::vector<double> given = config.numbers(key);
  if (given.size() == 2) return checked({given[0], given[1]}, key, allowed, where);
  if (given[0] < 0) throw Error(where, std::string(key) + " must be >= 0 where it is one number, got " + written(given[0]));
  return checked({std::max(middle - given[0], allowed.low), middle + given[0]}, key, allowed, where);
}

Range range_of(const Config& config, std::string_view key, Range allowed, const std::string& where) {
  const std::vector<double> given = config.numbers(key);
  return checked({given.front(), given.back()}, key, allowed, where);
}

}  // namespace graft::plugins
