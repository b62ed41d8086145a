#include "spans.hpp"

#include <map>
#include <string_view>

#include "graft/error.hpp"

namespace graft::plugins {
namespace {

bool ends_between(const SpanTag& before, const SpanTag& now) {
  if (before.prefix == 'O') return false;
  if (before.prefix == 'E' || before.prefix == 'S') return true;
  return now.prefix == 'B' || now.prefix == 'S' || now.prefix == 'O' || before.type != now.type;
}

bool begins_between(const SpanTag& before, const SpanTag& now) {
  if (now.prefix == 'O') return false;
  if (now.prefix == 'B' || now.prefix == 'S') return true;
  return before.prefix == 'E' || before.prefix == 'S' || before.prefix == 'O' || before.type != now.type;
}

// IOB2 in the terms of conlleval: an I- that nothing begins is outside.
std::vector<SpanTag> without_stray_inside(std::span<const SpanTag> words) {
  std::vector<SpanTag> strict(words.begin(), words.end());
  for (std::size_t i = 0; i < strict.size(); ++i)
    if (strict[i].prefix == 'I' && (i == 0 || strict[i - 1].type != strict[i].type)) strict[i] = {};
  return strict;
}

}  // namespace

std::vector<SpanTag> span_tags(const std::vector<std::string>& names, SpanMode mode, const std::string& column,
                               const std::string& where) {
  const std::string_view prefixes = mode == SpanMode::kStrict ? "BI" : "BIES";
  std::map<std::string, int> types;
  std::vector<SpanTag> tags;
  for (const std::string& name : names) {
    if (name == "O") {
      tags.emplace_back();
    } else if (name.size() > 2 && name[1] == '-' && prefixes.find(name[0]) != prefixes.npos) {
      tags.push_back({name[0], types.emplace(name.substr(2), static_cast<int>(types.size())).first->second});
    } else {
      throw Error(where, "tag " + name + " of " + column + " must be O, or " +
                             (mode == SpanMode::kStrict ? "B- or I-" : "B-, I-, E- or S-") + " and a type");
    }
  }
  return tags;
}

std::vector<Span> spans_of(std::span<const SpanTag> words, SpanMode mode) {
  if (mode == SpanMode::kStrict) return spans_of(without_stray_inside(words), SpanMode::kDefault);
  std::vector<Span> spans;
  std::int64_t begin = 0;
  SpanTag before;
  for (std::size_t i = 0; i <= words.size(); ++i) {
    const SpanTag now = i < words.size() ? words[i] : SpanTag();
    const auto place = static_cast<std::int64_t>(i);
    if (ends_between(before, now)) spans.push_back({begin, place, before.type});
    if (begins_between(before, now)) begin = place;
    before = now;
  }
  return spans;
}

}  // namespace graft::plugins
