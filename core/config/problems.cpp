#include "core/config/problems.hpp"

#include <algorithm>
#include <tuple>

namespace graft::core {
namespace {

std::string lines(const Problems& problems) {
  std::string text;
  for (const Problem& problem : problems) text += (text.empty() ? "" : "\n") + problem.message();
  return text;
}

}  // namespace

ConfigErrors::ConfigErrors(Problems problems) : std::runtime_error(lines(problems)), problems_(std::move(problems)) {}

Problems in_file_order(Problems problems, const std::vector<std::string>& files) {
  const auto key = [&](const Problem& problem) {
    const auto file = problem.place.file ? std::find(files.begin(), files.end(), *problem.place.file) : files.end();
    return std::tuple(file - files.begin(), problem.place.line, problem.place.column);
  };
  std::stable_sort(problems.begin(), problems.end(), [&](const Problem& a, const Problem& b) { return key(a) < key(b); });
  Problems once;
  for (Problem& problem : problems) {
    const auto same = [&](const Problem& other) { return other.message() == problem.message(); };
    if (std::none_of(once.begin(), once.end(), same)) once.push_back(std::move(problem));
  }
  return once;
}

std::string did_you_mean(std::string_view word, const std::vector<std::string>& choices) {
  const std::string choice = nearest(word, choices);
  return choice.empty() ? "" : ", did you mean " + choice + "?";
}

std::string did_you_mean_or_list(std::string_view word, const std::vector<std::string>& choices) {
  const std::string close = did_you_mean(word, choices);
  if (!close.empty() || choices.empty()) return close;
  return "; there " + std::string(choices.size() == 1 ? "is " : "are ") + listed(choices, "and");
}

std::vector<std::string> keys_of(const Value& object) {
  std::vector<std::string> keys;
  if (object.is_object())
    for (const Value::Member& member : object.object()) keys.push_back(member.key);
  return keys;
}

std::string listed(const std::vector<std::string>& words, const std::string& last) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i)
    text += (i == 0 ? "" : i + 1 == words.size() ? " " + last + " " : ", ") + words[i];
  return text;
}

}  // namespace graft::core
