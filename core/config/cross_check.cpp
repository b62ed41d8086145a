#include "core/config/cross_check.hpp"

#include <algorithm>
#include <cmath>

namespace graft::core {
namespace {

const Place& standard() {
  static const Place place{std::make_shared<const std::string>("default"), 0, 0};
  return place;
}

// The members of a section, none when it is absent or of another type (which the checks have said).
Value::Object& members(Value* section) {
  static Value::Object none;
  return section && section->is_object() ? section->object() : none;
}

class CrossCheck {
 public:
  CrossCheck(Value& root, const Components& components, Problems& problems)
      : root_(root), components_(components), problems_(problems) {
    if (const Value* data = root.find("data")) streams_ = keys_of(*data);
  }

  void all() {
    data();
    const Value* heads = root_.find("heads");
    if (heads && heads->is_object() && heads->object().empty()) report(heads->place, "heads needs at least one head");
    for (const char* section : {"pipeline", "heads"})
      for (Value::Member& entry : members(root_.find(section)))
        for (const char* key : {"streams", "fit_on"})
          entry_names(entry.value.find(key), std::string(section) + "." + entry.key + "." + key, "stream", streams_);
    chances();
    if (Value* task = root_.find("task"))
      for (Value::Member& role : members(task->find("streams")))
        entry_names(&role.value, "task.streams." + role.key, "stream", streams_);
    if (heads && heads->is_object())
      for (Value::Member& adapter : members(root_.find("adapters")))
        entry_names(adapter.value.find("heads"), "adapters." + adapter.key + ".heads", "head", keys_of(*heads));
    solver();
    phases();
    warmup();
    packages();
  }

 private:
  void report(const Place& place, std::string text) { problems_.push_back({place, "", std::move(text)}); }

  void data() {
    Value* data = root_.find("data");
    if (data && data->is_object() && streams_.empty()) report(data->place, "data needs at least one stream");
    for (Value::Member& stream : members(data))
      if (Value* split = stream.value.find("split"); split && split->is_object()) shares(*split, "data." + stream.key + ".split");
  }

  static bool is_written(const Value* value) { return value && !value->is_null(); }

  void shares(Value& split, const std::string& name) {
    const Value* column = split.find("column");
    double sum = 0;
    for (const char* key : {"valid", "test"}) {
      const Value* share = split.find(key);
      if (is_written(column) && share && share->is_number())
        report(share->place,
               name + "." + key + " and " + name + ".column exclude each other: the column says which rows those are");
      if (!is_written(share) && !is_written(column)) split.set(key, 0.1).place = standard();
      share = split.find(key);
      if (share && share->is_number()) sum += share->number();
    }
    if (!is_written(column) && sum >= 1) report(split.place, name + ": valid and test together must be < 1, got " + to_json(sum));
  }

  void entry_names(Value* value, const std::string& name, const char* noun, const std::vector<std::string>& entries) {
    if (!is_written(value) || !(value->is_text() || value->is_list())) return;
    if (value->is_text()) as_list(*value, entries);
    for (const Value& entry : value->list())
      if (entry.is_text() && std::find(entries.begin(), entries.end(), entry.text()) == entries.end())
        report(entry.place, name + ": there is no " + noun + " " + entry.text() + did_you_mean_or_list(entry.text(), entries));
  }

  static void as_list(Value& value, const std::vector<std::string>& entries) {
    Value::List list;
    for (const std::string& entry : value.text() == "*" ? entries : std::vector<std::string>{value.text()}) {
      list.emplace_back(entry);
      list.back().place = value.place;
    }
    const Place place = value.place;
    value = std::move(list);
    value.place = place;
  }

  // Every step with its name in messages, a stream's own ones too.
  std::vector<std::pair<std::string, const Value*>> steps() {
    std::vector<std::pair<std::string, const Value*>> all;
    for (Value::Member& stream : members(root_.find("data")))
      for (Value::Member& step : members(stream.value.find("pipeline")))
        all.emplace_back("data." + stream.key + ".pipeline." + step.key, &step.value);
    for (Value::Member& step : members(root_.find("pipeline"))) all.emplace_back("pipeline." + step.key, &step.value);
    return all;
  }

  // Which rows augmenters change: p by class needs the column, and alternatives come by two.
  void chances() {
    std::vector<std::string> groups;
    for (const auto& [name, step] : steps())
      if (const Value* group = step->find("one_of"); group && group->is_text()) groups.push_back(group->text());
    for (const auto& [name, step] : steps()) {
      const Value *p = step->find("p"), *by = step->find("by"), *group = step->find("one_of");
      if (p && p->is_object() && !is_written(by))
        report(p->place, name + ".by is required where p goes by class: the column of those classes");
      if (p && p->is_number() && is_written(by))
        report(by->place, name + ".by needs chances by class, like \"p\": {\"*\": " + to_json(*p) + "}");
      if (group && group->is_text() && std::count(groups.begin(), groups.end(), group->text()) == 1)
        report(group->place, name + ".one_of: no other step has " + group->text() + other_group(group->text(), groups));
    }
  }

  static std::string other_group(const std::string& name, std::vector<std::string> groups) {
    std::erase(groups, name);
    return did_you_mean(name, groups);
  }

  // An optimizer that solves takes all rows at once, and one epoch of them.
  void solver() {
    const Value* optimizer = root_.find("optimizer");
    const Value* use = optimizer ? optimizer->find("use") : nullptr;
    const Value* entry = use && use->is_text() ? components_.find("optimizer", use->text()) : nullptr;
    Value* run = root_.find("run");
    if (!entry || !entry->find("solves") || !run || !run->is_object()) return;
    const std::string needs = " with the optimizer " + short_name(use->text()) + ", which solves for all rows at once, got ";
    const auto settle = [&](const char* key, const Value& value) {
      const Value* found = run->find(key);
      if (found && found->place.text() == standard().text()) run->set(key, value).place = standard();
    };
    settle("epochs", 1);
    settle("batch_size", "all");
    if (const Value* size = run->find("batch_size"); size && !size->is_text())
      report(size->place, "run.batch_size must be \"all\"" + needs + to_json(*size));
    if (const Value* count = run->find("accumulate"); count && count->is_integer() && count->integer() > 1)
      report(count->place, "run.accumulate must be 1" + needs + to_json(*count));
    if (const Value* tokens = run->find("batch_tokens"); is_written(tokens))
      report(tokens->place, "run.batch_tokens must be null" + needs + to_json(*tokens));
    for (Value::Member& stream : members(root_.find("data")))
      if (const Value* size = stream.value.find("batch_size"); size && size->is_integer())
        report(size->place, "data." + stream.key + ".batch_size must be \"all\"" + needs + to_json(*size));
  }

  void phases() {
    const Value* run = root_.find("run");
    const Value* epochs = run ? run->find("epochs") : nullptr;
    Value::Object& phases = members(root_.find("phases"));
    if (phases.empty() || !epochs || !epochs->is_integer()) return;
    std::int64_t used = 0;
    for (Value::Member& phase : phases) {
      Value* own = phase.value.find("epochs");
      if (!own || !(own->is_integer() || own->is_null())) return;
      const bool is_last = &phase == &phases.back();
      if (own->is_null() && !is_last)
        return report(phase.value.place, "phases." + phase.key + ".epochs is required: only the last phase may leave it out");
      if (own->is_null() && used >= epochs->integer())
        return report(phase.value.place, "phases." + phase.key + " has no epochs left: those before it take " +
                                             std::to_string(used) + ", " + total(*epochs));
      if (own->is_null()) {
        *own = epochs->integer() - used;
        own->place = standard();
      }
      used += own->integer();
    }
    if (used != epochs->integer())
      report(root_.at("phases").place,
             "the epochs of the phases must add up to run.epochs: they are " + std::to_string(used) + ", " + total(*epochs));
  }

  static std::string total(const Value& epochs) {
    return "run.epochs is " + to_json(epochs) + (epochs.place.line == 0 ? " (" + epochs.place.text() + ")" : "");
  }

  void warmup() {
    const Value* schedule = root_.find("schedule");
    const Value* warmup = schedule ? schedule->find("warmup") : nullptr;
    if (warmup && warmup->is_number() && warmup->number() > 1 && warmup->number() != std::floor(warmup->number()))
      report(warmup->place, "schedule.warmup must be a share of at most 1 or a whole number of steps, got " + to_json(*warmup));
  }

  void packages() {
    std::vector<std::string> ids;
    for (const Component* component : components_.catalog().all()) ids.push_back(component->plugin_id);
    for (const Value::Member& package : members(root_.find("plugins")))
      if (std::find(ids.begin(), ids.end(), package.key) == ids.end())
        report(package.place, "plugins." + package.key + ": no such package is installed" + did_you_mean(package.key, ids));
  }

  Value& root_;
  const Components& components_;
  Problems& problems_;
  std::vector<std::string> streams_;
};

}  // namespace

void cross_check(Value& root, const Components& components, Problems& problems) { CrossCheck(root, components, problems).all(); }

}  // namespace graft::core
