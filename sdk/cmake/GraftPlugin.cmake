# graft_add_plugin(name MANIFEST plugin.json SOURCES a.cpp b.cpp [FOLDERS csv jsonl] [LIBRARIES ...] [PRECOMPILED])
#
# Builds name.so: a C++20 MODULE that embeds the manifest, exports graft's entry points only, and is never unloaded. The same
# call inside and outside graft's tree. The project needs the language ASM.
#   FOLDERS    each holds <folder>.cpp and plugin.json, its component's entry, which joins "provides" of MANIFEST in this order
#   LIBRARIES  what the plugin links besides graft::sdk
#   PRECOMPILED  compiles torch/nn/module.h once for all sources and all such plugins of a project: for those with several models,
#              heads or adapters; one source alone takes longer with it
# A manifest that is no JSON, or lacks a key, stops the configuration; the host checks the rest of its rules.
# Afterwards the property GRAFT_PLUGIN_MANIFEST of the target is the manifest that was embedded.

set(GRAFT_PLUGIN_TOOLS ${CMAKE_CURRENT_LIST_DIR})
set(GRAFT_PLUGIN_KINDS source extractor augmenter model adapter head metric balancer task searcher)

include(${CMAKE_CURRENT_LIST_DIR}/GraftHeaders.cmake)
if(NOT TARGET graft::sdk)  # in graft's own tree
  graft_write_version()
  include_directories(${GRAFT_GENERATED_INCLUDE})
else()
  graft_hash_headers(${PACKAGE_PREFIX_DIR}/include _graft_headers)
  target_compile_definitions(graft::sdk INTERFACE GRAFT_SDK_HEADERS="${_graft_headers}")
endif()

# Sets `out` in the caller to the text of a JSON file; configuring runs again when the file changes.
function(_graft_read_json file out)
  if(NOT EXISTS ${file})
    message(FATAL_ERROR "${file}: no such manifest")
  endif()
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
  file(READ ${file} text)
  string(JSON type ERROR_VARIABLE fault TYPE "${text}")
  if(fault OR NOT type STREQUAL OBJECT)
    message(FATAL_ERROR "${file}: not a JSON object ${fault}")
  endif()
  set(${out} "${text}" PARENT_SCOPE)
endfunction()

function(_graft_require_keys file json)
  foreach(key IN LISTS ARGN)
    string(JSON ignored ERROR_VARIABLE fault GET "${json}" ${key})
    if(fault)
      message(FATAL_ERROR "${file}: the key \"${key}\" is missing")
    endif()
  endforeach()
endfunction()

function(_graft_check_component file json)
  _graft_require_keys(${file} "${json}" kind name interface summary params)
  string(JSON kind GET "${json}" kind)
  string(JSON name GET "${json}" name)
  string(JSON interface GET "${json}" interface)
  if(NOT kind IN_LIST GRAFT_PLUGIN_KINDS)
    list(JOIN GRAFT_PLUGIN_KINDS ", " kinds)
    message(FATAL_ERROR "${file}: kind must be one of ${kinds}, got ${kind}")
  endif()
  if(NOT name MATCHES "^[a-z0-9_-]+/[a-z0-9_-]+$")
    message(FATAL_ERROR "${file}: name must be <vendor>/<name>, got ${name}")
  endif()
  if(NOT interface STREQUAL "graft.${kind}/1")
    message(FATAL_ERROR "${file}: interface must be graft.${kind}/1, got ${interface}")
  endif()
endfunction()

function(_graft_check_manifest file json)
  _graft_require_keys(${file} "${json}" manifest id version provides)
  string(JSON count ERROR_VARIABLE fault LENGTH "${json}" provides)
  if(fault OR count EQUAL 0)
    message(FATAL_ERROR "${file}: provides must have at least 1 entry ${fault}")
  endif()
  math(EXPR last "${count} - 1")
  foreach(i RANGE ${last})
    string(JSON component GET "${json}" provides ${i})
    _graft_check_component(${file} "${component}")
  endforeach()
endfunction()

# Writes only what changed, byte for byte: file(CONFIGURE) would replace @words@ in the manifest.
function(_graft_write file text)
  if(EXISTS ${file})
    file(READ ${file} before)
  endif()
  if(NOT "${before}" STREQUAL "${text}")
    file(WRITE ${file} "${text}")
  endif()
endfunction()

# graft_pch: one precompiled torch/nn/module.h for every target that builds modules: target_precompile_headers(x REUSE_FROM graft_pch).
function(graft_add_precompiled)
  if(NOT TARGET graft_pch)
    file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/graft_pch.cpp CONTENT "")
    add_library(graft_pch OBJECT ${CMAKE_BINARY_DIR}/graft_pch.cpp)
    target_compile_features(graft_pch PRIVATE cxx_std_20)
    set_target_properties(graft_pch PROPERTIES POSITION_INDEPENDENT_CODE ON CXX_VISIBILITY_PRESET hidden
      VISIBILITY_INLINES_HIDDEN ON)
    target_link_libraries(graft_pch PUBLIC graft_torch)
    target_precompile_headers(graft_pch PRIVATE <torch/nn/module.h> <torch/csrc/autograd/custom_function.h> <torch/types.h>)
  endif()
endfunction()

function(graft_add_plugin name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "PRECOMPILED" "MANIFEST" "SOURCES;FOLDERS;LIBRARIES")
  if(NOT CMAKE_ASM_COMPILER)
    message(FATAL_ERROR "graft_add_plugin(${name}): the manifest is embedded by the assembler: project(... LANGUAGES CXX ASM)")
  endif()
  cmake_path(ABSOLUTE_PATH arg_MANIFEST BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR})
  _graft_read_json(${arg_MANIFEST} manifest)
  foreach(folder IN LISTS arg_FOLDERS)
    set(part_file ${CMAKE_CURRENT_SOURCE_DIR}/${folder}/plugin.json)
    _graft_read_json(${part_file} part)
    _graft_check_component(${part_file} "${part}")
    string(JSON count LENGTH "${manifest}" provides)
    string(JSON manifest SET "${manifest}" provides ${count} "${part}")
    file(GLOB folder_sources CONFIGURE_DEPENDS ${folder}/*.cpp)
    list(APPEND arg_SOURCES ${folder_sources})
  endforeach()
  _graft_check_manifest(${arg_MANIFEST} "${manifest}")

  set(embedded ${CMAKE_CURRENT_BINARY_DIR}/${name}.plugin.json)
  _graft_write(${embedded} "${manifest}")
  file(CONFIGURE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/${name}.manifest.S @ONLY CONTENT [[
        .section graft_manifest, "aR", %progbits
        .global graft_manifest_v1
        .type graft_manifest_v1, %object
graft_manifest_v1:
        .incbin "@embedded@"
        .byte 0
        .size graft_manifest_v1, . - graft_manifest_v1
        .section .note.GNU-stack, "", %progbits
]])
  set_source_files_properties(${CMAKE_CURRENT_BINARY_DIR}/${name}.manifest.S PROPERTIES OBJECT_DEPENDS ${embedded})

  add_library(${name} MODULE ${arg_SOURCES} ${CMAKE_CURRENT_BINARY_DIR}/${name}.manifest.S)
  set_target_properties(${name} PROPERTIES PREFIX "" SUFFIX ".so" GRAFT_PLUGIN_MANIFEST ${embedded}
    CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON LINK_DEPENDS ${GRAFT_PLUGIN_TOOLS}/plugin.map)
  target_compile_features(${name} PRIVATE cxx_std_20)
  target_link_libraries(${name} PRIVATE graft::sdk ${arg_LIBRARIES})
  target_link_options(${name} PRIVATE -Wl,-z,nodelete -Wl,-z,defs -Wl,-z,now -Wl,--exclude-libs,ALL
    -Wl,--version-script=${GRAFT_PLUGIN_TOOLS}/plugin.map)
  if(arg_PRECOMPILED)
    graft_add_precompiled()
    target_precompile_headers(${name} REUSE_FROM graft_pch)
  endif()
endfunction()

include(${CMAKE_CURRENT_LIST_DIR}/GraftPluginTest.cmake)
