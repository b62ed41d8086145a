#include "graft/call.hpp"

#include <algorithm>

namespace graft {

Call::Call() : Call(Options{}) {}
Call::Call(Options options)
    : options_(std::make_shared<Options>(std::move(options))), asked_(std::make_shared<std::uint64_t>(0)) {}

bool Call::training() const { return options_->training; }

bool Call::wants(std::string_view output) const {
  const auto& all = options_->outputs;
  return all.empty() || std::find(all.begin(), all.end(), output) != all.end();
}

Tensor Call::tap(std::string_view point, const Tensor& value) const {
  return options_->tap ? options_->tap(point, value) : value;
}

bool Call::tapped() const { return static_cast<bool>(options_->tap); }

bool Call::active(std::string_view adapter) const {
  const auto& all = options_->adapters;
  return all.empty() || std::find(all.begin(), all.end(), adapter) != all.end();
}

at::ScalarType Call::precision() const { return options_->precision; }

Call Call::inside(std::string_view part, std::vector<std::string> outputs) const {
  Call inner = *this;
  inner.options_ = std::make_shared<Options>(*options_);
  inner.options_->outputs = std::move(outputs);
  if (options_->tap)
    inner.options_->tap = [tap = options_->tap, prefix = std::string(part) + "."](std::string_view point, const Tensor& value) {
      return tap(prefix + std::string(point), value);
    };
  return inner;
}

Rng Call::rng() const { return Rng(options_->key).fork((*asked_)++); }

}  // namespace graft
