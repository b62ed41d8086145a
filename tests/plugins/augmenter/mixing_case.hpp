// What the tests of mixup and cutmix share: fitted steps, and labels by which a row's share can be told.
#pragma once

#include "image_case.hpp"

namespace graft::image_case {

inline std::shared_ptr<Augmenter> fitted(const std::string& name, const std::string& parameters,
                                         const Schema& schema = {image_field(), kLabel}) {
  auto augmenter = augmenters().make<Augmenter>("graft/" + name, "{" + parameters + "}");
  augmenter->fit(testing::Rows(schema, pictures(1)));
  return augmenter;
}

// The mean of x and of x^2 of Beta(alpha, alpha).
inline double beta_square(double alpha) { return (alpha + 1) / (2 * (2 * alpha + 1)); }

// Rows without a label, and those whose partner has none, stay; their label becomes a distribution or nothing.
inline void require_unlabelled_stay(const Augmenter& augmenter, const Tensor& unmixed) {
  Batch batch = pictures(4);
  batch.set("label", testing::integers({0, kMissingClass, 2, 1}));
  const Batch mixed = augmented(augmenter, batch, 1);
  const Tensor labels = mixed.tensor("label");
  CHECK(mixed.tensor("image")[0].equal(unmixed[0]));
  CHECK(mixed.tensor("image")[1].equal(unmixed[1]));
  CHECK(labels[0].equal(at::tensor({1.0F, 0.0F, 0.0F})));
  CHECK(labels[1].sum().item<double>() == 0);
  CHECK(labels[2].sum().item<double>() == Approx(1));
}

}  // namespace graft::image_case
