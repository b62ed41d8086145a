// Subject: the component that a test is about, with parameters that fit it and rows to try it on.
//
//   parameters  the manifest's defaults, the settings' params over them; a required one by its schema: a column of the first kind that
//               the component accepts, a component of the kind (graft/mlp for a model), else the smallest value allowed
//   calls       go through call(), which says in whose hands and where an exception arose, also one that is no std::exception
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/conformance/outcome.hpp"
#include "core/conformance/rows.hpp"
#include "core/conformance/settings.hpp"
#include "core/registry/loader.hpp"
#include "graft/parameters.hpp"

namespace graft::core::conformance {

class Subject {
 public:
  // `folder` takes the settings' files. `fitted` are the parameters that an earlier test found, as JSON; empty: none yet.
  Subject(const PluginCatalog& catalog, const Component& component, std::uint64_t seed, std::string folder,
          const std::string& fitted);

  const Component& component;
  const Settings settings;
  const std::uint64_t seed;
  const Table table;     // kRows rows
  const Table features;  // what a head reads
  Loader loader;

  const Value& parameters();  // fitted when first asked
  const Value& schema() const { return component.entry.at("params"); }
  bool is(Kind kind) const { return component.kind == kind; }
  std::string name() const { return component.name; }

  Config config(const Value& parameters) const;      // named like the component
  std::shared_ptr<void> make(const Config& config);  // a pointer to the interface class of its kind
  std::shared_ptr<void> make() { return make(config(parameters())); }
  template <class Interface>
  std::shared_ptr<Interface> make() {
    return std::static_pointer_cast<Interface>(make());
  }

  // Parameters with what the settings and the schema say, completed. throws Stopped where the schema refuses them.
  Value completed(Value parameters) const;
  std::vector<Problem> problems(Value parameters) const;  // what the host says of parameters

  template <class F>
  decltype(auto) call(const char* operation, F&& f) {
    doing(operation);
    return guarded(info_, operation, std::forward<F>(f));
  }
  const PluginInfo& info() const { return info_; }
  std::string scratch() const { return folder_; }

 private:
  Value with_required(Value parameters, const Value& schema, std::vector<std::string> path, bool is_part);
  Value part(const std::string& format, Value given, std::vector<std::string> path);
  Value fitted();
  std::string refusal(const Value& parameters);  // of the constructor and the first look at the columns; empty: accepted

  PluginInfo info_;
  std::string folder_;
  Value parameters_;
  std::vector<std::vector<std::string>> slots_;  // paths of the columns still to be chosen
};

// Built and fitted, as far as its kind has that; then asked for what it makes of rows: nothing for some kinds.
void prepared(Subject& subject, const std::shared_ptr<void>& object, std::uint64_t rows_seed);
Batch asked(Subject& subject, const std::shared_ptr<void>& object, std::uint64_t rows_seed);
Batch used(Subject& subject, const std::shared_ptr<void>& object, std::uint64_t rows_seed);  // both

// Only as far as the component looks at the columns it was given. throws what it throws.
void shown_columns(Subject& subject, const std::shared_ptr<void>& object);

// Given a batch without columns where it expects some.
void shown_no_columns(Subject& subject, const std::shared_ptr<void>& object);

}  // namespace graft::core::conformance
