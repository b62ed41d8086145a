// Starting from a folder that peft wrote. Tensors and adapter_config.json are peft's own, by tests/data/adapters.py.
#include <filesystem>

#include "adapter_case.hpp"
#include "graft/files.hpp"
#include "graft/model.hpp"
#include "peft_case.hpp"

namespace {

namespace fs = std::filesystem;

// peft's folder of one case, gone when the test ends; `change` may edit its adapter_config.json.
struct Folder {
  explicit Folder(
      const std::string& kase, const std::function<void(Value&)>& change = [](Value&) {})
      : path((fs::temp_directory_path() / "graft_peft_folder_test").string()) {
    fs::create_directories(path);
    Value config = parse_json(peft_file().metadata().at(kase), "reference");
    change(config);
    write_file(path + "/adapter_config.json", to_json(config, 2));
    write_safetensors(path + "/adapter_model.safetensors", tensors(kase));
  }
  ~Folder() { fs::remove_all(path); }

  static NamedTensors tensors(const std::string& kase) {
    NamedTensors all;
    for (const std::string& name : peft_file().names())
      if (name.starts_with(kase + ".base_model.")) all.emplace_back(name.substr(kase.size() + 1), peft_file().tensor(name));
    return all;
  }
  std::string parameters(const std::string& more) const { return "{\"from\": \"" + path + "\", " + more + "}"; }

  std::string path;
};

const std::string kLora = R"("rank": 4, "alpha": 8)";

std::string refusal(const Folder& folder, const std::string& parameters, const std::string& use = "lora") {
  const auto model = tiny_bert();
  return message_of([&] { adapter(use, folder.parameters(parameters))->attach(*model, Rng(1)); });
}

}  // namespace

TEST_CASE("peft folder: the start is what peft gives with it", "[adapter][peft_folder]") {
  const auto [name, use, parameters] =
      GENERATE(table<std::string, std::string, std::string>({{"lora", "lora", kLora},
                                                             {"rslora", "lora", kLora + R"(, "rank_stabilised": true)"},
                                                             {"dora", "dora", R"("rank": 3, "alpha": 6,
                                                                "layers": ["query", "key", "output.dense"])"}}));
  CAPTURE(name);
  const Folder folder(name);
  const auto model = tiny_bert();
  adapter(use, folder.parameters(parameters))->attach(*model, Rng(1));
  CHECK(furthest(features(*model).detach(), peft_file().tensor(name + ".features")) < 1e-5);
}

TEST_CASE("peft folder: settings other than those it was made with are refused by their line", "[adapter][peft_folder]") {
  const Folder folder("lora");
  const auto line = [&](const char* key) { return read_json(folder.path + "/adapter_config.json").at(key).place.text(); };
  CHECK(refusal(folder, R"("rank": 8, "alpha": 8)") == "[graft/lora] " + line("r") + ": r is 4, but here it is 8");
  CHECK(refusal(folder, R"("rank": 4, "alpha": 4)") ==
        "[graft/lora] " + line("lora_alpha") + ": lora_alpha is 8, but here it is 4");
  CHECK(refusal(folder, kLora + R"(, "rank_stabilised": true)") ==
        "[graft/lora] " + line("use_rslora") + ": use_rslora is false, but here it is true");
  CHECK(refusal(folder, kLora, "dora") == "[graft/dora] " + line("use_dora") + ": use_dora is false, but here it is true");
  CHECK(refusal(folder, kLora + R"(, "init": "pissa")") ==
        "[graft/lora] from and init pissa exclude each other: both say what the small matrices start as");
}

TEST_CASE("peft folder: layers that it has not, and those it has more, are refused", "[adapter][peft_folder]") {
  const Folder folder("lora");
  CHECK(refusal(folder, kLora + R"(, "layers": ["query", "key", "value"])") ==
        "[graft/lora] from: the folder has no tensor for encoder.layer.0.attention.self.key.lora.A");
  CHECK(refusal(folder, kLora + R"(, "layers": ["query"])") ==
        "[graft/lora] from: base_model.model.encoder.layer.0.attention.self.value.lora_A.weight belongs to no layer that "
        "`layers` names");
}

TEST_CASE("peft folder: what it says that graft does not compute is refused", "[adapter][peft_folder]") {
  const auto refused = [](const char* key, Value value) {
    const Folder folder("lora", [&](Value& config) { config.set(key, value); });
    const std::string message = refusal(folder, kLora);
    return message.substr(message.find(key));
  };
  CHECK(refused("bias", "all") == "bias must not be set, got \"all\"");
  CHECK(refused("rank_pattern", Value::Object{{"query", 2, {}}}) == "rank_pattern must not be set, got {\"query\": 2}");
  CHECK(refused("init_lora_weights", "pissa") == "init_lora_weights \"pissa\" changed the base weights");
  CHECK(refused("peft_type", "LOHA") == "peft_type is \"LOHA\", but here it is \"LORA\"");
}
