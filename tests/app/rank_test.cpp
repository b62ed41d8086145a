// rank: which trunk suits the data, before any training; and what it refuses to compare.
#include <algorithm>

#include "catch.hpp"
#include "command.hpp"
#include "graft/value.hpp"

using graft::Value;

namespace {

// Points whose side of a line is their kind: as they are, through a random MLP, and as noise with nothing to say.
struct Trunks {
  Workplace here;
  std::string points = here.write("points.json", number_config(here.write("rows.csv", rows_csv(300))));
  std::string plain =
      here.write("plain.json", R"({"extends": "points.json", "model": {"use": "identity", "input": "features"}})");
  std::string blind = here.write("blind.json", R"({"extends": "points.json",
  "pipeline": {"features": {"use": "standard_scaler", "columns": ["y"]}}, "model": {"use": "identity", "input": "features"}})");
  std::string words = here.write("words.json", R"({"extends": "points.json",
  "pipeline": {"features": null, "words": {"use": "tfidf", "column": "review"}}, "model": {"use": "identity", "input": "words"}})");

  Value ranked(const std::string& arguments) const {
    const Outcome outcome = graft_command("rank " + arguments + " --json");
    INFO(outcome.output);
    REQUIRE(outcome.exit == 0);
    return graft::parse_json(outcome.output, "rank");
  }
  std::string refused(const std::string& arguments) const {
    const Outcome outcome = graft_command("rank " + arguments);
    INFO(outcome.output);
    CHECK(outcome.exit == 2);
    return outcome.output;
  }
};

std::vector<std::string> order(const Value& ranking) {
  std::vector<std::string> names;
  for (const Value& trunk : ranking.at("trunks").list()) names.push_back(trunk.at("trunk").text());
  return names;
}

const Value& trunk(const Value& ranking, const std::string& name) {
  const Value::List& all = ranking.at("trunks").list();
  return *std::find_if(all.begin(), all.end(), [&](const Value& each) { return each.at("trunk").text() == name; });
}

}  // namespace

TEST_CASE("rank: trunks stand in the order of what they say of the labels, whatever the order they are named in", "[app][rank]") {
  const Trunks trunks;
  const Value ranking = trunks.ranked(trunks.blind + " " + trunks.words + " " + trunks.plain);
  CHECK(order(ranking) == std::vector<std::string>{"words", "plain", "blind"});  // the text gives the label away
  CHECK(ranking.at("head").text() == "kind");
  CHECK(ranking.at("rows").integer() > 200);
  CHECK(trunk(ranking, "words").at("halves_ahead_of_next").integer() == 10);
  CHECK(trunk(ranking, "plain").at("halves_ahead_of_next").integer() == 10);
  CHECK(trunk(ranking, "blind").at("halves_ahead_of_next").is_null());
  CHECK(trunk(ranking, "plain").at("width").integer() == 2);
  CHECK(trunk(ranking, "plain").at("h_score").number() > trunk(ranking, "blind").at("h_score").number());
  CHECK(trunk(ranking, "plain").at("leep").is_null());
  CHECK(trunk(ranking, "plain").at("no_leep").text() == "it comes without a classifier over classes of a source");
  CHECK(order(trunks.ranked(trunks.plain + " " + trunks.blind + " " + trunks.words)) == order(ranking));
}

TEST_CASE("rank: the table says the same, and what its order means", "[app][rank]") {
  const Trunks trunks;
  const Outcome outcome = graft_command("rank " + trunks.blind + " " + trunks.plain);
  INFO(outcome.output);
  CHECK(outcome.exit == 0);
  const std::size_t plain = outcome.output.find("\nplain "), blind = outcome.output.find("\nblind ");
  CHECK(plain < blind);
  CHECK(outcome.output.find("in 10 of 10 halves") != std::string::npos);
  CHECK(outcome.output.find("order    by left out") != std::string::npos);
  CHECK(outcome.output.find("no LEEP for plain, blind: it comes without a classifier over classes of a source") !=
        std::string::npos);
}

TEST_CASE("rank: numbers, other splits, fewer rows and --set", "[app][rank]") {
  const Trunks trunks;
  const std::string both = trunks.blind + " " + trunks.plain;
  const std::string number = " --set heads.kind=null --set heads.stars.use=regress --set heads.stars.target=stars";
  const Value stars = trunks.ranked(both + number);
  CHECK(order(stars) == std::vector<std::string>{"plain", "blind"});
  CHECK(stars.at("head").text() == "stars");
  CHECK(trunk(stars, "plain").at("h_score").is_null());
  CHECK(trunk(stars, "plain").at("no_h_score").text() == "the target is a number");
  CHECK(trunks.ranked(both + " --rows 50").at("rows").integer() == 50);
  const Value valid = trunks.ranked(both + " --split valid");
  CHECK(valid.at("split").text() == "valid");
  CHECK(valid.at("rows").integer() < 50);
}

TEST_CASE("rank: a trunk that is not trained yet runs with its adapters, and its features are kept for the next time",
          "[app][rank]") {
  const Workplace here;
  const std::string config = here.write("films.json", text_config(here.write("rows.csv", rows_csv(200))));
  const std::string with_lora = here.write("adapted.json", R"({"extends": "films.json", "adapters": {"lora": {}}})");
  const std::string scaled = here.write("scaled.json", R"({"extends": "films.json", "adapters": {"lora": {"alpha": 64}}})");
  const std::string cache = "GRAFT_CACHE=" + here.file("cache") + " ";
  const std::string command = cache + GRAFT_BINARY " rank " + config + " " + with_lora + " " + scaled + " --json";
  const Outcome first = shell(command);
  INFO(first.output);
  REQUIRE(first.exit == 0);
  CHECK(std::distance(std::filesystem::directory_iterator(here.file("cache/features")), {}) == 3);
  const Value before = graft::parse_json(first.output, "rank"), after = graft::parse_json(shell(command).output, "rank");
  CHECK(trunk(before, "films").at("logme").number() == trunk(before, "adapted").at("logme").number());  // LoRA starts as the base
  CHECK(trunk(before, "films").at("logme").number() == trunk(after, "films").at("logme").number());
  CHECK(std::distance(std::filesystem::directory_iterator(here.file("cache/features")), {}) == 3);
}

TEST_CASE("rank: LEEP of a trunk that a run trained, by the classes of that run", "[app][rank][leep]") {
  const Workplace here;
  const std::string base = here.write("films.json", text_config(here.write("rows.csv", rows_csv(300))));
  const std::string run = here.file("run");
  REQUIRE(graft_command("train " + base + " --set run.epochs=6 --set evaluate.best=films/kind/loss --out " + run).exit == 0);
  const std::string trained = here.write("trained.json", R"({"extends": "films.json", "model": {"weights": "run/model"}})");
  const std::string changed = here.write("changed.json", R"({"extends": "trained.json", "adapters": {"lora": {}}})");
  const Outcome outcome = graft_command("rank " + base + " " + trained + " " + changed + " --json");
  INFO(outcome.output);
  REQUIRE(outcome.exit == 0);
  const Value ranking = graft::parse_json(outcome.output, "rank");
  CHECK(order(ranking).back() == "films");
  const double leep = trunk(ranking, "trained").at("leep").number();
  CHECK(leep > -0.5);  // chance is -0.69, and the classes are those that it was trained on
  CHECK(leep <= 0);
  CHECK(trunk(ranking, "films").at("no_leep").text() == "it comes without a classifier over classes of a source");
  CHECK(trunk(ranking, "changed").at("no_leep").text() == "adapters change the trunk that the classifier was trained on");
}

TEST_CASE("rank: what cannot be compared is refused with its place and the cure", "[app][rank][bad]") {
  const Trunks trunks;
  const std::string& plain = trunks.plain;
  CHECK(trunks.refused(plain + " --head kinds") == "[rank] " + plain + " has no head kinds, did you mean kind?\n");
  CHECK(trunks.refused(plain + " --head stars") == "[rank] " + plain + " has no head stars; it has kind\n");
  CHECK(trunks.refused(plain + " --rows 5")
            .find("heads.kind needs at least 10 labelled rows to rank trunks on, its train split has 5") != std::string::npos);

  CHECK(trunks
            .refused(plain + " --set pipeline.label.use=binarize --set pipeline.label.column=x --set pipeline.label.threshold=9" +
                     " --set pipeline.label.classes=low,high")
            .find("heads.kind needs rows that differ, but label is low in all ") != std::string::npos);

  const std::string cure = "; scores of different rows cannot be compared: give the configs the same data and label";
  const std::string turned = trunks.here.write("turned.json", R"({"extends": "plain.json",
  "pipeline": {"label": {"classes": ["good", "bad"]}}})");
  const std::string classes = trunks.refused(plain + " " + turned);
  CHECK(classes.find("heads.kind aims at label (class), and that of ") != std::string::npos);
  CHECK(classes.find(" at label (class) or at other classes" + cure) != std::string::npos);
  const std::string other_rows = trunks.here.write("other_rows.json", R"({"extends": "plain.json",
  "data": {"points": {"split": {"seed": 5}}}})");
  CHECK(trunks.refused(plain + " " + other_rows).find("heads.kind learns from other rows than that of ") != std::string::npos);
  const std::string shifted = trunks.here.write("shifted.json", R"({"extends": "plain.json",
  "pipeline": {"label": {"use": "binarize", "column": "x", "threshold": 0, "classes": ["bad", "good"]}}})");
  const std::string labels = trunks.refused(plain + " " + shifted);
  CHECK(labels.find(cure) != std::string::npos);
  CHECK(labels.find("heads.kind is ") != std::string::npos);
  CHECK(trunks.refused(plain + " --set model.inputs=features").find("did you mean input?") != std::string::npos);
}
