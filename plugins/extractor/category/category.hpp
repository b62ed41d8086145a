// Category: each distinct value of a column becomes a class.
//
//   column   [B] text, int64 or class
//   makes    [B] int64, kClass, under the step's name
//   classes  those of the config, in its order; else the distinct values of the training rows, sorted: texts and classes by
//            bytes, integers by value
//   missing  an empty text, a missing class, and a value that is no class give kMissingClass; the last with a counted warning
//   source   scikit-learn, preprocessing.LabelEncoder
//   differs  scikit-learn refuses values it did not see in fit
//   threads  any, for transform
//   throws   Error when `classes` names one twice, when training rows hold no value, or transform comes before fit
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "graft/config.hpp"
#include "graft/extractor.hpp"

namespace graft::plugins {

class Category final : public Extractor {
 public:
  explicit Category(const Config& config);

  Schema outputs(const Schema& inputs) const override;
  void transform(Batch& batch) const override;
  void fit(const Source& training) override;
  State state() const override;  // texts "classes", "input_classes": JSON arrays
  void restore(const State& state) override;

 private:
  void set_classes(std::vector<std::string> classes);
  std::int64_t id_of(const std::string& value) const;  // kMissingClass, with a warning, when it is no class
  std::vector<std::string> texts(const Batch& batch) const;

  std::string column_, output_;
  bool fixed_;  // the config names the classes
  std::vector<std::string> classes_;
  std::unordered_map<std::string, std::int64_t> ids_;
  std::vector<std::string> input_classes_;  // of the column, where it is a class
};

}  // namespace graft::plugins
