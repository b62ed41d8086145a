#include "core/data/source_parameters.hpp"

#include "graft/error.hpp"
#include "graft/parameters.hpp"

namespace graft::core {

std::shared_ptr<Source> make_source(Value parameters, const std::string& name, Loader& loader) {
  const std::string use = parameters.at("use").text();
  const Component* component = loader.catalog().find(Kind::kSource, use);
  if (!component) throw Error("data", "no plugin here provides the source " + use);
  parameters.erase("use");
  for (const Problem& problem : check_parameters(parameters, component->entry.at("params"), use)) throw Error(use, problem.text);
  return loader.create<Source>(use, Config(name, parameters));
}

}  // namespace graft::core
