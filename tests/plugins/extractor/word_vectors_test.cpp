#include <unistd.h>

#include <filesystem>

#include "graft/files.hpp"
#include "step_case.hpp"

using namespace graft;

namespace {

// A file of vectors that is gone when the test ends.
class Vectors {
 public:
  explicit Vectors(const std::string& contents)
      : path_(std::filesystem::temp_directory_path() / ("graft-vectors-" + std::to_string(::getpid()) + ".txt")) {
    write_file(path_, contents);
  }
  ~Vectors() { std::filesystem::remove(path_); }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

std::shared_ptr<Extractor> vectors_step(const std::string& path, const std::string& more = "") {
  return extractors().make<Extractor>("graft/word_vectors", R"({"column": "text", "vectors": ")" + path + "\"" + more + "}",
                                      "made");
}

testing::Rows training_rows(const Strings& texts) {
  return {{{"text", FieldKind::kText, {}, {}}}, testing::batch({{"text", texts}})};
}

std::shared_ptr<Extractor> fitted_vectors(const std::string& contents, const Strings& texts, const std::string& more = "") {
  const Vectors file(contents);
  auto step = vectors_step(file.path(), more);
  step->fit(training_rows(texts));
  return step;
}

Tensor means_of(const Extractor& step, const Strings& texts) {
  Batch batch = testing::batch({{"text", texts}});
  step.transform(batch);
  return batch.tensor("made");
}

std::string vectors_refusal(const std::string& contents, const Strings& texts = {"good film"}) {
  const Vectors file(contents);
  const std::string message = message_of([&] { vectors_step(file.path())->fit(training_rows(texts)); });
  const std::size_t at = message.find(file.path());
  return at == message.npos ? message : message.substr(0, at) + "FILE" + message.substr(at + file.path().size());
}

const std::string kGlove = "good 1 2\nfilm 3 -4\nbad 0.5 0.25\n";

}  // namespace

TEST_CASE("word_vectors: a text is the mean of its words' vectors, worked out by hand", "[extractor][word_vectors]") {
  const auto step = fitted_vectors(kGlove, {"A good film.", "good", "other"});
  const testing::Warnings silenced;
  // "bad" is in no training row, "a" has one letter: neither counts.
  CHECK(means_of(*step, {"good film", "Good, good FILM!", "bad film", "none"})
            .equal(at::tensor({2.F, -1.F, 5.F / 3, 0.F, 3.F, -4.F, 0.F, 0.F}).view({4, 2})));
}

TEST_CASE("word_vectors: with idf a word counts more the fewer rows have it", "[extractor][word_vectors]") {
  const auto step = fitted_vectors(kGlove, {"good film", "good", "good"}, R"(, "weights": "idf")");
  const double film = std::log(4.0 / 2.0) + 1, good = 1;  // of three rows one has film, all have good
  CHECK(largest_difference(
            means_of(*step, {"good film"}).to(at::kDouble),
            at::tensor({(good + 3 * film) / (good + film), (2 * good - 4 * film) / (good + film)}, at::kDouble).view({1, 2})) <
        1e-6);
}

TEST_CASE("word_vectors: equals NumPy on scikit-learn's counts and idf", "[extractor][word_vectors]") {
  const Value expected = reference("word_vectors");
  const Strings texts = texts_of(expected.at("texts"));
  Strings all = texts;
  for (const std::string& text : texts_of(expected.at("later"))) all.push_back(text);
  const testing::Warnings silenced;
  for (const Value& one : expected.at("cases").list()) {
    INFO(to_json(one));
    const std::string more = R"(, "weights": ")" + one.at("weights").text() + R"(", "keep": ")" + one.at("keep").text() + "\"";
    for (const std::string header : {"", "10 5\n"}) {  // GloVe, word2vec
      const auto step = fitted_vectors(header + expected.at("file").text(), texts, more);
      CHECK(largest_difference(means_of(*step, all).to(at::kDouble), table_of(one.at("rows"))) < 1e-6);
    }
  }
}

TEST_CASE("word_vectors: the order of a text's words does not count, nor how often it is said", "[extractor][word_vectors]") {
  const auto step = fitted_vectors(kGlove, {"good bad film"}, R"(, "weights": "idf")");
  const Tensor means = means_of(*step, {"good bad film", "film good bad", "bad bad film film good good"});
  CHECK(largest_difference(means[0], means[1]) < 1e-6);
  CHECK(largest_difference(means[0], means[2]) < 1e-6);
}

TEST_CASE("word_vectors: lines of more than one word, blank lines and second vectors are passed over",
          "[extractor][word_vectors]") {
  const std::string file = "good 1 2 \r\n. . . 7 7\n\nfilm\t3 -4\ngood 9 9\n";
  CHECK(means_of(*fitted_vectors(file, {"good film"}), {"good", "film"}).equal(at::tensor({1.F, 2.F, 3.F, -4.F}).view({2, 2})));
  CHECK(means_of(*fitted_vectors("2 2\ngood 1 2\nFilm 3 4\n", {"good Film"}, R"(, "lowercase": false)"), {"Film"})
            .equal(at::tensor({3.F, 4.F}).view({1, 2})));
}

TEST_CASE("word_vectors: a text without a known word is counted", "[extractor][word_vectors]") {
  const auto step = fitted_vectors(kGlove, {"good film"});
  const testing::Warnings warnings;
  means_of(*step, {"good", "", "bad"});
  CHECK(warnings.lines() == Strings(2, "[graft/word_vectors] text without a word that has a vector"));
}

TEST_CASE("word_vectors: a file that is no table of vectors is refused with the line", "[extractor][word_vectors]") {
  const std::string tag = "[graft/word_vectors] FILE";
  CHECK(vectors_refusal("") == tag + ":0: must hold a word and its numbers, or \"V D\", got an empty file");
  CHECK(vectors_refusal("good\n") == tag + ":1: must be a word and its numbers, or \"V D\", got \"good\"");
  CHECK(vectors_refusal("good 1 2\nfilm 3\n") == tag + ":2: must be a word and 2 numbers, got 1");
  CHECK(vectors_refusal("good 1 2\nfilm 3 x\n") == tag + ":2: must hold finite numbers, got \"x\"");
  CHECK(vectors_refusal("good 1 nan\n") == tag + ":1: must hold finite numbers, got \"nan\"");
  CHECK(vectors_refusal("3 2\ngood 1 2\nfilm 3 4\n") == tag + ": must hold the 3 words that line 1 says, got 2");
  CHECK(vectors_refusal(kGlove, {"other words"}) ==
        "[graft/word_vectors] column text must have words that FILE has vectors of, none of 2 in 1 training rows is");
  CHECK(message_of([] { vectors_step("/nowhere/v.txt")->fit(training_rows({"good"})); }) ==
        "[graft/word_vectors] /nowhere/v.txt: must be a file that can be read");
}

TEST_CASE("word_vectors: keeps the contract of a step", "[extractor][word_vectors]") {
  const Field text{"text", FieldKind::kText, {}, {}}, number{"text", FieldKind::kNumber, {}, {}};
  const auto fitted = fitted_vectors(kGlove, {"good film"}, R"(, "weights": "idf")"), restored = vectors_step("/nowhere/v.txt");
  CHECK((restored->outputs({text}).back() == Field{"made", FieldKind::kVector, {-1}, {}}));
  CHECK((fitted->outputs({text}).back() == Field{"made", FieldKind::kVector, {2}, {}}));
  CHECK(message_of([&] { restored->outputs({number}); }) == "[graft/word_vectors] column text must be text, is number");
  CHECK(message_of([&] { means_of(*restored, {"a"}); }) ==
        "[graft/word_vectors] transform needs the vectors: call fit or restore first");
  CHECK(restored->state().empty());
  CHECK(fitted->state().texts.at("words") == "good\nfilm\n");  // the training rows' words alone: the state is small
  restored->restore(fitted->state());
  const Strings texts = {"good film", "film", "good good film"};
  for (const Batch& mine : on_four_threads(*restored, testing::batch({{"text", texts}})))
    CHECK(mine.tensor("made").equal(means_of(*fitted, texts)));
}
