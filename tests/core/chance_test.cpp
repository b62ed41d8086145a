// Which rows augmenters change: the host's keys p, by, until_epoch and one_of.
#include <ATen/Functions.h>

#include <cmath>
#include <set>

#include "catch.hpp"
#include "config_case.hpp"
#include "core/pipeline/pipeline.hpp"
#include "core/registry/plugin_catalog.hpp"
#include "graft/error.hpp"

using namespace graft;
using namespace graft::core;

namespace {

constexpr int kRows = 3000;

// Rows of a text of one word that eda always changes, a class (none in each 3rd row) and two numbers.
std::string rows_csv() {
  std::string text = "text,mood,x,y\n";
  for (int i = 0; i < kRows; ++i)
    text += std::string("storyline,") + (i % 3 == 0 ? "" : i % 3 == 1 ? "good" : "bad") + "," + std::to_string(i) + ",1\n";
  return text;
}

// A config's data and pipeline, opened as a run does it.
class Opened {
 public:
  explicit Opened(const std::string& steps) : loader_(catalog()) {
    folder_.write("rows.csv", rows_csv());
    folder_.write("c.json", R"({"data": {"films": {"source": {"use": "csv", "path": "rows.csv"}}},
      "pipeline": {"label": {"use": "category", "column": "mood"}, )" +
                                steps + R"(}, "model": {"use": "identity", "input": "x"},
      "heads": {"mood": {"use": "classify", "target": "label"}}})");
    const Value config = resolve_config(folder_ / "c.json", {}, catalog()).root;
    streams_ = open_streams(config.at("data"), loader_);
    pipeline_ = std::make_unique<Pipeline>(config, streams_, std::set<std::string>{"label"}, loader_, 1, rows_);
  }

  const StreamRows& rows() const { return rows_[0]; }
  Batch in_epoch(std::int64_t epoch) const { return of(rows_[0].training, epoch); }
  Batch of(Batch batch, std::int64_t epoch) const {
    pipeline_->augment_rows(0, batch, 5, epoch, counts_);
    return batch;
  }
  Batch in_step(std::int64_t epoch, std::int64_t step) const {
    Batch batch = rows_[0].training;
    pipeline_->augment_batch(0, batch, 5, epoch, step, counts_);
    return batch;
  }
  const std::map<AugmentCounts::Key, Tensor>& counts() const { return counts_.all(); }  // of all that was asked for

 private:
  static const PluginCatalog& catalog() {
    static const PluginCatalog all({{}, {}, false, GRAFT_PLUGIN_DIR});
    return all;
  }
  Folder folder_;
  Loader loader_;
  std::vector<Stream> streams_;
  std::vector<StreamRows> rows_;
  std::unique_ptr<Pipeline> pipeline_;
  mutable AugmentCounts counts_;
};

std::vector<std::int64_t> numbers(const Tensor& column) {
  return {column.const_data_ptr<std::int64_t>(), column.const_data_ptr<std::int64_t>() + column.numel()};
}

std::string noise(const std::string& keys, const std::string& name = "noise") {
  return "\"" + name + R"(": {"use": "eda", "column": "text", "alpha_ri": 0, "alpha_rs": 0, "alpha_rd": 0, )" + keys + "}";
}

std::int64_t changed(const Batch& batch) {
  const Strings& texts = batch.strings("text");
  return std::count(texts.begin(), texts.end(), "plot");
}

std::vector<std::int64_t> labels(const Batch& batch) { return numbers(batch.tensor("label")); }

// Share of the changed rows among those of one class.
double share(const Batch& batch, std::int64_t label) {
  const std::vector<std::int64_t> classes = labels(batch);
  double all = 0, changed = 0;
  for (std::size_t row = 0; row < classes.size(); ++row)
    if (classes[row] == label) ++all, changed += batch.strings("text")[row] == "plot";
  return changed / all;
}

bool is_near(double share, double p, double rows) { return std::abs(share - p) < 4 * std::sqrt(p * (1 - p) / rows); }

}  // namespace

TEST_CASE("chance: p is the share of the rows that are augmented, others in each epoch", "[pipeline][chance]") {
  const Opened all(noise("\"p\": 1")), some(noise("\"p\": 0.25")), none(noise("\"p\": 0"));
  const double rows = static_cast<double>(some.rows().training.size());
  CHECK(changed(all.in_epoch(0)) == rows);
  CHECK(changed(none.in_epoch(0)) == 0);
  CHECK(is_near(static_cast<double>(changed(some.in_epoch(0))) / rows, 0.25, rows));
  CHECK(some.in_epoch(0).strings("text") == some.in_epoch(0).strings("text"));
  CHECK(some.in_epoch(0).strings("text") != some.in_epoch(1).strings("text"));
}

TEST_CASE("chance: p by class goes by the label; * is for the other classes and for rows without a label", "[pipeline][chance]") {
  const Batch named = Opened(noise(R"("p": {"good": 0.8, "bad": 0.1}, "by": "label")")).in_epoch(2);
  CHECK(is_near(share(named, 1), 0.8, 800));
  CHECK(is_near(share(named, 0), 0.1, 800));
  CHECK(share(named, kMissingClass) == 0);
  const Batch others = Opened(noise(R"("p": {"good": 0, "*": 0.5}, "by": "label")")).in_epoch(2);
  CHECK(share(others, 1) == 0);
  CHECK(is_near(share(others, 0), 0.5, 800));
  CHECK(is_near(share(others, kMissingClass), 0.5, 800));
}

TEST_CASE("chance: a row's fate does not depend on its neighbours, and rows keep their order", "[pipeline][chance]") {
  const Opened opened(noise("\"p\": 0.5"));
  const Batch all = opened.in_epoch(0);
  const std::vector<std::int64_t> positions = {70, 3, 4, 2000, 5};
  const Batch few = opened.of(opened.rows().training.select(positions), 0);
  CHECK(few.strings("text") == all.select(positions).strings("text"));
  CHECK(at::equal(few.tensor("x"), all.select(positions).tensor("x")));
  CHECK(labels(all) == labels(opened.rows().training));
}

TEST_CASE("chance: until_epoch is the last epoch in which rows are augmented", "[pipeline][chance]") {
  const Opened opened(noise("\"until_epoch\": 2"));
  CHECK(changed(opened.in_epoch(0)) == opened.rows().training.size());
  CHECK(changed(opened.in_epoch(1)) == opened.rows().training.size());
  CHECK(changed(opened.in_epoch(2)) == 0);
}

TEST_CASE("chance: of the steps that share one_of each row goes through one, evenly, and p counts after that",
          "[pipeline][chance]") {
  // The first deletes nothing of a single word: its rows stay; the second makes it "plot"; the third has p = 0.
  const std::string first =
      R"("a": {"use": "eda", "column": "text", "alpha_sr": 0, "alpha_rs": 0, "alpha_rd": 0, "one_of": "n"}, )";
  const Opened opened(first + noise(R"("one_of": "n")", "b") + ", " + noise(R"("one_of": "n", "p": 0)", "c"));
  const Batch batch = opened.in_epoch(0);
  double inserted = 0, replaced = 0, kept = 0;
  for (const std::string& text : batch.strings("text")) ++(text == "plot" ? replaced : text == "storyline" ? kept : inserted);
  const double rows = static_cast<double>(batch.size());
  CHECK(is_near(inserted / rows, 1.0 / 3, rows));
  CHECK(is_near(replaced / rows, 1.0 / 3, rows));
  CHECK(is_near(kept / rows, 1.0 / 3, rows));
}

TEST_CASE("chance: steps that share no one_of act one after the other", "[pipeline][chance]") {
  const Opened opened(R"("more": {"use": "eda", "column": "text", "alpha_sr": 0, "alpha_rs": 0, "alpha_rd": 0}, )" +
                      noise("\"p\": 1"));
  const Strings texts = opened.in_epoch(0).strings("text");  // "plot storyline", of which one word is replaced
  CHECK(std::set<std::string>(texts.begin(), texts.end()) == std::set<std::string>{"plot plot", "storyline storyline"});
}

TEST_CASE("chance: rows that a batch-scoped augmenter leaves out keep their values, their labels with certainty",
          "[pipeline][chance]") {
  const Opened opened(R"("v": {"use": "standard_scaler", "columns": ["x", "y"]},
    "mix": {"use": "mixup", "columns": "v", "label": "label", "alpha": 1, "p": {"good": 0.5, "*": 0}, "by": "label"})");
  const Batch before = opened.rows().training, after = opened.in_step(0, 9);
  const std::vector<std::int64_t> classes = labels(before);
  const Tensor is_same = after.tensor("v").eq(before.tensor("v").to(at::kFloat)).all(1);
  double same_good = 0, good = 0;
  for (std::size_t row = 0; row < classes.size(); ++row) {
    const auto at = static_cast<std::int64_t>(row);
    const bool same = is_same[at].item<bool>();
    const bool has_partner = classes[(row + 1) % classes.size()] != kMissingClass;
    if (classes[row] == 1 && has_partner)
      ++good, same_good += same;
    else
      REQUIRE(same);
    if (!same) continue;
    const Tensor label = after.tensor("label")[at];
    REQUIRE(label.sum().item<double>() == (classes[row] == kMissingClass ? 0 : 1));
    if (classes[row] != kMissingClass) REQUIRE(label[classes[row]].item<double>() == 1);
  }
  CHECK(is_near(same_good / good, 0.5, good));
  CHECK(opened.in_step(0, 9).tensor("label").equal(after.tensor("label")));
}

TEST_CASE("chance: a batch-scoped step is off after until_epoch, too", "[pipeline][chance]") {
  const Opened opened(R"("v": {"use": "standard_scaler", "columns": ["x"]},
    "mix": {"use": "mixup", "columns": "v", "label": "label", "until_epoch": 1})");
  CHECK(opened.in_step(0, 3).tensor("label").dim() == 2);
  CHECK(opened.in_step(1, 3).tensor("label").dim() == 1);
}

TEST_CASE("chance: rows that choose and test, and those that extractors fit on, are never augmented", "[pipeline][chance]") {
  const Opened opened(noise("\"p\": 1"));
  for (const char* split : {"train", "valid", "test"}) {
    CHECK(opened.rows().clean.at(split).size() > 100);
    CHECK(changed(opened.rows().clean.at(split)) == 0);
  }
  CHECK(changed(opened.in_epoch(0)) > 0);
}

TEST_CASE("chance: each step counts the rows of each class that it was offered and those that it changed", "[pipeline][chance]") {
  const Opened opened(noise(R"("p": {"good": 1, "bad": 0.5}, "by": "label", "until_epoch": 2)") + ", " +
                      R"("swap": {"use": "eda", "column": "text", "alpha_sr": 0, "alpha_ri": 0, "alpha_rd": 0})");
  std::vector<std::int64_t> offered(3), changed(3);  // no label, bad, good
  for (const std::int64_t epoch : {0, 1, 2}) {
    const Batch batch = opened.in_epoch(epoch);
    const std::vector<std::int64_t> classes = labels(batch);
    for (std::size_t row = 0; row < classes.size(); ++row) {
      const auto at = static_cast<std::size_t>(std::max<std::int64_t>(classes[row], -1) + 1);
      ++offered[at], changed[at] += batch.strings("text")[row] == "plot";
    }
  }
  REQUIRE(opened.counts().size() == 2);
  const Tensor noise = opened.counts().at({0, 1, "label"}), swap = opened.counts().at({0, 2, "label"});
  CHECK(numbers(noise[0]) == offered);
  CHECK(numbers(noise[1]) == changed);
  CHECK(offered[2] * 2 == changed[2] * 3);  // off in the third epoch
  CHECK((changed[0] == 0 && changed[1] > offered[1] / 4 && changed[1] < offered[1] / 2));
  CHECK(numbers(swap[0]) == offered);
  CHECK(numbers(swap[1]) == std::vector<std::int64_t>(3));
}

TEST_CASE("chance: a batch-scoped step counts by the labels from before it mixed them", "[pipeline][chance]") {
  const Opened opened(R"("v": {"use": "standard_scaler", "columns": ["x", "y"]},
    "mix": {"use": "mixup", "columns": "v", "label": "label", "alpha": 1, "p": {"good": 0.5, "*": 0}, "by": "label"})");
  const Batch before = opened.rows().training, after = opened.in_step(0, 9);
  const Tensor differs = after.tensor("v").ne(before.tensor("v").to(at::kFloat)).any(1);
  const Tensor counts = opened.counts().at({0, 2, "label"});
  CHECK(numbers(counts[1]) == std::vector<std::int64_t>{0, 0, differs.sum().item<std::int64_t>()});
  CHECK(counts[0].sum().item<std::int64_t>() == before.size());
}

TEST_CASE("chance: classes that p misspells or leaves out are refused", "[pipeline][chance]") {
  CHECK(message_of([] {
          Opened(noise(R"("p": {"god": 0.5, "*": 0}, "by": "label")"));
        }).ends_with("[pipeline] noise: p names god, which is no class of label, did you mean good? (classes: bad and good)"));
  CHECK(message_of([] {
          Opened(noise(R"("p": {"good": 0.5}, "by": "label")"));
        }).ends_with("[pipeline] noise: p says nothing of class bad of label: name it, or * for the others"));
  CHECK(message_of([] {
          Opened(noise(R"("p": {"*": 0.5}, "by": "mood")"));
        }).ends_with("[pipeline] noise: column mood must be class, is text"));
}

TEST_CASE("chance: what can be told from the config alone is refused there", "[config][chance]") {
  const auto problems = [](const std::string& steps) {
    const Folder folder;
    folder.write("base.json", kFullConfig);
    folder.write("c.json", "{\"extends\": \"base.json\",\n\"pipeline\": {" + steps + "}}");
    return problems_of(folder, "c.json");
  };
  CHECK(problems(R"("noise": {"p": 1.5})") == "c.json:2:29: [graft/eda] p must be <= 1, got 1.5");
  CHECK(problems(R"("noise": {"p": {"good": -1}, "by": "label"})") == "c.json:2:38: [graft/eda] p.good must be >= 0, got -1");
  CHECK(problems(R"("noise": {"until_epoch": 0})") == "c.json:2:39: [graft/eda] until_epoch must be >= 1, got 0");
  CHECK(problems(R"("noise": {"until_epochs": 2})") ==
        "c.json:2:24: [graft/eda] until_epochs is not a parameter, did you mean until_epoch?");
  CHECK(problems(R"("tokens": {"until_epoch": 2})").starts_with("c.json:2:25: [graft/wordpiece] until_epoch is not a parameter"));
  CHECK(problems(R"("noise": {"p": {"good": 0.5}})") ==
        "c.json:2:29: pipeline.noise.by is required where p goes by class: the column of those classes");
  CHECK(problems(R"("noise": {"p": 0.5, "by": "label"})") ==
        "c.json:2:40: pipeline.noise.by needs chances by class, like \"p\": {\"*\": 0.5}");
  CHECK(problems(R"("noise": {"one_of": "typo"}, "more": {"use": "eda", "column": "text", "one_of": "typos"})") ==
        "c.json:2:34: pipeline.noise.one_of: no other step has typo, did you mean typos?\n"
        "c.json:2:94: pipeline.more.one_of: no other step has typos, did you mean typo?");
  CHECK(problems(R"("noise": {"one_of": "typo"}, "more": {"use": "eda", "column": "text", "one_of": "typo"})").empty());
}
