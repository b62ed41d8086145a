#include "adapter_case.hpp"
#include "graft/nn/dropout.hpp"

namespace {

constexpr const char* kOnQuery = R"({"probability": 0.75, "layers": ["query"]})";

Call training_call(std::uint64_t key, at::ScalarType precision = at::kFloat) {
  Call::Options options;
  options.training = true;
  options.key = key;
  options.precision = precision;
  return Call(options);
}

// A Toy with mixout on its query, whose weight has since moved; `start` is what it was.
struct Moved {
  Moved() : start(model.query->weight.detach().clone()) {
    adapter("mixout", kOnQuery)->attach(model, Rng(1));
    disturb(model);
  }
  // The weight of a pass, read off its results for the rows of an identity matrix.
  Tensor used(const Call& call) const {
    return model.query->forward(at::eye(6), call).detach().sub(model.query->bias.detach()).t();
  }
  Toy model;
  Tensor start;
};

}  // namespace

TEST_CASE("mixout: an element is the pre-trained one or what was learned times four, for probability 0.75", "[adapter][mixout]") {
  const Moved moved;
  const Tensor used = moved.used(training_call(5)), weight = moved.model.query->weight.detach();
  const Tensor learned = moved.start.add(weight.sub(moved.start), 4);
  const Tensor is_start = at::isclose(used, moved.start, 1e-5, 1e-6), is_learned = at::isclose(used, learned, 1e-5, 1e-6);
  CHECK(is_start.bitwise_xor(is_learned).all().item<bool>());
  CHECK(is_start.sum().item<std::int64_t>() > 15);  // of 30; 22.5 are expected
  CHECK(is_learned.sum().item<std::int64_t>() > 0);
}

TEST_CASE("mixout: is the formula of the authors' code, with our mask", "[adapter][mixout]") {
  const Moved moved;
  const double p = 0.75;
  const Tensor noise = nn::dropout(at::ones({5, 6}), p, training_call(5)).mul(1 - p);  // 1 where the weight is taken
  const Tensor &target = moved.start, output = moved.model.query->weight.detach();
  const Tensor theirs = (1 - noise).mul(target).add(noise.mul(output)).sub(target.mul(p)).div(1 - p);
  CHECK(relative_difference(moved.used(training_call(5)), theirs) < 1e-5);
}

TEST_CASE("mixout: the mean over passes is the weight", "[adapter][mixout]") {
  const Moved moved;
  Tensor sum = at::zeros({5, 6});
  for (std::uint64_t key = 0; key < 4000; ++key) sum.add_(moved.used(training_call(key)));
  const Tensor weight = moved.model.query->weight.detach();
  const double deviation = std::sqrt(3.0 / 4000);  // of m / (1 - p), whose variance is p / (1 - p)
  CHECK(at::all(sum.div(4000).sub(weight).abs() < weight.sub(moved.start).abs().mul(4.5 * deviation).add(1e-5)).item<bool>());
}

TEST_CASE("mixout: meets the contract of adapters; all of the model trains, and nothing is left behind", "[adapter][mixout]") {
  check_contract("mixout", "{}", kToyParameters);
  check_contract("mixout", kOnQuery, kToyParameters);
}

TEST_CASE("mixout: the start is the base in training too, and evaluation always uses the weight itself", "[adapter][mixout]") {
  Toy model, plain;
  const Tensor x = toy_input();
  adapter("mixout")->attach(model, Rng(1));
  CHECK(at::equal(model.run(x, training_call(3)), plain.run(x, training_call(3))));
  disturb(model);
  disturb(plain);
  CHECK(at::equal(model.run(x), plain.run(x)));
  CHECK_FALSE(at::equal(model.run(x, training_call(3)), plain.run(x, training_call(3))));
  CHECK(at::equal(model.run(x, training_call(3)), model.run(x, training_call(3))));
  CHECK_FALSE(at::equal(model.run(x, training_call(3)), model.run(x, training_call(4))));
}

TEST_CASE("mixout: in evaluation not a bit of the weight is lost beside a far greater pre-trained one", "[adapter][mixout]") {
  Toy model, plain;
  const Tensor small = model.query->weight.detach().clone();
  at::NoGradGuard no_grad;
  write_parameter(model.query->weight, at::full({5, 6}, 1e6));
  adapter("mixout", kOnQuery)->attach(model, Rng(1));
  write_parameter(model.query->weight, small);
  CHECK(at::equal(model.run(toy_input()), plain.run(toy_input())));
}

TEST_CASE("mixout: bfloat16 and the fused GELU use the same mixed weight", "[adapter][mixout]") {
  const Moved moved;
  const Tensor x = toy_input();
  const Tensor y = moved.model.query->forward(x, training_call(5)).detach();
  const Tensor half = moved.model.query->forward(x, training_call(5, at::kBFloat16)).detach();
  CHECK(half.scalar_type() == at::kBFloat16);
  CHECK(relative_difference(half.to(at::kFloat), y) < 2e-2);
  CHECK(relative_difference(moved.model.query->forward_gelu(x, training_call(5)).detach(), at::gelu(y)) < 1e-6);
}

TEST_CASE("mixout: gradients are those of central differences, in training", "[adapter][mixout]") {
  Toy model;
  adapter("mixout", R"({"probability": 0.5})")->attach(model, Rng(4));
  disturb(model);
  model.to(at::kDouble);
  const Tensor x = toy_input().to(at::kDouble);
  CHECK(worst_gradient([&] { return model.run(x, training_call(7)).sin().sum(); }, model.parameters()) < 1e-6);
  CHECK(worst_toy_gradient("mixout", "{}") < 1e-8);
}

TEST_CASE("mixout: a layer that does not train, or is not there, is refused", "[adapter][mixout]") {
  Toy model;
  CHECK(message_of([&] { adapter("mixout", R"({"layers": ["qurey"]})")->attach(model, Rng(1)); }) ==
        "[graft/mixout] layers: no linear layer of this model has a name that ends in qurey, did you mean query? (they end in "
        "dense, query)");
  adapter("lora", R"({"layers": ["query"]})")->attach(model, Rng(1));
  CHECK(message_of([&] { adapter("mixout", R"({"layers": ["query"]})")->attach(model, Rng(1)); }) ==
        "[graft/mixout] self.query does not train, as an earlier adapter has it: mixout is for full fine-tuning");
}
