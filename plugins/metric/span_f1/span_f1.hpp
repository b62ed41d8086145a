// SpanF1: the harmonic mean of precision and recall over whole spans of tags: what named entity recognition is judged by.
//
//   formula      2 hits / (true spans + predicted spans); a hit has the same first and last word and the same type; 0 where there
//                are no spans at all
//   predictions  label: Ragged int64 [N], N words; kMissingClass (cut off) counts as O
//   truth        Ragged int64 [N], tags O, B-x, I-x (in the mode default also E-x, S-x)
//   missing      kMissingClass: the word is taken out of its row before spans are read, in truth and prediction
//   spans        see spans.hpp; a span lies in one row
//   value        in [0, 1]; NaN when no word has a tag
//   source       seqeval 1.2.2, f1_score with average="micro": mode "default", or "strict" with scheme=IOB2
//   errors       Error when the target is no tags, its tags are none of these, or rows differ in words
#pragma once

#include <string>
#include <vector>

#include "graft/config.hpp"
#include "graft/metric.hpp"
#include "spans.hpp"

namespace graft::plugins {

class SpanF1 final : public Metric {
 public:
  explicit SpanF1(const Config& config);
  void build(const Schema& predictions, const Field& target) override;
  void update(const Batch& predictions, const Batch& truth) override;
  void merge(const Metric& other) override;
  double value() const override;

 private:
  void add_row(std::span<const std::int64_t> predicted, std::span<const std::int64_t> truth);
  SpanTag tag_of(std::int64_t label) const;

  SpanMode mode_;
  std::string target_;
  std::vector<SpanTag> tags_;  // [C]
  std::int64_t words_ = 0, hits_ = 0, true_ = 0, predicted_ = 0;
};

}  // namespace graft::plugins
