// Adapter (draft): rewrites a model once, before the optimizer exists: patches on graft::nn layers, freezing, re-initialisation.
//
// Its patches form a set under the adapter's config name; a forward pass chooses which sets are active (Call::active), so one
// trunk can carry one set a head.   must hold   start equals base; merged equals unmerged
#pragma once

#include "graft/export.hpp"

namespace graft {

class Model;

class GRAFT_API Adapter {
 public:
  virtual ~Adapter();
  virtual void attach(Model& model) = 0;
  virtual bool can_merge() const;    // default: false
  virtual void merge(Model& model);  // fold into the base weights; default: throws Error
};

}  // namespace graft
