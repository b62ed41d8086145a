// Testing: what a plugin's unit tests need, without a host: components from a plugin file, batches from literals.
//
//   testing::Plugin plugin(ACME_TEXT_PLUGIN);                     // the path that graft_add_plugin gives to tests
//   auto lower = plugin.make<Extractor>("acme/lower", R"({"column": "text"})", "lowered");
//   Batch batch = testing::batch({{"text", Strings{"Ab"}}});
//   lower->transform(batch);
#pragma once

#include <initializer_list>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "graft/batch.hpp"
#include "graft/config.hpp"
#include "graft/error.hpp"
#include "graft/export.hpp"
#include "graft/kind.hpp"
#include "graft/schema.hpp"
#include "graft/source.hpp"

namespace graft::testing {

// A plugin file, opened (and never closed, as in the host).
class GRAFT_API Plugin {
 public:
  explicit Plugin(const std::string& path);

  // Checks `parameters` (JSON; comments allowed) against the manifest, fills in defaults, and makes the component; its entry
  // in the config is called `name`, by default the last part of `id`. throws Error with all problems, one a line, as the host
  // says them; their places read "parameters:1:12". Parameters that are components are made from any plugin opened so far.
  template <class Interface>
  std::shared_ptr<Interface> make(const std::string& id, const std::string& parameters = "{}",
                                  const std::string& name = "") const {
    return std::static_pointer_cast<Interface>(make(InterfaceFor<Interface>::kKind, id, parameters, name));
  }
  std::shared_ptr<void> make(Kind kind, const std::string& id, const std::string& parameters, const std::string& name) const;
  const Value& manifest() const { return manifest_; }

 private:
  Value manifest_;
  struct Factories;
  std::shared_ptr<Factories> factories_;
};

// Rows 0, 1, 2, ... with these columns.
GRAFT_API Batch batch(std::initializer_list<std::pair<std::string, Column>> columns);

GRAFT_API Tensor numbers(std::initializer_list<double> values);                            // [B] double
GRAFT_API Tensor integers(std::initializer_list<std::int64_t> values);                     // [B] int64
GRAFT_API Tensor matrix(std::initializer_list<std::initializer_list<double>> rows);        // [B, D] float
GRAFT_API Ragged tokens(std::initializer_list<std::initializer_list<std::int64_t>> rows);  // int64 ids

// A batch as a Source, to fit on.
class GRAFT_API Rows final : public Source {
 public:
  Rows(Schema schema, Batch batch);
  Schema schema() const override;
  std::int64_t size() const override;
  Batch rows(std::span<const std::int64_t> numbers) const override;

 private:
  Schema schema_;
  Batch batch_;
};

// Collects warnings for as long as it lives.
class GRAFT_API Warnings final : public LogSink {
 public:
  Warnings();
  ~Warnings() override;
  void warn(std::string_view where, const std::string& text) override;
  void log(std::string_view where, const std::string& text) override;
  std::vector<std::string> lines() const;  // "[graft/csv] rows.csv:3: ..."

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace graft::testing
