// Config: the parameters of one component, already checked against its manifest's schema, with defaults filled in.
//
// Getters throw Error("config") for a key that is absent or of another type; with the schema of the manifest kept right,
// that is a fault of the plugin, not of the user. reads() says which keys were read: a parameter never read is a defect.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "graft/export.hpp"
#include "graft/kind.hpp"
#include "graft/value.hpp"

namespace graft {

class GRAFT_API Config {
 public:
  Config(std::string name, Value parameters);
  ~Config();
  Config(const Config&);
  Config& operator=(const Config&);

  const std::string& name() const;       // the entry's name in the config: for a pipeline step, the column it makes
  bool has(std::string_view key) const;  // given or with a default, and not null
  double number(std::string_view key) const;
  std::int64_t integer(std::string_view key) const;
  bool flag(std::string_view key) const;
  std::string text(std::string_view key) const;
  std::string path(std::string_view key) const;  // the host made it absolute: relative paths count from the file that names them
  std::string column(std::string_view key) const;                // exactly one column
  std::vector<std::string> columns(std::string_view key) const;  // the host resolved globs and kinds against the schema
  std::vector<std::string> texts(std::string_view key) const;    // a list; a single text counts as a list of one
  std::vector<double> numbers(std::string_view key) const;
  std::vector<std::string> keys() const;
  Config child(std::string_view key) const;        // an object parameter; its name is `key`
  const Value& value(std::string_view key) const;  // as written, for unions such as 32 | "all"
  Place place(std::string_view key) const;         // where the value was written, for messages
  std::vector<std::string> reads() const;          // keys read so far, sorted

  // A parameter that is itself a component, declared with "format": "component:<kind>": made by the host, named after the key.
  template <class Interface>
  std::shared_ptr<Interface> component(std::string_view key) const {
    return std::static_pointer_cast<Interface>(make(InterfaceFor<Interface>::kKind, key));
  }

  // For hosts: what component() makes them with. The pointer it gives is to the interface class of the kind.
  using Maker = std::function<std::shared_ptr<void>(Kind kind, std::string_view use, const Config& config)>;
  void set_maker(Maker maker) const;  // of all copies

 private:
  std::shared_ptr<void> make(Kind kind, std::string_view key) const;
  struct Impl;
  std::shared_ptr<Impl> impl_;  // shared by copies, so that reads() sees them all
};

}  // namespace graft
