#include "graft/config.hpp"

#include <mutex>
#include <set>

#include "graft/error.hpp"

namespace graft {

struct Config::Impl {
  std::string name;
  Value parameters;
  std::mutex mutex;
  std::set<std::string> reads;
  Maker maker;

  const Value& get(std::string_view key) {
    const Value* value = parameters.find(key);
    if (!value)
      throw Error("config",
                  name + ": reads the parameter " + std::string(key) + ", which its manifest does not declare or default");
    std::lock_guard lock(mutex);
    reads.emplace(key);
    return *value;
  }
};

Config::Config(std::string name, Value parameters) : impl_(std::make_shared<Impl>()) {
  impl_->name = std::move(name);
  impl_->parameters = parameters.is_null() ? Value(Value::Object{}) : std::move(parameters);
}
Config::~Config() = default;
Config::Config(const Config&) = default;
Config& Config::operator=(const Config&) = default;

const std::string& Config::name() const { return impl_->name; }

bool Config::has(std::string_view key) const {
  const Value* value = impl_->parameters.find(key);
  return value && !impl_->get(key).is_null();
}

double Config::number(std::string_view key) const { return impl_->get(key).number(); }
std::int64_t Config::integer(std::string_view key) const { return impl_->get(key).integer(); }
bool Config::flag(std::string_view key) const { return impl_->get(key).flag(); }
std::string Config::text(std::string_view key) const { return impl_->get(key).text(); }
std::string Config::path(std::string_view key) const { return impl_->get(key).text(); }

std::string Config::column(std::string_view key) const {
  const std::vector<std::string> all = columns(key);
  if (all.size() != 1) throw Error(name(), std::string(key) + " must be one column, got " + std::to_string(all.size()));
  return all.front();
}

std::vector<std::string> Config::columns(std::string_view key) const { return texts(key); }

std::vector<std::string> Config::texts(std::string_view key) const {
  const Value& value = impl_->get(key);
  if (value.is_text()) return {value.text()};
  std::vector<std::string> texts;
  for (const Value& item : value.list()) texts.push_back(item.text());
  return texts;
}

std::vector<double> Config::numbers(std::string_view key) const {
  const Value& value = impl_->get(key);
  if (value.is_number()) return {value.number()};
  std::vector<double> numbers;
  for (const Value& item : value.list()) numbers.push_back(item.number());
  return numbers;
}

std::vector<std::string> Config::keys() const {
  std::vector<std::string> keys;
  for (const Value::Member& member : impl_->parameters.object()) keys.push_back(member.key);
  return keys;
}

Config Config::child(std::string_view key) const { return Config(std::string(key), impl_->get(key)); }
const Value& Config::value(std::string_view key) const { return impl_->get(key); }
Place Config::place(std::string_view key) const { return impl_->get(key).place; }

std::vector<std::string> Config::reads() const {
  std::lock_guard lock(impl_->mutex);
  return {impl_->reads.begin(), impl_->reads.end()};
}

void Config::set_maker(Maker maker) const { impl_->maker = std::move(maker); }

std::shared_ptr<void> Config::make(Kind kind, std::string_view key) const {
  const Value& entry = impl_->get(key);
  if (!impl_->maker)
    throw Error("config", name() + ": " + std::string(key) + " is a component, and nobody here makes components");
  return impl_->maker(kind, entry.at("use").text(), Config(std::string(key), entry));
}

}  // namespace graft
