#include "core/run/lock.hpp"

#include <filesystem>

#include "core/data/split.hpp"
#include "core/data/table.hpp"
#include "graft/error.hpp"
#include "graft/files.hpp"
#include "graft/rng.hpp"

namespace graft::core {
namespace {

// One hash over the raw rows of a split, in order.
std::string hash_of_rows(const Schema& schema, const Batch& rows) {
  std::uint64_t hash = static_cast<std::uint64_t>(rows.size());
  for (std::uint64_t row : hash_rows(Table(schema, rows), {})) hash = Rng::mix(hash ^ row);
  char text[20];
  std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(hash));
  return text;
}

// One hash a file of pre-trained weights: the model's, then those of the models it holds.
Value hashes_of_weights(const Network& network) {
  std::vector<const Value*> models = {&network.model_parameters};
  for (const HeldModel& held : network.held) models.push_back(&held.parameters);
  Value hashes = Value::List{};
  for (const Value* parameters : models) {
    const Value* weights = parameters->find("weights");
    if (!weights || !weights->is_text()) continue;
    std::filesystem::path file = weights->text();
    if (std::filesystem::is_directory(file)) file /= "model.safetensors";
    hashes.list().push_back(sha256_of_file(file.string()));
  }
  return hashes;
}

Value lock_of(const RunRequest& request, const Assembly& assembly, Loader& loader) {
  Value lock = Value::Object{};
  lock.set("graft", GRAFT_VERSION);
  lock.set("seed", request.config.root.at("run").at("seed"));
  lock.set("threads", compute_threads(request.config.root));
  lock.set("device", assembly.network.compute.device_name());
  lock.set("precision", assembly.network.compute.precision_name());
  Value data = Value::Object{};
  for (const Stream& stream : assembly.streams)
    for (const auto& [split, rows] : stream.splits) data.set(stream.name + "/" + split, hash_of_rows(stream.schema, rows));
  lock.set("data", std::move(data));
  if (Value weights = hashes_of_weights(assembly.network); !weights.list().empty())
    lock.set("weights", weights.list().size() == 1 ? weights.list().front() : weights);
  Value plugins = Value::Object{};
  for (const OpenedPlugin& plugin : loader.plugins()) {
    Value entry = Value::Object{};
    entry.set("version", plugin.version);
    entry.set("sha256", plugin.sha256);
    entry.set("path", plugin.path);
    entry.set("abi", parse_json(plugin.abi, plugin.path));
    plugins.set(plugin.id, std::move(entry));
  }
  lock.set("plugins", std::move(plugins));
  return lock;
}

}  // namespace

void hold_to_lock(Value& config, const RunFolder& folder) {
  const std::string path = folder.file("lock.json");
  if (!std::filesystem::exists(path)) return;
  const Value lock = read_json(path);
  Value* run = config.find("run");
  if (const Value* was = lock.find("precision"); was && run->at("precision") == Value("auto")) run->set("precision", *was);
}

void check_or_write_lock(const RunRequest& request, const Assembly& assembly, Loader& loader) {
  const std::string path = request.folder.file("lock.json");
  const Value lock = lock_of(request, assembly, loader);
  if (!request.resume || !std::filesystem::exists(path)) return write_file(path, to_json(lock, 2) + "\n");
  const Value before = read_json(path);
  for (const char* key : {"data", "weights", "threads", "device", "precision"}) {
    const Value *was = before.find(key), *is = lock.find(key);
    if ((was == nullptr) != (is == nullptr) || (was && !(*was == *is)))
      throw Error("run", std::string(key) + " changed since the run began, so it cannot go on to the same result (lock.json)");
  }
  for (const Value::Member& plugin : lock.at("plugins").object()) {
    const Value* was = before.at("plugins").find(plugin.key);
    if (was && !(was->at("sha256") == plugin.value.at("sha256")))
      warn("run", "plugin " + plugin.key +
                      " is another file than when the run began; the result may differ from an uninterrupted run's");
  }
}

}  // namespace graft::core
