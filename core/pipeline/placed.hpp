// placed: what goes wrong while an entry of the config is made or fitted, with the place of the entry before it.
//
//   placed({place, "pipeline.label"}, [&] { ... })   ->   movies.json:12:5: [graft/binarize] column text must be number, is text
//
//   place    without a line ("--set", "default") the entry's name follows it; without any, the error stays as it is
//   passes   what has a place already, and what is no graft::Error: that is a plugin's own fault
#pragma once

#include <string>
#include <utility>

#include "graft/value.hpp"

namespace graft::core {

struct ConfigEntry {
  Place place;
  std::string name;       // "heads.sentiment"
  std::string rows = {};  // "in the stream tweets", where that is not plain
};

[[noreturn]] void throw_placed(const ConfigEntry& entry);  // the current exception; called in a catch block only

template <class Call>
decltype(auto) placed(const ConfigEntry& entry, Call&& call) {
  try {
    return std::forward<Call>(call)();
  } catch (...) {
    throw_placed(entry);
  }
}

}  // namespace graft::core
