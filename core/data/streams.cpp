#include "core/data/streams.hpp"

#include <numeric>

#include "core/data/split.hpp"
#include "graft/error.hpp"

namespace graft::core {
namespace {

Batch read_rows(const Source& source, std::span<const std::int64_t> numbers, std::size_t stream, std::size_t part) {
  const Batch rows = source.rows(numbers);
  std::vector<std::int64_t> ids(numbers.begin(), numbers.end());
  for (std::int64_t& id : ids) id |= static_cast<std::int64_t>(stream) << 48 | static_cast<std::int64_t>(part) << 40;
  Batch named(std::move(ids));
  for (const std::string& name : rows.names()) named.set(name, rows.column(name));
  return named;
}

std::shared_ptr<Source> open_source(const Value& config, const std::string& name, Loader& loader) {
  return loader.create<Source>(config.at("use").text(), Config(name, config));
}

SplitOptions split_options(const Value& config) {
  SplitOptions options;
  auto share = [&](const char* key, double& into) {
    const Value* value = config.find(key);
    if (value && value->is_object())
      into = 0;  // a source of its own
    else if (value && !value->is_null())
      into = value->number();
  };
  auto text = [&](const char* key, std::string& into) {
    if (const Value* value = config.find(key); value && !value->is_null()) into = value->text();
  };
  share("valid", options.valid);
  share("test", options.test);
  if (const Value* seed = config.find("seed"); seed && !seed->is_null())
    options.seed = static_cast<std::uint64_t>(seed->integer());
  if (const Value* rows = config.find("train_rows"); rows && !rows->is_null()) options.train_rows = rows->integer();
  if (const Value* seed = config.find("train_seed"); seed && !seed->is_null())
    options.train_seed = static_cast<std::uint64_t>(seed->integer());
  text("column", options.column);
  text("stratify", options.stratify);
  text("group", options.group);
  return options;
}

void add_own_sources(const Value& split, std::size_t number, Stream& stream, Loader& loader) {
  std::size_t part = 0;
  for (const char* name : {"train", "valid", "test"}) {
    const Value* own = split.find(name);
    ++part;
    if (!own || !own->is_object()) continue;
    const auto source = open_source(*own, stream.name + "." + name, loader);
    if (source->schema() != stream.schema)
      throw Error("data", stream.name + ": the source of split " + name + " has other columns or types than the stream's source");
    stream.splits[name] = read_all(*source, number, part);
  }
}

}  // namespace

Batch read_all(const Source& source, std::size_t stream, std::size_t part) {
  std::vector<std::int64_t> numbers(source.size());
  std::iota(numbers.begin(), numbers.end(), 0);
  return read_rows(source, numbers, stream, part);
}

std::vector<Stream> open_streams(const Value& data, Loader& loader) {
  std::vector<Stream> streams;
  for (const auto& [name, config, place] : data.object()) {
    const std::size_t number = streams.size();
    const auto source = open_source(config.at("source"), name, loader);
    Stream stream{name, source->schema(), {}, {}};
    const Value* split = config.find("split");
    const SplitOptions options = split ? split_options(*split) : SplitOptions{};
    for (const auto& [part, rows] : split_rows(*source, options)) stream.splits[part] = read_rows(*source, rows, number, 0);
    if (split) add_own_sources(*split, number, stream, loader);
    for (const std::string& column : {options.column, options.stratify, options.group})
      if (!column.empty()) stream.not_features.insert(column);
    if (!stream.splits.contains("train"))
      throw Error("data", name + ": no training rows (" + std::to_string(source->size()) + " rows in all)");
    stream.splits["train"] = sample_rows(stream.splits["train"], options.train_rows, options.train_seed, options.stratify);
    streams.push_back(std::move(stream));
  }
  return streams;
}

}  // namespace graft::core
