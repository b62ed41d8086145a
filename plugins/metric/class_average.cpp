#include "class_average.hpp"

#include <algorithm>

#include "graft/error.hpp"
#include "graft/value.hpp"

namespace graft::plugins {

ClassAverage::ClassAverage(const Config& config) : wanted_(config.text("average")) {
  if (config.has("positive")) positive_name_ = config.text("positive");
}

void ClassAverage::build(const Field& target, const std::string& others, const std::string& where) {
  const std::size_t classes = target.classes.size();
  const bool is_set = target.kind == FieldKind::kLabelSet;
  name_ = wanted_ != "auto" ? wanted_ : classes == 2 && !is_set ? "binary" : "macro";
  if (name_ == "binary" && is_set)
    throw Error(where, "average binary is for one class a row, column " + target.name + " is a label set; use " + others);
  if (name_ == "binary" && classes != 2)
    throw Error(where, "average binary needs 2 classes, got " + std::to_string(classes) + "; use " + others);
  if (name_ != "binary" && positive_name_) throw Error(where, "positive is for average binary only, got average " + name_);
  if (name_ == "binary") positive_ = positive_class(target, where);
}

std::int64_t ClassAverage::positive_class(const Field& target, const std::string& where) const {
  if (!positive_name_) return 1;
  const auto at = std::find(target.classes.begin(), target.classes.end(), *positive_name_);
  if (at != target.classes.end()) return at - target.classes.begin();
  const std::string near = nearest(*positive_name_, target.classes);
  throw Error(where, "positive must be a class of " + target.name + " (" + target.classes[0] + " or " + target.classes[1] +
                         "), got " + *positive_name_ + (near.empty() ? "" : ", did you mean " + near + "?"));
}

}  // namespace graft::plugins
