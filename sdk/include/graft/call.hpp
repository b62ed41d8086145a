// Call: what one forward pass is asked for. The core makes it; models pass it on to graft::nn layers.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "graft/export.hpp"
#include "graft/rng.hpp"
#include "graft/tap.hpp"

namespace graft {

class GRAFT_API Call {
 public:
  struct Options {
    bool training = false;                  // dropout acts
    std::uint64_t key = 0;                  // of the pass's random numbers
    std::vector<std::string> outputs;       // what somebody reads; empty: all
    Tap tap;                                // empty: nobody listens
    std::vector<std::string> adapters;      // patch sets that are active; empty: all
    at::ScalarType precision = at::kFloat;  // what graft::nn layers compute in: kFloat or kBFloat16; parameters stay float
  };
  Call();  // evaluation; every output; no tap
  explicit Call(Options options);

  bool training() const;
  bool wants(std::string_view output) const;                      // somebody reads it: do not compute what nobody reads
  Tensor tap(std::string_view point, const Tensor& value) const;  // value itself where nobody listens
  bool tapped() const;                          // a tap listens: no step of the pass may be skipped or fused away
  bool active(std::string_view adapter) const;  // is this patch set switched on?
  at::ScalarType precision() const;

  // The same pass inside a model that this one holds under the name `part`: `outputs` are wanted of it, and a tap sees its points
  // as "<part>.<point>". Streams of rng() go on in the order asked.
  Call inside(std::string_view part, std::vector<std::string> outputs) const;

  // A fresh stream each time it is asked, in the order asked: two passes over the same rows differ, a repeated run does not.
  // A model must ask from one thread, in an order that does not depend on the data.
  Rng rng() const;

 private:
  std::shared_ptr<Options> options_;
  std::shared_ptr<std::uint64_t> asked_;  // streams given out, shared by copies
};

}  // namespace graft
