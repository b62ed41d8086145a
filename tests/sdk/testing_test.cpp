#include "graft/testing.hpp"

#include "catch.hpp"
#include "graft/extractor.hpp"
#include "graft/value.hpp"

using namespace graft;

namespace {
const testing::Plugin& plugin() {
  static const testing::Plugin plugin(GRAFT_HOSTILE_DIR "/hostile.so");
  return plugin;
}
}  // namespace

TEST_CASE("testing: a component is made with its defaults, under the last part of its id", "[sdk][testing]") {
  Batch batch = testing::batch({{"text", Strings{"Ab"}}, {"title", Strings{"C"}}});
  plugin().make<Extractor>("acme/lower")->transform(batch);
  CHECK(batch.strings("lower") == Strings{"ab"});
  plugin().make<Extractor>("acme/lower", R"({"column": "title"})", "lowered")->transform(batch);
  CHECK(batch.strings("lowered") == Strings{"c"});
}

TEST_CASE("testing: all problems of the parameters come at once, as the host says them", "[sdk][testing]") {
  CHECK(message_of([] { plugin().make<Extractor>("acme/lower", R"({"colum": "title", "transform": 3})"); }) ==
        "parameters:1:2: [acme/lower] colum is not a parameter, did you mean column?\n"
        "parameters:1:33: [acme/lower] transform must be a string, got 3");
}

TEST_CASE("testing: what the plugin does not have is an error", "[sdk][testing]") {
  CHECK(message_of([] { plugin().make<Extractor>("acme/upper"); }) ==
        "[testing] the plugin acme-lower has no extractor acme/upper");
  CHECK(message_of([] { testing::Plugin("/no/such.so"); }) ==
        "[testing] /no/such.so: cannot open shared object file: No such file or directory");
}

TEST_CASE("testing: literals have the shapes and types of their columns", "[sdk][testing]") {
  const Tensor matrix = testing::matrix({{1, 2, 3}, {4, 5, 6}});
  CHECK(matrix.sizes() == at::IntArrayRef({2, 3}));
  CHECK(matrix.scalar_type() == at::kFloat);
  CHECK(matrix.data_ptr<float>()[5] == 6);
  CHECK(testing::numbers({1.5}).data_ptr<double>()[0] == 1.5);
  CHECK(testing::integers({-7}).data_ptr<std::int64_t>()[0] == -7);

  const Ragged tokens = testing::tokens({{1, 2}, {}, {3}});
  CHECK(tokens.longest == 2);
  CHECK(tokens.offsets.scalar_type() == at::kInt);
  CHECK(tokens.offsets.data_ptr<int>()[2] == 2);
  CHECK(tokens.values.data_ptr<std::int64_t>()[2] == 3);
  CHECK(message_of([] { testing::matrix({{1}, {2, 3}}); }) == "[testing] matrix: rows must be of one length");
}

TEST_CASE("testing: rows of a batch are a source whose row ids are the numbers", "[sdk][testing]") {
  Batch batch({40, 50, 60});
  batch.set("text", Strings{"a", "b", "c"});
  const testing::Rows rows({{"text", FieldKind::kText, {}, {}}}, batch);
  const std::int64_t numbers[] = {2, 0};
  const Batch chosen = rows.rows(numbers);
  CHECK(rows.size() == 3);
  CHECK(chosen.strings("text") == Strings{"c", "a"});
  CHECK(std::vector<std::int64_t>(chosen.row_ids().begin(), chosen.row_ids().end()) == std::vector<std::int64_t>{2, 0});
}

TEST_CASE("testing: warnings are collected with their tag, in order", "[sdk][testing]") {
  const testing::Warnings warnings;
  warn("graft/csv", "rows.csv:3: dropped");
  log("graft/csv", "not a warning");
  warn("graft/csv", "rows.csv:5: dropped");
  CHECK(warnings.lines() == std::vector<std::string>{"[graft/csv] rows.csv:3: dropped", "[graft/csv] rows.csv:5: dropped"});
}
