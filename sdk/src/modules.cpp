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

std::vector<std::string> stages_under(std::string_view name, const Model& held) {
  std::vector<std::string> stages;
  for (const std::string& stage : held.stages()) stages.push_back(std::string(name) + (stage.empty() ? "" : "." + stage));
  return stages;
}

Head::~Head() = default;
std::vector<std::string> Head::reads() const { return {"features"}; }
void Head::fit(const Source&) {}

Tensor wide(const Tensor& scores) { return scores.scalar_type() == at::kDouble ? scores : scores.to(at::kFloat); }

const Field& head_input(const Schema& features, const std::string& input, const std::string& head, std::string_view where) {
  const bool by_own_name = input.empty() && !find(features, "features");
  if (by_own_name && !find(features, head)) {
    std::string given;
    for (const Field& field : features) given += (given.empty() ? "" : ", ") + field.name;
    throw Error(std::string(where),
                "the model gives neither features nor a column " + head + ", it gives " + given + ": set input");
  }
  const std::string& name = by_own_name ? head : input.empty() ? "features" : input;
  const Field& field = require(features, name, {FieldKind::kVector, FieldKind::kSparse}, where);
  if (field.shape.size() == 1) return field;
  throw Error(std::string(where), "input must be one vector a row, " + name + " is one a token");
}

}  // namespace graft
