#include <ATen/Functions.h>

#include <set>

#include "augmenter_case.hpp"
#include "catch.hpp"

using namespace graft;

namespace {

using Ids = std::vector<std::int64_t>;

std::shared_ptr<Augmenter> cutoff(const std::string& more = "") {
  return augmenters().make<Augmenter>("graft/span_cutoff", R"({"column": "tokens")" + (more.empty() ? "" : ", " + more) + "}");
}

Batch batch_of(const std::vector<Ids>& rows) {
  Ids values, lengths;
  for (const Ids& row : rows) values.insert(values.end(), row.begin(), row.end()), lengths.push_back(std::ssize(row));
  return testing::batch({{"tokens", ragged_of(at::tensor(values, at::kLong), lengths)}});
}

std::vector<Ids> rows_of(const Batch& batch) {
  const Ragged& tokens = batch.ragged("tokens");
  const std::int64_t* ids = tokens.values.const_data_ptr<std::int64_t>();
  const std::int32_t* offsets = tokens.offsets.const_data_ptr<std::int32_t>();
  std::vector<Ids> rows;
  for (std::int64_t row = 0; row < batch.size(); ++row) rows.emplace_back(ids + offsets[row], ids + offsets[row + 1]);
  return rows;
}

std::vector<Ids> rows_of(const Value& list) {
  std::vector<Ids> rows;
  for (const Value& row : list.list()) {
    rows.emplace_back();
    for (const Value& id : row.list()) rows.back().push_back(id.integer());
  }
  return rows;
}

std::set<Ids> all_cuts(const Augmenter& step, const Ids& row) {
  std::set<Ids> cuts;
  for (std::uint64_t key = 0; key < 200; ++key) cuts.insert(rows_of(augmented(step, batch_of({row}), key))[0]);
  return cuts;
}

}  // namespace

TEST_CASE("span_cutoff: a short row gives just the rows worked out by hand", "[augmenter][span_cutoff]") {
  CHECK(all_cuts(*cutoff("\"share\": 0.5"), {101, 1, 2, 3, 4, 102}) ==
        std::set<Ids>{{101, 3, 4, 102}, {101, 1, 4, 102}, {101, 1, 2, 102}});
  CHECK(all_cuts(*cutoff(R"("share": 0.5, "mask_id": 103)"), {101, 1, 2, 102}) ==
        std::set<Ids>{{101, 103, 2, 102}, {101, 1, 103, 102}});
  CHECK(all_cuts(*cutoff(R"("share": 0.1, "keep_ends": false)"), {1, 2}) == std::set<Ids>{{1}, {2}});
}

TEST_CASE("span_cutoff: the runs are those of the generator written again in Python", "[augmenter][span_cutoff]") {
  const Value reference = read_json(GRAFT_TEST_DATA "/text_edits.json"), &expected = reference.at("span_cutoff");
  const auto key = static_cast<std::uint64_t>(reference.at("key").integer());
  const std::string share = "\"share\": " + to_json(expected.at("share"));
  const Batch batch = batch_of(rows_of(expected.at("rows")));
  CHECK(rows_of(augmented(*cutoff(share), batch, key)) == rows_of(expected.at("cut")));
  CHECK(rows_of(augmented(*cutoff(share + R"(, "mask_id": 103, "keep_ends": false)"), batch, key)) ==
        rows_of(expected.at("masked")));
}

TEST_CASE("span_cutoff: what is left keeps its order and one run is missing", "[augmenter][span_cutoff]") {
  const Ids row = {101, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 102};
  std::set<Ids> cuts = all_cuts(*cutoff("\"share\": 0.39"), row);
  CHECK(cuts.size() == 8);  // 3 of 10 tokens: 8 places
  for (const Ids& cut : cuts) {
    REQUIRE(cut.size() == row.size() - 3);
    const auto [here, there] = std::mismatch(cut.begin(), cut.end(), row.begin());
    REQUIRE(std::equal(here, cut.end(), there + 3));
  }
}

TEST_CASE("span_cutoff: rows with nothing that may go, and a share of 0, stay", "[augmenter][span_cutoff]") {
  const std::vector<Ids> rows = {{101, 102}, {}, {9}};
  CHECK(rows_of(augmented(*cutoff("\"share\": 1"), batch_of(rows), 3)) == rows);
  CHECK(rows_of(augmented(*cutoff("\"share\": 0"), batch_of({{101, 1, 2, 102}}), 3)) == std::vector<Ids>{{101, 1, 2, 102}});
  CHECK(rows_of(augmented(*cutoff(R"("share": 1, "keep_ends": false)"), batch_of({{7}, {7, 8}}), 3))[0] == Ids{7});
}

TEST_CASE("span_cutoff: refusals name the rule and the value", "[augmenter][span_cutoff]") {
  CHECK(message_of([] { cutoff("\"share\": 1.5"); }).ends_with("[graft/span_cutoff] share must be <= 1, got 1.5"));
  CHECK(message_of([] { cutoff("\"mask_id\": -1"); }).ends_with("[graft/span_cutoff] mask_id must be >= 0, got -1"));
  CHECK(message_of([] { cutoff()->outputs({{"tokens", FieldKind::kText, {}, {}}}); }) ==
        "[graft/span_cutoff] column tokens must be tokens, is text");
}

TEST_CASE("span_cutoff: a row's fate hangs on its id and the key alone, and the given batch stays", "[augmenter][span_cutoff]") {
  const auto step = cutoff("\"share\": 0.4");
  const Batch batch = batch_of({{1, 2, 3, 4, 5, 6, 7}, {11, 12, 13, 14, 15, 16, 17}, {21, 22, 23, 24, 25, 26, 27}});
  const auto before = rows_of(batch), expected = rows_of(augmented(*step, batch, 1));
  REQUIRE(rows_of(batch) == before);
  REQUIRE(expected != rows_of(augmented(*step, batch, 3)));
  for (const Batch& mine : augmented_on_four_threads(*step, batch, 1)) REQUIRE(rows_of(mine) == expected);
  const std::vector<std::int64_t> backward = {2, 1, 0};
  REQUIRE(rows_of(augmented(*step, batch.select(backward), 1).select(backward)) == expected);
  REQUIRE(step->scope() == Augmenter::Scope::kRow);
}
