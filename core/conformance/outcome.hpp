// Outcome: what one test of the conformance kit found, and how a test says it.
//
//   PASS   holds                       SKIP   cannot be asked here, or stands on a test that failed; says which
//   FAIL   does not hold               WARN   holds, but deserves a word
//   CRASH  a signal, an exit() or no end within the time
//
// A test is a function that returns when all holds and throws otherwise: expect(), skip(), note().
#pragma once

#include <string>

namespace graft::core::conformance {

enum class Verdict { kPass, kFail, kCrash, kSkip, kWarn };

const char* verdict_name(Verdict verdict);  // "PASS", ...

struct Outcome {
  Verdict verdict = Verdict::kPass;
  std::string expected;  // of FAIL and CRASH
  std::string got;       // what came; of SKIP and WARN the reason
  std::string found;     // what later tests of the same component go on with: fitted parameters, as JSON
};

// Thrown by tests; an Outcome by another name, so that no plugin's handler takes it for an error of its own.
struct Stopped {
  Outcome outcome;
};

void expect(bool holds, const std::string& expected, const std::string& got);
[[noreturn]] void fail(const std::string& expected, const std::string& got);
[[noreturn]] void skip(const std::string& reason);
[[noreturn]] void note(const std::string& text);  // ends the test as WARN

// Says what the test does next, so that a crash can be told by it: "forward". Kept where a parent process can read it.
void doing(const std::string& operation);

}  // namespace graft::core::conformance
