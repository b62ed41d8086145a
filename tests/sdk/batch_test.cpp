#include "graft/batch.hpp"

#include <ATen/Functions.h>

#include "catch.hpp"
#include "graft/testing.hpp"

using namespace graft;

namespace {

std::vector<std::int64_t> ints(const Tensor& tensor) {
  const Tensor flat = tensor.to(at::kLong).contiguous().view(-1);
  return {flat.const_data_ptr<std::int64_t>(), flat.const_data_ptr<std::int64_t>() + flat.numel()};
}

using Ints = std::vector<std::int64_t>;

Batch four_forms() {
  Batch batch(Ints{10, 11, 12});
  batch.set("x", testing::matrix({{1, 2}, {3, 4}, {5, 6}}));
  batch.set("tokens", testing::tokens({{7, 8, 9}, {}, {1}}));
  batch.set("words",
            SparseRows{at::tensor({0, 3, 2}, at::kInt), at::tensor({0.5f, 1.f, 2.f}), at::tensor({0, 2, 2, 3}, at::kInt), 4});
  batch.set("text", Strings{"a", "b", "c"});
  return batch;
}

}  // namespace

TEST_CASE("batch: columns stay in the order they were set, also when one is replaced", "[sdk][batch]") {
  Batch batch = four_forms();
  batch.set("x", testing::integers({1, 2, 3}));
  CHECK(batch.names() == Strings{"x", "tokens", "words", "text"});
  CHECK(ints(batch.tensor("x")) == Ints{1, 2, 3});
  batch.erase("tokens");
  batch.erase("tokens");
  CHECK(batch.names() == Strings{"x", "words", "text"});
}

TEST_CASE("batch: a copy does not see what is set in the other", "[sdk][batch]") {
  Batch batch = four_forms(), copy = batch;
  copy.set("text", Strings{"x", "y", "z"});
  CHECK(batch.strings("text") == Strings{"a", "b", "c"});
  CHECK(&batch.ragged("tokens") == &copy.ragged("tokens"));
}

TEST_CASE("batch: a column that is absent is refused with the nearest name", "[sdk][batch]") {
  CHECK(message_of([] { four_forms().column("token"); }) ==
        "[batch] there is no column token, did you mean tokens? (columns: x, tokens, words, text)");
  CHECK(message_of([] { Batch(Ints{1}).column("x"); }) == "[batch] there is no column x; there are no columns");
}

TEST_CASE("batch: a column of another form is refused by what it is", "[sdk][batch]") {
  CHECK(message_of([] { four_forms().tensor("text"); }) == "[batch] column text must be a tensor, is strings");
  CHECK(message_of([] { four_forms().strings("tokens"); }) == "[batch] column tokens must be strings, is ragged rows");
  CHECK(message_of([] { four_forms().ragged("words"); }) == "[batch] column words must be ragged rows, is sparse rows");
}

TEST_CASE("batch: a column of another number of rows is refused", "[sdk][batch]") {
  Batch batch = four_forms();
  CHECK(message_of([&] { batch.set("y", testing::integers({1, 2})); }) == "[batch] column y must have the batch's 3 rows, got 2");
  CHECK(message_of([&] { batch.set("y", at::zeros({})); }) == "[batch] a tensor must have a row dimension to be a column");
  CHECK(message_of([&] { batch.set("y", Tensor()); }) == "[batch] a tensor must have a row dimension to be a column");
  CHECK(message_of([] { Batch().set("y", Strings{"a"}); }) == "[batch] column y must have the batch's 0 rows, got 1");
}

TEST_CASE("batch: select gives rows by position, in any order and more than once", "[sdk][batch]") {
  const Batch rows = four_forms().select(Ints{2, 0, 0});
  CHECK(Ints(rows.row_ids().begin(), rows.row_ids().end()) == Ints{12, 10, 10});
  CHECK(at::equal(rows.tensor("x"), testing::matrix({{5, 6}, {1, 2}, {1, 2}})));
  CHECK(ints(rows.ragged("tokens").values) == Ints{1, 7, 8, 9, 7, 8, 9});
  CHECK(ints(rows.ragged("tokens").offsets) == Ints{0, 1, 4, 7});
  CHECK(rows.ragged("tokens").longest == 3);
  CHECK(rows.ragged("tokens").offsets.scalar_type() == at::kInt);
  CHECK(ints(rows.sparse("words").ids) == Ints{2, 0, 3, 0, 3});
  CHECK(ints(rows.sparse("words").offsets) == Ints{0, 1, 3, 5});
  CHECK(rows.sparse("words").width == 4);
  CHECK(rows.strings("text") == Strings{"c", "a", "a"});
}

TEST_CASE("batch: select of no rows keeps the columns", "[sdk][batch]") {
  const Batch rows = four_forms().select(Ints{});
  CHECK(rows.size() == 0);
  CHECK(rows.names() == four_forms().names());
  CHECK(rows.ragged("tokens").longest == 0);
  CHECK(rows_of(rows.column("words")) == 0);
}

TEST_CASE("batch: a position outside the rows is refused", "[sdk][batch]") {
  CHECK(message_of([] { four_forms().select(Ints{0, 3}); }) == "[batch] a position must be in [0, 3), got 3");
  CHECK(message_of([] { four_forms().select(Ints{-1}); }) == "[batch] a position must be in [0, 3), got -1");
}

TEST_CASE("batch: the parts of a batch joined again are the batch", "[sdk][batch]") {
  const Batch whole = four_forms();
  const Batch parts[] = {whole.select(Ints{0}), whole.select(Ints{}), whole.select(Ints{1, 2})};
  const Batch joined = Batch::concatenate(parts);
  CHECK(Ints(joined.row_ids().begin(), joined.row_ids().end()) == Ints{10, 11, 12});
  CHECK(at::equal(joined.tensor("x"), whole.tensor("x")));
  CHECK(at::equal(joined.ragged("tokens").values, whole.ragged("tokens").values));
  CHECK(at::equal(joined.ragged("tokens").offsets, whole.ragged("tokens").offsets));
  CHECK(joined.ragged("tokens").longest == 3);
  CHECK(at::equal(joined.sparse("words").ids, whole.sparse("words").ids));
  CHECK(at::equal(joined.sparse("words").offsets, whole.sparse("words").offsets));
  CHECK(joined.strings("text") == whole.strings("text"));
  CHECK(Batch::concatenate({}).size() == 0);
}

TEST_CASE("batch: parts that differ in columns, form, type, shape or width are not joined", "[sdk][batch]") {
  auto join = [](Column first, Column second, const std::string& name = "c") {
    const Batch parts[] = {testing::batch({{"c", first}}), testing::batch({{name, second}})};
    return message_of([&] { Batch::concatenate(parts); });
  };
  CHECK(join(testing::integers({1}), testing::integers({1}), "d") == "[batch] there is no column c (columns: d)");
  CHECK(join(testing::integers({1}), Strings{"a"}) ==
        "[batch] column c must have one form to be joined, got a tensor and strings");
  CHECK(join(testing::integers({1}), testing::numbers({1})) ==
        "[batch] column c must be of one type to be joined, got Long and Double");
  CHECK(join(testing::matrix({{1, 2}}), testing::matrix({{1}})) ==
        "[batch] column c must have rows of one shape to be joined, got [2] and [1]");
  const SparseRows narrow{at::tensor({0}, at::kInt), at::tensor({1.f}), at::tensor({0, 1}, at::kInt), 4};
  SparseRows wide = narrow;
  wide.width = 5;
  CHECK(join(narrow, wide) == "[batch] column c must have one width to be joined, got 4 and 5");
  const Batch parts[] = {testing::batch({{"c", Strings{"a"}}}), testing::batch({{"c", Strings{"a"}}, {"d", Strings{"a"}}})};
  CHECK(message_of([&] { Batch::concatenate(parts); }) ==
        "[batch] batches must have the same columns to be joined, got (c) and (c, d)");
}

TEST_CASE("batch: renamed hides a column that had the new name, and can swap two", "[sdk][batch]") {
  const Batch batch = four_forms();
  const std::pair<std::string, std::string> hide[] = {{"x", "text"}};
  CHECK(batch.renamed(hide).names() == Strings{"text", "tokens", "words"});
  CHECK(at::equal(batch.renamed(hide).tensor("text"), batch.tensor("x")));
  const std::pair<std::string, std::string> swap[] = {{"x", "text"}, {"text", "x"}};
  CHECK(batch.renamed(swap).names() == Strings{"text", "tokens", "words", "x"});
  CHECK(batch.renamed(swap).strings("x") == batch.strings("text"));
  const std::pair<std::string, std::string> absent[] = {{"y", "x"}};
  CHECK(message_of([&] { batch.renamed(absent); }) == "[batch] there is no column y (columns: x, tokens, words, text)");
  const std::pair<std::string, std::string> both[] = {{"x", "y"}, {"text", "y"}};
  CHECK(message_of([&] { batch.renamed(both); }) == "[batch] two columns cannot both be renamed to y");
}

TEST_CASE("batch: only keeps the columns asked for, in the order asked", "[sdk][batch]") {
  const std::string names[] = {"text", "x", "text"};
  CHECK(four_forms().only(names).names() == Strings{"text", "x"});
  CHECK(four_forms().only(names).size() == 3);
  const std::string absent[] = {"y"};
  CHECK_THROWS_AS(four_forms().only(absent), Error);
}

TEST_CASE("ragged_of: offsets are the running sum of the lengths", "[sdk][batch]") {
  const Ragged rows = ragged_of(at::arange(5), Ints{2, 0, 3});
  CHECK(ints(rows.offsets) == Ints{0, 2, 2, 5});
  CHECK(rows.longest == 3);
  CHECK(message_of([] { ragged_of(at::arange(5), Ints{2, 2}); }) == "[batch] the lengths must add up to the 5 values, got 4");
  CHECK(message_of([] { ragged_of(at::arange(5), Ints{6, -1}); }) == "[batch] a row's length must be >= 0, got -1");
  CHECK(message_of([] { ragged_of(at::arange(5), Ints{1L << 31}); }) ==
        "[batch] ragged rows must have fewer than 2^31 entries in all");
}
