// Folders that adapters save: peft reads them and gives the same features, and so does graft. tests/data/adapter_folders/ are
// such folders; adapter_folders.py loaded them into peft and wrote down what came out.
#include <ATen/ops/cat.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/stack.h>

#include <filesystem>

#include "adapter_case.hpp"
#include "graft/files.hpp"
#include "graft/model.hpp"
#include "peft_case.hpp"

namespace {

namespace fs = std::filesystem;

struct Case {
  std::string name, use, parameters;
};

const std::vector<Case> kCases = {
    {"lora", "lora", R"("rank": 2, "alpha": 3, "layers": ["query", "output.dense"])"},
    {"rslora", "lora", R"("rank": 2, "alpha": 1.5, "rank_stabilised": true)"},
    {"dora", "dora", R"("rank": 2, "alpha": 3, "layers": ["query", "output.dense", "!attention.output.dense"])"},
    {"ia3", "ia3", R"("layers": ["key", "value"], "feedforward": ["output.dense", "!attention.output.dense"])"},
    {"vera", "vera", R"("rank": 6, "layers": ["query", "intermediate.dense"])"},
    {"layer_norm", "layer_norm", R"("layers": ["output.LayerNorm"])"},
    {"prefix", "prefix", R"("length": 3)"},
    {"prompt", "prompt", R"("length": 3)"},
};

const std::string kFolders = GRAFT_TEST_DATA "/adapter_folders";

const Safetensors& peft_results() {
  static const Safetensors opened(GRAFT_TEST_DATA "/adapter_folders.safetensors");
  return opened;
}

std::string object(const std::string& members) { return "{" + members + "}"; }

// Sets all that trains to numbers by its name alone, around 1 for what scales, so that the saved bits are the same everywhere.
void fix(Model& model) {
  at::NoGradGuard no_grad;
  for (auto& item : model.named_parameters()) {
    if (!item.value().requires_grad()) continue;
    const bool scales = item.key().ends_with("magnitude") || item.key().ends_with(".l") || item.key().ends_with("Norm.weight");
    write_parameter(item.value(), Rng(9).fork(item.key()).uniform_like(item.value()).sub(0.5).add(scales ? 1.0 : 0.0));
  }
}

struct Attached {
  explicit Attached(const Case& kase) : model(tiny_bert()), made(adapter(kase.use, object(kase.parameters))) {
    made->attach(*model, Rng(4));
    fix(*model);
  }
  std::shared_ptr<Model> model;
  std::shared_ptr<Adapter> made;
};

// A folder of the test's own, gone when it ends.
struct Scratch {
  Scratch() : path((fs::temp_directory_path() / "graft_adapter_folders_test").string()) { fs::remove_all(path); }
  ~Scratch() { fs::remove_all(path); }
  std::string path;
};

bool is_virtual(const Case& kase) { return kase.use == "prefix" || kase.use == "prompt"; }

Tensor features(Model& model, const Case& kase) { return model.forward(peft_rows(is_virtual(kase)), Call()).tensor("features"); }

// scale * B A of each layer of a folder of LoRAs, by name of A.
std::map<std::string, Tensor> changes(const std::string& folder) {
  const Safetensors file(folder + "/adapter_model.safetensors");
  const Value config = read_json(folder + "/adapter_config.json");
  std::map<std::string, Tensor> all;
  for (const std::string& name : file.names()) {
    const std::size_t at = name.find("lora_A");
    if (at == std::string::npos) continue;
    const Tensor b = file.tensor(name.substr(0, at) + "lora_B.weight");
    all[name] = at::matmul(b, file.tensor(name)).mul(config.at("lora_alpha").number() / config.at("r").number());
  }
  return all;
}

const Case kPissa = {"pissa", "lora", R"("rank": 3, "alpha": 6, "init": "pissa")"};

}  // namespace

TEST_CASE("adapter folders: writes those of tests/data anew", "[.][write_adapter_folders]") {
  for (const Case& kase : kCases) {
    const Attached attached(kase);
    attached.made->save(*attached.model, kFolders + "/" + kase.name);
  }
  const Attached pissa(kPissa);
  pissa.made->save(*pissa.model, kFolders + "/pissa");
}

TEST_CASE("adapter folders: what is saved is, byte for byte, what peft has read", "[adapter][adapter_folders]") {
  const Case kase = GENERATE(from_range(kCases));
  CAPTURE(kase.name);
  const Attached attached(kase);
  const Scratch scratch;
  attached.made->save(*attached.model, scratch.path);
  for (const char* file : {"adapter_config.json", "adapter_model.safetensors"})
    CHECK(read_file(scratch.path + "/" + file) == read_file(kFolders + "/" + kase.name + "/" + file));
}

TEST_CASE("adapter folders: peft gives with them the features that we give", "[adapter][adapter_folders]") {
  const Case kase = GENERATE(from_range(kCases));
  CAPTURE(kase.name);
  const Attached attached(kase);
  const Tensor ours = features(*attached.model, kase).detach(), base = features(*tiny_bert(), kase).detach();
  CHECK(furthest(ours, peft_results().tensor(kase.name + ".features")) < 1e-5);
  CHECK(furthest(ours, base) > 1e-2);
}

TEST_CASE("adapter folders: started from one, the features are the same bits", "[adapter][adapter_folders]") {
  const Case kase = GENERATE(from_range(kCases));
  if (kase.use == "layer_norm") return;  // has no `from`
  CAPTURE(kase.name);
  const Attached attached(kase);
  const auto again = tiny_bert();
  adapter(kase.use, object("\"from\": \"" + kFolders + "/" + kase.name + "\", " + kase.parameters))->attach(*again, Rng(5));
  CHECK(at::equal(features(*again, kase), features(*attached.model, kase)));
}

TEST_CASE("adapter folders: of pissa, a plain LoRA of twice the rank on the pre-trained weight", "[adapter][adapter_folders]") {
  const Attached attached(kPissa);
  const Tensor ours = features(*attached.model, kPissa).detach();
  CHECK(furthest(ours, peft_results().tensor("pissa.features")) < 1e-5);
  const Scratch scratch;
  attached.made->save(*attached.model, scratch.path);
  const auto written = changes(scratch.path), read = changes(kFolders + "/pissa");  // singular vectors have no fixed sign
  REQUIRE(written.size() == 4);
  REQUIRE(read.size() == 4);
  for (const auto& [name, change] : written) CHECK(furthest(change, read.at(name)) < 1e-6);
  const auto again = tiny_bert();
  adapter("lora", object("\"rank\": 6, \"alpha\": 12, \"from\": \"" + scratch.path + "\""))->attach(*again, Rng(5));
  CHECK(furthest(features(*again, kPissa).detach(), ours) < 1e-5);
}

TEST_CASE("adapter folders: hidden states and gradients behind a prefix and a prompt are peft's", "[adapter][adapter_folders]") {
  const Case kase = kCases[GENERATE(6U, 7U)];
  CAPTURE(kase.name);
  const Attached attached(kase);
  const Batch out = attached.model->forward(peft_rows(true), Call());
  const Ragged& tokens = out.ragged("tokens");
  std::vector<Tensor> theirs = {peft_results().tensor(kase.name + ".tokens")};
  if (kase.use == "prompt") {  // its own tokens are in peft's, and no head's business here
    theirs = theirs.front().split_with_sizes({8, 4, 6, 11});
    for (Tensor& row : theirs) row = row.slice(0, 3);
  }
  CHECK(at::equal(tokens.offsets, at::tensor({0, 5, 6, 9, 17}, at::kInt)));
  CHECK(tokens.longest == 8);
  CHECK(furthest(tokens.values.detach(), at::cat(theirs)) < 1e-5);

  out.tensor("features").square().sum().backward();
  std::vector<Tensor> gradients;
  for (const auto& item : attached.model->named_parameters())
    if (item.value().requires_grad()) gradients.push_back(item.value().grad());
  CHECK(relative_difference(at::cat(gradients, 1), peft_results().tensor(kase.name + ".gradient")) < 1e-4);
}

TEST_CASE("adapter folders: behind a prompt cls is the first virtual token and mean averages them too",
          "[adapter][adapter_folders][prompt]") {
  const std::string pooling = GENERATE("cls", "mean");
  const auto model = tiny_bert(R"(, "pooling": ")" + pooling + "\"");
  adapter("prompt", object("\"length\": 3, \"from\": \"" + kFolders + "/prompt\""))->attach(*model, Rng(1));
  std::vector<Tensor> rows;
  for (const Tensor& row : peft_results().tensor("prompt.tokens").split_with_sizes({8, 4, 6, 11}))
    rows.push_back(pooling == "cls" ? row.select(0, 0) : row.mean(0));
  CHECK(furthest(model->forward(peft_rows(true), Call()).tensor("features").detach(), at::stack(rows)) < 1e-5);
}

TEST_CASE("adapter folders: what peft has no type for makes none", "[adapter][adapter_folders]") {
  const Scratch scratch;
  for (const char* use : {"bitfit", "bottleneck", "reinit", "mixout"}) {
    const auto model = tiny_bert();
    const auto made = adapter(use);
    made->attach(*model, Rng(1));
    made->save(*model, scratch.path);
    CHECK_FALSE(fs::exists(scratch.path));
  }
}

TEST_CASE("adapter folders: one of another type, or without the shared matrices, is refused by its line",
          "[adapter][adapter_folders]") {
  const auto refusal = [](const std::string& use, const std::string& folder, const std::string& more) {
    const auto model = tiny_bert();
    const std::string parameters = object("\"from\": \"" + folder + "\"" + more);
    return message_of([&] { adapter(use, parameters)->attach(*model, Rng(1)); });
  };
  const auto line = [](const std::string& folder, const char* key) {
    return read_json(folder + "/adapter_config.json").at(key).place.text();
  };
  const std::string lora = kFolders + "/lora", vera = kFolders + "/vera", prefix = kFolders + "/prefix";
  CHECK(refusal("ia3", lora, "") == "[graft/ia3] " + line(lora, "peft_type") + ": peft_type is \"LORA\", but here it is \"IA3\"");
  CHECK(refusal("vera", vera, "") == "[graft/vera] " + line(vera, "r") + ": r is 6, but here it is 256");
  CHECK(refusal("vera", vera, R"(, "rank": 6)") ==
        "[graft/vera] from: the folder has no tensor for encoder.layer.0.attention.self.value.vera.lambda_d");
  CHECK(refusal("ia3", kFolders + "/ia3", R"(, "feedforward": ["key"])") ==
        "[graft/ia3] from: base_model.model.encoder.layer.0.attention.self.key.ia3_l has another shape than "
        "encoder.layer.0.attention.self.key.ia3.l");
  CHECK(refusal("prefix", prefix, "") ==
        "[graft/prefix] " + line(prefix, "num_virtual_tokens") + ": num_virtual_tokens is 3, but here it is 20");
  CHECK(refusal("prefix", prefix, R"(, "projection": 4)") ==
        "[graft/prefix] from and projection exclude each other: the folder holds keys and values, no projection");
  const Scratch scratch;
  fs::copy(vera, scratch.path, fs::copy_options::recursive);
  Value config = read_json(vera + "/adapter_config.json");
  config.set("save_projection", false);
  write_file(scratch.path + "/adapter_config.json", to_json(config, 2));
  CHECK(refusal("vera", scratch.path, R"(, "rank": 6)") ==
        "[graft/vera] " + line(scratch.path, "save_projection") + ": save_projection is false, but here it is true");
}
