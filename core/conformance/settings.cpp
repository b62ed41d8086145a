#include "core/conformance/settings.hpp"

#include <string_view>

#include "graft/error.hpp"

namespace graft::core::conformance {
namespace {

constexpr std::string_view kData = "data:;base64,";

// RFC 4648, without line breaks.
std::string from_base64(std::string_view text) {
  constexpr std::string_view kSigns = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  while (text.ends_with('=')) text.remove_suffix(1);
  std::string bytes;
  std::uint32_t held = 0;
  int bits = 0;
  for (const char sign : text) {
    const std::size_t six = kSigns.find(sign);
    if (six == std::string_view::npos) throw Error("check.files", std::string("not a sign of base64: ") + sign);
    held = held << 6 | static_cast<std::uint32_t>(six);
    if ((bits += 6) < 8) continue;
    bits -= 8;
    bytes += static_cast<char>(held >> bits & 0xff);
  }
  return bytes;
}

std::string bytes_of(const std::string& text) {
  return text.starts_with(kData) ? from_base64(std::string_view(text).substr(kData.size())) : text;
}

}  // namespace

Settings Settings::of(const Value& entry) {
  Settings settings;
  const Value* check = entry.find("check");
  if (!check) return settings;
  if (const Value* params = check->find("params")) settings.params = *params;
  if (const Value* rows = check->find("rows")) settings.rows = *rows;
  if (const Value* files = check->find("files"))
    for (const Value::Member& file : files->object()) settings.files[file.key] = bytes_of(file.value.text());
  if (const Value* claims = check->find("claims"))
    for (const Value& claim : claims->list()) settings.claims.insert(claim.text());
  if (const Value* except = check->find("except"))
    for (const Value::Member& test : except->object()) settings.except[test.key] = test.value.text();
  return settings;
}

}  // namespace graft::core::conformance
