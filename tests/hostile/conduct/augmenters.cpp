#include <ATen/Functions.h>

#include <atomic>
#include <limits>
#include <random>
#include <thread>

#include "conduct.hpp"
#include "graft/augmenter.hpp"

namespace {

using namespace graft;
using namespace std::chrono_literals;

// A sound augmenter of scope row: noise on each vector, by the row's own generator.
struct Noise : Augmenter {
  explicit Noise(const Config& config) : column(config.text("column")) {}
  Scope scope() const override { return Scope::kRow; }
  Tap augment(Batch& batch, Rng rng) const override {
    batch.set(column, noisy(batch, rng));
    return {};
  }

  Tensor noisy(const Batch& batch, const Rng& rng) const {
    const Tensor vectors = batch.tensor(column).clone();
    for (std::int64_t i = 0; i < batch.size(); ++i) {
      Rng own = rng.row(batch.row_ids()[static_cast<std::size_t>(i)]);
      vectors[i].add_(own.uniform_like(vectors[i]));
    }
    return vectors;
  }
  std::string column;
};

struct OwnGenerator final : Noise {
  using Noise::Noise;
  Tap augment(Batch& batch, Rng) const override {
    batch.set(column, batch.tensor(column).add(std::uniform_real_distribution<>()(engine)));
    return {};
  }
  mutable std::mt19937 engine;
};

struct CountsSteps final : Noise {
  using Noise::Noise;
  Scope scope() const override { return Scope::kBatch; }
  Tap augment(Batch& batch, Rng rng) const override {
    batch.set(column, noisy(batch, rng.fork(static_cast<std::uint64_t>(++steps))));
    return {};
  }
  mutable std::atomic<int> steps = 0;
};

struct ChangesLabel final : Noise {
  using Noise::Noise;
  Tap augment(Batch& batch, Rng rng) const override {
    batch.set("class", batch.tensor("class").flip(0));
    return Noise::augment(batch, rng);
  }
};

struct NoiseOnVector final : Noise {  // where the batch has it
  using Noise::Noise;
  Tap augment(Batch& batch, Rng rng) const override {
    Tensor vectors = batch.tensor(column);
    vectors.copy_(noisy(batch, rng));
    return {};
  }
};

struct SharesOverOne final : Noise {
  using Noise::Noise;
  Tap augment(Batch& batch, Rng) const override {
    batch.set(column, batch.tensor(column).mul(1.5));
    return {};
  }
};

struct GivesNan final : Noise {
  using Noise::Noise;
  Tap augment(Batch& batch, Rng rng) const override {
    batch.set(column, noisy(batch, rng).mul(std::numeric_limits<float>::infinity()));
    return {};
  }
};

struct OneStreamForAll final : Noise {
  using Noise::Noise;
  Tap augment(Batch& batch, Rng rng) const override {
    batch.set(column, batch.tensor(column).add(rng.uniform_like(batch.tensor(column))));
    return {};
  }
};

struct TapsByRow final : Noise {
  using Noise::Noise;
  Tap augment(Batch& batch, Rng rng) const override {
    Noise::augment(batch, rng);
    return [](std::string_view, const Tensor& value) { return value; };
  }
};

struct SharesKey final : Noise {  // between threads, without a lock
  using Noise::Noise;
  Tap augment(Batch& batch, Rng rng) const override {
    first = batch.row_ids()[0];
    std::this_thread::sleep_for(200us);
    const double apart = static_cast<double>(first - batch.row_ids()[0]);
    batch.set(column, noisy(batch, rng).add(apart));
    return {};
  }
  mutable std::atomic<std::int64_t> first = 0;
};

}  // namespace

void add_augmenters(Registrar& registrar) {
  registrar.add<Noise>("acme/noise");
  registrar.add<OwnGenerator>("acme/own-generator");
  registrar.add<CountsSteps>("acme/counts-steps");
  registrar.add<ChangesLabel>("acme/changes-label");
  registrar.add<NoiseOnVector>("acme/augments-in-place");
  registrar.add<SharesOverOne>("acme/shares-over-one");
  registrar.add<GivesNan>("acme/augments-to-nan");
  registrar.add<OneStreamForAll>("acme/one-stream-for-all");
  registrar.add<TapsByRow>("acme/taps-by-row");
  registrar.add<SharesKey>("acme/shares-key");
}
