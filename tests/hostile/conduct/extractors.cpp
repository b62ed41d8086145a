#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <limits>
#include <thread>

#include "conduct.hpp"
#include "graft/error.hpp"
#include "lengths.hpp"

namespace {

using namespace graft;
using namespace std::chrono_literals;

// Says one field and makes another column.
template <Column (*made)(const Tensor& lengths), FieldKind kind, std::int64_t width>
struct Says final : Lengths {
  using Lengths::Lengths;
  Schema outputs(const Schema& inputs) const override {
    const bool has_classes = kind == FieldKind::kClass;
    return with(inputs, {to, kind, width == 0 ? std::vector<std::int64_t>{} : std::vector{width},
                         has_classes ? Strings{"short", "long"} : Strings{}});
  }
  void transform(Batch& batch) const override { batch.set(to, made(lengths(batch))); }
};

Column integers(const Tensor& lengths) { return lengths.to(at::kLong); }
Column narrow(const Tensor& lengths) { return lengths.slice(1, 0, 3); }
Column texts(const Tensor& lengths) { return Strings(static_cast<std::size_t>(lengths.size(0)), "4"); }
Column meta(const Tensor& lengths) { return at::empty(lengths.sizes(), lengths.options().device(at::kMeta)); }
Column seventh_class(const Tensor& lengths) { return at::full({lengths.size(0)}, 7, at::kLong); }
Column wrong_offsets(const Tensor& lengths) {
  const Tensor offsets = at::arange(lengths.size(0) + 1, at::kInt).mul(2);
  return Ragged{lengths.reshape({-1}).to(at::kLong), offsets, 2};
}
Column not_a_number(const Tensor& lengths) { return lengths.div(lengths).mul(std::numeric_limits<float>::quiet_NaN()); }

// A view of a page that is given back before the batch is read.
Column freed(const Tensor& lengths) {
  const auto bytes = static_cast<std::size_t>(lengths.nbytes()) + 1;
  void* page = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  const Tensor view = at::from_blob(page, lengths.sizes(), lengths.options());
  ::munmap(page, bytes);
  return view;
}
Column segfault(const Tensor& lengths) {
  std::raise(SIGSEGV);
  return lengths;
}
Column hang(const Tensor& lengths) {
  std::this_thread::sleep_for(1h);
  return lengths;
}
Column thrown_int(const Tensor&) { throw 42; }

struct Forgets final : Lengths {  // to make its column
  using Lengths::Lengths;
  void transform(Batch& batch) const override { static_cast<void>(batch.strings(from)); }
};

struct AddsUnsaid final : Lengths {
  using Lengths::Lengths;
  void transform(Batch& batch) const override {
    Lengths::transform(batch);
    batch.set("length", lengths(batch));
  }
};

struct BreaksPromise final : Lengths {  // of its width, once it is fitted
  using Lengths::Lengths;
  Schema outputs(const Schema& inputs) const override { return with(inputs, {to, FieldKind::kVector, {is_fitted ? 4 : 3}, {}}); }
  void fit(const Source&) override { is_fitted = true; }
  State state() const override { return {{}, {{"fitted", "yes"}}}; }
  void restore(const State&) override { is_fitted = true; }
  bool is_fitted = false;
};

struct ChangesUndeclared final : Lengths {
  using Lengths::Lengths;
  void transform(Batch& batch) const override {
    Lengths::transform(batch);
    batch.set("number", batch.tensor("number").mul(2));
  }
};

struct WritesInPlace final : Lengths {
  using Lengths::Lengths;
  void transform(Batch& batch) const override {
    Lengths::transform(batch);
    Tensor numbers = batch.tensor("number");
    numbers.add_(1);
  }
};

struct Counts final : Lengths {  // its calls, in what it gives
  using Lengths::Lengths;
  void transform(Batch& batch) const override { batch.set(to, lengths(batch).add(static_cast<double>(calls++))); }
  mutable std::atomic<int> calls = 0;
};

struct ReusesMemory final : Lengths {
  using Lengths::Lengths;
  void transform(Batch& batch) const override {
    const Tensor made = lengths(batch);
    const Tensor view = buffer.slice(0, 0, made.size(0));
    view.copy_(made);
    batch.set(to, view);
  }
  Tensor buffer = at::zeros({4096, 4});
};

struct KeepsBatch final : Lengths {  // and changes it when the next one comes
  using Lengths::Lengths;
  void transform(Batch& batch) const override {
    if (last.defined()) last.zero_();
    last = lengths(batch);
    batch.set(to, last);
  }
  mutable Tensor last;
};

struct LooksAtNeighbours final : Lengths {
  using Lengths::Lengths;
  void transform(Batch& batch) const override {
    const Tensor made = lengths(batch);
    batch.set(to, made.size(0) == 0 ? made : made.sub(made[0]));
  }
};

struct SharesScratch final : Lengths {  // between threads, without a lock
  using Lengths::Lengths;
  void transform(Batch& batch) const override {
    const Tensor made = lengths(batch);
    scratch = static_cast<int>(made.size(0) == 0 ? 0 : made[0][0].item<float>());
    std::this_thread::sleep_for(200us);
    batch.set(to, made.size(0) == 0 ? made : made.add(static_cast<double>(scratch)).sub(made[0][0]));
  }
  mutable std::atomic<int> scratch = 0;
};

struct KeepsNoState final : Lengths {  // of what it learned
  using Lengths::Lengths;
  void fit(const Source& training) override { scale = static_cast<double>(training.size()); }
  void transform(Batch& batch) const override { batch.set(to, lengths(batch).mul(scale)); }
  double scale = 0;
};

}  // namespace

void add_extractors(Registrar& registrar) {
  using enum FieldKind;
  registrar.add<Says<integers, kVector, 4>>("acme/gives-other-dtype");
  registrar.add<Says<narrow, kVector, 4>>("acme/gives-other-width");
  registrar.add<Says<texts, kVector, 4>>("acme/gives-other-form");
  registrar.add<Says<meta, kVector, 4>>("acme/gives-other-device");
  registrar.add<Says<seventh_class, kClass, 0>>("acme/gives-other-class");
  registrar.add<Says<wrong_offsets, kTokens, -1>>("acme/gives-wrong-offsets");
  registrar.add<Says<freed, kVector, 4>>("acme/gives-freed-memory");
  registrar.add<Says<segfault, kVector, 4>>("acme/segfaults-in-transform");
  registrar.add<Says<hang, kVector, 4>>("acme/hangs-in-transform");
  registrar.add<Says<thrown_int, kVector, 4>>("acme/throws-int-in-transform");
  registrar.add<Says<not_a_number, kVector, 4>>("acme/gives-nan");
  registrar.add<Forgets>("acme/forgets-column");
  registrar.add<AddsUnsaid>("acme/adds-unsaid-column");
  registrar.add<BreaksPromise>("acme/breaks-promise");
  registrar.add<ChangesUndeclared>("acme/changes-undeclared");
  registrar.add<WritesInPlace>("acme/writes-in-place");
  registrar.add<Counts>("acme/counts-calls");
  registrar.add<ReusesMemory>("acme/reuses-memory");
  registrar.add<KeepsBatch>("acme/keeps-batch");
  registrar.add<LooksAtNeighbours>("acme/looks-at-neighbours");
  registrar.add<SharesScratch>("acme/shares-scratch");
  registrar.add<KeepsNoState>("acme/keeps-no-state");
}
