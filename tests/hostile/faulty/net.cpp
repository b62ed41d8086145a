#include "net.hpp"

#include <ATen/Functions.h>
#include <sys/mman.h>

#include "fault.hpp"
#include "graft/nn/dropout.hpp"
#include "graft/weights.hpp"

namespace faulty {
namespace {

using namespace graft;

constexpr std::int64_t kHidden = 5, kOut = 4;

// A view of memory that is given back before anybody reads it.
Tensor freed(const Tensor& y) {
  constexpr std::size_t kPage = 4096;
  void* page = ::mmap(nullptr, kPage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  const Tensor view = at::from_blob(page, y.sizes(), at::kFloat);
  ::munmap(page, kPage);
  return view;
}

std::shared_ptr<nn::Linear> layer(std::int64_t in, std::int64_t out, Rng rng) {
  return std::make_shared<nn::Linear>(in, out, rng);
}

}  // namespace

Net::Net(const Config& config) : input_(config.column("input")) {}

Schema Net::build(const Schema& inputs, Rng rng) {
  const Field& field = require(inputs, input_, {FieldKind::kVector}, "acme/net");
  first_ = register_module("first", layer(field.shape.at(0), kHidden, rng.fork("first")));
  static const auto shared = layer(kHidden, kOut, Rng(1));
  second_ = register_module("second", has("shared tensors") ? shared : layer(kHidden, kOut, rng.fork("second")));
  if (has("state outside")) secret_ = rng.fork("secret").uniform_like(at::empty({kOut}));
  if (has("unregistered parameter")) secret_ = at::zeros({kOut}).set_requires_grad(true);
  return {{"features", FieldKind::kVector, {kOut}, {}}};
}

Tensor Net::hidden(const Tensor& x, const Call& call) const {
  Tensor y = first_->forward(x, call).tanh();
  if (has("global generator")) return call.training() ? at::dropout(y, 0.5, true) : y;
  if (has("dropout in evaluation")) return y.mul(call.rng().uniform_like(y.detach()).gt(0.5)).mul(2);
  return nn::dropout(y, 0.1, call);
}

Tensor Net::given(Tensor y, const Call& call) {
  if (has("NaN")) return y.div(0).sub(y.div(0));
  if (has("wrong dtype")) return y.to(at::kDouble);
  if (has("wrong shape")) return at::cat({y, y}, 1);
  if (has("freed memory")) return freed(y);
  if (has("reused memory")) {
    buffer_.resize(static_cast<std::size_t>(y.numel()));
    const Tensor view = at::from_blob(buffer_.data(), y.sizes(), at::kFloat);
    if (!y.requires_grad()) return view.copy_(y);
  }
  if (has("wrong gradient")) return y.mul(1.5).sub(y.detach().mul(0.5));
  if (has("float alone")) return y.to(at::kFloat);
  if (has("bfloat16 ignored") && call.precision() == at::kBFloat16) return y.mul(0);
  if (has("rows that know each other")) return y.sub(y.mean(0, true));
  if (has("cannot learn")) return y.mul(1e-6);
  if (has("tap that changes") && call.tapped()) return y.add(1e-3);
  return secret_.defined() ? y.add(secret_) : y;
}

Batch Net::forward(const Batch& batch, const Call& call) {
  const Tensor& x = batch.tensor(input_);
  if (has("no empty batch")) TORCH_CHECK(x.size(0) > 0, "max(): Expected reduction dim to be specified");
  if (has("thaws what is frozen")) first_->weight.set_requires_grad(true);
  const Tensor h = hidden(x, call);
  const Tensor y = second_->forward(has("parameter without gradient") ? h.detach() : h, call);
  Batch result(std::vector<std::int64_t>(batch.row_ids().begin(), batch.row_ids().end()));
  result.set("features", call.tap("features", given(y, call)));
  return result;
}

std::vector<std::string> Net::stages() const {
  if (has("stage left out")) return {"first"};
  return {"first", "second"};
}

void Net::load_weights(const std::string& path) {
  if (!has("foreign state taken")) return Model::load_weights(path);
  const Safetensors file(path);
  for (auto& [name, tensor] : named_tensors(*this))
    if (file.has(name) && file.tensor(name).sizes() == tensor.sizes()) write_parameter(tensor, file.tensor(name));
}

}  // namespace faulty
