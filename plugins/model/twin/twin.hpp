// Twin: two columns a row through one shared encoder, for pairs: two sentences, a question and an answer, two images.
//
//   formula  u = trunk(first), v = trunk(second);  features = [u, v] (concat) or [u, v, |u - v|] (difference)
//   reads    the columns `first`, and the columns `second`, of the same kinds and shapes one by one. The trunk sees both under the
//            names of `first`, and no other column
//   gives    "first" u [B, D], "second" v [B, D], "features" [B, 2 D] or [B, 3 D]
//   pass     one pass of the trunk over the 2 B rows, those of `first` before those of `second`: ragged rows lie end to end, so
//            nothing is padded, and dropout differs between the sides of a row
//   taps     the trunk's, as "trunk.layer.0", over 2 B rows; "first", "second", "features"
//   names    "trunk." and the trunk's; stages likewise
//   errors   Error("graft/twin") when the columns do not pair up, or the trunk gives no dense features
//   source   Bromley et al. 1993 (Siamese network); Reimers and Gurevych 2019, arXiv:1908.10084, section 3
//   differs  SBERT encodes the sides one after the other: the same but for rounding, for a trunk that treats rows one by one
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "../trunk.hpp"

namespace graft::plugins {

class Twin final : public Model {
 public:
  explicit Twin(const Config& config);
  Schema build(const Schema& inputs, Rng rng) override;
  Batch forward(const Batch& batch, const Call& call) override;
  std::vector<std::string> stages() const override;

 private:
  Schema sides(const Schema& inputs) const;  // the columns of `first`; throws when those of `second` differ
  Tensor combined(const Tensor& first, const Tensor& second) const;

  Trunk trunk_;
  std::vector<std::string> first_, second_;
  std::vector<std::pair<std::string, std::string>> renames_;  // second -> first
  bool with_difference_;
};

}  // namespace graft::plugins
