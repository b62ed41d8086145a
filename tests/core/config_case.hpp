// A catalog in memory and a folder of config files, for tests of the config.
#pragma once

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "core/config/catalog.hpp"
#include "core/config/resolve.hpp"
#include "graft/value.hpp"

namespace graft::core {

class MemoryCatalog : public Catalog {
 public:
  explicit MemoryCatalog(const std::string& provides) {
    const Value list = parse_json(provides, "catalog");
    for (const Value& entry : list.list())
      components_.push_back(
          {*kind_from(entry.at("kind").text()), entry.at("name").text(), entry, "graft-" + entry.at("kind").text(), ""});
  }

  const Component* find(Kind kind, std::string_view name) const override {
    for (const Component& component : components_)
      if (component.kind == kind && component.name == name) return &component;
    return nullptr;
  }

  std::vector<const Component*> all() const override {
    std::vector<const Component*> all;
    for (const Component& component : components_) all.push_back(&component);
    return all;
  }

 private:
  std::vector<Component> components_;
};

inline const Catalog& sample_catalog() {
  static const MemoryCatalog catalog(R"([
    {"kind": "source", "name": "graft/csv", "summary": "rows of a text file", "params": {"required": ["path"], "properties": {
      "path": {"type": "string", "format": "path", "description": "the file"},
      "delimiter": {"type": "string", "default": ",", "description": "between cells"},
      "columns": {"type": "array", "items": {"type": "string"}, "default": [], "description": "names"},
      "types": {"type": "object", "additionalProperties": {"enum": ["text", "number"]}, "default": {}, "description": "by column"}}}},
    {"kind": "source", "name": "graft/jsonl", "summary": "one object a line", "params": {"required": ["path"], "properties": {
      "path": {"type": "string", "format": "path", "description": "the file"}}}},
    {"kind": "extractor", "name": "graft/binarize", "summary": "two classes", "params": {"required": ["column"], "properties": {
      "column": {"type": "string", "format": "column", "description": "number"},
      "threshold": {"type": "number", "default": 0, "description": "over it is the second class"},
      "classes": {"type": "array", "items": {"type": "string"}, "minItems": 2, "maxItems": 2, "default": ["0", "1"], "description": "names"}}}},
    {"kind": "extractor", "name": "graft/wordpiece", "summary": "tokens", "params": {"required": ["column", "vocabulary"], "properties": {
      "column": {"type": "string", "format": "column", "description": "text"},
      "vocabulary": {"type": "string", "format": "path", "description": "tokenizer.json"},
      "max_length": {"type": "integer", "minimum": 2, "maximum": 512, "default": 128, "description": "most tokens"},
      "lower": {"type": "boolean", "default": true, "description": "lower case"}}}},
    {"kind": "augmenter", "name": "graft/eda", "summary": "changes words", "changes": ["column"], "params": {"required": ["column"], "properties": {
      "column": {"type": "string", "format": "column", "description": "text"},
      "share": {"type": "number", "exclusiveMinimum": 0, "maximum": 1, "default": 0.1, "description": "share of words"}}}},
    {"kind": "model", "name": "graft/bert", "summary": "BERT", "params": {"required": ["input"], "properties": {
      "input": {"type": "string", "format": "column", "description": "tokens"},
      "weights": {"type": ["string", "null"], "format": "path", "default": null, "description": "safetensors"}}}},
    {"kind": "model", "name": "graft/identity", "summary": "features as they are", "params": {"required": ["input"], "properties": {
      "input": {"format": "columns", "description": "columns"}}}},
    {"kind": "model", "name": "graft/twin", "summary": "one trunk, two texts", "params": {"required": ["trunk"], "properties": {
      "trunk": {"format": "component:model", "description": "the shared model"},
      "share": {"type": "boolean", "default": true, "description": "one set of weights"}}}},
    {"kind": "adapter", "name": "graft/lora", "summary": "low rank", "params": {"properties": {
      "rank": {"type": "integer", "minimum": 1, "default": 8, "description": "rank"}}}},
    {"kind": "head", "name": "graft/classify", "summary": "classes", "params": {"required": ["target"], "properties": {
      "target": {"type": "string", "format": "column", "description": "label"},
      "smoothing": {"type": "number", "minimum": 0, "exclusiveMaximum": 1, "default": 0.0, "description": "label smoothing"}}}},
    {"kind": "head", "name": "graft/regress", "summary": "a number", "params": {"required": ["target"], "properties": {
      "target": {"type": "string", "format": "column", "description": "label"}}}},
    {"kind": "metric", "name": "graft/accuracy", "summary": "share right", "params": {"properties": {}}},
    {"kind": "metric", "name": "graft/f1", "summary": "F1", "params": {"properties": {
      "average": {"type": "string", "enum": ["binary", "macro", "micro"], "default": "macro", "description": "over classes"}}}},
    {"kind": "metric", "name": "graft/pearson", "summary": "correlation", "params": {"properties": {}}},
    {"kind": "balancer", "name": "graft/uw", "summary": "by uncertainty", "params": {"properties": {
      "prior": {"type": "number", "exclusiveMinimum": 0, "default": 1.0, "description": "first weight"}}}},
    {"kind": "task", "name": "graft/transfer", "summary": "plain training", "params": {"properties": {}}},
    {"kind": "task", "name": "graft/multi_task", "summary": "several heads", "params": {"properties": {
      "balancer": {"format": "component:balancer", "default": {"use": "uw"}, "description": "several losses to one"}}}}
  ])");
  return catalog;
}

// A folder that is gone after the test, with the inputs that configs name.
class Folder {
 public:
  Folder()
      : path_(std::filesystem::temp_directory_path() /
              ("graft_config_" + std::to_string(::getpid()) + "_" + std::to_string(count()++))) {
    std::filesystem::create_directories(path_);
    for (const char* name : {"movie.tsv", "test.tsv", "tokenizer.json", "model.safetensors"}) write(name, "");
  }
  ~Folder() { std::filesystem::remove_all(path_); }

  std::string write(const std::string& name, const std::string& text) const {
    std::filesystem::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name) << text;
    return (path_ / name).string();
  }
  std::string operator/(const std::string& name) const { return (path_ / name).string(); }

 private:
  static int& count() {
    static int made = 0;
    return made;
  }
  std::filesystem::path path_;
};

// Problems of a config, each on a line, with the folder's name left out.
inline std::string problems_of(const Folder& folder, const std::string& file, const std::vector<std::string>& sets = {}) {
  try {
    resolve_config(folder / file, sets, sample_catalog());
    return "";
  } catch (const ConfigErrors& errors) {
    std::string text = errors.what();
    const std::string root = folder / "";
    for (std::size_t at = text.find(root); at != std::string::npos; at = text.find(root)) text.erase(at, root.size());
    return text;
  }
}

inline constexpr const char* kFullConfig = R"({
  "graft": 1,
  "run": {"seed": 7, "device": "auto", "precision": "auto", "epochs": 3, "batch_size": 32, "accumulate": 1, "threads": 2, "loader_threads": 1, "steps": 900},
  "data": {
    "movies": {
      // one file, one stream
      "source": {"use": "csv", "path": "movie.tsv", "delimiter": "\t", "columns": ["id", "rating", "text"], "types": {"text": "text"}},
      "split": {"valid": 0.1, "test": {"path": "test.tsv"}, "seed": 1, "stratify": "rating", "group": "id"},
      "batch_size": 16, "sampling": 1.0,
    },
  },
  "pipeline": {
    "label": {"use": "binarize", "column": "rating", "threshold": 0.5, "classes": ["negative", "positive"]},
    "noise": {"use": "eda", "column": "text", "share": 0.2, "streams": ["movies"]},
    "tokens": {"use": "wordpiece", "column": "text", "vocabulary": "tokenizer.json", "max_length": 128, "lower": true, "fit_on": ["movies"], "output": "tokens"}
  },
  "model": {"use": "bert", "weights": "model.safetensors", "input": "tokens"},
  "adapters": {"lora": {"rank": 8}},
  "heads": {"sentiment": {"use": "classify", "target": "label", "smoothing": 0.1, "weight": 1.0, "streams": ["movies"],
                          "metrics": {"accuracy": {}, "f1": {"average": "macro"}}}},
  "task": {"use": "multi_task", "streams": {"main": "movies"}, "balancer": {"use": "uw", "prior": 2.0}},
  "phases": {"warm": {"epochs": 1, "train": ["heads"], "rate": 1.0}, "all": {"train": ["*"], "layer_decay": 0.9}},
  "optimizer": {"use": "adamw", "learning_rate": 5e-5, "weight_decay": 0.01, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "clip": 1.0},
  "schedule": {"use": "linear", "warmup": 0.06},
  "average": {"use": "none"},
  "evaluate": {"every": "epoch", "best": "accuracy", "patience": 2},
  "checkpoint": {"every": 200, "keep": 2},
  "plugins": {"graft-model": ">=0.1"}
}
)";

}  // namespace graft::core
