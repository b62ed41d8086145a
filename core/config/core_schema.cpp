#include "core/config/core_schema.hpp"

namespace graft::core {
namespace {

constexpr char kSections[] = R"json({
"type": "object", "additionalProperties": false, "required": ["data", "model", "heads"],
"properties": {
  "$schema": {"type": "string", "description": "the JSON Schema that editors use; graft ignores it"},
  "graft": {"type": "integer", "enum": [1], "default": 1, "description": "version of the config's format"},
  "run": {"type": "object", "default": {}, "description": "how the run is carried out", "properties": {
    "seed": {"type": "integer", "minimum": 0, "default": 1, "description": "seed of the order of rows, initial weights, dropout and augmentation"},
    "device": {"type": "string", "enum": ["auto", "cpu", "cuda"], "default": "auto", "description": "where the model runs; auto: CUDA where there is a device, else the CPU. CUDA_VISIBLE_DEVICES chooses among several"},
    "precision": {"type": "string", "enum": ["auto", "fp32", "bf16"], "default": "auto", "description": "arithmetic of the model; auto: bf16 where the hardware has it and is faster in it, else fp32"},
    "epochs": {"type": "integer", "minimum": 1, "default": 3, "description": "passes over the rows that carry labels, all phases together"},
    "batch_size": {"type": ["integer", "string"], "enum": ["all"], "minimum": 1, "default": 32, "description": "rows in a batch; all: every row in each step"},
    "batch_tokens": {"type": ["integer", "null"], "minimum": 1, "default": null, "description": "in place of batch_size: the most tokens in a batch, before augmentation, at least 3 times the longest row; null: batch_size rows"},
    "memory_mb": {"type": ["integer", "null"], "minimum": 64, "default": null, "description": "what tensors on the CPU may take; a batch that needs more is run in parts, to the same gradient. null: nine tenths of what is free at the start"},
    "sampling": {"type": ["string", "number"], "enum": ["proportional", "uniform", "round_robin"], "minimum": 1, "default": "proportional", "description": "how streams share the batches: by their rows; each alike; alike and in turn; or by rows^(1 / T) for a temperature T. data.<stream>.sampling goes over it"},
    "accumulate": {"type": "integer", "minimum": 1, "default": 1, "description": "batches whose gradients make one optimizer step"},
    "steps": {"type": ["integer", "null"], "minimum": 1, "default": null, "description": "stop after so many optimizer steps; null: when the epochs are done"},
    "threads": {"type": "integer", "minimum": 0, "maximum": 1024, "default": 0, "description": "CPU threads of the model; 0: one a core"},
    "loader_threads": {"type": "integer", "minimum": 0, "maximum": 1024, "default": 1, "description": "threads that prepare batches ahead; 0: none"}
  }},
  "data": {"type": "object", "entries": "stream", "description": "the streams of rows", "additionalProperties":
    {"type": "object", "required": ["source"], "description": "one stream of rows", "properties": {
      "source": {"format": "component:source", "description": "where the rows come from"},
      "split": {"type": "object", "default": {}, "description": "which rows train, choose the best step, and test", "properties": {
        "train": {"type": ["object", "null"], "format": "component:source", "default": null, "description": "a source of its own for the training rows, merged over the stream's"},
        "valid": {"type": ["number", "object", "null"], "format": "component:source", "minimum": 0, "exclusiveMaximum": 1, "default": null, "description": "share of the rows that choose the best step (0.1 when left out), or a source of their own"},
        "test": {"type": ["number", "object", "null"], "format": "component:source", "minimum": 0, "exclusiveMaximum": 1, "default": null, "description": "share of the rows that test (0.1 when left out), or a source of their own"},
        "column": {"type": ["string", "null"], "default": null, "description": "the column that says train, valid or test; null: shares by the hash of the row"},
        "seed": {"type": "integer", "minimum": 0, "default": 1, "description": "seed of the shares; apart from run.seed, so that seeds share a test set"},
        "train_rows": {"type": ["integer", "null"], "minimum": 1, "default": null, "description": "train on so many of the training rows, as many of each value of `stratify` where it is set; null: on all"},
        "train_seed": {"type": "integer", "minimum": 0, "default": 1, "description": "which rows those are; the rows that choose and test stay the same"},
        "stratify": {"type": ["string", "null"], "default": null, "description": "the column whose values keep their shares in every split"},
        "group": {"type": ["string", "null"], "default": null, "description": "the column whose equal values stay on one side"}
      }},
      "pipeline": {"type": "object", "entries": "step", "default": {}, "description": "steps of this stream alone, before the common ones", "additionalProperties":
        {"format": "component:step", "description": "one step", "properties": {
          "before": {"type": "string", "description": "the step that this one is placed before"},
          "output": {"type": ["string", "null"], "default": null, "description": "the column it makes; null: the step's name"}}}},
      "batch_size": {"type": ["integer", "string", "null"], "enum": ["all"], "minimum": 1, "default": null, "description": "rows of this stream in a batch; null: run.batch_size"},
      "sampling": {"type": ["number", "null"], "exclusiveMinimum": 0, "default": null, "description": "share of the batches relative to the other streams, whose rows then begin again sooner or later; null: its share of the rows"},
      "resample": {"type": ["object", "null"], "default": null, "required": ["method", "by"], "description": "more training rows of rare classes, or fewer of common ones, as they are before the first augmenter; null: all once", "properties": {
        "method": {"type": "string", "enum": ["over", "under", "smote"], "description": "draw rows again, leave rows out, or add rows between neighbours"},
        "by": {"type": "string", "description": "the class column"},
        "columns": {"type": ["string", "array", "null"], "items": {"type": "string"}, "minItems": 1, "default": null, "description": "of smote: the numbers and vectors that neighbours are near in and new rows lie between"},
        "ratio": {"type": "number", "exclusiveMinimum": 0, "maximum": 1, "default": 1.0, "description": "rows of the rarest class over those of the most common one, afterwards"},
        "neighbours": {"type": "integer", "minimum": 1, "default": 5, "description": "of smote: how many nearest rows of its class a row may be joined with"}}}
    }}},
  "pipeline": {"type": "object", "entries": "step", "default": {}, "description": "steps from columns to columns, in order", "additionalProperties":
    {"format": "component:step", "description": "one step", "properties": {
      "before": {"type": "string", "description": "the step that this one is placed before"},
      "streams": {"type": ["array", "string", "null"], "items": {"type": "string"}, "minItems": 1, "default": null, "description": "the streams it runs on; null: all"},
      "output": {"type": ["string", "null"], "default": null, "description": "the column it makes; null: the step's name"},
      "fit_on": {"type": ["array", "string", "null"], "items": {"type": "string"}, "minItems": 1, "default": null, "description": "the streams whose training rows it is fitted on; null: those that carry labels"}}}},
  "model": {"format": "component:model", "description": "from columns to features"},
  "adapters": {"type": "object", "entries": "adapter", "default": {}, "description": "small trainable changes to the model", "additionalProperties":
    {"format": "component:adapter", "description": "one change to the model", "properties": {
      "heads": {"type": ["array", "string", "null"], "items": {"type": "string"}, "minItems": 1, "default": null, "description": "the heads that alone see the model through it, in a pass of their own; null: all"}}}},
  "heads": {"type": "object", "entries": "head", "description": "from features to predictions", "additionalProperties":
    {"format": "component:head", "description": "one prediction problem", "properties": {
      "metrics": {"type": "object", "entries": "metric", "default": {}, "description": "what is measured; the first one is the head's own", "additionalProperties":
        {"format": "component:metric", "description": "one number that is measured"}},
      "streams": {"type": ["array", "string", "null"], "items": {"type": "string"}, "minItems": 1, "default": null, "description": "the streams it trains on; null: those that have its target column"},
      "weight": {"type": "number", "minimum": 0, "default": 1.0, "description": "factor of its loss"},
      "patience": {"type": ["integer", "null"], "minimum": 1, "default": null, "description": "this head stops learning after so many evaluations in which its first metric got no better; the others go on. null: never"},
      "baseline": {"type": ["string", "null"], "format": "path", "default": null, "description": "folder of a finished run that this head should not do worse than on the test rows that both predicted; a warning says when it does"}}}},
  "task": {"format": "component:task", "default": {"use": "graft/transfer"}, "description": "how a step learns", "properties": {
    "streams": {"type": "object", "default": {}, "description": "which streams play which role: a name, a list, or * for all",
                "additionalProperties": {"type": ["array", "string"], "items": {"type": "string"}, "minItems": 1, "description": "the streams of this role"}}}},
  "phases": {"type": "object", "entries": "phase", "default": {}, "description": "what trains when; none: everything, in all epochs. A model of which nothing trains runs without dropout", "additionalProperties":
    {"type": "object", "description": "one phase", "properties": {
      "epochs": {"type": ["integer", "null"], "minimum": 1, "default": null, "description": "its length; the last phase may leave it out and takes the rest"},
      "train": {"type": "array", "items": {"type": "string"}, "minItems": 1, "default": ["*"], "description": "stages or name patterns that train: heads all heads, * everything, !name takes out"},
      "rate": {"type": "number", "exclusiveMinimum": 0, "default": 1.0, "description": "factor on the learning rate"},
      "layer_decay": {"type": "number", "exclusiveMinimum": 0, "maximum": 1, "default": 1.0, "description": "factor on the rate for each stage away from the heads"},
      "rates": {"type": "object", "default": {}, "description": "factors on the rate by stage or name pattern, over layer_decay; the last one that fits counts", "additionalProperties":
        {"type": "number", "exclusiveMinimum": 0, "description": "factor on the learning rate of these parameters"}}}}},
  "optimizer": {"format": "component:optimizer", "default": {"use": "graft/adamw"}, "description": "how gradients change weights"},
  "schedule": {"format": "component:schedule", "default": {"use": "graft/linear"}, "description": "how the learning rate moves over the run"},
  "average": {"format": "component:average", "default": {"use": "graft/none"}, "description": "which average of the weights is evaluated and saved"},
  "evaluate": {"type": "object", "default": {}, "description": "when to measure, and what is best", "properties": {
    "every": {"type": ["string", "integer"], "enum": ["epoch"], "minimum": 1, "default": "epoch", "description": "epoch, or a number of optimizer steps"},
    "best": {"type": ["string", "null"], "default": null, "description": "the metric that picks the best step, by a suffix that is unique; mean: the mean over the heads of each one's first metric, mean/f1: of that metric, where one that is better when lower counts with a minus beside others; null: the first head's first"},
    "patience": {"type": ["integer", "null"], "minimum": 1, "default": null, "description": "stop after so many evaluations without a better one; null: never"}}},
  "checkpoint": {"type": "object", "default": {}, "description": "what a stopped run can go on from", "properties": {
    "every": {"type": "integer", "minimum": 1, "default": 200, "description": "optimizer steps between checkpoints"},
    "keep": {"type": "integer", "minimum": 1, "default": 2, "description": "checkpoints that stay, besides the best"}}},
  "plugins": {"type": "object", "default": {}, "description": "packages that the file needs, with versions",
              "additionalProperties": {"type": "string", "description": "a version like >=0.1"}}
}})json";

// The host's keys of a step that holds an augmenter.
constexpr char kAugmenterKeys[] = R"json({"properties": {
  "p": {"type": ["number", "object"], "minimum": 0, "maximum": 1, "default": 1.0, "description": "chance of each row to be augmented; by class of the column `by`: {\"negative\": 0.8, \"*\": 0.2}, where * is for the other classes and for rows without a label", "additionalProperties":
    {"type": "number", "minimum": 0, "maximum": 1, "description": "chance of each row of this class"}},
  "by": {"type": ["string", "null"], "default": null, "description": "the class column that p goes by"},
  "until_epoch": {"type": ["integer", "null"], "minimum": 1, "default": null, "description": "the last epoch in which rows are augmented; null: all"},
  "one_of": {"type": ["string", "null"], "default": null, "description": "a name that several augmenters share: each row goes through one of them, by chance; null: through each"}
}})json";

constexpr char kComponents[] = R"json({
"optimizer": [
  {"name": "graft/adamw", "summary": "Adam with decoupled weight decay.", "params": {"type": "object", "properties": {
    "learning_rate": {"type": "number", "exclusiveMinimum": 0, "default": 5e-5, "description": "step size at the schedule's peak"},
    "weight_decay": {"type": "number", "minimum": 0, "default": 0.01, "description": "decay of weights (not of biases and norms), times the learning rate"},
    "beta1": {"type": "number", "minimum": 0, "exclusiveMaximum": 1, "default": 0.9, "description": "memory of the gradient's mean"},
    "beta2": {"type": "number", "minimum": 0, "exclusiveMaximum": 1, "default": 0.999, "description": "memory of its square"},
    "epsilon": {"type": "number", "exclusiveMinimum": 0, "default": 1e-8, "description": "keeps the division finite"},
    "clip": {"type": "number", "minimum": 0, "default": 1.0, "description": "largest global norm of the gradient; 0: off"}}}},
  {"name": "graft/sgd", "summary": "Stochastic gradient descent, with momentum if asked.", "params": {"type": "object", "properties": {
    "learning_rate": {"type": "number", "exclusiveMinimum": 0, "default": 0.01, "description": "step size at the schedule's peak"},
    "momentum": {"type": "number", "minimum": 0, "exclusiveMaximum": 1, "default": 0.0, "description": "memory of past steps"},
    "nesterov": {"type": "boolean", "default": false, "description": "look ahead along the momentum"},
    "weight_decay": {"type": "number", "minimum": 0, "default": 0.0, "description": "L2 penalty on weights (not on biases and norms)"},
    "clip": {"type": "number", "minimum": 0, "default": 0.0, "description": "largest global norm of the gradient; 0: off"}}}},
  {"name": "graft/lbfgs", "solves": true, "summary": "The minimum of the heads' loss on all rows in one step, to a gradient of `tolerance`: logistic regression, linear SVM.", "params": {"type": "object", "properties": {
    "C": {"type": ["number", "null"], "exclusiveMinimum": 0, "default": 1.0, "description": "the penalty |w|^2 / (2 C rows) on the heads' weights (not their biases) is added to the mean loss; null: none"},
    "tolerance": {"type": "number", "exclusiveMinimum": 0, "default": 1e-9, "description": "the largest entry of the gradient that ends it"},
    "iterations": {"type": "integer", "minimum": 1, "default": 1000, "description": "the most iterations in a step of the run"},
    "history": {"type": "integer", "minimum": 1, "maximum": 100, "default": 10, "description": "changes of the gradient that it remembers"}}}},
  {"name": "graft/least_squares", "solves": true, "summary": "The exact minimum of a square loss on all rows in one step: ridge regression, by the head regress with mse.", "params": {"type": "object", "properties": {
    "alpha": {"type": "number", "minimum": 0, "default": 1.0, "description": "the penalty alpha |w|^2 / rows on the heads' weights (not their biases) is added to the mean square, both of the standardised target"},
    "tolerance": {"type": "number", "exclusiveMinimum": 0, "default": 1e-9, "description": "the largest entry of the gradient that ends it"}}}}],
"schedule": [
  {"name": "graft/linear", "summary": "Up during warm-up, then a straight line to 0.", "params": {"type": "object", "properties": {
    "warmup": {"type": "number", "minimum": 0, "default": 0.0, "description": "share of the steps that the rate rises, or their number when over 1"}}}},
  {"name": "graft/cosine", "summary": "Up during warm-up, then half a cosine to 0.", "params": {"type": "object", "properties": {
    "warmup": {"type": "number", "minimum": 0, "default": 0.0, "description": "share of the steps that the rate rises, or their number when over 1"}}}},
  {"name": "graft/slanted_triangular", "summary": "A short way up, a long way down, from a fraction of the rate and back to it.", "params": {"type": "object", "properties": {
    "warmup": {"type": "number", "minimum": 0, "default": 0.1, "description": "share of the steps that the rate rises, or their number when over 1"},
    "ratio": {"type": "number", "minimum": 1, "default": 32, "description": "the peak over the first and last rate"}}}},
  {"name": "graft/constant", "summary": "Up during warm-up, then level.", "params": {"type": "object", "properties": {
    "warmup": {"type": "number", "minimum": 0, "default": 0.0, "description": "share of the steps that the rate rises, or their number when over 1"}}}}],
"average": [
  {"name": "graft/none", "summary": "The weights as they are.", "params": {"type": "object", "properties": {}}},
  {"name": "graft/ema", "summary": "A moving average of the weights over steps.", "params": {"type": "object", "properties": {
    "decay": {"type": "number", "minimum": 0, "exclusiveMaximum": 1, "default": 0.999, "description": "what is kept of the average in a step; less in the first steps"}}}},
  {"name": "graft/swa", "summary": "The mean of the weights over the last part of the run.", "params": {"type": "object", "properties": {
    "start": {"type": "number", "minimum": 0, "exclusiveMaximum": 1, "default": 0.75, "description": "share of the run's steps after which the mean begins"},
    "every": {"type": "integer", "minimum": 1, "default": 1, "description": "optimizer steps between the weights that are averaged"}}}},
  {"name": "graft/soup", "summary": "The mean of the weights of the run's best evaluations, those that do not make it worse.", "params": {"type": "object", "properties": {
    "keep": {"type": "integer", "minimum": 2, "maximum": 100, "default": 5, "description": "the best evaluations whose weights are kept, on disk, and tried"}}}}]
})json";

Value with_augmenter_keys(Value schema) {
  const Value keys = parse_json(kAugmenterKeys, "core_schema");
  Value& properties = *schema.find("properties");
  Value& stream = *properties.find("data")->find("additionalProperties")->find("properties");
  for (Value* steps : {properties.find("pipeline"), stream.find("pipeline")})
    steps->find("additionalProperties")->set("augmenter", keys);
  return schema;
}

}  // namespace

const Value& core_schema() {
  static const Value schema = with_augmenter_keys(parse_json(kSections, "core_schema"));
  return schema;
}

const Value::List& core_components(std::string_view kind) {
  static const Value components = parse_json(kComponents, "core_components");
  static const Value::List none;
  const Value* found = components.find(kind);
  return found ? found->list() : none;
}

}  // namespace graft::core
