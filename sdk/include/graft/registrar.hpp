// Registrar: where a plugin says which classes it offers. The host passes one to the function that GRAFT_PLUGIN defines.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <type_traits>

#include "graft/config.hpp"
#include "graft/export.hpp"
#include "graft/kind.hpp"

namespace graft {

// Makes one component. The pointer is to the interface class of its kind.
using Factory = std::function<std::shared_ptr<void>(const Config&)>;

class GRAFT_API Registrar {
 public:
  virtual ~Registrar();
  virtual void add(Kind kind, std::string name, Factory factory) = 0;

  // Component derives from one interface of the SDK and has a constructor Component(const Config&).
  template <class Component>
  void add(std::string name) {
    using Which = InterfaceFor<Component>;
    static_assert(!std::is_void_v<Which>, "a component derives from Source, Extractor, Augmenter, Model, ... (graft/kind.hpp)");
    using Interface = typename Which::Type;
    add(Which::kKind, std::move(name), [](const Config& config) -> std::shared_ptr<void> {
      return std::shared_ptr<Interface>(std::make_shared<Component>(config));
    });
  }
};

}  // namespace graft
