// Which column of the model's output a head reads.
#include <torch/types.h>

#include "catch.hpp"
#include "graft/head.hpp"
#include "graft/testing.hpp"

using namespace graft;

namespace {

const Field kClasses = {"t", FieldKind::kClass, {}, {"no", "yes"}}, kNumber = {"t", FieldKind::kNumber, {}, {}};

// The head "mood" of a use, on a model that gives these columns.
std::shared_ptr<Head> built(const std::string& use, const Schema& features, const std::string& more = "") {
  static const testing::Plugin plugin(GRAFT_PLUGIN_DIR "/graft_head.so");
  auto head = plugin.make<Head>(use, R"({"target": "t")" + more + "}", "mood");
  head->build(features, {use == "graft/regress" ? kNumber : kClasses}, Rng(1));
  return head;
}

Field vector(const std::string& name, std::int64_t width) { return {name, FieldKind::kVector, {width}, {}}; }

}  // namespace

TEST_CASE("input: a head reads features, or the column it names, or of a model without features that of its own name",
          "[head][input]") {
  const std::string use = GENERATE("graft/classify", "graft/ordinal", "graft/regress");
  CAPTURE(use);
  const Schema plain = {vector("features", 4), vector("mood", 2), vector("other", 3)};
  CHECK(built(use, plain)->reads() == std::vector<std::string>{"features"});
  CHECK(built(use, {vector("mood", 2), vector("other", 3)})->reads() == std::vector<std::string>{"mood"});
  const auto head = built(use, plain, R"(, "input": "other", "dropout": 0)");
  CHECK(head->reads() == std::vector<std::string>{"other"});
  const Batch one = testing::batch({{"other", at::ones({2, 3})}, {"features", at::zeros({2, 4})}});
  const Batch two = testing::batch({{"other", at::ones({2, 3})}});
  CHECK(at::equal(head->forward(one, Call()).values, head->forward(two, Call()).values));
  CHECK(head->forward(two, Call()).values.size(0) == 2);
}

TEST_CASE("input: a column that is not there, or is not one vector a row, is refused", "[head][input]") {
  const std::string use = GENERATE("graft/classify", "graft/ordinal", "graft/regress");
  const auto refusal = [&](const Schema& features, const std::string& more = "") {
    return message_of([&] { built(use, features, more); });
  };
  CHECK(refusal({vector("stars", 2), vector("other", 3)}) ==
        "[" + use + "] the model gives neither features nor a column mood, it gives stars, other: set input");
  CHECK(refusal({vector("stars", 2)}, R"(, "input": "star")") ==
        "[" + use + "] there is no column star, did you mean stars? (columns: stars)");
  CHECK(refusal({{"tokens", FieldKind::kVector, {-1, 8}, {}}}, R"(, "input": "tokens")") ==
        "[" + use + "] input must be one vector a row, tokens is one a token");
}
