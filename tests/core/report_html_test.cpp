#include <algorithm>
#include <regex>

#include "catch.hpp"
#include "core/report/augment_html.hpp"
#include "core/report/chart.hpp"
#include "core/report/html.hpp"
#include "core/report/report_html.hpp"
#include "report_example.hpp"

using namespace graft::core;

namespace {

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

// NaN or infinity where a coordinate or a size should stand.
bool has_no_number(const std::string& page) { return std::regex_search(page, std::regex("[\" ,:-](nan|inf)[\" ,%]")); }

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) ++found;
  return found;
}

// Elements that never close in HTML aside, every element closes, in the right order.
bool is_balanced(const std::string& page) {
  std::vector<std::string> open;
  for (std::size_t at = page.find('<'); at != std::string::npos; at = page.find('<', at + 1)) {
    const std::size_t end = page.find('>', at);
    const std::string tag = page.substr(at + 1, page.find_first_of(" >/", at + 2) - at - 1);
    if (tag.starts_with('!') || tag == "meta" || page[end - 1] == '/') continue;
    if (page[at + 1] != '/') {
      open.push_back(tag);
      if (tag == "script" || tag == "style") at = page.find("</" + tag, at) - 1;
      continue;
    }
    const std::string name = page.substr(at + 2, end - at - 2);
    if (open.empty() || open.back() != name) return false;
    open.pop_back();
  }
  return open.empty();
}

}  // namespace

TEST_CASE("html: text from data cannot become markup", "[core][report]") {
  CHECK(html::escape("<b>\"x\" & 'y'</b>") == "&lt;b&gt;&quot;x&quot; &amp; &#39;y&#39;&lt;/b&gt;");
  CHECK(html::escape(std::string("a\0\x1b\xff", 4)) == "a\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
  CHECK(html::escape("\xC3\xA9\n") == "\xC3\xA9\n");
}

TEST_CASE("html: a text is cut between code points, and only when it is too long", "[core][report]") {
  CHECK(html::shortened("\xC3\xA9\xC3\xA9\xC3\xA9", 2) == "\xC3\xA9\xC3\xA9\xE2\x80\xA6");
  CHECK(html::shortened("\xC3\xA9\xC3\xA9", 2) == "\xC3\xA9\xC3\xA9");
  CHECK(html::shortened("", 2).empty());
}

TEST_CASE("report.html: the page is one file that asks the network for nothing", "[core][report]") {
  for (const RunReport& report : {report_example::classify(), report_example::regress(), report_example::many_classes(30),
                                  report_example::augmented(), RunReport{}}) {
    const std::string page = report_html(report);
    CHECK(is_balanced(page));
    for (const char* outside : {"http:", "https:", "src=", "@import", "url(", "<link"}) CHECK_FALSE(has(page, outside));
    CHECK_FALSE(has_no_number(page));
  }
}

TEST_CASE("report.html: sections stand in the order of the data's way", "[core][report]") {
  const std::string page = report_html(report_example::augmented());
  std::size_t at = 0;
  for (const char* id : {"config", "data", "augmentation", "training", "evaluation", "run"}) {
    const std::size_t next = page.find("id=\"" + std::string(id) + "\"");
    CHECK((next != std::string::npos && next > at));
    at = next;
  }
}

TEST_CASE("report.html: heads that stopped have a table of their own, also without a balancer", "[core][report]") {
  RunReport report = report_example::classify();
  CHECK_FALSE(has(report_html(report), "patience"));
  report.stopped = {{"sentiment", "accuracy", 399, 266, 0.95, 0.957}};
  const std::string page = report_html(report);
  CHECK(is_balanced(page));
  CHECK(has(page, "href=\"#tasks\""));
  CHECK(has(page, "Heads whose patience ended"));
  CHECK(has(page, "399"));
  CHECK(has(page, "0.957"));
}

TEST_CASE("report.html: every text from data, config and warnings is escaped", "[core][report]") {
  const std::string evil = "<script>alert(1)</script>\"'";
  RunReport report = report_example::classify();
  report.name = report.folder = report.started = report.config = report.train.device = report.predict_example = evil;
  report.best.metric = report.losses[0].name = report.metrics[0].name = evil;
  report.warnings[0].text = report.plugins[0].id = report.plugins[0].sha256 = report.versions[0].second =
      report.timings[0].first = evil;
  report.data[0].what = report.splits[0].what = evil;
  report.augment = {{evil, evil, evil, evil, {}, {evil}, {{2, 1}}, {}}};
  HeadResult& head = report.results[0];
  head.stream = head.head = head.split = head.classes[0] = head.metrics[0].name = head.metrics[0].baselines[0].first = evil;
  head.most_wrong[0].text = head.most_wrong[0].truth = head.most_wrong[0].predicted = evil;
  const std::string page = report_html(report);
  CHECK_FALSE(has(page, "<script>alert"));
  CHECK_FALSE(has(page, "</script>\"'"));
  CHECK(count(page, "<script>") == 1);
  CHECK(is_balanced(page));
}

TEST_CASE("report.html: augmentation shows what each step changed of each class, and the recall that the class ended with",
          "[core][report][augment]") {
  const std::string page = report_html(report_example::augmented());
  CHECK(has(page, "<li><b>noise</b> (graft/eda) changed 6,301 of 25,449 rows, 24.8 %</li>"));
  CHECK(has(page, "<li><b>noise</b> (graft/eda) changed 500 of 2,000 rows, 25.0 %</li>"));
  const auto row = [&](const std::string& name) {
    const std::size_t from = page.find("<tr><td data-label=\"label\">" + name + "</td>");
    REQUIRE(from != std::string::npos);
    return page.substr(from, page.find("</tr>", from) - from);
  };
  for (const char* part : {"50.0 %", "6,300 of 12,600", "100.0 %", "0.944", "489 of 518"}) CHECK(has(row("negative"), part));
  for (const char* part : {"0.0 %", "1 of 12,726", "522 of 543"}) CHECK(has(row("positive"), part));
  CHECK(has(row("(no label)"), "0 of 123"));
  CHECK_FALSE(has(report_html(report_example::classify()), "Augmentation"));
}

TEST_CASE("report.html: of many classes augmentation shows those with the lowest recall", "[core][report][augment]") {
  RunReport report = report_example::many_classes(40);
  report.results[0].confusion[7][7] = 0;
  AugmentResult noise{"movies", "noise", "graft/eda", "label", {"sentiment"}, report.results[0].classes, {}, {}};
  noise.by_class.assign(40, {60, 30});
  report.augment = {noise};
  const std::string section = augment_html(report);
  CHECK(has(section, "The 30 classes of 40 with the lowest recall; report.json has all."));
  CHECK(count(section, "<tr><td") == 30);
  CHECK(section.find("<tr><td") == section.find("<tr><td data-label=\"label\">a class with number 7</td>"));
}

TEST_CASE("report.html: the headline says better only when the whole interval lies beyond the best baseline", "[core][report]") {
  RunReport report = report_example::classify();
  MetricResult& metric = report.results[0].metrics[0];
  CHECK(has(report_html(report), "Better than the best baseline</b>, tfidf (0.761)"));
  metric.baselines[1].second = 0.945;
  CHECK(has(report_html(report), "No clear difference</b> from the best baseline, tfidf (0.945)"));
  metric.baselines[1].second = 0.99;
  CHECK(has(report_html(report), "Worse than a cheap baseline</b>, tfidf (0.990)"));
  metric.baselines.clear();
  CHECK_FALSE(has(report_html(report), "class=\"verdict"));
}

TEST_CASE("report.html: where lower is better, better means under the baseline", "[core][report]") {
  RunReport report = report_example::regress();
  CHECK(has(report_html(report), "Better than the best baseline</b>, mean (2.900)"));
  report.results[0].metrics[0].baselines[0].second = 1.0;
  CHECK(has(report_html(report), "Worse than a cheap baseline"));
}

TEST_CASE("report.html: a run that did not finish says so before anything else", "[core][report]") {
  RunReport report = report_example::classify();
  report.status = "interrupted";
  CHECK(has(report_html(report), "This run is <b>interrupted</b>"));
  CHECK_FALSE(has(report_html(report_example::classify()), "class=\"banner\""));
}

TEST_CASE("chart: the confusion matrix has a cell for each pair of classes, and numbers while they can be read",
          "[core][report]") {
  const std::string two = chart::confusion(report_example::classify().results[0]);
  CHECK(count(two, "<rect") == 4);
  CHECK(has(two, "negative taken for positive: 29 (5.6 %)"));
  const std::string thirty = chart::confusion(report_example::many_classes(30).results[0]);
  CHECK(count(thirty, "<rect") == 900);
  CHECK(count(thirty, "<text") == 1);
}

TEST_CASE("chart: expected calibration error is the mean gap by rows", "[core][report]") {
  CHECK(chart::calibration_error({{0.6, 0.5, 10}, {0.9, 0.95, 30}, {0.2, 0.0, 0}}) == Approx(0.1 * 0.25 + 0.05 * 0.75));
  CHECK(std::isnan(chart::calibration_error({})));
}

TEST_CASE("chart: smoothing keeps a straight line straight, both ends, and at most the points asked for", "[core][report]") {
  Curve line{"x", {}};
  for (int i = 0; i < 1000; ++i) line.points.emplace_back(i, 2.0 * i);
  const auto smooth = chart::smoothed(line, 50, 100);
  CHECK(smooth.size() <= 101);
  CHECK(smooth.front() == std::pair(0.0, 0.0));
  CHECK(smooth.back() == std::pair(999.0, 1998.0));
  for (const auto& [x, y] : smooth) CHECK(y == Approx(2 * x));
  CHECK(chart::smoothed({"x", {}}, 5).empty());
  CHECK(chart::smoothed({"x", {{7, 1.0}}}, 5).size() == 1);
}

TEST_CASE("chart: a curve of NaN, of one point or of one value does not break the page", "[core][report]") {
  RunReport report = report_example::classify();
  report.losses = {{"train", {{1, kNoNumber}, {2, kNoNumber}}}};
  report.metrics = {{"valid/a", {{5, 0.5}}}, {"valid/b", {{5, kNoNumber}}}};
  report.learning_rates = {{"all", {{0, 1e-3}, {10, 1e-3}}}};
  const std::string page = report_html(report);
  CHECK(is_balanced(page));
  CHECK_FALSE(has_no_number(page));
  CHECK_FALSE(has(page, "Loss</b>"));
}

TEST_CASE("charts: the seventh line shares the first one's colour and is told apart by dashes", "[core][report]") {
  chart::Plot plot{"loss", "step", {}};
  for (int i = 0; i < 7; ++i) plot.lines.push_back({"head" + std::to_string(i), {{0, i}, {1, i + 1}}, i});
  const std::string figure = chart::lines(plot);
  CHECK(count(figure, "class=\"line c0\"") == 1);
  CHECK(count(figure, "class=\"line c0 dashed\"") == 1);
  CHECK(count(figure, "class=\"key c0 dashed\"") == 1);
}

TEST_CASE("charts: steps and epochs are counted in whole numbers", "[core][report]") {
  const std::string figure = chart::lines({"loss", "epoch", {{"a", {{1, 0.5}, {3, 0.25}}}}});
  const std::string axis = figure.substr(0, figure.find("label middle"));
  CHECK(count(axis, "tick middle") == 3);
  for (const char* tick : {">1</text>", ">2</text>", ">3</text>"}) CHECK(has(axis, tick));
}
