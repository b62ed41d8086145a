// HeadView: the trunk as those heads see it that have the same adapters. An adapter that names heads (`adapters.<name>.heads`) acts for
// those alone, one that names none acts for all.
//
//   passes   the trunk runs once over a batch for each view that the batch's heads have
//   columns  the view of no head's own adapters keeps the model's names; another's are "<column>@<adapters>", as features@french or
//            features@french+law, so that one batch of features holds them all
//   one      where all heads have the same adapters there is one view, and no column has another name
#pragma once

#include <string>
#include <vector>

#include "core/train/network.hpp"

namespace graft::core {

using HeadList = std::vector<const NamedHead*>;

struct HeadView {
  std::vector<std::string> adapters;  // the patch sets that act, as in Call::Options: empty for all
  std::string suffix;                 // of its columns: "@french+law"
  HeadList heads;
};

std::vector<HeadView> head_views(const Network& network);  // in the order of the heads

// A batch of features as that head sees it: its view's columns under the model's names. throws HostError when they are not there.
Batch seen_by(const Network& network, const NamedHead& head, const Batch& features);

}  // namespace graft::core
