// Heads whose answers are no single class or number, from the file of rows to the file of predictions.
#include <algorithm>
#include <sstream>

#include "catch.hpp"
#include "command.hpp"
#include "graft/value.hpp"

using graft::read_file;
using graft::read_json;
using graft::Value;

namespace {

using Table = std::vector<std::vector<std::string>>;  // the first line holds names

Table table_of(const std::string& csv) {  // of cells that need no quotes
  Table table;
  std::istringstream lines(csv);
  for (std::string line; std::getline(lines, line);) {
    table.emplace_back();
    std::istringstream cells(line + ",");
    for (std::string cell; std::getline(cells, cell, ',');) table.back().push_back(cell);
  }
  return table;
}

// The last column of that name: a head's come after those of the source.
std::vector<std::string> column(const Table& table, const std::string& name) {
  const auto at = std::find(table.front().rbegin(), table.front().rend(), name);
  std::vector<std::string> cells;
  for (std::size_t i = 1; at != table.front().rend() && i < table.size(); ++i)
    cells.push_back(table[i].at(static_cast<std::size_t>(table.front().rend() - at) - 1));
  return cells;
}

std::string weights_of(const std::string& run) {
  return graft::sha256_of_file(run + "/model/model.safetensors") + graft::sha256_of_file(run + "/model/heads.safetensors");
}

double metric(const std::string& run, const std::string& name) {
  return read_json(run + "/report.json").at("metrics").at("test").at(name).number();
}

Outcome trained(const std::string& config, const std::string& run, const std::string& sets = "") {
  Outcome outcome = graft_command("train " + config + " --out " + run + sets);
  INFO(outcome.output);
  REQUIRE(outcome.exit == 0);
  return outcome;
}

// Killed after a checkpoint and resumed, a run ends in the bits of one that nothing stopped.
void check_resume(const std::string& config, const std::string& run) {
  const std::string sets = " --set checkpoint.every=3 --set run.epochs=2";
  trained(config, run + "-whole", sets);
  REQUIRE(ended_at("train " + config + " --out " + run + sets, run, 6, SIGKILL));
  REQUIRE(graft_command("train --resume --out " + run).exit == 0);
  CHECK(weights_of(run) == weights_of(run + "-whole"));
}

// Numbers from 0 to 1, the same every time.
class Draw {
 public:
  double operator()() { return static_cast<double>((state_ = state_ * 1664525u + 1013904223u) >> 8) / (1 << 24); }
  std::size_t below(std::size_t n) { return static_cast<std::size_t>((*this)() * static_cast<double>(n)); }

 private:
  std::uint32_t state_ = 7;
};

// Points with a name for each coordinate above 0; every ninth row has no label.
std::string sets_csv(int rows) {
  std::string text = "x,y,kinds\n";
  Draw draw;
  for (int i = 0; i < rows; ++i) {
    const double x = draw() * 4 - 2, y = draw() * 4 - 2;
    const std::string names = std::string(x > 0 ? "right" : "") + "|" + (y > 0 ? "up" : "");
    text += std::to_string(x) + "," + std::to_string(y) + "," + (i % 9 == 0 ? "" : names) + "\n";
  }
  return text;
}

std::string sets_config(const Workplace& here) {
  return here.write("sets.json", R"({
  "run": {"seed": 3, "epochs": 8, "threads": 1, "batch_size": 16, "precision": "fp32"},
  "data": {"points": {"source": {"use": "csv", "path": ")" +
                                     here.write("sets.csv", sets_csv(240)) + R"("}}},
  "pipeline": {"kinds_set": {"use": "label_set", "columns": "kinds"},
               "features": {"use": "standard_scaler", "columns": ["x", "y"]}},
  "model": {"use": "mlp", "input": "features", "hidden": [16]},
  "heads": {"kinds": {"use": "multi_label", "target": "kinds_set", "positive_weight": "balanced",
                      "metrics": {"f1": {"average": "micro"}, "subset_accuracy": {}, "hamming_loss": {}, "auroc": {}, "average_precision": {}}}},
  "optimizer": {"use": "adamw", "learning_rate": 0.02}
})");
}

const char* const kBert =
    R"("use": "bert", "vocab_size": 2000, "hidden_size": 32, "num_hidden_layers": 1, "num_attention_heads": 4, "intermediate_size": 64, "max_position_embeddings": 64)";

const char* const kWordPiece = R"("use": "wordpiece", "vocabulary": ")" GRAFT_TEST_DATA R"(/wordpiece_vocabulary.json")";

// Sentences with names of people and places in them; every ninth row has no tags.
std::string tags_csv(int rows) {
  const std::vector<std::pair<std::string, std::string>> parts = {
      {"film", "O"}, {"dull", "O"}, {"moving", "O"}, {"Anna Berg", "B-PER I-PER"}, {"Rome", "B-LOC"}, {"fine", "O"}};
  std::string text = "sentence,ner\n";
  Draw draw;
  for (int i = 0; i < rows; ++i) {
    std::string words, tags;
    for (int k = 0; k < 4; ++k) {
      const auto& [word, tag] = parts[draw.below(parts.size())];
      words += (k ? " " : "") + word;
      tags += (k ? " " : "") + tag;
    }
    text += words + " " + std::to_string(i) + "," + (i % 9 == 0 ? "" : tags + " O") + "\n";
  }
  return text;
}

std::string tags_config(const Workplace& here) {
  return here.write("tags.json", R"({
  "run": {"seed": 3, "epochs": 2, "threads": 1, "batch_size": 16, "precision": "fp32"},
  "data": {"texts": {"source": {"use": "csv", "path": ")" +
                                     here.write("tags.csv", tags_csv(200)) + R"("}}},
  "pipeline": {"tags": {"use": "word_tags", "column": "ner", "words": "sentence"},
               "tokens": {)" + kWordPiece +
                                     R"(, "column": "sentence", "words": "words", "max_length": 40}},
  "model": {"input": "tokens", )" + kBert +
                                     R"(},
  "heads": {"names": {"use": "tag", "target": "tags", "words": "words", "metrics": {"span_f1": {}, "accuracy": {}}}},
  "optimizer": {"use": "adamw", "learning_rate": 0.005}
})");
}

// Pairs of sentences; the score says whether both speak of the same thing.
std::string pairs_csv(int rows) {
  const std::vector<std::string> things = {"film", "song", "plot"};
  std::string text = "a,b,score\n";
  Draw draw;
  for (int i = 0; i < rows; ++i) {
    const std::size_t a = draw.below(3), b = draw.below(2) ? a : draw.below(3);
    text += "a fine " + things[a] + " " + std::to_string(i) + ",the dull " + things[b] + "," +
            (i % 9 == 0 ? ""
             : a == b   ? "5"
                        : "0") +
            "\n";
  }
  return text;
}

std::string pairs_config(const Workplace& here) {
  return here.write("pairs.json", R"({
  "run": {"seed": 3, "epochs": 3, "threads": 1, "batch_size": 16, "precision": "fp32"},
  "data": {"pairs": {"source": {"use": "csv", "path": ")" +
                                      here.write("pairs.csv", pairs_csv(240)) + R"("}}},
  "pipeline": {"tokens_a": {)" + kWordPiece +
                                      R"(, "column": "a"}, "tokens_b": {)" + kWordPiece + R"(, "column": "b"}},
  "model": {"use": "twin", "first": "tokens_a", "second": "tokens_b", "trunk": {"input": "tokens_a", "pooling": "mean", )" +
                                      kBert +
                                      R"(}},
  "heads": {"alike": {"use": "similarity", "target": "score", "metrics": {"spearman": {}, "pearson": {}}}},
  "optimizer": {"use": "adamw", "learning_rate": 0.003}
})");
}

}  // namespace

TEST_CASE("heads: label sets are learned, reported, predicted and compared", "[app][heads]") {
  const Workplace here;
  const std::string run = here.file("run");
  trained(sets_config(here), run);
  CHECK(metric(run, "points/kinds/f1") > 0.9);
  CHECK(metric(run, "points/kinds/auroc") > 0.95);
  const Table test = table_of(read_file(run + "/predictions/test.csv"));
  const auto truth = column(test, "kinds_truth"), said = column(test, "kinds"), sure = column(test, "kinds_probability_up");
  REQUIRE(sure.size() == truth.size());
  std::size_t same = 0, labelled = 0;
  for (std::size_t i = 0; i < truth.size(); ++i) {
    CHECK((said[i] == "|" || said[i] == "right" || said[i] == "up" || said[i] == "right|up"));
    CHECK((std::stod(sure[i]) > 0.5) == said[i].ends_with("up"));
    labelled += !truth[i].empty();
    same += !truth[i].empty() && truth[i] == said[i];
  }
  CHECK(labelled < truth.size());
  CHECK(static_cast<double>(same) / static_cast<double>(labelled) == Approx(metric(run, "points/kinds/subset_accuracy")));
  CHECK(read_file(run + "/report.html").find("right|up") != std::string::npos);
  const std::string rows = here.write("new.csv", "x,y\n1.5,1.5\n-1.5,-1.5\n1.5,-1.5\n");
  CHECK(column(table_of(graft_command("predict " + run + " " + rows).output), "kinds") ==
        std::vector<std::string>{"right|up", "|", "right"});
  CHECK(graft_command("eval " + run + " " + here.file("sets.csv")).output.find("points/kinds/hamming_loss") != std::string::npos);
  const Value compared = graft::parse_json(graft_command("compare --json " + run + " " + run).output, "compare");
  CHECK(compared.list()[0].at("a").number() == Approx(metric(run, "points/kinds/subset_accuracy")));  // not the source's column
  check_resume(sets_config(here), here.file("again"));
}

TEST_CASE("heads: a metric of one class a row refuses label sets before anything is learned", "[app][heads][bad]") {
  const Workplace here;
  const Outcome outcome = graft_command("train " + sets_config(here) + " --out " + here.file("run") +
                                        " --set heads.kinds.metrics.accuracy.use=accuracy");
  CHECK(outcome.exit != 0);
  CHECK(outcome.output.find("[graft/accuracy] is for one class a row, column kinds_set is a label set; use f1") !=
        std::string::npos);
}

TEST_CASE("heads: words are tagged, reported and predicted", "[app][heads]") {
  const Workplace here;
  const std::string run = here.file("run");
  trained(tags_config(here), run);
  CHECK(metric(run, "texts/names/span_f1") > 0.9);
  const Table test = table_of(read_file(run + "/predictions/test.csv"));
  const auto truth = column(test, "names_truth"), said = column(test, "names"), words = column(test, "sentence");
  for (std::size_t i = 0; i < truth.size(); ++i)
    CHECK(std::count(said[i].begin(), said[i].end(), ' ') == std::count(words[i].begin(), words[i].end(), ' '));
  CHECK(std::find(truth.begin(), truth.end(), "") != truth.end());
  CHECK(read_file(run + "/report.html").find("B-PER") != std::string::npos);
  const std::string rows = here.write("new.csv", "sentence\nfine film Anna Berg dull\nRome\n");
  CHECK(column(table_of(graft_command("predict " + run + " " + rows).output), "names") ==
        std::vector<std::string>{"O O B-PER I-PER O", "B-LOC"});
  CHECK(graft_command("predict " + run + " --text 'moving Rome'").output.find("O B-LOC") != std::string::npos);
  CHECK(graft_command("eval " + run + " " + here.file("tags.csv")).output.find("texts/names/span_f1") != std::string::npos);
  check_resume(tags_config(here), here.file("again"));
}

TEST_CASE("heads: pairs of sentences come close together or not", "[app][heads]") {
  const Workplace here;
  const std::string run = here.file("run");
  trained(pairs_config(here), run);
  CHECK(metric(run, "pairs/alike/pearson") > 0.9);
  const std::string rows = here.write("new.csv", "a,b\na fine song,the dull song\na fine song,the dull plot\n");
  const auto said = column(table_of(graft_command("predict " + run + " " + rows).output), "alike");
  REQUIRE(said.size() == 2);
  CHECK(std::stod(said[0]) > std::stod(said[1]) + 2);
  check_resume(pairs_config(here), here.file("again"));
}

TEST_CASE("heads: a phase that trains heads without parameters says so", "[app][heads][bad]") {
  const Workplace here;
  const Outcome outcome =
      graft_command("train " + pairs_config(here) + " --out " + here.file("run") + " --set phases.warm.train=heads");
  CHECK(outcome.exit == 2);
  CHECK(outcome.output.find("[phases] warm.train: 'heads' matches no parameter, for no head of this run has any: take it out, or "
                            "name stages") != std::string::npos);
}
