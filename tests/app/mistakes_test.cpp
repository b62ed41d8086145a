// Parts that do not go together: check refuses each before anything trains, with its place, the rule and what there is instead.
#include "catch.hpp"
#include "command.hpp"

namespace {

struct Mistake {
  const char *sets, *message;
};

std::string refusal(const std::string& verb, const std::string& config, const std::string& sets) {
  std::string arguments = verb + " " + config;
  for (std::size_t begin = 0; begin < sets.size();) {
    const std::size_t end = std::min(sets.find(' ', begin), sets.size());
    arguments += " --set '" + sets.substr(begin, end - begin) + "'";
    begin = end + 1;
  }
  const Outcome outcome = graft_command(arguments);
  CHECK(outcome.exit == 2);
  return outcome.output;
}

void check_each(const std::string& config, const std::vector<Mistake>& mistakes) {
  for (const Mistake& mistake : mistakes) {
    const std::string said = refusal("check", config, mistake.sets);
    INFO(mistake.sets << "\n" << said);
    CHECK(said.find(mistake.message) != std::string::npos);
  }
}

// Two streams: films, and books whose rows are `books`.
std::string two_streams(const Workplace& here, const std::string& books = rows_csv(120)) {
  here.write("films.json", text_config(here.write("rows.csv", rows_csv(200))));
  return here.write("both.json", R"({"extends": "films.json",
  "data": {"books": {"source": {"use": "csv", "path": ")" +
                                     here.write("books.csv", books) + R"("}}}})");
}

}  // namespace

TEST_CASE("mistakes: parts that do not fit one stream of texts", "[app][mistakes]") {
  const Workplace here;
  const std::string films = here.write("films.json", text_config(here.write("rows.csv", rows_csv(200))));
  check_each(
      films,
      {{"heads.kind=null", "heads needs at least one head"},
       {"heads.kind.metrics.pearson={}",
        "--set: heads.kind.metrics.pearson: [graft/pearson] needs predictions named value; this head gives label, probability"},
       {"heads.kind.target=lable", "--set: heads.kind.target: [graft/classify] there is no column lable, did you mean label?"},
       {"heads.kind.target=stars", "films.json:12:21: [graft/classify] target must be a class, stars is number"},
       {"evaluate.best=kind/acuracy", "--set: evaluate.best: [evaluate] best: no metric is called kind/acuracy"},
       {"evaluate.best=kind/accuracy data.films.split.valid=0",
        "--set: evaluate.best: [evaluate] best: it is chosen by valid rows, and no stream has any"},
       {"pipeline.label.column=knd", "--set: [graft/category] there is no column knd, did you mean kind?"},
       {"pipeline.turn.use=flip pipeline.turn.column=review", "[graft/flip] column review must be image, is text"},
       {"pipeline.noise.column=stars", "films.json:7:14: [graft/eda] column stars must be text, is number"},
       {"adapters.lora.layers=q_proj", "[graft/lora] layers: no linear layer of this model has a name that ends in q_proj"},
       {"adapters.lora.rank=2 adapters.lora.heads=mood", "adapters.lora.heads: there is no head mood; there is kind"},
       {"adapters.lora.targets=query", "there is no targets in adapters.lora; there are use, heads, "},
       {"task.balancer.use=cagrad", "there is no balancer in task, which is transfer; there are use, streams, l2_sp and r_drop"},
       {"task.use=coral",
        "[task] graft/coral needs to know which streams are its target: set task.streams.target (streams: films)"},
       {"task.use=irm", "[graft/irm] compares domains, and the role main has one, films"},
       {"task.use=multi_task task.balancer.use=cagrad",
        "[task] graft/cagrad compares the gradients of tasks, and there is one: it needs at least two heads"},
       {"task.use=multi_task task.balancer.use=uw",
        "[graft/multi_task] balancer: graft/uw weighs tasks against each other, and there is one, kind: leave the balancer out"},
       {"model.use=zzz", "model: there is no model zzz; graft list shows what there is"}});
}

TEST_CASE("mistakes: adapters of attention and of tokens on a model that has neither", "[app][mistakes]") {
  const Workplace here;
  const std::string points = here.write("points.json", number_config(here.write("rows.csv", rows_csv(200))));
  check_each(points, {{"adapters.prefix.length=3", "--set: adapters.prefix: [graft/prefix] needs a model with attention slots"},
                      {"adapters.prompt.length=3", "[graft/prompt] needs a model with one embedding of tokens"}});
}

TEST_CASE("mistakes: what two streams do not share is said with the stream that lacks it", "[app][mistakes]") {
  const Workplace here;
  check_each(two_streams(here),
             {{"pipeline.tokens.streams=films",
               "[graft/bert] reads tokens of the rows of all streams: it is tokens in the stream films, books has no such column "
               "(columns: x, y, review, stars, kind and label)"},
              {"pipeline.label.streams=films heads.kind.streams=films,books",
               "films.json:12:51: [graft/classify] there is no column label (columns: x, y, review, stars, kind, tokens) (in the "
               "stream books)"},
              {"task.use=coral task.streams.main=books task.streams.target=books",
               "[graft/coral] compares two domains, and books plays both roles"},
              {"task.use=coral task.streams.target=books heads.kind.streams=books",
               "[heads] no head learns from films, the streams of the role main that have the labels"},
              {"heads.kind.streams=book", "there is no stream book, did you mean books?"},
              {"heads.kind.streams=zzz", "there is no stream zzz; there are films and books"}});
  std::string renamed = rows_csv(120);
  renamed.replace(renamed.find("kind"), 4, "sort");
  check_each(
      two_streams(here, renamed),
      {{"run.epochs=1",
        "films.json:6:14: [graft/category] there is no column kind (columns: x, y, review, stars) (in what the streams films "
        "and books share)"},
       {"pipeline.label.fit_on=films", "[graft/category] there is no column kind (columns: x, y, review, stars, sort)"}});
}

TEST_CASE("mistakes: a stream that teaches no head is worth a warning", "[app][mistakes]") {
  const Workplace here;
  const Outcome outcome = graft_command("check " + two_streams(here) + " --set heads.kind.streams=films");
  INFO(outcome.output);
  CHECK(outcome.exit == 0);
  CHECK(outcome.output.find("[task] books: no head learns from it, so its batches teach nothing: leave it out of "
                            "task.streams.main") != std::string::npos);
}

TEST_CASE("mistakes: train says the same as check, before its first step", "[app][mistakes]") {
  const Workplace here;
  const std::string films = here.write("films.json", text_config(here.write("rows.csv", rows_csv(200))));
  for (const char* sets : {"heads.kind.metrics.pearson={}", "evaluate.best=kind/acuracy", "pipeline.noise.column=stars"}) {
    const std::string train = refusal("train --quick --out " + here.file("run"), films, sets);
    const std::string check = refusal("check", films, sets), first = check.substr(0, check.find('\n'));
    INFO(train << "\n" << check);
    CHECK(train.find(first) != std::string::npos);
    CHECK(train.find("training from step") == std::string::npos);
  }
}
