// Times a call of every balancer without a model: what it costs a step beside the gradients themselves.
//
//   bench_balancers      prints a table: microseconds a call for 2, 4, 8 and 20 tasks; takes about ten seconds
//
//   Jacobian    [K, 64] normal draws, float, of 16 steps in turn; most pairs of tasks conflict. graddrop's cost grows with its columns
//   Gramian     J J^T, not timed
//   losses      the lengths of the rows. Where a balancer takes them, the way back through its scalar is timed too, and
//               where it wants the losses after the step, that call
//
// Each figure is the least of nine passes over the 16 steps: what nothing disturbed.
#include <ATen/Parallel.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/types.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <limits>
#include <numeric>

#include "graft/balancer.hpp"
#include "graft/testing.hpp"

using namespace graft;

namespace {

constexpr std::int64_t kColumns = 64;
constexpr int kSteps = 16, kPasses = 9;

double now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

// What the host would give for one step.
struct DrawnLosses final : Losses {
  std::vector<std::int64_t> numbers;
  Tensor loss, g, j;
  Progress at;
  Rng stream;

  DrawnLosses(std::int64_t tasks, std::uint64_t seed) : numbers(static_cast<std::size_t>(tasks)), stream(seed) {
    std::iota(numbers.begin(), numbers.end(), 0);
    j = stream.uniform_like(torch::empty({tasks, kColumns})) - 0.5;
    j -= 0.9 * j.mean(0);
    g = j.to(torch::kDouble).matmul(j.to(torch::kDouble).t());
    loss = g.diagonal().sqrt().set_requires_grad(true);
  }
  std::span<const std::int64_t> tasks() const override { return numbers; }
  const Tensor& values() const override { return loss; }
  const Tensor& gramian() const override { return g; }
  const Tensor& jacobian() const override { return j; }
  double epoch_mean(std::int64_t, std::int64_t) const override { return 1; }
  const Progress& progress() const override { return at; }
  Rng rng() const override { return stream; }
};

void call(Balancer& balancer, const DrawnLosses& losses) {
  const Tensor combined = balancer.combine(losses);
  if (balancer.wants() == Balancer::Wants::kLosses) torch::autograd::grad({combined}, {losses.loss});
  if (balancer.reevaluates()) balancer.after_step(losses);
}

double microseconds(const testing::Plugin& plugin, const std::string& id, std::int64_t tasks) {
  const auto balancer = plugin.make<Balancer>(id);
  balancer->build(tasks);
  std::vector<DrawnLosses> steps;
  for (std::uint64_t seed = 0; seed < kSteps; ++seed) steps.emplace_back(tasks, seed);
  double least = std::numeric_limits<double>::infinity();
  for (int pass = 0; pass < kPasses; ++pass) {
    const double begin = now();
    for (const DrawnLosses& losses : steps) call(*balancer, losses);
    least = std::min(least, now() - begin);
  }
  return 1e6 * least / kSteps;
}

}  // namespace

int main() {
  at::set_num_threads(1);
  const auto bin = std::filesystem::read_symlink("/proc/self/exe").parent_path();
  const testing::Plugin plugin((bin.parent_path() / "lib" / "graft_balancer.so").string());
  std::printf("%-18s%10s%10s%10s%10s   microseconds a call\n", "tasks", "2", "4", "8", "20");
  for (const auto& component : plugin.manifest().at("provides").list()) {
    const std::string id = component.at("name").text();
    std::printf("%-18s", id.c_str());
    for (std::int64_t tasks : {2, 4, 8, 20}) std::printf("%10.1f", microseconds(plugin, id, tasks));
    std::printf("\n");
  }
}
