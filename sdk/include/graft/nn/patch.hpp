// Patch: a change that an adapter hangs on one layer. PatchSlot: what layers have so that it can.
//
//   result   after(layer(before(x)), x), for the patches of the sets that the call has switched on, in the order attached
//   weight   what a Linear multiplies by in this pass in place of its weight W, in W's shape and type
//   tokens   virtual tokens put before every row: [P, D] of a TokenEmbedding; keys and values, [P, D] each, of a SelfAttention
//   names    a patch's parameters are registered under the layer: <layer>.<set>.<parameter>
//   merge    folds the patch into the layer's own parameters: afterwards the layer alone gives what both gave
//   source   Hu et al. 2021, arXiv:2106.09685 (LoRA: after); Liu et al. 2022, arXiv:2205.05638 (IA3: before, after); Lee et al.
//            2020, arXiv:1909.11299 (Mixout: weight); Li and Liang 2021, arXiv:2101.00190 (prefix tuning: tokens)
#pragma once

#include <torch/nn/module.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "graft/call.hpp"
#include "graft/export.hpp"

namespace graft::nn {

class GRAFT_API Patch : public torch::nn::Module {
 public:
  ~Patch() override;
  virtual Tensor before(const Tensor& x, const Call& call) const;                  // default: x
  virtual Tensor after(const Tensor& y, const Tensor& x, const Call& call) const;  // default: y; x is what before() was given
  virtual Tensor weight(const Tensor& weight, const Call& call) const;             // default: weight
  virtual std::vector<Tensor> tokens(const Call& call) const;                      // default: none
  virtual void merge();                                                            // default: throws Error("graft/nn")
};

class GRAFT_API PatchSlot : public torch::nn::Module {
 public:
  ~PatchSlot() override;

  // throws Error("graft/nn") when the set has a patch on this layer already, or its name is that of a parameter.
  void attach(const std::string& set, std::shared_ptr<Patch> patch);
  void merge(const std::string& set);  // folds that set's patch in and takes it off; nothing where it has none

 protected:
  bool is_patched(const Call& call) const;  // some patch of an active set hangs here
  Tensor before(Tensor x, const Call& call) const;
  Tensor after(Tensor y, const Tensor& x, const Call& call) const;
  Tensor seen(Tensor weight, const Call& call) const;  // the weight itself where no patch changes it
  std::vector<Tensor> tokens(const Call& call) const;  // those of all patches end to end; empty where none has any

 private:
  std::vector<std::pair<std::string, std::shared_ptr<Patch>>> patches_;
};

// Parameters of `model` that belong to no patch stop training: what adapters do before they attach.
GRAFT_API void freeze_base(torch::nn::Module& model);

}  // namespace graft::nn
