// PluginRefused: why a plugin file is not loaded, by a stable code.
//
//   graft: cannot load plugin acme-scale 0.1.0
//     /opt/plugins/acme_scale.so
//     G121 needs GLIBCXX_3.4.32, host has 3.4.30
//
//   G101 no sound ELF64 file         G112 nobody whom the user trusts vouches for it  G140 the loader refuses it
//   G102 not a graft plugin          G120 the binary interface differs                G141 the file was changed meanwhile
//   G103 the manifest is wrong       G121 needs a newer system library                G142 a static initialiser throws (crash.hpp)
//   G104 the world, or another       G122 does not share the host's libraries         G150 its registration throws
//        user, may write it          G130 component provided twice                    G151 registers other than declared
//   G105 in quarantine after a crash G131 torch namespace taken
#pragma once

#include <stdexcept>
#include <string>

namespace graft::core {

class PluginRefused : public std::runtime_error {
 public:
  static constexpr const char* kBegin = "graft: cannot load plugin ";

  // `plugin` is "acme-scale 0.1.0", or the file's name while the manifest is not known; `text` may have several lines.
  PluginRefused(std::string code, std::string plugin, std::string path, std::string text);

  const std::string& code() const { return code_; }
  const std::string& plugin() const { return plugin_; }
  const std::string& path() const { return path_; }
  const std::string& text() const { return text_; }  // what() without its first two lines and the code

 private:
  std::string code_, plugin_, path_, text_;
};

}  // namespace graft::core
