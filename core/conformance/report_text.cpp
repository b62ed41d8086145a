#include "core/conformance/report_text.hpp"

#include <cstdio>
#include <map>

#include "core/report/number_text.hpp"

namespace graft::core::conformance {
namespace {

std::string seconds_text(double seconds) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3f", seconds);
  return text;
}

std::string escaped(const std::string& text) {
  std::string safe;
  for (const char c : text) {
    if (c == '&')
      safe += "&amp;";
    else if (c == '<')
      safe += "&lt;";
    else if (c == '>')
      safe += "&gt;";
    else if (c == '"')
      safe += "&quot;";
    else if (static_cast<unsigned char>(c) >= 0x20 || c == '\n' || c == '\t')
      safe += c;
  }
  return safe;
}

std::string indented(std::string text) {
  for (std::size_t at = 0; (at = text.find('\n', at)) != std::string::npos; at += 11) text.replace(at, 1, "\n          ");
  return text;
}

std::string junit_case(const Result& result) {
  const Outcome& outcome = result.outcome;
  std::string text = "    <testcase classname=\"" + escaped(result.id.substr(0, result.id.rfind('/'))) + "\" name=\"" +
                     escaped(result.test) + "\" time=\"" + seconds_text(result.seconds) + "\"";
  if (outcome.verdict == Verdict::kPass) return text + "/>\n";
  const std::string body = "expected " + outcome.expected + "\ngot      " + outcome.got + "\nagain    " + result.again;
  text += ">\n";
  if (outcome.verdict == Verdict::kSkip) text += "      <skipped message=\"" + escaped(outcome.got) + "\"/>\n";
  if (outcome.verdict == Verdict::kWarn) text += "      <system-out>" + escaped(outcome.got) + "</system-out>\n";
  for (const auto& [verdict, tag] : {std::pair(Verdict::kFail, "failure"), std::pair(Verdict::kCrash, "error")})
    if (outcome.verdict == verdict)
      text += std::string("      <") + tag + " message=\"" + escaped(outcome.got) + "\">" + escaped(body) + "</" + tag + ">\n";
  return text + "    </testcase>\n";
}

std::string junit_counts(const Report& report) {
  const auto attribute = [](const char* name, int count) {
    return std::string(" ") + name + "=\"" + std::to_string(count) + "\"";
  };
  return attribute("tests", static_cast<int>(report.results.size())) + attribute("failures", report.count(Verdict::kFail)) +
         attribute("errors", report.count(Verdict::kCrash)) + attribute("skipped", report.count(Verdict::kSkip)) + " time=\"" +
         seconds_text(report.seconds) + "\"";
}

std::string junit_suite(const std::string& name, const Report& report) {
  std::string text = "  <testsuite name=\"" + escaped(name) + "\"" + junit_counts(report) + ">\n";
  for (const Result& result : report.results) text += junit_case(result);
  return text + "  </testsuite>\n";
}

}  // namespace

std::string result_text(const Result& result) {
  const Outcome& outcome = result.outcome;
  std::string text = std::string(verdict_name(outcome.verdict));
  text.resize(6, ' ');
  text += result.id;
  if (outcome.verdict == Verdict::kPass) return text;
  if (outcome.verdict == Verdict::kSkip || outcome.verdict == Verdict::kWarn) return text + ": " + indented(outcome.got);
  return text + "\n      expected  " + indented(outcome.expected) + "\n      got       " + indented(outcome.got) +
         "\n      again     " + result.again;
}

std::string total_text(const Report& report) {
  std::string text = count_of(static_cast<std::int64_t>(report.results.size()), "test") + ": ";
  bool is_first = true;
  for (const Verdict verdict : {Verdict::kPass, Verdict::kFail, Verdict::kCrash, Verdict::kSkip, Verdict::kWarn}) {
    const int count = report.count(verdict);
    if (count == 0 && verdict != Verdict::kPass && verdict != Verdict::kFail) continue;
    text += (is_first ? "" : ", ") + std::to_string(count) + " " + verdict_name(verdict);
    is_first = false;
  }
  char seconds[32];
  std::snprintf(seconds, sizeof seconds, " in %.1f s", report.seconds);
  return text + seconds + (report.needed ? ", after " + std::to_string(report.needed) + " that they stand on" : "");
}

Value report_json(const Report& report) {
  Value::List results;
  for (const Result& result : report.results) {
    Value one{Value::Object{}};
    one.set("id", result.id);
    one.set("result", verdict_name(result.outcome.verdict));
    if (!result.outcome.expected.empty()) one.set("expected", result.outcome.expected);
    if (!result.outcome.got.empty()) one.set("got", result.outcome.got);
    one.set("seconds", result.seconds);
    one.set("again", result.again);
    results.push_back(std::move(one));
  }
  Value root{Value::Object{}};
  for (const Verdict verdict : {Verdict::kPass, Verdict::kFail, Verdict::kCrash, Verdict::kSkip, Verdict::kWarn})
    root.set(verdict_name(verdict), report.count(verdict));
  root.set("needed", report.needed);
  root.set("seconds", report.seconds);
  root.set("results", std::move(results));
  return root;
}

std::string report_junit(const Report& report) {
  std::map<std::string, Report> suites;
  std::vector<std::string> order;
  for (const Result& result : report.results) {
    const std::string suite = result.id.substr(0, result.id.rfind('/'));
    if (!suites.contains(suite)) order.push_back(suite);
    suites[suite].results.push_back(result);
    suites[suite].seconds += result.seconds;
  }
  std::string text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites" + junit_counts(report) + ">\n";
  for (const std::string& suite : order) text += junit_suite(suite, suites[suite]);
  return text + "</testsuites>\n";
}

}  // namespace graft::core::conformance
