// What the tests of steps from texts to sparse rows share.
#pragma once

#include <cstring>

#include "catch.hpp"
#include "table_case.hpp"

inline std::shared_ptr<graft::Extractor> text_step(const std::string& use, const std::string& more = "") {
  return extractors().make<graft::Extractor>(use, R"({"column": "text")" + (more.empty() ? "" : ", " + more) + "}", "words");
}

inline graft::testing::Rows text_rows(graft::Strings texts) {
  return {{{"text", graft::FieldKind::kText, {}, {}}}, graft::testing::batch({{"text", std::move(texts)}})};
}

inline graft::SparseRows sparse_of(const graft::Extractor& step, graft::Strings texts) {
  graft::Batch batch = graft::testing::batch({{"text", std::move(texts)}});
  step.transform(batch);
  return batch.sparse("words");
}

inline std::string json_members(const graft::Value& object) {
  const std::string json = graft::to_json(object);
  return json.substr(1, json.size() - 2);
}

// The vocabulary as the state writes it.
inline std::string vocabulary_text(const graft::Strings& terms) {
  std::string text;
  for (const std::string& term : terms) {
    for (const char c : term) text += c == '\n' ? "\\n" : c == '\\' ? "\\\\" : std::string(1, c);
    text += '\n';
  }
  return text;
}

// All cases of text_steps_reference.json of one component.
inline void check_reference(const std::string& use) {
  const graft::Value expected = reference("text_steps");
  const graft::Strings texts = texts_of(expected.at("texts"));
  int cases = 0;
  for (const graft::Value& one : expected.at("cases").list()) {
    if (one.at("use").text() != use) continue;
    INFO(graft::to_json(one.at("parameters")));
    ++cases;
    const auto step = text_step(use, json_members(one.at("parameters")));
    step->fit(text_rows(texts));
    if (one.at("vocabulary").is_list())
      REQUIRE(step->state().texts.at("vocabulary") == vocabulary_text(texts_of(one.at("vocabulary"))));
    const graft::SparseRows got = sparse_of(*step, texts);
    const auto* offsets = got.offsets.const_data_ptr<std::int32_t>();
    for (std::size_t row = 0; row < texts.size(); ++row) {
      const std::vector<std::int64_t> ids = integers_of(one.at("rows").list()[row].list()[0]);
      const std::vector<double> values = numbers_of(one.at("rows").list()[row].list()[1]);
      INFO("row " << row);
      REQUIRE(static_cast<std::size_t>(offsets[row + 1] - offsets[row]) == ids.size());
      for (std::size_t i = 0; i < ids.size(); ++i) {
        REQUIRE(got.ids.const_data_ptr<std::int32_t>()[offsets[row] + static_cast<int>(i)] == ids[i]);
        REQUIRE(got.values.const_data_ptr<float>()[offsets[row] + static_cast<int>(i)] == Approx(values[i]).epsilon(1e-6));
      }
    }
  }
  REQUIRE(cases > 0);
}

inline bool are_equal(const graft::SparseRows& a, const graft::SparseRows& b) {
  return a.ids.equal(b.ids) && a.values.equal(b.values) && a.offsets.equal(b.offsets) && a.width == b.width;
}
