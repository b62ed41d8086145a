// Widget: layers that multiply the features of a row with each other: the cross network of DCN V2.
//
//   formula  x' = x0 * (W x + b) + x, layer after layer, beginning with x = x0
//   reads    the columns `input`: number, integer and vector columns side by side, D in all
//   gives    "features" [B, D] float
//   taps     "cross_0" ... [B, D], "features"
//   names    "cross_0.weight" [D, D], "cross_0.bias" [D], ...; a stage each
//   init     as torch.nn.Linear
//   errors   Error("acme/widget") when a column is absent or no number, or a number is missing
//   source   Wang et al. 2021, arXiv:2008.13535
//
//   B rows in a batch   D width
#include <graft/config.hpp>
#include <graft/model.hpp>
#include <graft/nn/columns.hpp>
#include <graft/nn/linear.hpp>
#include <graft/plugin.hpp>

namespace acme_widget {

constexpr const char* kName = "acme/widget";

class Widget final : public graft::Model {
 public:
  // The parameters are as plugin.json says, checked and completed before this runs. Columns are not known yet, so no layers.
  explicit Widget(const graft::Config& config) : input_(config.columns("input")), layers_(config.integer("layers")) {}

  // Makes the layers and says what forward() gives. What is random comes from `rng` alone: equal seeds, equal weights.
  graft::Schema build(const graft::Schema& inputs, graft::Rng rng) override {
    const std::int64_t width = graft::nn::width_of(inputs, input_, kName);
    for (const std::string& name : stages())
      cross_.push_back(register_module(name, std::make_shared<graft::nn::Linear>(width, width, rng.fork(name))));
    return {graft::Field{"features", graft::FieldKind::kVector, {width}, {}}};
  }

  // Rows in the batch's order, with its ids. The device is that of the tensors; a layer that gets `call` knows training, precision
  // and adapters from it; a tap lets augmenters and tasks look at, or change, a hidden tensor by its name.
  graft::Batch forward(const graft::Batch& batch, const graft::Call& call) override {
    const graft::Tensor x0 = graft::nn::side_by_side(batch, input_, kName);
    graft::Tensor x = x0;
    for (std::size_t i = 0; i < cross_.size(); ++i)
      x = call.tap("cross_" + std::to_string(i), x0 * cross_[i]->forward(x, call) + x);
    graft::Batch result(std::vector<std::int64_t>(batch.row_ids().begin(), batch.row_ids().end()));
    result.set("features", call.tap("features", x));
    return result;
  }

  // Prefixes of the parameters' names, input side first: what a config freezes, or trains slower, by depth.
  std::vector<std::string> stages() const override {
    std::vector<std::string> names;
    for (std::int64_t i = 0; i < layers_; ++i) names.push_back("cross_" + std::to_string(i));
    return names;
  }

 private:
  std::vector<std::string> input_;
  std::int64_t layers_;
  std::vector<std::shared_ptr<graft::nn::Linear>> cross_;
};

}  // namespace acme_widget

GRAFT_PLUGIN(registrar) { registrar.add<acme_widget::Widget>("acme/widget"); }
