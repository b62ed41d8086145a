#include "core/train/roles.hpp"

#include <algorithm>
#include <functional>

#include "core/config/problems.hpp"
#include "core/config/texts.hpp"
#include "graft/error.hpp"

namespace graft::core {
namespace {

const Value* named(const Value& task, const std::string& role) {
  const Value* streams = task.find("streams");
  const Value* value = streams && streams->is_object() ? streams->find(role) : nullptr;
  return value && !value->is_null() ? value : nullptr;
}

using Names = std::vector<std::string>;

std::vector<std::size_t> streams_where(const Names& streams, const std::function<bool(const std::string&)>& is_in) {
  std::vector<std::size_t> numbers;
  for (std::size_t s = 0; s < streams.size(); ++s)
    if (is_in(streams[s])) numbers.push_back(s);
  return numbers;
}

Names names_of(const std::vector<StreamRows>& rows) {
  Names names;
  for (const StreamRows& stream : rows) names.push_back(stream.name);
  return names;
}

std::vector<std::size_t> first_of(const Value& task, const std::string& role, const Names& all) {
  if (const Value* own = named(task, role)) return streams_where(all, [&](const std::string& s) { return names(own, s); });
  const Value* streams = task.find("streams");
  return streams_where(all, [&](const std::string& stream) {
    if (streams && streams->is_object())
      for (const Value::Member& other : streams->object())
        if (other.key != role && names(&other.value, stream)) return false;
    return true;
  });
}

[[noreturn]] void refuse(const Place& place, std::string text) { throw ConfigErrors({{place, "task", std::move(text)}}); }

void refuse_unknown(const Value& task, const std::vector<std::string>& wanted) {
  const Value* streams = task.find("streams");
  if (!streams || !streams->is_object()) return;
  for (const Value::Member& role : streams->object()) {
    if (std::find(wanted.begin(), wanted.end(), role.key) != wanted.end()) continue;
    const std::string close = did_you_mean(role.key, wanted);
    refuse(role.value.place, "streams." + role.key + ": " + task.at("use").text() + " has no such role" +
                                 (close.empty() ? "; it has " + listed(wanted, "and") + ". null takes it out" : close));
  }
}

}  // namespace

std::vector<std::size_t> main_streams(const Value& task, const std::vector<StreamRows>& rows) {
  return first_of(task, "main", names_of(rows));
}

std::vector<std::string> main_streams(const Value& config) {
  Names all, main;
  for (const Value::Member& stream : config.at("data").object()) all.push_back(stream.key);
  for (const std::size_t number : first_of(config.at("task"), "main", all)) main.push_back(all[number]);
  return main;
}

std::map<std::string, std::vector<std::size_t>> roles_of(const Value& task, const std::vector<std::string>& wanted,
                                                         const std::vector<StreamRows>& rows) {
  refuse_unknown(task, wanted);
  const Names all = names_of(rows);
  std::map<std::string, std::vector<std::size_t>> roles;
  for (const std::string& role : wanted) {
    const Value* own = named(task, role);
    if (!own && role != wanted.front())
      refuse(task.place, task.at("use").text() + " needs to know which streams are its " + role + ": set task.streams." + role +
                             " (streams: " + listed(all, "and") + ")");
    roles[role] = role == wanted.front() ? first_of(task, role, all)
                                         : streams_where(all, [&](const std::string& stream) { return names(own, stream); });
    if (roles[role].empty())
      refuse(task.place,
             "no stream is left for the role " + role + " of " + task.at("use").text() + ": streams of other roles take all");
  }
  return roles;
}

}  // namespace graft::core
