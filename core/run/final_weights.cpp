#include "core/run/final_weights.hpp"

#include <filesystem>

#include "graft/error.hpp"

namespace graft::core {
namespace {

// Weights of the best step, where there is one, else those of the last.
std::int64_t take_best(Network& network, const Training& training, const Checkpoints& checkpoints) {
  if (!training.selection().has_best()) return training.progress().step;
  const auto best = checkpoints.best();
  if (!best)
    throw Error("checkpoint", "the best checkpoint, of step " + std::to_string(training.selection().step()) + ", is gone");
  network.load_changing(*best + "/weights.safetensors");
  return training.selection().step();
}

void take_mean(Network& network, const std::vector<std::int64_t>& steps, const Checkpoints& checkpoints) {
  std::vector<std::string> files;
  for (const std::int64_t step : steps) {
    files.push_back(checkpoints.weights_of(step));
    if (!std::filesystem::exists(files.back()))
      throw Error("checkpoint", "the weights of step " + std::to_string(step) + ", which the soup needs, are gone");
  }
  network.load_changing(mean_of(files));
}

Mix take_soup(Assembly& assembly, const Training& training, const Checkpoints& checkpoints, Loader& loader) {
  const Selection& selection = training.selection();
  const auto value_of = [&](const std::vector<std::int64_t>& steps) {
    take_mean(assembly.network, steps, checkpoints);
    return selection.value_in(evaluate(assembly.network, assembly.rows, "valid", {}, loader));
  };
  Mix mix = mix_greedily(training.soup().best_first(), selection.higher_is_better(), value_of);
  take_mean(assembly.network, mix.steps, checkpoints);
  return mix;
}

}  // namespace

FinalWeights take_final_weights(Assembly& assembly, const Training& training, const Checkpoints& checkpoints, Loader& loader) {
  if (training.soup().best_first().empty()) return {take_best(assembly.network, training, checkpoints), {}};
  return {training.selection().step(), take_soup(assembly, training, checkpoints, loader)};
}

}  // namespace graft::core
