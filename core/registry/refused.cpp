#include "core/registry/refused.hpp"

namespace graft::core {

PluginRefused::PluginRefused(std::string code, std::string plugin, std::string path, std::string text)
    : std::runtime_error(kBegin + plugin + "\n  " + path + "\n  " + code + " " + text),
      code_(std::move(code)),
      plugin_(std::move(plugin)),
      path_(std::move(path)),
      text_(std::move(text)) {}

}  // namespace graft::core
