#include <ATen/Functions.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <limits>
#include <thread>

#include "conduct.hpp"
#include "graft/error.hpp"
#include "graft/source.hpp"

namespace {

using namespace graft;
using namespace std::chrono_literals;

// A sound source: ten rows, each with its own number squared.
struct Squares : Source {
  explicit Squares(const Config&) {}
  Schema schema() const override { return {{"square", FieldKind::kNumber, {}, {}}}; }
  std::int64_t size() const override { return 10; }
  Batch rows(std::span<const std::int64_t> numbers) const override {
    std::vector<double> values;
    for (const std::int64_t number : numbers) {
      if (number < 0 || number >= size()) throw Error("acme/squares", "there is no row " + std::to_string(number));
      values.push_back(static_cast<double>(number * number));
    }
    return made(numbers, values);
  }

  static Batch made(std::span<const std::int64_t> numbers, const std::vector<double>& values) {
    Batch batch(std::vector<std::int64_t>(numbers.begin(), numbers.end()));
    batch.set("square", at::tensor(at::ArrayRef<double>(values)));
    return batch;
  }
};

struct SaysText final : Squares {
  using Squares::Squares;
  Schema schema() const override { return {{"square", FieldKind::kText, {}, {}}}; }
};

struct CountsRows final : Squares {  // as they come, in place of their numbers
  using Squares::Squares;
  Batch rows(std::span<const std::int64_t> numbers) const override {
    std::vector<double> values(numbers.size());
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<double>(i);
    if (numbers.size() == 1 && (numbers[0] < 0 || numbers[0] >= size())) throw Error("acme/squares", "no such row");
    return made(numbers, values);
  }
};

struct OtherIds final : Squares {
  using Squares::Squares;
  Batch rows(std::span<const std::int64_t> numbers) const override {
    const std::vector<std::int64_t> ids(numbers.size(), 7);
    return made(ids, std::vector<double>(numbers.size(), 49));
  }
};

struct SortsNumbers final : Squares {
  using Squares::Squares;
  Batch rows(std::span<const std::int64_t> numbers) const override {
    std::vector<std::int64_t> sorted(numbers.begin(), numbers.end());
    std::sort(sorted.begin(), sorted.end());
    return Squares::rows(sorted);
  }
};

struct ClampsNumbers final : Squares {
  using Squares::Squares;
  Batch rows(std::span<const std::int64_t> numbers) const override {
    std::vector<std::int64_t> inside(numbers.begin(), numbers.end());
    for (std::int64_t& number : inside) number = std::clamp<std::int64_t>(number, 0, size() - 1);
    return Squares::rows(inside);
  }
};

struct ReadsBeyond final : Squares {
  using Squares::Squares;
  Batch rows(std::span<const std::int64_t> numbers) const override {
    for (const std::int64_t number : numbers)
      if (number >= size()) std::raise(SIGSEGV);
    return Squares::rows(numbers);
  }
};

struct SharesPosition final : Squares {  // of a file, between threads
  using Squares::Squares;
  Batch rows(std::span<const std::int64_t> numbers) const override {
    std::vector<double> values;
    for (const std::int64_t number : numbers) {
      if (number < 0 || number >= size()) throw Error("acme/squares", "there is no row " + std::to_string(number));
      position = number;
      std::this_thread::sleep_for(20us);
      values.push_back(static_cast<double>(position * position));
    }
    return made(numbers, values);
  }
  mutable std::atomic<std::int64_t> position = 0;
};

}  // namespace

void add_sources(Registrar& registrar) {
  registrar.add<Squares>("acme/squares");
  registrar.add<SaysText>("acme/says-text");
  registrar.add<OtherIds>("acme/other-ids");
  registrar.add<CountsRows>("acme/counts-rows");
  registrar.add<SortsNumbers>("acme/sorts-numbers");
  registrar.add<ClampsNumbers>("acme/clamps-numbers");
  registrar.add<ReadsBeyond>("acme/reads-beyond");
  registrar.add<SharesPosition>("acme/shares-position");
}
