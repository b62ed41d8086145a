#include "count.hpp"

#include <algorithm>
#include <vector>

#include "../text/sparse_builder.hpp"
#include "graft/error.hpp"

namespace graft::plugins {
namespace {
constexpr const char* kWhere = "graft/count";
}

Count::Count(const Config& config)
    : column_(config.column("column")), output_(config.name()), vocabulary_(config, kWhere), binary_(config.flag("binary")) {}

Schema Count::outputs(const Schema& inputs) const {
  require(inputs, column_, {FieldKind::kText}, kWhere);
  return with(inputs, {output_, FieldKind::kSparse, {vocabulary_.size() > 0 ? vocabulary_.size() : -1}, {}});
}

void Count::fit(const Source& training) { vocabulary_.learn(training, column_); }

void Count::transform(Batch& batch) const {
  if (vocabulary_.size() == 0) throw Error(kWhere, "transform needs the vocabulary: call fit or restore first");
  SparseBuilder rows;
  std::vector<std::int32_t> found;
  TermVocabulary::Storage storage;
  for (const std::string& text : batch.strings(column_)) {
    vocabulary_.find(text, storage, found);
    for (auto at = found.begin(), end = at; at != found.end(); at = end) {
      end = std::upper_bound(at, found.end(), *at);
      rows.add(*at, binary_ ? 1 : static_cast<double>(end - at));
    }
    rows.end_row();
  }
  batch.set(output_, rows.take(vocabulary_.size()));
}

State Count::state() const {
  if (vocabulary_.size() == 0) return {};
  return {{}, {{"vocabulary", vocabulary_.text()}}};
}

void Count::restore(const State& state) {
  const auto terms = state.texts.find("vocabulary");
  if (terms == state.texts.end()) throw Error(kWhere, "the state must have the text vocabulary, has none");
  vocabulary_.restore(terms->second);
}

}  // namespace graft::plugins
