// Splits, the order of rows, and batches made ahead.
#include <ATen/ops/arange.h>

#include <atomic>
#include <algorithm>
#include <map>
#include <numeric>
#include <set>

#include "catch.hpp"
#include "core/data/batch_queue.hpp"
#include "core/data/order.hpp"
#include "core/data/sampling.hpp"
#include "core/data/split.hpp"
#include "graft/testing.hpp"

using namespace graft;
using namespace graft::core;

namespace {

// n rows: a text that repeats every `distinct` rows, and a group.
testing::Rows rows(int n, int distinct) {
  Strings texts, groups;
  for (int i = 0; i < n; ++i) {
    texts.push_back("text " + std::to_string(i % distinct));
    groups.push_back(i % 4 ? "many" : "few");
  }
  std::vector<std::int64_t> ids(n);
  std::iota(ids.begin(), ids.end(), 0);
  Batch batch(ids);
  batch.set("text", texts);
  batch.set("group", groups);
  return testing::Rows({{"text", FieldKind::kText, {}, {}}, {"group", FieldKind::kText, {}, {}}}, batch);
}

std::set<std::string> texts_in(const testing::Rows& source, const std::vector<std::int64_t>& numbers) {
  const Batch batch = source.rows(numbers);
  return {batch.strings("text").begin(), batch.strings("text").end()};
}

}  // namespace

TEST_CASE("split: shares by hash are near what was asked, and every row is in one split", "[data][split]") {
  const auto splits = split_rows(rows(4000, 4000), {0.1, 0.2, 1, "", "", ""});
  CHECK(splits.at("train").size() + splits.at("valid").size() + splits.at("test").size() == 4000);
  CHECK(std::abs(static_cast<double>(splits.at("valid").size()) - 400) < 80);
  CHECK(std::abs(static_cast<double>(splits.at("test").size()) - 800) < 110);
}

TEST_CASE("split: equal rows fall on the same side", "[data][split]") {
  const auto source = rows(3000, 150);
  const SplitOptions by_text{0.1, 0.2, 1, "", "", "text"};
  const auto splits = split_rows(source, by_text);
  const auto train = texts_in(source, splits.at("train")), test = texts_in(source, splits.at("test"));
  for (const std::string& text : test) CHECK_FALSE(train.contains(text));
}

TEST_CASE("split: equal pictures fall on the same side, whatever their files and labels are called", "[data][split]") {
  const std::int64_t count = 300;  // each picture three times
  Strings files, labels;
  for (std::int64_t i = 0; i < count; ++i) {
    files.push_back(std::to_string(i) + ".png");
    labels.push_back(i % 2 ? "cat" : "dog");
  }
  const Tensor pixels = at::arange(count, at::kLong).remainder(100).to(at::kByte).view({count, 1, 1, 1}).expand({count, 3, 4, 4});
  const Schema schema = {
      {"file", FieldKind::kText, {}, {}}, {"label", FieldKind::kText, {}, {}}, {"image", FieldKind::kImage, {3, 4, 4}, {}}};
  const testing::Rows source(schema, testing::batch({{"file", files}, {"label", labels}, {"image", pixels}}));
  std::map<std::int64_t, std::string> side;
  for (const auto& [split, rows] : split_rows(source, {0.2, 0.2, 1, "", "", ""}))
    for (const std::int64_t row : rows) CHECK(side.emplace(row % 100, split).first->second == split);
  const auto by_file = split_rows(source, {0.2, 0.2, 1, "", "", "file"});  // a group counts before the pictures
  const std::set<std::int64_t> test(by_file.at("test").begin(), by_file.at("test").end());
  CHECK(std::any_of(test.begin(), test.end(), [&](std::int64_t row) { return row < 200 && !test.contains(row + 100); }));
}

TEST_CASE("split: a row stays where it is when others are added, and moves with the seed", "[data][split]") {
  const auto few = split_rows(rows(1000, 1000), {}), more = split_rows(rows(2000, 2000), {});
  std::vector<std::int64_t> old;
  for (std::int64_t row : more.at("test"))
    if (row < 1000) old.push_back(row);
  CHECK(few.at("test") == old);
  SplitOptions other;
  other.seed = 2;
  CHECK(split_rows(rows(1000, 1000), other).at("test") != few.at("test"));
}

TEST_CASE("split: stratify keeps the shares within each value", "[data][split]") {
  SplitOptions options{0.1, 0.2, 1, "", "group", ""};
  const auto source = rows(4000, 4000);
  const auto splits = split_rows(source, options);
  std::int64_t few = 0;
  const Batch test = source.rows(splits.at("test"));
  for (const std::string& group : test.strings("group")) few += group == "few";
  CHECK(test.size() == 800);
  CHECK(few == 200);
}

TEST_CASE("split: shares that leave nothing to train on are refused", "[data][split]") {
  CHECK(message_of([] { split_rows(rows(10, 10), {0.5, 0.5, 1, "", "", ""}); }) ==
        "[split] valid + test must be < 1, got 1.000000");
}

TEST_CASE("split: fewer training rows are part of more, the same at each call, others for another seed", "[data][split]") {
  const testing::Rows source = rows(200, 200);
  std::vector<std::int64_t> all(200);
  std::iota(all.begin(), all.end(), 0);
  const Batch batch = source.rows(all);
  const auto chosen = [&](std::int64_t count, std::uint64_t seed) {
    const Batch kept = sample_rows(batch, count, seed, "");
    CHECK(std::is_sorted(kept.row_ids().begin(), kept.row_ids().end()));
    return std::set<std::int64_t>(kept.row_ids().begin(), kept.row_ids().end());
  };
  const auto few = chosen(16, 1), more = chosen(64, 1);
  CHECK(few.size() == 16);
  CHECK(more.size() == 64);
  CHECK(std::includes(more.begin(), more.end(), few.begin(), few.end()));
  CHECK(few == chosen(16, 1));
  CHECK(few != chosen(16, 2));
  CHECK(chosen(0, 1).size() == 200);
  CHECK(chosen(500, 1).size() == 200);
}

TEST_CASE("split: a sample by stratum takes as many of each value, and all of a rare one", "[data][split]") {
  Batch batch([] {
    std::vector<std::int64_t> ids(103);
    std::iota(ids.begin(), ids.end(), 0);
    return ids;
  }());
  Strings kinds(103, "a");
  for (std::size_t i = 60; i < 103; ++i) kinds[i] = i < 100 ? "b" : "c";
  batch.set("kind", kinds);
  const Batch kept = sample_rows(batch, 23, 1, "kind");
  std::map<std::string, int> counts;
  for (const std::string& kind : kept.strings("kind")) ++counts[kind];
  CHECK(counts == std::map<std::string, int>{{"a", 10}, {"b", 10}, {"c", 3}});
}

TEST_CASE("sampling: turns by hand: alike, by temperature, and with a share of a stream's own", "[data][sampling]") {
  const auto turns = [](const Mixing& mixing, std::vector<double> own = {0, 0}) {
    std::vector<StreamSize> streams = {{160, 10}, {40, 10}};  // 16 and 4 batches
    share_turns(streams, own, mixing);
    return std::pair(streams[0].turns, streams[1].turns);
  };
  CHECK(turns({}) == std::pair<std::int64_t, std::int64_t>(0, 0));  // by rows: as many as hold each once
  CHECK(turns(mixing_of(Value("uniform"))) == std::pair<std::int64_t, std::int64_t>(10, 10));
  CHECK(turns(mixing_of(Value(2.0))) == std::pair<std::int64_t, std::int64_t>(13, 7));  // sqrt(160) : sqrt(40) = 2 : 1
  CHECK(turns({}, {0, 3.2}) == std::pair<std::int64_t, std::int64_t>(4, 16));           // 0.8 : 3.2
}

TEST_CASE("sampling: in turn, streams of as many batches alternate, and rows are shuffled as ever", "[data][sampling]") {
  std::vector<StreamSize> streams = {{160, 10}, {40, 10}};
  const Mixing mixing = mixing_of(Value("round_robin"));
  share_turns(streams, {0, 0}, mixing);
  const auto batches = plan_epoch(streams, 1, 0, mixing.in_turn);
  REQUIRE(batches.size() == 20);
  for (std::size_t i = 0; i < batches.size(); ++i) CHECK(batches[i].stream == i % 2);
  CHECK(batches[0].positions != plan_epoch(streams, 1, 1, true)[0].positions);
  const auto shuffled = plan_epoch(streams, 1, 0, false);
  CHECK(!std::is_sorted(shuffled.begin(), shuffled.end(), [](const auto& a, const auto& b) { return a.stream < b.stream; }));
}

TEST_CASE("order: batches by tokens hold every row once, no more tokens than asked, and are as many in each epoch",
          "[data][order]") {
  std::vector<std::int64_t> lengths;
  for (std::int64_t i = 0; i < 500; ++i) lengths.push_back(1 + (i * 37) % 60);
  const StreamSize stream{500, 32, 256, lengths};
  for (std::int64_t epoch : {0, 1}) {
    const auto batches = plan_epoch({stream}, 3, epoch);
    CHECK(static_cast<std::int64_t>(batches.size()) == batches_of(stream));
    std::set<std::int64_t> seen;
    for (const PlannedBatch& batch : batches) {
      std::int64_t tokens = 0;
      for (std::int64_t row : batch.positions) tokens += lengths[row], seen.insert(row);
      CHECK(tokens <= 256);
      CHECK(tokens > 0);
    }
    CHECK(seen.size() == 500);
  }
  CHECK(message_of([&] { batches_of({500, 32, 179, lengths}); }) ==
        "[run] batch_tokens must be at least 3 times the longest row, which has 60 tokens; got 179");
}

TEST_CASE("order: an epoch visits every row once, by a permutation that differs by epoch and not by call", "[data][order]") {
  const auto first = plan_epoch({{103, 10}}, 7, 0), again = plan_epoch({{103, 10}}, 7, 0), next = plan_epoch({{103, 10}}, 7, 1);
  REQUIRE(first.size() == 11);
  std::set<std::int64_t> seen;
  for (const PlannedBatch& batch : first) seen.insert(batch.positions.begin(), batch.positions.end());
  CHECK(seen.size() == 103);
  CHECK(first.back().positions.size() == 3);
  CHECK(first.front().positions == again.front().positions);
  CHECK(first.front().positions != next.front().positions);
}

TEST_CASE("order: several streams are mixed, each row once", "[data][order]") {
  const auto batches = plan_epoch({{40, 8}, {20, 5}}, 1, 0);
  REQUIRE(batches.size() == 9);
  std::int64_t rows[2] = {};
  for (const PlannedBatch& batch : batches) rows[batch.stream] += static_cast<std::int64_t>(batch.positions.size());
  CHECK(rows[0] == 40);
  CHECK(rows[1] == 20);
}

TEST_CASE("data: a stream with turns goes on in its own epochs where the run's epoch ended", "[data]") {
  StreamSize often{20, 5}, seldom{40, 8};  // 4 and 5 batches hold all rows
  often.turns = 6;
  seldom.turns = 3;
  std::vector<std::int64_t> met(20), epochs;
  for (std::int64_t epoch = 0; epoch < 2; ++epoch) {
    const auto batches = plan_epoch({often, seldom}, 1, epoch);
    CHECK(batches.size() == 9);
    for (const PlannedBatch& batch : batches) {
      if (batch.stream != 0) continue;
      epochs.push_back(batch.epoch);
      for (const std::int64_t row : batch.positions) ++met[row];
    }
  }
  CHECK(met == std::vector<std::int64_t>(20, 3));  // 12 batches: three epochs of its own
  for (const std::int64_t epoch : {0, 1, 2}) CHECK(std::count(epochs.begin(), epochs.end(), epoch) == 4);

  often.turns = 4;
  seldom.turns = 5;
  for (std::int64_t epoch = 0; epoch < 2; ++epoch) {
    const auto same = plan_epoch({often, seldom}, 1, epoch), plain = plan_epoch({{20, 5}, {40, 8}}, 1, epoch);
    REQUIRE(same.size() == plain.size());
    for (std::size_t i = 0; i < same.size(); ++i) CHECK(same[i].positions == plain[i].positions);
  }
}

TEST_CASE("batch queue: batches come in order for any number of threads", "[data][queue]") {
  for (int threads : {0, 1, 4}) {
    BatchQueue queue([](std::int64_t i) { return Batch({i, i + 1}); }, 3, 40, threads);
    for (std::int64_t i = 3; i < 40; ++i) REQUIRE(queue.take().row_ids()[0] == i);
  }
}

TEST_CASE("batch queue: an error appears at its batch and not before", "[data][queue]") {
  for (int threads : {0, 2}) {
    BatchQueue queue([](std::int64_t i) -> Batch { return i == 2 ? throw Error("t", "bad row") : Batch({i}); }, 0, 10, threads);
    queue.take();
    queue.take();
    CHECK(message_of([&] { queue.take(); }) == "[t] bad row");
  }
}
