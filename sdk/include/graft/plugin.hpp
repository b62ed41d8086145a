// GRAFT_PLUGIN: the one line that makes a shared library a graft plugin.
//
//   GRAFT_PLUGIN(registrar) { registrar.add<Lower>("acme/lower"); }
//
// Once in a library. It exports the entry point graft_plugin_v1 and the record graft_abi_v1; CMake's graft_add_plugin adds
// graft_manifest_v1. All else stays hidden.
#pragma once

#include "graft/abi.hpp"
#include "graft/registrar.hpp"

#define GRAFT_PLUGIN(registrar)                                                                             \
  static void graft_register_components(::graft::Registrar& registrar);                                     \
  GRAFT_ABI_RECORD                                                                                          \
  extern "C" GRAFT_API void graft_plugin_v1(::graft::Registrar* host) { graft_register_components(*host); } \
  static void graft_register_components(::graft::Registrar& registrar)
