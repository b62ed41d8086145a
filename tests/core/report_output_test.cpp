#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include "catch.hpp"
#include "core/report/csv_writer.hpp"
#include "core/report/log_sink.hpp"
#include "core/report/progress.hpp"
#include "core/report/tensorboard.hpp"
#include "graft/files.hpp"

using namespace graft::core;
using graft::read_file;
namespace fs = std::filesystem;

namespace {

// A folder of its own for each test, removed afterwards.
struct Folder {
  Folder() { CHECK(::mkdtemp(name)); }
  ~Folder() { fs::remove_all(name); }
  std::string file(const std::string& leaf) const { return std::string(name) + "/" + leaf; }
  char name[32] = "/tmp/graft_test_XXXXXX";
};

using Fields = std::vector<std::string>;

}  // namespace

TEST_CASE("tensorboard: crc32c of the check string is the published value", "[core][report]") {
  CHECK(crc32c("123456789") == 0xe3069283U);
}

TEST_CASE("tensorboard: the file equals the one that TensorBoard's own writer makes, byte for byte", "[core][report]") {
  Folder folder;
  const std::string path = folder.file("events.out.tfevents.1750000000");
  EventWriter writer(path, 1750000000.25);
  writer.scalar("train/loss", 1, 0.6931, 1750000001.5);
  writer.scalar("train/loss", 300, -0.25, 1750000002.0);
  writer.scalar("valid/movies/sentiment/accuracy", std::int64_t{1} << 40, 0.957, 1750000003.0);
  writer.flush();
  CHECK(read_file(path) == read_file(GRAFT_TEST_DATA "/tensorboard_reference.tfevents"));
}

TEST_CASE("tensorboard: a folder that is not there is refused", "[core][report]") {
  CHECK(message_of([] { EventWriter("/nowhere/tfevents", 0); }) == "[tensorboard] /nowhere/tfevents: No such file or directory");
}

TEST_CASE("csv: fields are quoted as RFC 4180 says, and only where they must be", "[core][report]") {
  CHECK(csv_field("plain text") == "plain text");
  CHECK(csv_field("a,b") == "\"a,b\"");
  CHECK(csv_field("a,b", '\t') == "a,b");
  CHECK(csv_field("say \"x\"") == "\"say \"\"x\"\"\"");
  CHECK(csv_field("two\nlines") == "\"two\nlines\"");
  CHECK(csv_field("two\rlines") == "\"two\rlines\"");
  CHECK(csv_line(Fields{"a", "", "b c"}) == "a,,b c\n");
  CHECK(csv_line(Fields{""}) == "\"\"\n");
}

TEST_CASE("csv: a number reads back as the same double", "[core][report]") {
  for (double number : {0.1, 1.0 / 3, 1e300, -2.5, 0.0, 123456789.125})
    CHECK(std::strtod(csv_number(number).c_str(), nullptr) == number);
  CHECK(csv_number(0.1) == "0.1");
  CHECK(csv_number(std::nan("")).empty());
}

TEST_CASE("csv: a file is there only after close, and not at all when the writer is dropped", "[core][report]") {
  Folder folder;
  {
    CsvWriter writer(folder.file("a.csv"));
    writer.line(Fields{"text", "label"});
    writer.line(Fields{"a \"b\"", "no"});
    CHECK_FALSE(fs::exists(folder.file("a.csv")));
    writer.close();
    CHECK(read_file(folder.file("a.csv")) == "text,label\n\"a \"\"b\"\"\",no\n");
    CsvWriter dropped(folder.file("b.csv"));
    dropped.line(Fields{"x"});
  }
  CHECK(std::distance(fs::directory_iterator(folder.name), {}) == 1);
}

TEST_CASE("csv: a line of another length and a folder that is not there are refused", "[core][report]") {
  Folder folder;
  CsvWriter writer(folder.file("a.csv"));
  writer.line(Fields{"text", "label"});
  CHECK(message_of([&] { writer.line(Fields{"a"}); }) == "[csv] " + folder.file("a.csv") + ": a line must have 2 fields, got 1");
  CHECK(message_of([&] { CsvWriter(folder.file("no/a.csv")); }) ==
        "[csv] " + folder.file("no/a.csv") + ": No such file or directory");
}

namespace {

struct Watched {
  explicit Watched(bool live, int width = 200)
      : line({live, width, [this](const std::string& text) { written.push_back(text); }, [this] { return now; },
              [] { return 1020.0; }}) {}
  std::vector<std::string> written;
  double now = 100;
  ProgressLine line;
};

}  // namespace

TEST_CASE("progress: elsewhere than on a terminal there are 20 lines, whatever the number of steps", "[core][report]") {
  Watched watched(false);
  for (int step = 1; step <= 798; ++step) watched.line.update({step, 798, "", 0.5, 32 * step, 0, 0});
  CHECK(watched.written.size() == 20);
  CHECK(watched.written.back().starts_with("step 798/798  100 %  loss 0.500"));
  Watched few(false);
  for (int step = 1; step <= 3; ++step) few.line.update({step, 3, "", 0.5, 0, 0, 0});
  CHECK(few.written.size() == 3);
}

TEST_CASE("progress: rates, time left and stall are those of the last ten seconds", "[core][report]") {
  Watched watched(false);
  watched.line.update({0, 100, "1/2", 0.7, 0, 0, 0});
  watched.now += 1000;  // a slow start that must not count later
  for (int i = 0; i <= 50; ++i, watched.now += 1) watched.line.update({i, 100, "1/2", 0.25, 32 * i, 1000 * i, 0.1 * i});
  CHECK(watched.written.back() ==
        "epoch 1/2  step 50/100  50 %  loss 0.250  32 rows/s  1,000 tokens/s  left 50 s  stall 10 %  1.02 GB");
}

TEST_CASE("progress: a live line is rewritten ten times a second at most, cut to the terminal, and can be taken away",
          "[core][report]") {
  Watched watched(true, 20);
  for (int i = 1; i <= 50; ++i, watched.now += 0.01) watched.line.update({i, 100, "", 0.25, 0, 0, 0});
  CHECK(watched.written.size() == 5);
  CHECK(watched.written[0] == "\r\x1b[Kstep 1/100  1 %  lo");
  watched.line.finish();
  watched.line.finish();
  CHECK(watched.written.size() == 6);
  CHECK(watched.written.back() == "\r\x1b[K");
}

TEST_CASE("progress: memory now is more than nothing", "[core][report]") { CHECK(resident_memory_mb() > 1); }

TEST_CASE("log: equal warnings are written once and counted, with the line where the first stands", "[core][report]") {
  Folder folder;
  RunLog log({folder.file("log.txt"), true, {}});
  log.print("two\nlines");
  for (int i = 0; i < 3; ++i) log.warn("graft/csv", "rows.csv:3: empty");
  log.warn("graft/csv", "rows.csv:4: empty");
  const auto warnings = log.warnings();
  REQUIRE(warnings.size() == 2);
  CHECK(warnings[0].text == "[graft/csv] rows.csv:3: empty");
  CHECK(warnings[0].count == 3);
  CHECK(warnings[0].log_line == 3);
  CHECK(warnings[1].count == 1);
  CHECK(warnings[1].log_line == 4);
  const std::string text = read_file(folder.file("log.txt"));
  CHECK(std::count(text.begin(), text.end(), '\n') == 4);
  CHECK(text.find(" warning [graft/csv] rows.csv:3: empty\n") != std::string::npos);
}

TEST_CASE("log: a resumed run goes on in the same file, and counts its lines on", "[core][report]") {
  Folder folder;
  const std::string path = folder.file("log.txt");
  RunLog({path, true, {}}).print("first");
  RunLog log({path, true, {}});
  log.log("graft/bert", "quiet");
  log.warn("graft/csv", "x");
  CHECK(log.warnings()[0].log_line == 3);
  CHECK(read_file(path).find("info    first\n") != std::string::npos);
  CHECK(read_file(path).find("debug   [graft/bert] quiet\n") != std::string::npos);
}

TEST_CASE("log: a line is on disk when the call returns", "[core][report]") {
  Folder folder;
  RunLog log({folder.file("log.txt"), true, {}});
  log.log("a", "b");
  CHECK(read_file(folder.file("log.txt")).ends_with(" debug   [a] b\n"));
}

TEST_CASE("log: a note stands in the file as a printed line does", "[core][report]") {
  Folder folder;
  RunLog log({folder.file("log.txt"), false, [] { FAIL("a note reached the terminal"); }});
  log.note("valid    step 3");
  CHECK(read_file(folder.file("log.txt")).ends_with(" info    valid    step 3\n"));
}

TEST_CASE("log: control characters from data do not reach the terminal or the file", "[core][report]") {
  Folder folder;
  RunLog log({folder.file("log.txt"), true, {}});
  log.warn("graft/csv", "\x1b[2J\a\x7f \xC3\xA9");
  CHECK(log.warnings()[0].text == "[graft/csv] \\x1b[2J\\x07\\x7f \xC3\xA9");
}

TEST_CASE("log: warnings of many threads are all counted", "[core][report]") {
  Folder folder;
  RunLog log({folder.file("log.txt"), true, {}});
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < 500; ++i) log.warn("w", std::to_string(i % 5));
    });
  for (std::thread& thread : threads) thread.join();
  std::int64_t all = 0;
  for (const WarningCount& warning : log.warnings()) all += warning.count;
  CHECK(log.warnings().size() == 5);
  CHECK(all == 2000);
}

TEST_CASE("log: a file that cannot be opened is refused", "[core][report]") {
  CHECK(message_of([] { RunLog({"/proc/version/log.txt", true, {}}); }) == "[log] /proc/version/log.txt: Not a directory");
}
