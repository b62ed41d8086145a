#include "graft/schema.hpp"

#include "catch.hpp"
#include "graft/error.hpp"

using namespace graft;

namespace {
const Schema kSchema = {{"text", FieldKind::kText, {}, {}}, {"rating", FieldKind::kNumber, {}, {}}};
}

TEST_CASE("schema: a column that is absent is refused with the nearest name and the columns there are", "[sdk][schema]") {
  CHECK(require(kSchema, "text", "graft/eda").kind == FieldKind::kText);
  CHECK(find(kSchema, "label") == nullptr);
  CHECK(message_of([] { require(kSchema, "ratings", "graft/binarize"); }) ==
        "[graft/binarize] there is no column ratings, did you mean rating? (columns: text, rating)");
  CHECK(message_of([] { require({}, "text", "graft/eda"); }) == "[graft/eda] there is no column text; there are no columns");
}

TEST_CASE("schema: a column of another kind is refused by both kinds", "[sdk][schema]") {
  CHECK(require(kSchema, "rating", {FieldKind::kNumber, FieldKind::kInteger}, "graft/binarize").name == "rating");
  CHECK(message_of([] { require(kSchema, "rating", {FieldKind::kText}, "graft/eda"); }) ==
        "[graft/eda] column rating must be text, is number");
  CHECK(message_of([] { require(kSchema, "text", {FieldKind::kNumber, FieldKind::kInteger, FieldKind::kClass}, "graft/x"); }) ==
        "[graft/x] column text must be number, integer or class, is text");
}

TEST_CASE("schema: with puts a field in its namesake's place, or last", "[sdk][schema]") {
  const Schema replaced = with(kSchema, {"text", FieldKind::kTokens, {-1}, {}});
  CHECK(replaced.size() == 2);
  CHECK(replaced[0].kind == FieldKind::kTokens);
  const Schema added = with(kSchema, {"label", FieldKind::kClass, {}, {"no", "yes"}});
  CHECK(added.size() == 3);
  CHECK(added[2].classes == std::vector<std::string>{"no", "yes"});
}

TEST_CASE("schema: every kind of field has a name of its own", "[sdk][schema]") {
  CHECK(kind_name(FieldKind::kNumber) == "number");
  CHECK(kind_name(FieldKind::kSoftClass) == "soft class");
  CHECK(kind_name(FieldKind::kSparse) == "sparse");
  CHECK(kind_name(FieldKind::kTags) == "tags");
}
