#include "graft/testing.hpp"

#include <ATen/ops/empty.h>
#include <dlfcn.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <mutex>
#include <numeric>

#include "graft/parameters.hpp"
#include "graft/registrar.hpp"
#include "graft/value.hpp"

namespace graft::testing {
namespace {

void* symbol_of(void* library, const char* name, const std::string& path) {
  if (void* symbol = ::dlsym(library, name)) return symbol;
  throw Error("testing", path + ": no symbol " + name + ", so this is not a graft plugin");
}

const Value* declared(const Value& manifest, Kind kind, const std::string& id) {
  for (const Value& entry : manifest.at("provides").list())
    if (entry.at("name").text() == id && entry.at("kind").text() == kind_name(kind)) return &entry;
  return nullptr;
}

template <class Number>
Tensor tensor_of(const std::vector<Number>& values, at::IntArrayRef shape, at::ScalarType type) {
  Tensor tensor = at::empty(shape, at::TensorOptions(type));
  std::copy(values.begin(), values.end(), tensor.data_ptr<Number>());
  return tensor;
}

std::vector<std::int64_t> first_numbers(std::int64_t count) {
  std::vector<std::int64_t> numbers(static_cast<std::size_t>(count));
  std::iota(numbers.begin(), numbers.end(), 0);
  return numbers;
}

// The plugins that tests opened: parameters that are components are made from these.
struct Opened {
  std::mutex mutex;
  std::vector<Plugin> plugins;
};
Opened& opened() {
  static Opened* const all = new Opened;  // lives as long as the plugins, which are never closed
  return *all;
}

Value parameters_of(const Config& config) {
  Value all{Value::Object{}};
  for (const std::string& key : config.keys())
    if (key != "use") all.set(key, config.value(key));
  return all;
}

std::shared_ptr<void> make_part(Kind kind, std::string_view use, const Config& config) {
  std::vector<Plugin> plugins;
  {
    const std::lock_guard lock(opened().mutex);
    plugins = opened().plugins;
  }
  const std::string id(use);
  for (const Plugin& plugin : plugins)
    if (declared(plugin.manifest(), kind, id)) return plugin.make(kind, id, to_json(parameters_of(config)), config.name());
  throw Error("testing", "no plugin that this test opened has the " + std::string(kind_name(kind)) + " " + id);
}

}  // namespace

struct Plugin::Factories final : Registrar {
  void add(Kind kind, std::string name, Factory factory) override { by_name[{kind, std::move(name)}] = std::move(factory); }
  std::map<std::pair<Kind, std::string>, Factory> by_name;
};

Plugin::Plugin(const std::string& path) : factories_(std::make_shared<Factories>()) {
  void* library = ::dlopen(std::filesystem::absolute(path).c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (!library) throw Error("testing", ::dlerror());
  manifest_ = parse_json(static_cast<const char*>(symbol_of(library, "graft_manifest_v1", path)), path);
  reinterpret_cast<void (*)(Registrar*)>(symbol_of(library, "graft_plugin_v1", path))(&*factories_);
  const std::lock_guard lock(opened().mutex);
  opened().plugins.push_back(*this);
}

std::shared_ptr<void> Plugin::make(Kind kind, const std::string& id, const std::string& parameters,
                                   const std::string& name) const {
  const Value* entry = declared(manifest_, kind, id);
  const auto factory = factories_->by_name.find({kind, id});
  if (!entry || factory == factories_->by_name.end())
    throw Error("testing", "the plugin " + manifest_.at("id").text() + (entry ? " does not register the " : " has no ") +
                               std::string(kind_name(kind)) + " " + id);
  Value value = parse_json(parameters, "parameters", true);
  std::string problems;
  for (const Problem& problem : check_parameters(value, entry->at("params"), id))
    problems += (problems.empty() ? "" : "\n") + problem.message();
  if (!problems.empty()) throw Error("", problems);
  const Config config(name.empty() ? id.substr(id.rfind('/') + 1) : name, std::move(value));
  config.set_maker(make_part);
  return factory->second(config);
}

Batch batch(std::initializer_list<std::pair<std::string, Column>> columns) {
  Batch batch(first_numbers(columns.size() == 0 ? 0 : rows_of(columns.begin()->second)));
  for (const auto& [name, column] : columns) batch.set(name, column);
  return batch;
}

Tensor numbers(std::initializer_list<double> values) {
  return tensor_of<double>(values, {static_cast<std::int64_t>(values.size())}, at::kDouble);
}

Tensor integers(std::initializer_list<std::int64_t> values) {
  return tensor_of<std::int64_t>(values, {static_cast<std::int64_t>(values.size())}, at::kLong);
}

Tensor matrix(std::initializer_list<std::initializer_list<double>> rows) {
  std::vector<float> values;
  for (const auto& row : rows) {
    if (row.size() != rows.begin()->size()) throw Error("testing", "matrix: rows must be of one length");
    values.insert(values.end(), row.begin(), row.end());
  }
  const std::int64_t height = static_cast<std::int64_t>(rows.size());
  return tensor_of<float>(values, {height, height ? static_cast<std::int64_t>(rows.begin()->size()) : 0}, at::kFloat);
}

Ragged tokens(std::initializer_list<std::initializer_list<std::int64_t>> rows) {
  std::vector<std::int64_t> values, lengths;
  for (const auto& row : rows) {
    values.insert(values.end(), row.begin(), row.end());
    lengths.push_back(static_cast<std::int64_t>(row.size()));
  }
  return ragged_of(tensor_of<std::int64_t>(values, {static_cast<std::int64_t>(values.size())}, at::kLong), lengths);
}

Rows::Rows(Schema schema, Batch batch) : schema_(std::move(schema)), batch_(first_numbers(batch.size())) {
  for (const std::string& name : batch.names()) batch_.set(name, batch.column(name));
}
Schema Rows::schema() const { return schema_; }
std::int64_t Rows::size() const { return batch_.size(); }
Batch Rows::rows(std::span<const std::int64_t> numbers) const { return batch_.select(numbers); }

struct Warnings::Impl {
  std::mutex mutex;
  std::vector<std::string> lines;
};

Warnings::Warnings() : impl_(std::make_unique<Impl>()) { set_log_sink(this); }
Warnings::~Warnings() { set_log_sink(nullptr); }

void Warnings::warn(std::string_view where, const std::string& text) {
  std::lock_guard lock(impl_->mutex);
  impl_->lines.push_back("[" + std::string(where) + "] " + text);
}

void Warnings::log(std::string_view, const std::string&) {}

std::vector<std::string> Warnings::lines() const {
  std::lock_guard lock(impl_->mutex);
  return impl_->lines;
}

}  // namespace graft::testing
