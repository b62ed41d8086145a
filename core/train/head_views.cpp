#include "core/train/head_views.hpp"

#include <algorithm>

#include "core/registry/guarded.hpp"

namespace graft::core {
namespace {

constexpr const char* kNoSet = ".";  // names no patch set, since names have no dots: a list of it alone switches all off

bool is_for(const NamedAdapter& adapter, const NamedHead& head) {
  return adapter.heads.empty() || std::find(adapter.heads.begin(), adapter.heads.end(), head.name) != adapter.heads.end();
}

HeadView view_of_head(const Network& network, const NamedHead& head) {
  HeadView view{{}, "", {&head}};
  for (const NamedAdapter& adapter : network.adapters) {
    if (!is_for(adapter, head)) continue;
    view.adapters.push_back(adapter.name);
    if (!adapter.heads.empty()) view.suffix += (view.suffix.empty() ? "@" : "+") + adapter.name;
  }
  if (view.adapters.size() == network.adapters.size())
    view.adapters.clear();
  else if (view.adapters.empty())
    view.adapters.push_back(kNoSet);
  return view;
}

[[noreturn]] void refuse_features(const NamedHead& head, const std::string& column) {
  throw HostError("task", "the head " + head.name + " has adapters of its own and reads " + column +
                              ", which these features lack: they were made by the task, or come of rows that this head does not "
                              "learn from. Take `heads` off its adapters");
}

}  // namespace

std::vector<HeadView> head_views(const Network& network) {
  std::vector<HeadView> views;
  for (const NamedHead& head : network.heads) {
    HeadView view = view_of_head(network, head);
    const auto same =
        std::find_if(views.begin(), views.end(), [&](const HeadView& other) { return other.suffix == view.suffix; });
    if (same == views.end())
      views.push_back(std::move(view));
    else
      same->heads.push_back(&head);
  }
  if (views.size() == 1) views.front().suffix.clear();
  return views;
}

Batch seen_by(const Network& network, const NamedHead& head, const Batch& features) {
  const std::vector<HeadView> views = head_views(network);
  if (views.size() < 2) return features;
  const auto view = std::find_if(views.begin(), views.end(), [&](const HeadView& each) {
    return std::find(each.heads.begin(), each.heads.end(), &head) != each.heads.end();
  });
  if (view->suffix.empty()) return features;
  Batch seen(std::vector<std::int64_t>(features.row_ids().begin(), features.row_ids().end()));
  for (const std::string& column : head.head->reads()) {
    if (!features.has(column + view->suffix)) refuse_features(head, column + view->suffix);
    seen.set(column, features.column(column + view->suffix));
  }
  return seen;
}

}  // namespace graft::core
