#include "core/config/merge.hpp"

namespace graft::core {
namespace {

class Merge {
 public:
  explicit Merge(const UseOf& use_of) : use_of_(use_of) {}

  Value operator()(const Value& base, const Value& patch) {
    if (!base.is_object() || !patch.is_object()) return patch;
    Value result = starts_afresh(patch) ? kept(base) : base;
    result.place = patch.place;
    for (const Value::Member& member : patch.object()) put(result, member);
    return result;
  }

 private:
  bool starts_afresh(const Value& patch) const {
    const Value* use = patch.find("use");
    if (!use || !use->is_text()) return false;
    const std::string old = use_of_(path_);
    return !old.empty() && old != full_name(use->text());
  }

  // What another component takes over: of a task, which streams play which role.
  Value kept(const Value& base) const {
    Value result = Value::Object{};
    const Value* streams = base.find("streams");
    if (streams && path_ == Path{"task"}) result.set("streams", *streams);
    return result;
  }

  void put(Value& result, const Value::Member& member) {
    const Value* old = result.find(member.key);
    if (old && old->is_null()) result.erase(member.key);  // removed before: what comes now is new, and last
    old = result.find(member.key);
    if (!old) return result.object().push_back(member);
    path_.push_back(member.key);
    Value merged = (*this)(*old, member.value);
    path_.pop_back();
    for (Value::Member& place : result.object())
      if (place.key == member.key) place = {member.key, std::move(merged), member.place};
  }

  const UseOf& use_of_;
  Path path_;
};

}  // namespace

Value merge(const Value& base, const Value& patch, const UseOf& use_of) { return Merge(use_of)(base, patch); }

UseOf written_uses(const Value& base) {
  return [&base](const Path& path) {
    const Value* value = value_at(base, path);
    const Value* use = value ? value->find("use") : nullptr;
    return use && use->is_text() ? full_name(use->text()) : std::string();
  };
}

}  // namespace graft::core
