#include "core/registry/guarded.hpp"

#include <c10/util/Exception.h>
#include <cxxabi.h>

#include <cstdlib>

#include "core/registry/refused.hpp"
#include "graft/error.hpp"

namespace graft::core {
namespace {

std::string current_type() {
  const std::type_info* type = __cxxabiv1::__cxa_current_exception_type();
  if (!type) return "unknown";
  const std::unique_ptr<char, void (*)(void*)> name(__cxxabiv1::__cxa_demangle(type->name(), nullptr, nullptr, nullptr),
                                                    std::free);
  return name ? name.get() : type->name();
}

// An error of the SDK ("file", "json") says what, not in whose hands; one that names a component, or nobody, says all.
bool says_whose(const Error& error) { return error.where().empty() || error.where().find('/') != std::string::npos; }

}  // namespace

thread_local constinit const Breadcrumb* Breadcrumb::innermost = nullptr;

PluginError::PluginError(const PluginInfo& plugin, std::string operation, std::string cxx_type, std::string message,
                         std::string what, std::string torch_backtrace)
    : std::runtime_error(what),
      component(plugin.component),
      id(plugin.id),
      version(plugin.version),
      path(plugin.path),
      operation(std::move(operation)),
      cxx_type(std::move(cxx_type)),
      message(std::move(message)),
      torch_backtrace(std::move(torch_backtrace)) {}

Thrown current_exception_text() {
  const std::string type = current_type();
  try {
    throw;
  } catch (const c10::Error& error) {
    return {type, error.what_without_backtrace()};
  } catch (const std::exception& error) {
    return {type, error.what()};
  } catch (...) {
    return {type, "threw " + type};
  }
}

void throw_plugin_error(const PluginInfo& plugin, const char* operation) {
  const std::string type = current_type(), tag = "[" + plugin.component + "] ";
  const std::string whose = " (plugin " + plugin.id + " " + plugin.version + ", " + plugin.path + ")";
  try {
    throw;
  } catch (const PluginError&) {
    throw;
  } catch (const PluginRefused&) {
    throw;
  } catch (const HostError&) {
    throw;
  } catch (const Error& error) {
    throw PluginError(plugin, operation, type, error.text(), says_whose(error) ? error.what() : tag + error.what());
  } catch (const c10::Error& error) {
    const std::string message = error.what_without_backtrace();
    const std::string backtrace = error.backtrace() ? error.backtrace()->get() : "";
    throw PluginError(plugin, operation, type, message, tag + operation + ": " + message + whose, backtrace);
  } catch (...) {
    const std::string message = current_exception_text().message;
    throw PluginError(plugin, operation, type, message, tag + operation + ": " + message + whose);
  }
}

}  // namespace graft::core
