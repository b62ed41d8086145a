#include "core/pipeline/chance.hpp"

#include <ATen/Functions.h>

#include <algorithm>

#include "core/config/problems.hpp"
#include "graft/error.hpp"

namespace graft::core {
namespace {

constexpr const char* kOthers = "*";

std::string text_or_empty(const Value& parameters, const char* key) {
  const Value* value = parameters.find(key);
  return value && value->is_text() ? value->text() : "";
}

void refuse_unknown_classes(const Value& chances, const Field& by) {
  for (const Value::Member& chance : chances.object())
    if (chance.key != kOthers && std::find(by.classes.begin(), by.classes.end(), chance.key) == by.classes.end())
      throw Error("pipeline", "p names " + chance.key + ", which is no class of " + by.name +
                                  did_you_mean(chance.key, by.classes) + " (classes: " + listed(by.classes, "and") + ")");
}

std::vector<double> chances_of_classes(const Value& chances, const Field& by) {
  refuse_unknown_classes(chances, by);
  const Value* others = chances.find(kOthers);
  std::vector<double> by_class = {others ? others->number() : 0};
  for (const std::string& name : by.classes) {
    const Value* own = chances.find(name);
    if (!own && !others)
      throw Error("pipeline", "p says nothing of class " + name + " of " + by.name + ": name it, or * for the others");
    by_class.push_back((own ? own : others)->number());
  }
  return by_class;
}

Tensor draws_of(const Batch& rows, const Rng& rng) {
  Tensor draws = at::empty({rows.size()}, at::kDouble);
  double* to = draws.mutable_data_ptr<double>();
  for (const std::int64_t id : rows.row_ids()) *to++ = rng.row(id).uniform();
  return draws;
}

}  // namespace

Chance::Chance(const Value& parameters, const Schema& rows)
    : by_(text_or_empty(parameters, "by")), group_(text_or_empty(parameters, "one_of")) {
  if (const Value* until = parameters.find("until_epoch"); until && until->is_integer()) until_ = until->integer();
  const Value* p = parameters.find("p");
  if (!p || !p->is_object())
    by_class_ = {p ? p->number() : 1};
  else
    by_class_ = chances_of_classes(*p, require(rows, by_, {FieldKind::kClass}, "pipeline"));
}

bool Chance::acts(std::int64_t epoch) const { return !until_ || epoch < *until_; }

bool Chance::is_certain() const {
  return std::all_of(by_class_.begin(), by_class_.end(), [](double chance) { return chance == 1; });
}

Tensor Chance::chosen(const Batch& rows, Rng rng) const {
  const Tensor draws = draws_of(rows, rng);
  if (by_.empty()) return draws.lt(by_class_[0]);
  const Tensor& classes = rows.tensor(by_);
  const Tensor chances = at::tensor(by_class_, at::kDouble).to(classes.device());
  return draws.to(classes.device()).lt(chances.index_select(0, classes.clamp_min(-1).add(1)));
}

Tensor rows_of_alternative(const Batch& rows, Rng rng, std::int64_t place, std::int64_t count) {
  Tensor is_own = at::empty({rows.size()}, at::kBool);
  bool* to = is_own.mutable_data_ptr<bool>();
  for (const std::int64_t id : rows.row_ids()) *to++ = rng.row(id).below(count) == place;
  return is_own;
}

}  // namespace graft::core
