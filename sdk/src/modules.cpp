// Model and Head: the two interfaces that are torch modules.
#include "graft/error.hpp"
#include "graft/head.hpp"
#include "graft/model.hpp"
#include "graft/weights.hpp"

namespace graft {

Model::~Model() = default;
std::vector<std::string> Model::stages() const { return {""}; }
void Model::load_weights(const std::string& path) { copy_weights(*this, Safetensors(path)); }
std::map<std::string, std::string> Model::files() const { return {}; }

Head::~Head() = default;
std::vector<std::string> Head::reads() const { return {"features"}; }
void Head::fit(const Source&) {}

}  // namespace graft
