#include "core/conformance/outcome.hpp"

namespace graft::core::conformance {

const char* verdict_name(Verdict verdict) {
  switch (verdict) {
    case Verdict::kPass: return "PASS";
    case Verdict::kFail: return "FAIL";
    case Verdict::kCrash: return "CRASH";
    case Verdict::kSkip: return "SKIP";
    case Verdict::kWarn: return "WARN";
  }
  return "";
}

void expect(bool holds, const std::string& expected, const std::string& got) {
  if (!holds) fail(expected, got);
}

void fail(const std::string& expected, const std::string& got) { throw Stopped{{Verdict::kFail, expected, got, ""}}; }
void skip(const std::string& reason) { throw Stopped{{Verdict::kSkip, "", reason, ""}}; }
void note(const std::string& text) { throw Stopped{{Verdict::kWarn, "", text, ""}}; }

}  // namespace graft::core::conformance
