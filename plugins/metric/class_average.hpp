// ClassAverage: how the values of C classes make one number, from the parameters `average` and `positive`.
//
//   average   binary    that of the class `positive` alone, by default the last; needs 2 classes, one a row
//             macro     the plain mean over classes
//             weighted  the mean weighted by rows of each class
//             auto      binary for 2 classes, one a row, else macro
//             others    are left to the metric
//   throws    Error when `positive` is no class, or is given for another average than binary
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "graft/config.hpp"
#include "graft/schema.hpp"

namespace graft::plugins {

class ClassAverage {
 public:
  explicit ClassAverage(const Config& config);

  // `others`: the averages to name where binary cannot be, "macro or weighted".
  void build(const Field& target, const std::string& others, const std::string& where);

  const std::string& name() const { return name_; }    // as resolved: never auto
  std::int64_t positive() const { return positive_; }  // of binary

 private:
  std::int64_t positive_class(const Field& target, const std::string& where) const;

  std::string wanted_, name_;
  std::optional<std::string> positive_name_;
  std::int64_t positive_ = 0;
};

}  // namespace graft::plugins
