# graft_add_plugin_test(name [SOURCES a_test.cpp b_test.cpp])
#
# Adds to ctest, for the plugin `name` that graft_add_plugin made,
#   <name>.unit    a Catch2 program of SOURCES, where Catch2 (version 2 or 3) is installed. It sees graft::sdk, this package's
#                  catch.hpp, and as ACME_SCALE_PLUGIN (for acme_scale) the path of the plugin
#   <name>.check   `graft plugin check`: does it keep its kind's contract?

set(GRAFT_PLUGIN_TEST_FILES ${CMAKE_CURRENT_LIST_DIR}/test)

function(_graft_add_unit_test name)
  find_package(Catch2 QUIET)
  if(NOT Catch2_FOUND)
    message(STATUS "${name}: no unit tests, there is no Catch2 (Debian: apt install catch2)")
    return()
  endif()
  if(NOT TARGET graft_catch_main)  # one a project: it takes longer to compile than most tests
    add_library(graft_catch_main OBJECT EXCLUDE_FROM_ALL ${GRAFT_PLUGIN_TEST_FILES}/main.cpp)
    target_compile_features(graft_catch_main PRIVATE cxx_std_20)
    target_compile_options(graft_catch_main PRIVATE -O0)
    target_link_libraries(graft_catch_main PUBLIC Catch2::Catch2)
  endif()
  string(TOUPPER ${name} upper)
  add_executable(${name}_test ${ARGN})
  target_compile_features(${name}_test PRIVATE cxx_std_20)
  target_compile_definitions(${name}_test PRIVATE ${upper}_PLUGIN="$<TARGET_FILE:${name}>")
  target_include_directories(${name}_test PRIVATE ${GRAFT_PLUGIN_TEST_FILES})
  target_link_libraries(${name}_test PRIVATE graft::sdk graft_catch_main Catch2::Catch2)
  add_dependencies(${name}_test ${name})
  add_test(NAME ${name}.unit COMMAND ${name}_test)
endfunction()

function(graft_add_plugin_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES")
  if(arg_SOURCES)
    _graft_add_unit_test(${name} ${arg_SOURCES})
  endif()
  add_test(NAME ${name}.check COMMAND graft::graft plugin check $<TARGET_FILE:${name}>)
endfunction()
