// Session: what a task may arrange outside a step. Implemented by the host.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "graft/export.hpp"
#include "graft/progress.hpp"
#include "graft/source.hpp"

namespace graft {

class Model;
class Head;

class GRAFT_API Session {
 public:
  virtual ~Session();

  virtual Model& model() = 0;
  virtual std::vector<std::pair<std::string, Head*>> heads() = 0;                       // in the config's order
  virtual const Source& rows(std::string_view role, std::string_view split) const = 0;  // through the pipeline
  virtual const Progress& progress() const = 0;
};

}  // namespace graft
