// What people feed to graft by mistake: each ends in a clear error or a counted warning, and never in half a result.
#include "catch.hpp"
#include "command.hpp"
#include "graft/value.hpp"

using graft::read_json;
namespace fs = std::filesystem;

namespace {

bool has(const Outcome& outcome, const std::string& text) { return outcome.output.find(text) != std::string::npos; }

// Trains numbers_config on these rows.
Outcome train_on(const Workplace& here, const std::string& rows, const std::string& more = "") {
  return graft_command("train " + here.write("points.json", number_config(here.write("rows.csv", rows))) + " --out " +
                       here.file("run") + " --overwrite " + more);
}

Outcome train_texts(const Workplace& here, const std::string& rows, const std::string& more = "") {
  return graft_command("train " + here.write("films.json", text_config(here.write("rows.csv", rows))) + " --out " +
                       here.file("run") + " --set run.epochs=1 " + more);
}

}  // namespace

TEST_CASE("bad data: an empty file", "[app][bad]") {
  const Workplace here;
  const Outcome outcome = train_on(here, "");
  CHECK(outcome.exit == 2);
  CHECK(has(outcome, "[graft/csv] " + here.file("rows.csv")));
}

TEST_CASE("bad data: a line that is one column short is named", "[app][bad]") {
  const Workplace here;
  std::string rows = rows_csv(40);
  rows += "1,2,short\n";
  const Outcome outcome = train_on(here, rows);
  CHECK(outcome.exit == 2);
  CHECK(has(outcome, "rows.csv:42: "));
}

TEST_CASE("bad data: NUL bytes and invalid UTF-8 are named by line", "[app][bad]") {
  const Workplace here;
  const Outcome nul = train_on(here, rows_csv(40) + std::string("1,2,a\0b,1,good\n", 15));
  CHECK(nul.exit == 2);
  CHECK(has(nul, "rows.csv:42: "));
  const Outcome utf8 = train_on(here, rows_csv(40) + "1,2,a\xff,1,good\n");
  CHECK(utf8.exit == 2);
  CHECK(has(utf8, "rows.csv:42: "));
}

TEST_CASE("bad data: a line of 10 MB trains, cut at max_length and counted", "[app][bad]") {
  const Workplace here;
  std::string text = "a film ";
  while (text.size() < 10'000'000) text += text;
  const Outcome outcome = train_texts(here, rows_csv(60) + "1,2," + text.substr(0, 10'000'000) + ",1,good\n");
  INFO(outcome.output.substr(0, 3000));
  CHECK(outcome.exit == 0);
  CHECK(has(outcome, "cut at 32 tokens"));
}

TEST_CASE("bad data: a text of 0 characters trains", "[app][bad]") {
  const Workplace here;
  const Outcome outcome = train_texts(here, rows_csv(60) + "1,2,,1,good\n");
  INFO(outcome.output);
  CHECK(outcome.exit == 0);
}

TEST_CASE("bad data: a label that training never saw is a counted warning, and its rows do not count", "[app][bad]") {
  const Workplace here;
  std::string rows = "x,y,review,stars,kind,part\n";
  for (int i = 0; i < 60; ++i)
    rows += std::to_string(i) + "," + std::to_string(-i) + ",t,1," + (i % 2 ? "good" : "bad") + "," +
            (i < 40   ? "train"
             : i < 50 ? "valid"
                      : "test") +
            "\n";
  rows += "1,1,t,1,odd,test\n";
  here.write("rows.csv", rows);
  here.write("points.json", number_config(here.file("rows.csv")));
  const Outcome outcome =
      graft_command("train " + here.file("points.json") + " --out " + here.file("run") + " --set data.points.split.column=part");
  INFO(outcome.output);
  REQUIRE(outcome.exit == 0);
  CHECK(has(outcome, "odd"));
  CHECK(read_json(here.file("run/report.json")).at("details").at("test").at("points/kind").at("rows").integer() == 10);
}

TEST_CASE("bad data: one class only is refused", "[app][bad]") {
  const Workplace here;
  std::string rows = "x,y,kind\n";
  for (int i = 0; i < 60; ++i) rows += std::to_string(i) + ",1,good\n";
  const Outcome outcome = train_on(here, rows);
  CHECK(outcome.exit == 2);
  CHECK(has(outcome, "[graft/classify] "));
  CHECK(has(outcome, "good"));
}

TEST_CASE("bad data: fewer rows than a batch train", "[app][bad]") {
  const Workplace here;
  const Outcome outcome = train_on(here, rows_csv(12));
  INFO(outcome.output);
  CHECK(outcome.exit == 0);
}

TEST_CASE("bad data: a column that is not there is named with the nearest one", "[app][bad]") {
  const Workplace here;
  const Outcome outcome = train_on(here, rows_csv(40), "--set pipeline.label.column=knd");
  CHECK(outcome.exit == 2);
  CHECK(has(outcome, "[graft/category] there is no column knd, did you mean kind?"));
}

TEST_CASE("bad data: weights that are truncated, or of another model, are refused before the first step", "[app][bad]") {
  const Workplace here;
  here.write("rows.csv", rows_csv(60));
  here.write("films.json", text_config(here.file("rows.csv")));
  REQUIRE(graft_command("train " + here.file("films.json") + " --quick --out " + here.file("first")).exit == 0);
  const std::string weights = here.file("first/model/model.safetensors");
  const std::string bytes = graft::read_file(weights);
  fs::create_directory(here.file("bad"));
  fs::copy_file(here.file("first/model/config.json"), here.file("bad/config.json"));
  here.write("bad/model.safetensors", bytes.substr(0, bytes.size() / 2));
  const Outcome cut = graft_command("train " + here.file("films.json") + " --out " + here.file("second") +
                                    " --set model.weights=" + here.file("bad/model.safetensors"));
  CHECK(cut.exit == 2);
  CHECK(has(cut, "[safetensors] " + here.file("bad/model.safetensors")));
  std::string renamed = bytes;
  renamed.replace(renamed.find("pooler.dense.bias"), 17, "pooler.dense.bios");
  here.write("bad/model.safetensors", renamed);
  const Outcome unknown = graft_command("train " + here.file("films.json") + " --out " + here.file("third") +
                                        " --set model.weights=" + here.file("bad/model.safetensors"));
  CHECK(unknown.exit == 2);
  CHECK(has(unknown, "pooler.dense.bios"));
}

TEST_CASE("bad data: a learning rate that is too high ends with the parameters' names, and can be resumed or begun anew",
          "[app][bad]") {
  const Workplace here;
  const Outcome outcome = train_on(here, rows_csv(200), "--set optimizer.use=sgd --set optimizer.learning_rate=1e30");
  INFO(outcome.output);
  CHECK(outcome.exit == 1);
  CHECK(has(outcome, "[train] the gradient is not finite in"));
  CHECK(read_json(here.file("run/status.json")).at("status").text() == "failed");
}

TEST_CASE("bad data: a disk without room is found before the first step", "[app][bad][slow]") {
  const Workplace here;
  if (shell("mkdir -p " + here.file("disk") + " && mount -t tmpfs -o size=64k tmpfs " + here.file("disk")).exit != 0) {
    WARN("skipped: this user may not mount a file system");
    return;
  }
  here.write("points.json", number_config(here.write("rows.csv", rows_csv(100))));
  const Outcome outcome =
      graft_command("train " + here.file("points.json") + " --set model.hidden=512 --out " + here.file("disk/run"));
  shell("umount " + here.file("disk"));
  INFO(outcome.output);
  CHECK(outcome.exit == 2);
  CHECK(has(outcome, "MB are free; lower checkpoint.keep or choose another --out"));
}
