// What this machine can do at most, measured: the figures that a benchmark's own are to be read against.
//
//   bench_limits      prints one JSON line; takes about five seconds
//
//   fma_*_gflops         fp32 multiply-adds (2 FLOP each) on registers, with the widest instructions of the CPU: one thread, all
//   triad_gb_s           a[i] = b[i] + 3 c[i] on all threads over arrays that no cache holds; 12 bytes an element
//   linear_*_gflops      at::linear at MiniLM's largest GEMM, 856 tokens x 384 x 1536, forward, all threads
//   source               McCalpin 1995, STREAM
#include <ATen/Parallel.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/randn.h>
#include <malloc.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <thread>
#include <vector>

namespace {

double now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

// Twelve sums hide the latency of two units of four cycles, and fit into the sixteen registers of AVX2. Returns FLOP.
constexpr int kSums = 12;
volatile float sink;  // what is never read would not be computed
#define GRAFT_FMA_LOOP(name, isa, width)                                                  \
  isa double name(long rounds) {                                                          \
    typedef float Vector __attribute__((vector_size(4 * width)));                         \
    Vector sums[kSums], x, y;                                                             \
    for (int i = 0; i < width; ++i) x[i] = 0.999F, y[i] = 0.001F * i;                     \
    for (Vector & sum : sums) sum = y;                                                    \
    for (long r = 0; r < rounds; ++r) {                                                   \
      _Pragma("GCC unroll 12") for (int i = 0; i < kSums; ++i) sums[i] = sums[i] * x + y; \
    }                                                                                     \
    for (const Vector& sum : sums) sink = sum[0];                                         \
    return 2.0 * width * kSums * static_cast<double>(rounds);                             \
  }
GRAFT_FMA_LOOP(fma_plain, , 4)
#if defined(__x86_64__)
GRAFT_FMA_LOOP(fma_avx512, __attribute__((target("avx512f"))), 16)
GRAFT_FMA_LOOP(fma_avx2, __attribute__((target("avx2,fma"))), 8)
#endif

struct FmaLoop {
  const char* isa;
  double (*run)(long rounds);
};

FmaLoop widest() {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f")) return {"avx512", fma_avx512};
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return {"avx2", fma_avx2};
#endif
  return {"plain", fma_plain};
}

template <class Work>
void on_threads(int threads, Work work) {
  std::vector<std::thread> others;
  for (int t = 1; t < threads; ++t) others.emplace_back(work, t);
  work(0);
  for (std::thread& other : others) other.join();
}

// The best of several passes of `work`, which returns what it did (FLOP or bytes): a limit is what nothing disturbed.
template <class Work>
double best_rate(Work work, int passes = 7) {
  double best = 0;
  for (int pass = 0; pass < passes; ++pass) {
    const double begin = now();
    const double done = work();
    best = std::max(best, done / (now() - begin));
  }
  return best;
}

double fma_rate(int threads) {
  const FmaLoop loop = widest();
  constexpr long kRounds = 20'000'000;  // about a tenth of a second
  return best_rate([&] {
    std::vector<double> done(threads);
    on_threads(threads, [&](int t) { done[t] = loop.run(kRounds); });
    double all = 0;
    for (double each : done) all += each;
    return all;
  });
}

double triad_rate(int threads) {
  constexpr long kEach = 16'000'000;  // 64 MB an array
  std::vector<float> a(kEach), b(kEach, 1), c(kEach, 2);
  return best_rate([&] {
    on_threads(threads, [&](int t) {
      for (long i = kEach * t / threads, end = kEach * (t + 1) / threads; i < end; ++i) a[i] = b[i] + 3 * c[i];
    });
    return 12.0 * kEach;
  });
}

double linear_rate(at::ScalarType type) {
  const at::Tensor x = at::randn({856, 384}).to(type), weight = at::randn({1536, 384}).to(type);
  at::linear(x, weight);
  const double begin = now();
  at::linear(x, weight);
  const int repeats = std::clamp(static_cast<int>(0.1 / (now() - begin)), 1, 100);
  return best_rate([&] {
    for (int i = 0; i < repeats; ++i) at::linear(x, weight);
    return repeats * 2.0 * 856 * 384 * 1536;
  });
}

}  // namespace

int main() {
  mallopt(M_MMAP_MAX, 0);  // results come and go in kept memory, as in `graft train`
  mallopt(M_TRIM_THRESHOLD, -1);
  const int threads = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  at::set_num_threads(threads);
  const double one = fma_rate(1), all = fma_rate(threads), triad = triad_rate(threads);
  const double fp32 = linear_rate(at::kFloat), bf16 = linear_rate(at::kBFloat16);
  std::printf(
      "{\"threads\": %d, \"isa\": \"%s\", \"fma_1_gflops\": %.1f, \"fma_all_gflops\": %.1f, \"triad_gb_s\": %.1f, "
      "\"linear_fp32_gflops\": %.1f, \"linear_bf16_gflops\": %.1f}\n",
      threads, widest().isa, one / 1e9, all / 1e9, triad / 1e9, fp32 / 1e9, bf16 / 1e9);
}
