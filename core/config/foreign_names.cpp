#include "core/config/foreign_names.hpp"

#include <algorithm>
#include <utility>

namespace graft::core {
namespace {

using Name = std::pair<std::string_view, std::string_view>;

// Hugging Face Trainer, PyTorch, Lightning, Keras, scikit-learn, YOLO.
constexpr Name kForeign[] = {
    {"lr", "optimizer.learning_rate"},
    {"base_lr", "optimizer.learning_rate"},
    {"lr0", "optimizer.learning_rate"},
    {"learning_rate_init", "optimizer.learning_rate"},
    {"weight_decay_rate", "optimizer.weight_decay"},
    {"wd", "optimizer.weight_decay"},
    {"adam_beta1", "optimizer.beta1"},
    {"adam_beta2", "optimizer.beta2"},
    {"adam_epsilon", "optimizer.epsilon"},
    {"eps", "optimizer.epsilon"},
    {"max_grad_norm", "optimizer.clip"},
    {"gradient_clip_val", "optimizer.clip"},
    {"clip_grad_norm", "optimizer.clip"},
    {"clipnorm", "optimizer.clip"},
    {"optim", "optimizer.use"},
    {"lr_scheduler", "schedule"},
    {"lr_scheduler_type", "schedule.use"},
    {"scheduler", "schedule"},
    {"warmup_ratio", "schedule.warmup"},
    {"warmup_steps", "schedule.warmup"},
    {"num_warmup_steps", "schedule.warmup"},
    {"num_train_epochs", "run.epochs"},
    {"num_epochs", "run.epochs"},
    {"n_epochs", "run.epochs"},
    {"max_epochs", "run.epochs"},
    {"max_iter", "run.epochs"},
    {"max_steps", "run.steps"},
    {"per_device_train_batch_size", "run.batch_size"},
    {"train_batch_size", "run.batch_size"},
    {"bs", "run.batch_size"},
    {"gradient_accumulation_steps", "run.accumulate"},
    {"accumulate_grad_batches", "run.accumulate"},
    {"random_state", "run.seed"},
    {"random_seed", "run.seed"},
    {"dataloader_num_workers", "run.loader_threads"},
    {"num_workers", "run.loader_threads"},
    {"workers", "run.loader_threads"},
    {"fp16", "run.precision"},
    {"bf16", "run.precision"},
    {"accelerator", "run.device"},
    {"use_cpu", "run.device"},
    {"early_stopping_patience", "evaluate.patience"},
    {"metric_for_best_model", "evaluate.best"},
    {"monitor", "evaluate.best"},
    {"eval_steps", "evaluate.every"},
    {"eval_strategy", "evaluate.every"},
    {"evaluation_strategy", "evaluate.every"},
    {"val_check_interval", "evaluate.every"},
    {"save_steps", "checkpoint.every"},
    {"save_total_limit", "checkpoint.keep"},
    {"save_top_k", "checkpoint.keep"},
    {"test_size", "data.<stream>.split.test"},
    {"validation_split", "data.<stream>.split.valid"},
    {"val_split", "data.<stream>.split.valid"},
    {"layerwise_learning_rate_decay", "phases.<phase>.layer_decay"},
    {"layer_wise_lr_decay", "phases.<phase>.layer_decay"},
    {"llrd", "phases.<phase>.layer_decay"},
    {"model_name_or_path", "model.weights"},
    {"pretrained_model_name_or_path", "model.weights"},
};

// graft's own names, written in a section that does not have them.
constexpr Name kElsewhere[] = {
    {"learning_rate", "optimizer.learning_rate"},
    {"weight_decay", "optimizer.weight_decay"},
    {"clip", "optimizer.clip"},
    {"warmup", "schedule.warmup"},
    {"epochs", "run.epochs"},
    {"batch_size", "run.batch_size"},
    {"seed", "run.seed"},
    {"device", "run.device"},
    {"precision", "run.precision"},
    {"accumulate", "run.accumulate"},
    {"patience", "evaluate.patience"},
    {"layer_decay", "phases.<phase>.layer_decay"},
    {"metrics", "heads.<head>.metrics"},
    {"split", "data.<stream>.split"},
    {"source", "data.<stream>.source"},
};

template <std::size_t N>
std::string_view meaning(const Name (&names)[N], std::string_view key) {
  const auto found = std::find_if(std::begin(names), std::end(names), [&](const Name& name) { return name.first == key; });
  return found == std::end(names) ? std::string_view() : found->second;
}

}  // namespace

std::string_view graft_name(std::string_view key) { return meaning(kForeign, key); }

Problem in_graft_words(Problem problem) {
  constexpr std::string_view kUnknown = " is not a parameter";
  const std::size_t end = problem.text.find(kUnknown);
  if (end == std::string::npos) return problem;
  const std::string name = problem.text.substr(0, end);
  const std::string key = name.substr(name.rfind('.') + 1);
  const bool has_hint = problem.text.find("did you mean", end) != std::string::npos;
  std::string_view ours = graft_name(key);
  if (ours.empty() && !has_hint) ours = meaning(kElsewhere, key);
  if (!ours.empty()) problem.text = name + std::string(kUnknown) + ", graft calls it " + std::string(ours);
  return problem;
}

}  // namespace graft::core
