#include "targets.hpp"

#include <set>

#include "graft/error.hpp"
#include "graft/nn/patch.hpp"
#include "graft/value.hpp"

namespace graft::plugins {
namespace {

void add_modules(const torch::nn::Module& module, const std::string& prefix, Layers<torch::nn::Module>& all) {
  for (const auto& child : module.named_children()) {
    if (std::dynamic_pointer_cast<nn::Patch>(child.value())) continue;
    all.emplace_back(prefix + child.key(), child.value());
    add_modules(*child.value(), prefix + child.key() + ".", all);
  }
}

bool ends_in(const std::string& name, const std::string& end) {
  if (end == "*" || name == end) return true;
  return name.size() > end.size() && name.ends_with(end) && name[name.size() - end.size() - 1] == '.';
}

// "a.b.c" gives c, b.c, a.b.c.
std::vector<std::string> ends_of(const std::vector<std::string>& names) {
  std::set<std::string> ends;
  for (const std::string& name : names)
    for (std::size_t dot = name.rfind('.');; dot = name.rfind('.', dot - 1)) {
      ends.insert(dot == std::string::npos ? name : name.substr(dot + 1));
      if (dot == std::string::npos || dot == 0) break;
    }
  return {ends.begin(), ends.end()};
}

std::string last_parts(const std::vector<std::string>& names) {
  std::set<std::string> parts;
  for (const std::string& name : names) parts.insert(name.substr(name.find_last_of('.') + 1));
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : ", ") + part;
  return text;
}

[[noreturn]] void refuse(const Targets& targets, const std::string& end, const std::vector<std::string>& names) {
  const std::string close = nearest(end, ends_of(names));
  throw Error(targets.where, targets.key + ": no " + targets.what + " of this model has a name that ends in " + end +
                                 (close.empty() ? "" : ", did you mean " + close + "?") +
                                 (names.empty() ? "; it has none" : " (they end in " + last_parts(names) + ")"));
}

}  // namespace

Layers<torch::nn::Module> base_modules(const torch::nn::Module& model) {
  Layers<torch::nn::Module> all;
  add_modules(model, "", all);
  return all;
}

std::vector<bool> Targets::choose(const std::vector<std::string>& names) const {
  std::vector<bool> chosen(names.size(), false);
  for (const std::string& given : ends) {
    const bool takes_out = given.starts_with("!");
    const std::string end = takes_out ? given.substr(1) : given;
    bool has_any = false;
    for (std::size_t i = 0; i < names.size(); ++i)
      if (ends_in(names[i], end)) has_any = true, chosen[i] = !takes_out;
    if (!has_any) refuse(*this, end, names);
  }
  for (const bool is_chosen : chosen)
    if (is_chosen) return chosen;
  throw Error(where, key + ": no " + what + " is left of those taken in");
}

}  // namespace graft::plugins
