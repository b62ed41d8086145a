# The hash of the SDK's public headers, which a plugin's ABI record carries: before 1.0 host and plugin must agree in it.
#
# graft_hash_headers(folder out)   of folder/graft/, without comments, white space and the made version.hpp. Configures again when
#                                  a header changes
# graft_write_version()            graft/version.hpp: the SDK's version, its ABI number, and that hash. Afterwards
#                                  GRAFT_GENERATED_INCLUDE is the folder to add to the include path

set(GRAFT_HEADERS ${CMAKE_CURRENT_LIST_DIR}/../include)

function(graft_hash_headers folder out)
  file(GLOB_RECURSE headers RELATIVE ${folder} CONFIGURE_DEPENDS ${folder}/graft/*.hpp)
  list(REMOVE_ITEM headers graft/version.hpp)
  list(SORT headers)
  set(hashes "")
  foreach(header IN LISTS headers)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${folder}/${header})
    file(READ ${folder}/${header} code)
    string(REGEX REPLACE "//[^\n]*" "" code "${code}")
    string(REGEX REPLACE "[ \t\r\n]+" " " code "${code}")
    string(SHA256 hash "${code}")
    string(APPEND hashes "${header} ${hash}\n")
  endforeach()
  string(SHA256 hash "${hashes}")
  string(SUBSTRING ${hash} 0 16 hash)
  set(${out} ${hash} PARENT_SCOPE)
endfunction()

function(graft_write_version)
  set(GRAFT_GENERATED_INCLUDE ${CMAKE_BINARY_DIR}/include PARENT_SCOPE)
  graft_hash_headers(${GRAFT_HEADERS} GRAFT_SDK_HEADERS)
  file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/include/graft/version.hpp @ONLY CONTENT [[
// The SDK's version, and the hash of its public headers that plugins record.
#pragma once

#define GRAFT_SDK_VERSION "@PROJECT_VERSION@"
#define GRAFT_SDK_ABI @PROJECT_VERSION_MAJOR@
#ifndef GRAFT_SDK_HEADERS  // find_package takes it of the headers as they are
#define GRAFT_SDK_HEADERS "@GRAFT_SDK_HEADERS@"
#endif
]])
endfunction()
