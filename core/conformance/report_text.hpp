// What a check found, for people, programs and CI servers.
#pragma once

#include <string>

#include "core/conformance/runner.hpp"
#include "graft/value.hpp"

namespace graft::core::conformance {

// "FAIL  model/acme/scale/grad-flows" with what was expected, what came, and the command that runs it again. One line where it passed.
std::string result_text(const Result& result);
std::string total_text(const Report& report);  // "204 tests: 200 PASS, 3 SKIP, 1 WARN in 8.2 s"
Value report_json(const Report& report);
std::string report_junit(const Report& report);  // one suite a file or component; CRASH is an error, SKIP skipped

}  // namespace graft::core::conformance
