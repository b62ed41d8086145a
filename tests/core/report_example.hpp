// An invented but plausible run, for the tests of the report: what they check against is worked out from these numbers.
#pragma once

#include <cmath>

#include "core/report/run_report.hpp"
#include "graft/rng.hpp"

namespace report_example {

using namespace graft::core;

inline Curve noisy(const std::string& name, int steps, double from, double to, double noise, std::uint64_t seed) {
  graft::Rng rng(seed);
  Curve curve{name, {}};
  for (int step = 1; step <= steps; ++step)
    curve.points.emplace_back(
        step, to + (from - to) * std::exp(-step / (0.18 * steps)) + noise * rng.normal() * (0.4 + std::exp(-step / 200.0)));
  return curve;
}

inline HeadResult sentiment() {
  HeadResult head{"test", "movies", "sentiment", HeadResult::Kind::kClassify, 1061, 532, {}, {}, {}, {}, {}, {}};
  head.metrics = {{"accuracy", 0.9529, 0.9386, 0.9645, {{"majority", 0.512}, {"tfidf", 0.761}}, true},
                  {"f1", 0.9542, 0.9401, 0.9662, {{"majority", 0.677}, {"tfidf", 0.768}}, true}};
  head.classes = {"negative", "positive"};
  head.confusion = {{489, 29}, {21, 522}};
  head.reliability = {{0.54, 0.52, 21}, {0.65, 0.66, 32}, {0.76, 0.71, 41}, {0.86, 0.84, 88}, {0.97, 0.985, 879}};
  head.most_wrong = {
      {8123,
       "A film so bad it is <b>good</b> & back again; I laughed, cried \"a lot\", and would not see it a second time for money.",
       "negative", "positive", 0.998, kNoNumber, 6.21},
      {411, "Not the masterpiece everybody says it is, but then nothing is.", "positive", "negative", 0.994, kNoNumber, 5.12},
      {97, "\xC3\x89tonnant. Deux heures que l'on ne regrette pas \xF0\x9F\x8E\xAC", "positive", "negative", 0.981, kNoNumber,
       3.96},
      {10002,
       "The first half drags, the second half drags too, and yet when the credits came I found that I had been sitting on the "
       "edge of my chair "
       "for an hour. I cannot explain it and neither can the director, who in every interview so far has said that he wanted to "
       "make something else.",
       "positive", "negative", 0.967, kNoNumber, 3.41}};
  return head;
}

inline RunReport classify() {
  RunReport report;
  report.name = "movies-0611-1412";
  report.folder = "runs/movies-0611-1412";
  report.started = "2026-06-11 14:12";
  report.seed = 1;
  report.seconds = 702;
  report.train = {3, 798, 25452, 19656000, 630, 31200, 2.31, 1, 1210, "cpu", "fp32"};
  report.best = {532, "valid/movies/sentiment/accuracy", 0.957, 0.954, true};
  report.losses = {noisy("train", 798, 0.69, 0.06, 0.05, 1),
                   {"valid", {{133, 0.24}, {266, 0.17}, {399, 0.148}, {532, 0.136}, {665, 0.141}, {798, 0.149}}}};
  Curve rate{"all", {}};
  for (int step = 0; step <= 798; ++step) rate.points.emplace_back(step, 5e-5 * std::min(step / 48.0, (798 - step) / 750.0));
  report.learning_rates = {rate};
  report.metrics = {
      {"valid/movies/sentiment/accuracy", {{133, 0.912}, {266, 0.939}, {399, 0.95}, {532, 0.957}, {665, 0.955}, {798, 0.954}}},
      {"valid/movies/sentiment/f1", {{133, 0.914}, {266, 0.941}, {399, 0.951}, {532, 0.958}, {665, 0.956}, {798, 0.955}}}};
  report.results = {sentiment()};
  report.data = {{10605, "read"}, {3, "dropped (empty)"}, {212, "cut at 128 tokens"}};
  report.splits = {{8483, "train"}, {1058, "valid"}, {1061, "test"}};
  report.warnings = {{"14 texts occur in both train and test", 1, 88}};
  report.plugins = {{"graft-source", "0.1.0", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", {"graft/csv"}},
                    {"graft-model", "0.1.0", "60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752", {"graft/bert"}}};
  report.versions = {{"graft", "0.1.0"}, {"libtorch", "2.11.0"}, {"compiler", "gcc 12.2"}};
  report.config = "{\n  \"graft\": 1,\n  \"run\": {\"seed\": 1, \"device\": \"auto\", \"epochs\": 3, \"batch_size\": 32}\n}";
  report.timings = {{"read data", 0.4}, {"tokenise", 2.1}, {"train", 630}, {"evaluate", 58}, {"save", 3.2}};
  return report;
}

// Of 8,483 training rows in 3 epochs, 41 without a label.
inline RunReport augmented() {
  RunReport report = classify();
  AugmentResult noise{"movies", "noise", "graft/eda", "label", {"sentiment"}, report.results[0].classes, {}, {123, 0}};
  noise.by_class = {{12600, 6300}, {12726, 1}};
  AugmentResult mix = noise;
  mix.step = "mix", mix.use = "graft/mixup", mix.by_class = {{12600, 12600}, {12726, 12726}};
  report.augment = {noise, mix, {"reviews", "noise", "graft/eda", "", {}, {}, {}, {2000, 500}}};
  return report;
}

inline RunReport regress() {
  RunReport report = classify();
  graft::Rng rng(5);
  HeadResult head{"test", "movies", "rating", HeadResult::Kind::kRegress, 1061, 798, {}, {}, {}, {}, {}, {}};
  head.metrics = {{"rmse", 1.23, 1.15, 1.31, {{"mean", 2.9}}, false}, {"pearson", 0.906, 0.894, 0.917, {}, true}};
  for (int i = 0; i < 1061; ++i) {
    const double truth = std::round(40 * rng.uniform() - 20) / 4;
    head.scatter.push_back({truth, 0.85 * truth + 1.1 * rng.normal()});
  }
  head.most_wrong = {{12, "Ten out of ten, if ten means that I slept well.", "-4.5", "3.9", kNoNumber, 8.4, 7.1}};
  report.results = {head};
  report.best.step = -1;
  return report;
}

inline RunReport many_classes(std::size_t classes) {
  RunReport report = classify();
  HeadResult& head = report.results[0];
  head.classes.clear();
  graft::Rng rng(8);
  for (std::size_t c = 0; c < classes; ++c) head.classes.push_back("a class with number " + std::to_string(c));
  head.confusion.assign(classes, std::vector<std::int64_t>(classes, 0));
  for (std::size_t t = 0; t < classes; ++t)
    for (std::size_t p = 0; p < classes; ++p) head.confusion[t][p] = t == p ? 60 : rng.below(9) / 4;
  return report;
}

}  // namespace report_example
