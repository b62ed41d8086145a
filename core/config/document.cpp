#include "core/config/document.hpp"

#include <algorithm>
#include <filesystem>

#include "core/config/entries.hpp"
#include "core/config/merge.hpp"
#include "core/config/paths.hpp"
#include "graft/error.hpp"

namespace graft::core {
namespace {

[[noreturn]] void fail(const Place& place, const std::string& text) { throw ConfigErrors({{place, "", text}}); }

class Documents {
 public:
  Documents(const Components& components, const ReadFile& read, Problems& problems)
      : components_(components), read_(read), problems_(problems) {}

  Value load(const std::string& path) {
    if (std::find(files.begin(), files.end(), path) == files.end()) files.push_back(path);
    Value own = parse(path);
    chain_.push_back(path);
    Value merged = Value::Object{};
    for (const Value& base : bases(own)) merged = on_top(merged, load_base(base));
    chain_.pop_back();
    own.erase("extends");
    return on_top(merged, own);
  }

  std::vector<std::string> files;

 private:
  Value parse(const std::string& path) const {
    try {
      Value value = parse_json(read_(path), path, true);
      if (!value.is_object()) fail(value.place, "a config is an object, got " + to_json(value));
      return value;
    } catch (const Error& error) {
      fail({}, error.text());
    }
  }

  static Value::List bases(const Value& own) {
    const Value* extends = own.find("extends");
    if (!extends || extends->is_null()) return {};
    const Value::List list = extends->is_list() ? extends->list() : Value::List{*extends};
    for (const Value& base : list)
      if (!base.is_text()) fail(base.place, "extends must be a file or a list of files, got " + to_json(base));
    return list;
  }

  Value load_base(const Value& base) {
    const std::string path = beside(base.place, base.text());
    if (std::find(chain_.begin(), chain_.end(), path) != chain_.end())
      fail(base.place, "extends goes in a circle: " + circle(path));
    try {
      input_path(base.place, base.text());
    } catch (const Error& error) {
      fail(base.place, "extends: " + error.text());
    }
    return load(path);
  }

  std::string circle(const std::string& path) const {
    std::string text;
    for (const std::string& file : chain_) text += file + " -> ";
    return text + path;
  }

  Value on_top(const Value& base, const Value& patch) {
    Value merged = merge(base, patch, [&](const Path& path) { return use_at(base, path, components_); });
    place_entries(merged, problems_);
    return merged;
  }

  const Components& components_;
  const ReadFile& read_;
  Problems& problems_;
  std::vector<std::string> chain_;
};

}  // namespace

Document read_document(const std::string& path, const Components& components, const ReadFile& read, Problems& problems) {
  Documents documents(components, read, problems);
  Value root = documents.load(std::filesystem::path(path).lexically_normal().string());
  return {std::move(root), std::move(documents.files)};
}

}  // namespace graft::core
