#include "catch.hpp"
#include "core/report/number_text.hpp"
#include "core/report/report_json.hpp"
#include "core/report/summary.hpp"
#include "report_example.hpp"

using namespace graft::core;

TEST_CASE("number text: counts, durations, memory and metrics read as people write them", "[core][report]") {
  CHECK(thousands(0) == "0");
  CHECK(thousands(-1234567) == "-1,234,567");
  CHECK(thousands(-123) == "-123");
  CHECK(count_of(1, "step") == "1 step");
  CHECK(count_of(10605, "row") == "10,605 rows");
  CHECK(duration_text(0.44) == "0.4 s");
  CHECK(duration_text(9.96) == "10 s");
  CHECK(duration_text(59.6) == "1 min 0 s");
  CHECK(duration_text(702) == "11 min 42 s");
  CHECK(duration_text(11130) == "3 h 5 min");
  CHECK(memory_text(812) == "812 MB");
  CHECK(memory_text(1210) == "1.21 GB");
  CHECK(metric_text(0.9529) == "0.953");
  CHECK(metric_text(-12.345) == "-12.35");
  CHECK(metric_text(1234.5) == "1,235");
  CHECK(metric_text(0.00012) == "1.20e-04");
  CHECK(metric_text(0) == "0.000");
  CHECK(metric_text(kNoNumber) == "-");
  CHECK(interval_text(0.9386, 0.9645) == "0.939 - 0.965");
  CHECK(interval_text(kNoNumber, 1) == "-");
}

TEST_CASE("summary: the last lines of a run are in the form that the README shows", "[core][report]") {
  RunReport report = report_example::classify();
  for (MetricResult& metric : report.results[0].metrics) metric.baselines.pop_back();
  CHECK(summary_text(report) ==
        "done     3 epochs, 798 steps, 11 min 42 s\n"
        "best     step 532: highest valid/movies/sentiment/accuracy 0.957 (last 0.954)\n"
        "test     movies, 1,061 rows, from step 532\n"
        "                              value   95 % interval    majority\n"
        "  sentiment/accuracy          0.953   0.939 - 0.965    0.512\n"
        "  sentiment/f1                0.954   0.940 - 0.966    0.677\n"
        "speed    31,200 real tokens/s (padded batches would hold 2.31x as many), loader stall 1 %, peak memory 1.21 GB\n"
        "data     10,605 read; 3 dropped (empty); 212 cut at 128 tokens\n"
        "warnings 1: 14 texts occur in both train and test (log.txt:88)\n"
        "setup    cpu, fp32, seed 1\n"
        "saved    runs/movies-0611-1412\n"
        "next     report   runs/movies-0611-1412/report.html\n"
        "         predict  graft predict runs/movies-0611-1412 rows.csv\n");
}

TEST_CASE("summary: streams, missing intervals and baselines of some metrics only have their place", "[core][report]") {
  RunReport report = report_example::regress();
  report.results[0].metrics[1].low = kNoNumber;
  report.results.push_back(report_example::classify().results[0]);
  report.results[1].stream = "tweets";
  const std::string text = summary_text(report);
  CHECK(text.find("test     movies, 1,061 rows, from step 798\n"
                  "                              value   95 % interval    mean\n"
                  "  rating/rmse                 1.230   1.150 - 1.310    2.900\n"
                  "  rating/pearson              0.906   -                -\n"
                  "test     tweets, 1,061 rows, from step 532\n") != std::string::npos);
  CHECK(text.find("best ") == std::string::npos);
}

TEST_CASE("summary: without a test split the valid split is shown, without warnings 0", "[core][report]") {
  RunReport report = report_example::classify();
  report.results[0].split = "valid";
  report.warnings.clear();
  report.status = "interrupted";
  CHECK(summary_text(report).starts_with("interrupted 3 epochs"));
  CHECK(summary_text(report).find("\nvalid    movies, 1,061 rows") != std::string::npos);
  CHECK(summary_text(report).find("\nwarnings 0\n") != std::string::npos);
}

TEST_CASE("summary: five warnings are shown, the rest counted", "[core][report]") {
  RunReport report = report_example::classify();
  report.warnings.clear();
  for (int i = 0; i < 7; ++i) report.warnings.push_back({"warning " + std::to_string(i), i + 1, i + 10});
  const std::string text = summary_text(report);
  CHECK(text.find("warnings 7: warning 0 (log.txt:10)\n            warning 1 (2 times, first log.txt:11)\n") !=
        std::string::npos);
  CHECK(text.find("warning 4") != std::string::npos);
  CHECK(text.find("warning 5") == std::string::npos);
  CHECK(text.find("            and 2 more in log.txt\n") != std::string::npos);
}

TEST_CASE("report.json: the names that other programs rely on are there, in the order of the data's way", "[core][report]") {
  const graft::Value value = report_json(report_example::classify());
  CHECK(value.at("metrics").at("test").at("movies/sentiment/accuracy").number() == 0.9529);
  for (const char* name : {"steps", "rows", "tokens", "seconds", "tokens_per_second", "peak_rss_mb", "device", "precision"})
    CHECK(value.at("train").find(name) != nullptr);
  for (const char* name : {"id", "version", "sha256"}) CHECK(value.at("plugins").list()[0].find(name) != nullptr);
  CHECK(value.at("details").at("test").at("movies/sentiment").at("confusion").list()[1].list()[0].integer() == 21);
  CHECK(value.at("best").at("step").integer() == 532);
  CHECK(graft::parse_json(graft::to_json(value, 2), "report.json") == value);
}

TEST_CASE("report: heads that stopped are there with the step and what they were worth, best and at last", "[core][report]") {
  RunReport report = report_example::classify();
  report.stopped = {{"sentiment", "accuracy", 399, 266, 0.95, 0.957}, {"rating", "mae", 532, -1, kNoNumber, kNoNumber}};
  const std::string text = summary_text(report);
  CHECK(text.find("\nstopped  sentiment at step 399, accuracy 0.950 on valid; best 0.957 at step 266\n"
                  "         rating at step 532, mae - on valid\ntest ") != std::string::npos);
  const graft::Value::List stopped = report_json(report).at("stopped").list();
  REQUIRE(stopped.size() == 2);
  CHECK(stopped[0].at("step").integer() == 399);
  CHECK(stopped[0].at("best").number() == 0.957);
  CHECK(stopped[0].at("best_step").integer() == 266);
  CHECK(stopped[1].at("best_step").is_null());
  CHECK(stopped[1].at("best").is_null());
  CHECK(summary_text(report_example::classify()).find("stopped") == std::string::npos);
}

TEST_CASE("report.json: a number that is not known is null", "[core][report]") {
  RunReport report = report_example::regress();
  report.train.tokens_per_second = kNoNumber;
  const graft::Value value = report_json(report);
  CHECK(value.at("train").at("tokens_per_second").is_null());
  CHECK(value.at("best").is_null());
  CHECK(value.at("details").at("test").at("movies/rating").find("confusion") == nullptr);
}

TEST_CASE("report.json: each step of augmentation has its rows by class, and each class the recall it ended with",
          "[core][report][augment]") {
  const graft::Value value = report_json(report_example::augmented());
  REQUIRE(value.at("augment").list().size() == 3);
  CHECK(
      to_json(value.at("augment").list()[0]) ==
      R"({"stream": "movies", "step": "noise", "use": "graft/eda", "label": "label", "heads": ["sentiment"], )"
      R"("classes": ["negative", "positive"], "offered": [12600, 12726], "changed": [6300, 1], "no_label": {"offered": 123, "changed": 0}})");
  CHECK(value.at("augment").list()[2].at("label").is_null());
  const graft::Value& recall = value.at("details").at("test").at("movies/sentiment").at("recall");
  CHECK(recall.list()[0].number() == 489.0 / 518);
  CHECK(recall.list()[1].number() == 522.0 / 543);
}
