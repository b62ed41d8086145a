#include "core/train/adamw.hpp"
#include "core/train/lbfgs.hpp"
#include "core/train/least_squares.hpp"
#include "core/train/sgd.hpp"
#include "graft/error.hpp"

namespace graft::core {

std::unique_ptr<Optimizer> make_optimizer(const Value& config) {
  auto number = [&](const char* key) { return config.at(key).number(); };
  const std::string& use = config.at("use").text();
  if (use == "graft/adamw")
    return std::make_unique<AdamW>(AdamW::Options{number("learning_rate"), number("weight_decay"), number("beta1"),
                                                  number("beta2"), number("epsilon"), number("clip")});
  if (use == "graft/sgd")
    return std::make_unique<Sgd>(Sgd::Options{number("learning_rate"), number("momentum"), number("weight_decay"),
                                              config.at("nesterov").flag(), number("clip")});
  if (use == "graft/lbfgs")
    return std::make_unique<Lbfgs>(Lbfgs::Options{config.at("C").is_null() ? 0 : 1 / number("C"), number("tolerance"),
                                                  config.at("iterations").integer(), config.at("history").integer()});
  if (use == "graft/least_squares")
    return std::make_unique<LeastSquares>(LeastSquares::Options{2 * number("alpha"), number("tolerance")});
  throw Error("optimizer", "must be adamw, sgd, lbfgs or least_squares, got " + use);
}

}  // namespace graft::core
