// The soup: which weights are kept, which of them are mixed, and what their mean is.
#include <ATen/Functions.h>
#include <torch/types.h>

#include <filesystem>
#include <map>

#include "catch.hpp"
#include "core/checkpoint/checkpoint.hpp"
#include "core/train/soup.hpp"

using namespace graft;
using namespace graft::core;
namespace fs = std::filesystem;

namespace {

using Steps = std::vector<std::int64_t>;

Soup soup_of(int keep) { return Soup(parse_json(R"({"use": "graft/soup", "keep": )" + std::to_string(keep) + "}", "average")); }

// A mean's value by hand, each set of steps named by its members in the order tried.
struct Values {
  std::map<Steps, double> of;
  std::vector<Steps> asked;
  double operator()(const Steps& steps) {
    asked.push_back(steps);
    return of.at(steps);
  }
};

struct Folder {
  std::string path;
  Folder() {
    std::string name = (fs::temp_directory_path() / "graft-soup-XXXXXX").string();
    path = ::mkdtemp(name.data());
  }
  ~Folder() { fs::remove_all(path); }
  std::string write(const std::string& name, const NamedTensors& tensors) const {
    write_safetensors(path + "/" + name, tensors);
    return path + "/" + name;
  }
};

}  // namespace

TEST_CASE("soup: keeps the best evaluations, best first, of equal ones the earlier", "[train][average][soup]") {
  Soup soup = soup_of(3);
  CHECK(soup.add(10, 0.5, true));
  CHECK(soup.add(20, 0.7, true));
  CHECK(soup.add(30, 0.5, true));
  CHECK_FALSE(soup.add(40, 0.5, true));
  CHECK_FALSE(soup.add(50, std::nan(""), true));
  CHECK(soup.add(60, 0.6, true));
  CHECK(soup.best_first() == Steps{20, 60, 10});
  CHECK(soup.steps() == std::set<std::int64_t>{10, 20, 60});
}

TEST_CASE("soup: where lower is better the lowest are kept; none keeps nothing", "[train][average][soup]") {
  Soup soup = soup_of(2), none(parse_json(R"({"use": "graft/none"})", "average"));
  for (std::int64_t step = 1; step <= 4; ++step) soup.add(step, 1.0 / static_cast<double>(step), false);
  CHECK(soup.best_first() == Steps{4, 3});
  CHECK_FALSE(none.is_on());
  CHECK_FALSE(none.add(1, 1, true));
  CHECK(none.best_first().empty());
}

TEST_CASE("soup: a restored one goes on as the first would have", "[train][average][soup]") {
  Soup first = soup_of(2), second = soup_of(2);
  first.add(10, 0.25, true);
  first.add(20, 0.5, true);
  second.restore(parse_json(to_json(first.save()), "state"));
  for (Soup* soup : {&first, &second}) CHECK(soup->add(30, 0.375, true));
  CHECK(first.best_first() == Steps{20, 30});
  CHECK(second.save() == first.save());
}

TEST_CASE("soup: a step joins where the mean with it is no worse, by hand", "[train][average][soup]") {
  Values higher{{{{5}, 0.8}, {{5, 2}, 0.8}, {{5, 2, 9}, 0.7}, {{5, 2, 4}, 0.9}}, {}};
  const Mix mix = mix_greedily({5, 2, 9, 4}, true, std::ref(higher));
  CHECK(mix.steps == Steps{5, 2, 4});
  CHECK(mix.value == 0.9);
  CHECK(higher.asked == std::vector<Steps>{{5}, {5, 2}, {5, 2, 9}, {5, 2, 4}});
  REQUIRE(mix.tried.size() == 4);
  CHECK_FALSE(mix.tried[2].joined);
  CHECK(mix.tried[2].value == 0.7);

  Values lower{{{{5}, 0.8}, {{5, 2}, 0.81}, {{5, 9}, std::nan("")}}, {}};
  CHECK(mix_greedily({5, 2, 9}, false, std::ref(lower)).steps == Steps{5});
}

TEST_CASE("soup: the mean of weights by hand, of one file its bits, of whole numbers the first's", "[train][average][soup]") {
  const Folder folder;
  const std::string a = folder.write("a", {{"w", torch::tensor({1.0f, 0.1f})}, {"seen", torch::tensor({7}, torch::kLong)}});
  const std::string b = folder.write("b", {{"w", torch::tensor({2.0f, 0.2f})}, {"seen", torch::tensor({9}, torch::kLong)}});
  const std::string c = folder.write("c", {{"w", torch::tensor({6.0f, 0.6f})}, {"seen", torch::tensor({8}, torch::kLong)}});
  std::map<std::string, Tensor> mean;
  for (auto& [name, tensor] : mean_of({a, b, c})) mean[name] = tensor;
  CHECK(mean.at("w").scalar_type() == torch::kFloat);
  CHECK(mean.at("w")[0].item<float>() == 3.0f);
  CHECK(mean.at("w")[1].item<float>() == Approx(0.3f).epsilon(1e-7));
  CHECK(mean.at("seen").item<std::int64_t>() == 7);
  CHECK(torch::equal(mean_of({b}).back().second, torch::tensor({2.0f, 0.2f})));
  const std::string other = folder.write("other", {{"w", torch::tensor({1.0f})}, {"seen", torch::tensor({1}, torch::kLong)}});
  CHECK(message_of([&] { mean_of({a, other}); }) == "[average] " + other + " has no w as " + a + " has");
}

TEST_CASE("soup: of the steps that it keeps the weights stay, and nothing else of older ones", "[checkpoint][soup]") {
  const Folder folder;
  Checkpoints checkpoints(folder.path);
  for (std::int64_t step : {5, 10, 15, 20})
    checkpoints.write(step, {{{"w", torch::tensor({1.0f})}}, {{"m", torch::tensor({1.0f})}}, Value(Value::Object{})}, step == 20);
  checkpoints.prune(1, {5, 20});
  CHECK(fs::exists(checkpoints.weights_of(5)));
  CHECK_FALSE(fs::exists(folder.path + "/step-000005/optimizer.safetensors"));
  CHECK_FALSE(fs::exists(checkpoints.weights_of(10)));
  CHECK_FALSE(fs::exists(checkpoints.weights_of(15)));
  CHECK(fs::exists(folder.path + "/step-000020/optimizer.safetensors"));
  checkpoints.prune(1, {20});
  CHECK_FALSE(fs::exists(folder.path + "/step-000005"));
}
