// graft preview on texts, tables and pictures.
#include "catch.hpp"
#include "command.hpp"

using namespace graft;

namespace {

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("preview: shows texts before and after each step without training, the same each time", "[app][preview]") {
  const Workplace here;
  const std::string config = here.write("films.json", text_config(here.write("rows.csv", rows_csv(300)))),
                    out = here.file("page.html");
  const Outcome seen = graft_command("preview " + config + " --rows 4 --out " + out);
  INFO(seen.output);
  REQUIRE(seen.exit == 0);
  CHECK(has(seen.output, "films    4 of "));
  CHECK(has(seen.output, "~ noise          graft/eda"));
  CHECK(has(seen.output, "page     " + out + ": open it in a browser\n"));
  const std::string page = read_file(out);
  for (const char* part :
       {"<h1>films</h1>", "rows as they are read", "graft/category", "training only", "epoch 3", "<del>", "<ins>"})
    CHECK(has(page, part));
  REQUIRE(graft_command("preview " + config + " --rows 4 --out " + out).exit == 0);
  CHECK(read_file(out) == page);
  CHECK_FALSE(std::filesystem::exists(here.file("runs")));
}

TEST_CASE("preview: tables show numbers, and a step that is left out is not shown", "[app][preview]") {
  const Workplace here;
  const std::string config = here.write("points.json", number_config(here.write("rows.csv", rows_csv(300)))),
                    out = here.file("page.html");
  REQUIRE(graft_command("preview " + config + " --out " + out).exit == 0);
  CHECK(has(read_file(out), "graft/standard_scaler"));
  REQUIRE(
      graft_command("preview " + config + " --set model.input='[\"x\",\"y\"]' --set pipeline.features=null --out " + out).exit ==
      0);
  CHECK_FALSE(has(read_file(out), "graft/standard_scaler"));
}

TEST_CASE("preview: pictures stand side by side, mixed labels are shares", "[app][preview]") {
  const Workplace here;
  std::string rows = "digit";
  for (int i = 0; i < 16; ++i) rows += ",p" + std::to_string(i);
  for (int row = 0; row < 60; ++row) {
    rows += "\n" + std::to_string(row % 3);
    for (int i = 0; i < 16; ++i) rows += "," + std::to_string((row * 31 + i * 17) % 256);
  }
  const std::string config = here.write("digits.json", R"({
    "data": {"digits": {"source": {"use": "csv", "path": ")" +
                                                           here.write("rows.csv", rows + "\n") + R"("}}},
    "pipeline": {"image": {"use": "pixels", "columns": "p*", "shape": [1, 4, 4]}, "label": {"use": "category", "column": "digit"},
                 "shift": {"use": "crop", "column": "image", "padding": 1, "p": 0.5},
                 "mix": {"use": "mixup", "columns": "image", "label": "label", "alpha": 1}},
    "model": {"use": "cnn", "input": "image"}, "heads": {"digit": {"use": "classify", "target": "label"}}})");
  const Outcome seen = graft_command("preview " + config + " --out " + here.file("page.html"));
  INFO(seen.output);
  REQUIRE(seen.exit == 0);
  const std::string page = read_file(here.file("page.html"));
  CHECK(has(page, "src=\"data:image/bmp;base64,"));
  CHECK(has(page, "Each row with chance 0.5"));
  CHECK(has(page, " %)"));
  CHECK(has(page, "as it was"));
}

TEST_CASE("preview: of many columns the label is shown, and what noise did to the last of them", "[app][preview]") {
  const Workplace here;
  std::string rows;
  for (int i = 0; i < 20; ++i) rows += "x" + std::to_string(i) + ",";
  rows += "kind\n";
  for (int row = 0; row < 60; ++row) {
    for (int i = 0; i < 20; ++i) rows += (i < 19 ? "1" : std::to_string(row)) + ",";
    rows += row % 2 ? "good\n" : "bad\n";
  }
  const std::string config = here.write("table.json", R"({
    "data": {"table": {"source": {"use": "csv", "path": ")" +
                                                          here.write("rows.csv", rows) + R"("}}},
    "pipeline": {"label": {"use": "category", "column": "kind"}, "v": {"use": "min_max_scaler", "columns": "x*"},
                 "noise": {"use": "swap_noise", "columns": "v", "probability": 1, "p": {"good": 1, "*": 0}, "by": "label",
                           "until_epoch": 2}},
    "model": {"use": "mlp", "input": "v"}, "heads": {"kind": {"use": "classify", "target": "label"}}})");
  REQUIRE(graft_command("preview " + config + " --rows 20 --out " + here.file("page.html")).exit == 0);
  const std::string page = read_file(here.file("page.html"));
  CHECK(has(page, "<th scope=\"col\">row</th><th scope=\"col\">kind</th><th scope=\"col\">x0</th>"));
  CHECK(has(page, "Each row with chance 1 where label is good, 0 of the others, in epochs 1 to 2. In epoch 1 it changes "));
  CHECK(has(page, "[19] <del>"));
  CHECK(has(page, "as it was"));
  CHECK_FALSE(has(page, "not in what is shown here"));
}

TEST_CASE("preview: a wrong config and a wrong number are refused", "[app][preview]") {
  const Workplace here;
  const std::string config = here.write("films.json", text_config(here.write("rows.csv", rows_csv(60))));
  const Outcome wrong = graft_command("preview " + config + " --set pipeline.noise.until=2 --out " + here.file("page.html"));
  CHECK(wrong.exit == 2);
  CHECK(has(wrong.output, "there is no until in pipeline.noise"));
  CHECK(graft_command("preview " + config + " --rows 0").exit == 2);
  CHECK_FALSE(std::filesystem::exists(here.file("page.html")));
}
