#include <ATen/Parallel.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/types.h>

#include <filesystem>

#include "catch.hpp"
#include "gradients.hpp"
#include "graft/files.hpp"
#include "graft/model.hpp"
#include "graft/safetensors.hpp"
#include "graft/testing.hpp"
#include "graft/weights.hpp"

using namespace graft;
namespace fs = std::filesystem;

namespace {

const std::string kData = GRAFT_TEST_DATA;
const std::string kMiniLm = std::string(GRAFT_SOURCE_DIR) + "/.deps/model";

const testing::Plugin& plugin() {
  static const testing::Plugin opened(GRAFT_PLUGIN_DIR "/graft_model.so");
  return opened;
}

const Schema kTokens = {{"tokens", FieldKind::kTokens, {-1}, {}}, {"text", FieldKind::kText, {}, {}}};

std::shared_ptr<Model> make(const std::string& parameters) { return plugin().make<Model>("graft/bert", parameters); }

std::shared_ptr<Model> built(const std::string& parameters) {
  auto model = make(parameters);
  model->build(kTokens, Rng(1));
  return model;
}

const char* kSmall = R"({"input": "tokens", "vocab_size": 11, "hidden_size": 8, "num_hidden_layers": 2, "num_attention_heads": 2,
  "intermediate_size": 12, "max_position_embeddings": 6)";
std::string small(const std::string& more = "") { return kSmall + (more.empty() ? "" : ", " + more) + "}"; }

Call call_for(std::vector<std::string> outputs, bool training = false) {
  Call::Options options;
  options.outputs = std::move(outputs);
  options.training = training;
  return Call(options);
}

// A folder as `transformers` writes it, gone when the test ends.
struct Folder {
  Folder() : path((fs::temp_directory_path() / "graft_bert_test").string()) { fs::create_directories(path); }
  ~Folder() { fs::remove_all(path); }
  std::string path;
};

// The weights and config.json of a reference, under `prefix` and with LayerNorm's old spelling when asked.
void write_reference(const Folder& folder, const Safetensors& reference, const Value& facts, const std::string& prefix,
                     bool old_spelling) {
  NamedTensors weights = {{"embeddings.position_ids", at::arange(4)}, {"cls.predictions.bias", at::zeros({2})}};
  for (const std::string& name : reference.names()) {
    if (name.rfind("weights.", 0) != 0) continue;
    std::string own = name.substr(8);
    const auto at = own.find("LayerNorm.");
    if (old_spelling && at != std::string::npos)
      own = own.substr(0, at) + (own.back() == 't' ? "LayerNorm.gamma" : "LayerNorm.beta");
    weights.emplace_back(own.rfind("classifier", 0) == 0 ? own : prefix + own, reference.tensor(name));
  }
  write_safetensors(folder.path + "/model.safetensors", weights);
  write_file(folder.path + "/config.json", to_json(facts.at("config"), 2));
}

struct Reference {
  explicit Reference(const std::string& name)
      : tensors(kData + "/" + name + ".safetensors"), facts(read_json(kData + "/" + name + ".json")) {}

  Batch batch(const std::string& at) const {
    const Tensor offsets = tensors.tensor(at + "offsets");
    Batch batch(std::vector<std::int64_t>(offsets.size(0) - 1));
    const std::int64_t longest = offsets.slice(0, 1).sub(offsets.slice(0, 0, -1)).max().item<std::int64_t>();
    batch.set("tokens", Ragged{tensors.tensor(at + "ids"), offsets, longest});
    return batch;
  }

  Safetensors tensors;
  Value facts;
};

struct Outcome {
  Batch output;
  double loss;
  std::map<std::string, Tensor> gradients;
};

Outcome run(Model& model, const Reference& reference, const std::string& at, const std::string& classifier, const Call& call) {
  model.zero_grad();
  Tensor weight = reference.tensors.tensor(classifier + "classifier.weight").clone().requires_grad_();
  Tensor bias = reference.tensors.tensor(classifier + "classifier.bias").clone().requires_grad_();
  Outcome outcome{model.forward(reference.batch(at), call), 0, {}};
  const Tensor scores = at::linear(outcome.output.tensor("features"), weight, bias);
  const Tensor loss = at::cross_entropy_loss(scores, reference.tensors.tensor(at + "labels"));
  loss.backward();
  outcome.loss = loss.item<double>();
  for (const auto& named : model.named_parameters()) {
    const Tensor gradient = named.value().grad();
    outcome.gradients[named.key()] = gradient.defined() && gradient.is_sparse() ? gradient.to_dense() : gradient;
  }
  outcome.gradients["classifier.weight"] = weight.grad();
  outcome.gradients["classifier.bias"] = bias.grad();
  return outcome;
}

double furthest(const Tensor& a, const Tensor& b) { return a.sub(b).abs().max().item<double>(); }

}  // namespace

TEST_CASE("bert: gives the hidden states, loss and every gradient that transformers gives", "[model][bert]") {
  const std::string name = GENERATE("bert_tiny", "bert_odd"), at = GENERATE("batch1.", "batch2.", "batch32.");
  const bool short_last_layer = GENERATE(false, true);
  CAPTURE(name, at, short_last_layer);
  const Reference reference(name);
  const Folder folder;
  write_reference(folder, reference.tensors, reference.facts, "bert.", name == "bert_odd");
  auto model = built(R"({"input": "tokens", "weights": ")" + folder.path + "\"}");
  model->load_weights(folder.path);

  const Call call = short_last_layer ? call_for({"features"}) : Call();
  const Outcome ours = run(*model, reference, at, "weights.", call);
  CHECK(furthest(ours.output.tensor("features"), reference.tensors.tensor(at + "pooled")) < 1e-5);
  CHECK(std::abs(ours.loss - reference.facts.at("loss").at(at.substr(0, at.size() - 1)).number()) < 1e-6);
  CHECK(ours.output.has("tokens") == !short_last_layer);
  if (!short_last_layer) CHECK(furthest(ours.output.ragged("tokens").values, reference.tensors.tensor(at + "hidden")) < 1e-5);

  double all = 0;
  for (const auto& [parameter, gradient] : ours.gradients)
    all += reference.tensors.tensor(at + "gradient." + parameter).square().sum().item<double>();
  for (const auto& [parameter, gradient] : ours.gradients) {
    CAPTURE(parameter);
    const Tensor theirs = reference.tensors.tensor(at + "gradient." + parameter);
    const double difference = gradient.sub(theirs).norm().item<double>();
    const bool is_zero_exactly = parameter.find("self.key.bias") != std::string::npos;
    CHECK(difference < (is_zero_exactly ? 1e-6 * std::sqrt(all) : 1e-4 * theirs.norm().item<double>() + 1e-9 * std::sqrt(all)));
  }
}

TEST_CASE("bert: MiniLM gives the hidden states, loss and gradients that transformers gives", "[model][bert][slow]") {
  if (!fs::exists(kMiniLm + "/model.safetensors")) {
    WARN("skipped: .deps/model is not there (sh examples/setup.sh)");
    return;
  }
  const Reference reference("bert_minilm");
  auto model = built(R"({"input": "tokens", "hidden_dropout": 0, "attention_dropout": 0, "weights": ")" + kMiniLm + "\"}");
  model->load_weights(kMiniLm);
  for (const std::string batch : {"batch1", "batch2", "batch32"}) {
    CAPTURE(batch);
    const std::string at = batch + ".";
    const Outcome ours = run(*model, reference, at, "", Call());
    const Ragged& tokens = ours.output.ragged("tokens");
    for (const Value& row : reference.facts.at("hidden_rows").at(batch).list()) {
      const auto begin = tokens.offsets[row.integer()].item<std::int64_t>(),
                 end = tokens.offsets[row.integer() + 1].item<std::int64_t>();
      CHECK(furthest(tokens.values.slice(0, begin, end),
                     reference.tensors.tensor(at + "hidden." + std::to_string(row.integer()))) < 1e-5);
    }
    CHECK(std::abs(ours.loss - reference.facts.at("loss").at(batch).number()) < 1e-6);
    const Value& norms = reference.facts.at("gradient_norm").at(batch);
    double all = 0;
    for (const auto& [parameter, gradient] : ours.gradients) all += std::pow(norms.at(parameter).number(), 2);
    all = std::sqrt(all);
    for (const auto& [parameter, gradient] : ours.gradients) {
      CAPTURE(parameter);
      if (parameter.find("self.key.bias") != std::string::npos) {
        CHECK(gradient.norm().item<double>() < 1e-6 * all);
        continue;
      }
      const double norm = norms.at(parameter).number();
      CHECK(std::abs(gradient.to(at::kDouble).norm().item<double>() - norm) < 1e-4 * norm);
      const Tensor places = reference.tensors.tensor(at + "places." + parameter).to(at::kLong);
      CHECK(relative_difference(gradient.flatten().index_select(0, places),
                                reference.tensors.tensor(at + "gradient." + parameter)) < 1e-4);
    }
  }
}

TEST_CASE("bert: with all weights zero but one bias, cls features are that bias normalised", "[model][bert]") {
  auto model = built(small(R"("pooling": "cls")"));
  for (const auto& named : named_tensors(*model)) {
    Tensor tensor = named.second;
    const bool is_norm_weight = named.first.find("LayerNorm.weight") != std::string::npos;
    write_parameter(tensor, is_norm_weight ? at::ones_like(tensor) : at::zeros_like(tensor));
  }
  Tensor bias = model->named_parameters()["encoder.layer.1.output.dense.bias"];
  write_parameter(bias, at::tensor(std::vector<float>{1, -1, 1, -1, 1, -1, 1, -1}));
  const Batch output = model->forward(testing::batch({{"tokens", testing::tokens({{1, 2}, {3}})}}), Call());
  CHECK(furthest(output.tensor("features"), bias.expand({2, 8})) < 1e-6);  // mean 0, variance 1
}

TEST_CASE("bert: a row's features do not depend on its neighbours, and mean pooling averages its tokens", "[model][bert]") {
  const std::string pooling = GENERATE("pooler", "cls", "mean", "max", "mean_sqrt_len", "weightedmean", "lasttoken");
  auto model = built(small("\"pooling\": \"" + pooling + "\""));
  const auto forward = [&](Ragged tokens) { return model->forward(testing::batch({{"tokens", tokens}}), Call()); };
  const Batch together = forward(testing::tokens({{1, 2, 3}, {4}, {5, 6, 7, 8, 9, 10}}));
  CHECK(furthest(together.tensor("features")[1], forward(testing::tokens({{4}})).tensor("features")[0]) < 1e-6);
  CHECK(furthest(together.tensor("features")[2], forward(testing::tokens({{5, 6, 7, 8, 9, 10}})).tensor("features")[0]) < 1e-6);
  if (pooling == "mean")
    CHECK(furthest(together.tensor("features")[0], together.ragged("tokens").values.slice(0, 0, 3).mean(0)) < 1e-6);
}

TEST_CASE("bert: each pooling makes of a row's tokens what sentence-transformers makes of padded ones", "[model][bert]") {
  const Ragged rows = testing::tokens({{1, 2, 3}, {4}, {5, 6, 7, 8, 9, 10}});
  const std::vector<std::int64_t> lengths = {3, 1, 6};
  for (const std::string pooling : {"cls", "mean", "max", "mean_sqrt_len", "weightedmean", "lasttoken"}) {
    auto model = built(small("\"pooling\": \"" + pooling + "\""));
    const Batch output = model->forward(testing::batch({{"tokens", rows}}), Call());
    const Tensor tokens = output.ragged("tokens").values, offsets = rows.offsets.to(at::kLong);
    Tensor padded = at::zeros({3, 6, 8}), mask = at::zeros({3, 6, 1});
    for (std::int64_t row = 0; row < 3; ++row) {
      padded[row]
          .slice(0, 0, lengths[row])
          .copy_(tokens.slice(0, offsets[row].item<std::int64_t>(), offsets[row + 1].item<std::int64_t>()));
      mask[row].slice(0, 0, lengths[row]).fill_(1);
    }
    const Tensor weights = mask.mul(at::arange(1, 7).unsqueeze(1)), last = at::tensor(lengths).sub(1);
    const Tensor expected = pooling == "cls"             ? padded.select(1, 0)
                            : pooling == "mean"          ? padded.sum(1).div(mask.sum(1))
                            : pooling == "max"           ? padded.masked_fill(mask.eq(0), -1e9).amax(1)
                            : pooling == "mean_sqrt_len" ? padded.sum(1).div(mask.sum(1).sqrt())
                            : pooling == "weightedmean"  ? padded.mul(weights).sum(1).div(weights.sum(1))
                                                         : padded.index({at::arange(3), last});
    INFO(pooling);
    CHECK(furthest(output.tensor("features"), expected) < 1e-6);
    output.tensor("features").square().sum().backward();
    CHECK(model->named_parameters()["encoder.layer.1.output.dense.bias"].grad().abs().sum().item<double>() > 0);
  }
}

TEST_CASE("bert: identity taps change nothing, and see every point", "[model][bert]") {
  auto model = built(small());
  const Batch batch = testing::batch({{"tokens", testing::tokens({{1, 2, 3}, {4, 5}})}});
  std::vector<std::string> points;
  Call::Options options;
  options.outputs = {"features"};
  options.tap = [&](std::string_view point, const Tensor& value) {
    points.emplace_back(point);
    return value;
  };
  const Tensor tapped = model->forward(batch, Call(options)).tensor("features");
  CHECK(furthest(tapped, model->forward(batch, call_for({"features"})).tensor("features")) < 1e-6);
  CHECK(points == std::vector<std::string>{"embeddings", "layer.0", "layer.1", "features"});
}

TEST_CASE("bert: stages partition all parameters, and a gradient reaches each", "[model][bert]") {
  const std::string pooling = GENERATE("pooler", "cls");
  auto model = built(small("\"pooling\": \"" + pooling + "\""));
  model->forward(testing::batch({{"tokens", testing::tokens({{1, 2, 3}, {4, 5}})}}), call_for({"features"}))
      .tensor("features")
      .square()
      .sum()
      .backward();
  for (const auto& named : model->named_parameters()) {
    CAPTURE(named.key());
    int owners = 0;
    for (const std::string& stage : model->stages()) owners += named.key().rfind(stage + ".", 0) == 0;
    CHECK(owners == 1);
    CHECK(named.value().grad().defined());
  }
  CHECK((model->stages().back() == "pooler") == (pooling == "pooler"));
}

TEST_CASE("bert: training drops by the call's key alone; evaluation repeats itself; threads change no row's attention",
          "[model][bert]") {
  auto model = built(small(R"("hidden_dropout": 0.3, "attention_dropout": 0.3)"));
  const Batch batch = testing::batch({{"tokens", testing::tokens({{1, 2, 3}, {4, 5}})}});
  const auto pass = [&](bool training) { return model->forward(batch, call_for({}, training)).tensor("features").detach(); };
  CHECK(at::equal(pass(true), pass(true)));
  CHECK(at::equal(pass(false), pass(false)));
  CHECK_FALSE(at::equal(pass(true), pass(false)));
}

TEST_CASE("bert: written weights and config.json make the same model again, bit for bit", "[model][bert]") {
  const Folder folder;
  auto model = built(small());
  write_safetensors(folder.path + "/model.safetensors", named_tensors(*model));
  for (const auto& [name, text] : model->files()) write_file(folder.path + "/" + name, text);
  auto again = make(R"({"input": "tokens", "weights": ")" + folder.path + "/model.safetensors\"}");
  again->build(kTokens, Rng(2));
  again->load_weights(folder.path + "/model.safetensors");
  const Batch batch = testing::batch({{"tokens", testing::tokens({{1, 2, 3}, {4, 5}})}});
  CHECK(at::equal(model->forward(batch, Call()).tensor("features"), again->forward(batch, Call()).tensor("features")));
  CHECK(model->files() == again->files());
}

TEST_CASE("bert: no rows give no features", "[model][bert]") {
  for (const char* pooling : {"pooler", "cls", "mean", "max", "mean_sqrt_len", "weightedmean", "lasttoken"}) {
    auto model = built(small(std::string("\"pooling\": \"") + pooling + "\""));
    const Batch output = model->forward(testing::batch({{"tokens", testing::tokens({})}}), Call());
    CHECK(output.tensor("features").sizes() == at::IntArrayRef({0, 8}));
  }
}

TEST_CASE("bert: what it cannot read it refuses", "[model][bert]") {
  auto model = built(small());
  const auto forward = [&](Ragged tokens) {
    return message_of([&] { model->forward(testing::batch({{"tokens", tokens}}), Call()); });
  };
  CHECK(forward(testing::tokens({{1, 11}})) == "[graft/nn] ids must be in [0, 11), got 11 at position 1");
  CHECK(forward(testing::tokens({{1, 2, 3, 4, 5, 6, 7}})) ==
        "[graft/bert] a row must have at most max_position_embeddings = 6 tokens, got 7: set max_length of the step that makes "
        "tokens");
  CHECK(forward(testing::tokens({{1}, {}})) == "[graft/bert] a row must have at least one token, row 1 has none");
  CHECK(message_of([] { make(R"({"input": "tokens"})"); }) ==
        "[graft/bert] vocab_size must be given where no config.json says it");
  CHECK(message_of([] { make(small(R"("num_attention_heads": 3)")); }) != "(nothing was thrown)");
  CHECK(message_of([] {
          make(R"({"input": "text", "vocab_size": 5, "hidden_size": 6, "num_hidden_layers": 1, "num_attention_heads": 4,
                                 "intermediate_size": 4})");
        }) == "[graft/bert] hidden_size must be a multiple of num_attention_heads, got 6 and 4");
  const std::string on_text =
      R"({"input": "text", "vocab_size": 5, "hidden_size": 8, "num_hidden_layers": 1, "num_attention_heads": 4,
                                  "intermediate_size": 4})";
  CHECK(message_of([&] { built(on_text); }) ==
        "[graft/bert] input must be a column of tokens, text is text: add a step {\"use\": \"wordpiece\", \"column\": \"text\"}");
}

TEST_CASE("bert: a file without a pooler serves cls and mean, and pooler says so", "[model][bert]") {
  const Folder folder;
  const std::string file = folder.path + "/model.safetensors";
  write_safetensors(file, named_tensors(*built(small(R"("pooling": "cls")"))));
  built(small(R"("pooling": "mean")"))->load_weights(file);
  CHECK(message_of([&] { built(small())->load_weights(file); }) ==
        "[graft/bert] " + file + " has no pooler (pooler.dense.weight): set pooling to \"cls\" or \"mean\"");
}

TEST_CASE("bert: a config.json of another architecture is refused by its line", "[model][bert]") {
  const Folder folder;
  write_file(folder.path + "/config.json", "{\n  \"model_type\": \"roberta\"\n}");
  CHECK(message_of([&] { make(R"({"input": "tokens", "weights": ")" + folder.path + "\"}"); }) ==
        "[graft/bert] " + folder.path + "/config.json:2:17: model_type must be \"bert\", got \"roberta\"");
}
