# GRAFT_ABI_VARIANT: the name of the binary interface that plugins here have, g0-torch2.11-cxx11-x86_64-linux: the folder that they
# are installed in. The host says the same of its own ABI record (abi_variant in core/registry/abi.cpp); a test holds them together.
# Afterwards GRAFT_PLUGIN_INSTALL_DIR is that folder, below the prefix.

file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/variant.cpp @ONLY CONTENT [[
#include <string>
#if defined(_LIBCPP_VERSION)
stdlib=libcpp _LIBCPP_ABI_VERSION;
#else
stdlib=cxx11= _GLIBCXX_USE_CXX11_ABI;
#endif
#if defined(__x86_64__)
arch=x86_64;
#else
arch=aarch64;
#endif
]])
separate_arguments(_flags NATIVE_COMMAND "${CMAKE_CXX_FLAGS}")
execute_process(COMMAND ${CMAKE_CXX_COMPILER} ${_flags} -E -P ${CMAKE_BINARY_DIR}/variant.cpp
  OUTPUT_VARIABLE _seen COMMAND_ERROR_IS_FATAL ANY)
string(REPLACE " " "" _seen "${_seen}")
foreach(_part stdlib arch)
  string(REGEX MATCH "(^|[\n;])${_part}=([^;]*);" _match "${_seen}")
  set(_${_part} ${CMAKE_MATCH_2})
endforeach()
if(_stdlib STREQUAL "cxx11=1")
  set(_stdlib cxx11)
endif()
set(GRAFT_ABI_VARIANT
  g${PROJECT_VERSION_MAJOR}-torch${TORCH_FOUND_MAJOR}.${TORCH_FOUND_MINOR}-${_stdlib}-${_arch}-linux)
set(GRAFT_PLUGIN_INSTALL_DIR lib/graft/plugins/${GRAFT_ABI_VARIANT})
