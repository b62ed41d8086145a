# graft/version.hpp: the SDK's version, its ABI number, and a hash of its public headers without comments and white space, which
# a plugin's ABI record carries. Before 1.0 host and plugin must agree in it. Afterwards GRAFT_GENERATED_INCLUDE is the folder
# to add to the include path.

set(GRAFT_GENERATED_INCLUDE ${CMAKE_BINARY_DIR}/include)
set(graft_headers ${CMAKE_CURRENT_LIST_DIR}/../include)

file(GLOB_RECURSE headers RELATIVE ${graft_headers} CONFIGURE_DEPENDS ${graft_headers}/*.hpp)
list(SORT headers)
set(hashes "")
foreach(header IN LISTS headers)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${graft_headers}/${header})
  file(READ ${graft_headers}/${header} code)
  string(REGEX REPLACE "//[^\n]*" "" code "${code}")
  string(REGEX REPLACE "[ \t\r\n]+" " " code "${code}")
  string(SHA256 hash "${code}")
  string(APPEND hashes "${header} ${hash}\n")
endforeach()
string(SHA256 GRAFT_SDK_HEADERS "${hashes}")
string(SUBSTRING ${GRAFT_SDK_HEADERS} 0 16 GRAFT_SDK_HEADERS)

file(CONFIGURE OUTPUT ${GRAFT_GENERATED_INCLUDE}/graft/version.hpp @ONLY CONTENT [[
// The SDK's version, and the hash of its public headers that plugins record.
#pragma once

#define GRAFT_SDK_VERSION "@PROJECT_VERSION@"
#define GRAFT_SDK_ABI @PROJECT_VERSION_MAJOR@
#define GRAFT_SDK_HEADERS "@GRAFT_SDK_HEADERS@"
]])
