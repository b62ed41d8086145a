#include "mixing_case.hpp"

using namespace graft;
using namespace graft::image_case;

namespace {

const std::string kBoth = R"("columns": "image", "label": "label")";

std::shared_ptr<Augmenter> vectors(const std::string& more = "") {
  return fitted("mixup", R"("columns": "v", "label": "label")" + more, {{"v", FieldKind::kVector, {2}, {}}, kLabel});
}

Batch vector_rows() {
  return testing::batch({{"v", testing::matrix({{1, 0}, {0, 1}, {-1, -1}})}, {"label", testing::integers({0, 1, 2})}});
}

}  // namespace

TEST_CASE("mixup: rows and labels move towards the next row by one share, by hand", "[augmenter][mixup]") {
  const Batch mixed = augmented(*vectors(), vector_rows(), 4);
  const Tensor v = mixed.tensor("v"), labels = mixed.tensor("label");
  for (std::int64_t row = 0; row < 3; ++row) {
    const float l = labels[row][row].item<float>();
    CHECK(l > 0);
    CHECK(labels[row][(row + 1) % 3].item<float>() == Approx(1 - l));
    const Tensor own = vector_rows().tensor("v")[row], next = vector_rows().tensor("v")[(row + 1) % 3];
    CHECK(at::allclose(v[row], own.mul(l).add(next.mul(1 - l))));
  }
}

TEST_CASE("mixup: pictures of bytes become torchvision's mixture of to_dtype(scale=True), with roll for the partner",
          "[augmenter][mixup]") {
  const Batch batch = pictures(6), mixed = augmented(*fitted("mixup", kBoth), batch, 2);
  const Tensor x = batch.tensor("image").to(at::kFloat).div(255);
  const Tensor own = at::one_hot(batch.tensor("label"), 3).to(at::kFloat),
               l = mixed.tensor("label").mul(own).sum(1).view({6, 1, 1, 1});
  CHECK(at::allclose(mixed.tensor("image"), x.mul(l).add(x.roll(-1, 0).mul(l.neg().add(1))), 1e-6, 1e-6));
  const Tensor again = augmented(*fitted("mixup", kBoth), mixed, 3).tensor("label");  // soft labels mix on
  CHECK(at::allclose(again.sum(1), at::ones({6})));
}

TEST_CASE("mixup: shares have the moments of their Beta distribution", "[augmenter][mixup]") {
  for (const double alpha : {0.2, 1.0, 2.0}) {
    const Batch batch = testing::batch({{"v", at::zeros({20000, 2})}, {"label", at::arange(20000, at::kLong).remainder(2)}});
    const Tensor labels = augmented(*vectors(", \"alpha\": " + to_json(Value(alpha))), batch, 1).tensor("label");
    const Tensor share = labels.gather(1, batch.tensor("label").unsqueeze(1)).to(at::kDouble);
    CHECK(share.mean().item<double>() == Approx(0.5).margin(0.015));
    CHECK(share.square().mean().item<double>() == Approx(beta_square(alpha)).margin(0.015));
  }
}

TEST_CASE("mixup: a row's share hangs on its id and the key alone, and the given batch stays", "[augmenter][mixup]") {
  const auto step = vectors();
  const Batch batch = vector_rows(), mixed = augmented(*step, batch, 4);
  CHECK(batch.tensor("v").equal(vector_rows().tensor("v")));
  for (const Batch& mine : augmented_on_four_threads(*step, batch, 4)) CHECK(mine.tensor("v").equal(mixed.tensor("v")));
  const Tensor moved = augmented(*step, batch.select(std::vector<std::int64_t>{2, 0, 1}), 4).tensor("label");
  for (std::int64_t row = 0; row < 3; ++row) CHECK(moved[(row + 1) % 3][row].equal(mixed.tensor("label")[row][row]));
  CHECK(!augmented(*step, batch, 5).tensor("v").equal(mixed.tensor("v")));
  CHECK(step->scope() == Augmenter::Scope::kBatch);
  CHECK(augmented(*step, batch.select(std::vector<std::int64_t>{}), 1).tensor("label").sizes() == at::IntArrayRef{0, 3});
}

TEST_CASE("mixup: rows without a label stay out of it", "[augmenter][mixup]") {
  require_unlabelled_stay(*fitted("mixup", kBoth), pictures(4).tensor("image").to(at::kFloat).div(255));
}

TEST_CASE("mixup: the label becomes soft, and what it cannot mix is refused", "[augmenter][mixup]") {
  const Schema schema = {image_field(), kLabel}, soft = fitted("mixup", kBoth)->outputs(schema);
  CHECK((soft == Schema{image_field(), {"label", FieldKind::kSoftClass, {3}, kLabel.classes}}));
  CHECK(message_of([&] { fitted("mixup", R"("columns": "label", "label": "label")")->outputs(schema); }) ==
        "[graft/mixup] column label must be image or vector, is class");
  CHECK(message_of([&] { fitted("mixup", R"("columns": "image", "label": "image")"); }) ==
        "[graft/mixup] column image must be class or soft class, is image");
  CHECK(message_of([] { fitted("mixup", kBoth + R"(, "alpha": 0)"); }).find("alpha must be > 0, got 0") != std::string::npos);
}
