// Pipeline: the config's steps in order, fitted on clean training rows.
//
//   clean     extractors only: what validation, test and prediction see. Computed once for every split
//   training  extractors up to the first augmenter are computed once; the steps from there on run for each batch, row-scoped
//             ones in loader threads, batch-scoped ones on the device
//   refused   a row-scoped step after a batch-scoped one; a step whose columns a stream lacks, unless `streams` leaves it out
#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "core/data/streams.hpp"
#include "core/pipeline/augment_counts.hpp"
#include "core/pipeline/chance.hpp"
#include "core/registry/loader.hpp"
#include "graft/augmenter.hpp"
#include "graft/extractor.hpp"
#include "graft/value.hpp"

namespace graft::core {

struct PipelineStep {
  std::string name, use;
  std::set<std::size_t> streams;         // numbers of the streams it runs on
  std::shared_ptr<Extractor> extractor;  // one of the two
  std::shared_ptr<Augmenter> augmenter;
  std::shared_ptr<const PluginInfo> plugin;
  Value parameters;                       // columns resolved, as the component was made with
  std::map<std::size_t, Chance> chances;  // by stream: which rows an augmenter changes
};

// A stream's rows after the pipeline.
struct StreamRows {
  std::string name;
  Schema schema;
  std::map<std::string, Batch> clean;  // by split
  Batch training;                      // training rows before the first augmenter; clean["train"] when there is none
};

class Pipeline {
 public:
  // Makes the steps, fits them in order, and passes all rows through; `rows` receives one entry a stream.
  Pipeline(const Value& config, const std::vector<Stream>& streams, const std::set<std::string>& targets, Loader& loader,
           int threads, std::vector<StreamRows>& rows);

  // The same from saved states, for prediction: only the steps that lead to the columns `wanted` of a single stream.
  Pipeline(const Value& config, const Value& states, const std::string& folder, const std::string& stream, Schema& schema,
           const std::set<std::string>& wanted, Loader& loader);

  void clean(Batch& rows, int threads) const;  // prediction: all extractors

  // Steps from the first augmenter on, row-scoped. `epoch`, from 0, keys the draws. What they do is added to `counts`.
  void augment_rows(std::size_t stream, Batch& rows, std::uint64_t seed, std::int64_t epoch, AugmentCounts& counts) const;
  // Batch-scoped steps; `step` keys the draws.
  Tap augment_batch(std::size_t stream, Batch& rows, std::uint64_t seed, std::int64_t epoch, std::int64_t step,
                    AugmentCounts& counts) const;
  // One augmenter's step of either, on the rows that its chance picks; `clean` holds their labels as they were before any step.
  Tap augment(const PipelineStep& step, std::size_t stream, Batch& rows, const Batch& clean, const Rng& rng,
              std::int64_t epoch) const;
  bool augments(std::size_t stream) const;
  std::set<std::string> batch_chance_columns(std::size_t stream) const;  // what batch-scoped steps read beside their own columns

  static Rng row_draws(std::uint64_t seed, std::int64_t epoch);
  static Rng batch_draws(std::uint64_t seed, std::int64_t step);

  const std::vector<PipelineStep>& steps() const { return steps_; }

  // Writes every step's state into `folder` (pipeline.<step>.safetensors); returns what the second constructor needs.
  Value save(const std::string& folder) const;

  std::string order_text(std::size_t stream) const;  // "label, ~noise, tokens": ~ marks training only

 private:
  struct Label {
    std::string column;
    std::int64_t classes;
  };
  std::vector<PipelineStep> steps_;
  std::map<std::size_t, std::vector<Label>> labels_;  // by stream: class columns that heads learn
  void add_step(const Value::Member& entry, std::set<std::size_t> streams, const Schema& schema,
                const std::set<std::string>& not_features, Loader& loader);
  void check_order() const;
  Tensor chosen(const PipelineStep& step, std::size_t stream, const Batch& clean, const Rng& rng) const;  // none: all rows
  Tap augment_counted(const PipelineStep& step, std::size_t stream, Batch& rows, const Batch& clean, const Rng& rng,
                      std::int64_t epoch, AugmentCounts& counts) const;
};

}  // namespace graft::core
