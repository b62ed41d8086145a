# What `cmake --install build --prefix P` writes. P can be moved afterwards; LibTorch stays where it was found.
#
#   bin/graft                              include/graft/                      lib/libgraft.so, libgraft_cuda.so where it was built
#   lib/graft/plugins/<ABI variant>/       graft's own plugins, and where others go
#   lib/cmake/graft/                       find_package(graft REQUIRED COMPONENTS sdk)
#   share/graft/schema/                    config.json, manifest-1.json: JSON Schemas for editors
#   share/graft/template/                  what `graft plugin new` copies
#   share/man/man1/graft.1                 what `graft man` prints
#   share/doc/graft/                       README.md, LICENSE, sdk.md, STABILITY.md

include(CMakePackageConfigHelpers)
set(GRAFT_SDK ${CMAKE_SOURCE_DIR}/sdk)

# Each finds libgraft.so from where itself lies; LibTorch by its path. A RUNPATH: LD_LIBRARY_PATH comes first.
set_target_properties(graft_sdk PROPERTIES INSTALL_RPATH "${TORCH_ROOT}/lib")
set_target_properties(graft PROPERTIES INSTALL_RPATH "$ORIGIN/../lib;${TORCH_ROOT}/lib")
set_target_properties(${GRAFT_PLUGINS} PROPERTIES INSTALL_RPATH "$ORIGIN/../../..;${TORCH_ROOT}/lib")

install(TARGETS graft_sdk graft EXPORT graftTargets LIBRARY DESTINATION lib RUNTIME DESTINATION bin)
install(TARGETS ${GRAFT_PLUGINS} LIBRARY DESTINATION ${GRAFT_PLUGIN_INSTALL_DIR})
if(TARGET graft_cuda)
  set_target_properties(graft_cuda PROPERTIES INSTALL_RPATH "$ORIGIN;${TORCH_ROOT}/lib" INSTALL_RPATH_USE_LINK_PATH ON)
  install(TARGETS graft_cuda LIBRARY DESTINATION lib)
endif()
install(DIRECTORY ${GRAFT_SDK}/include/graft ${GRAFT_GENERATED_INCLUDE}/graft DESTINATION include FILES_MATCHING PATTERN "*.hpp")

configure_package_config_file(${GRAFT_SDK}/cmake/graftConfig.cmake.in ${CMAKE_BINARY_DIR}/graftConfig.cmake
  INSTALL_DESTINATION lib/cmake/graft NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file(${CMAKE_BINARY_DIR}/graftConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(EXPORT graftTargets NAMESPACE graft:: DESTINATION lib/cmake/graft)
install(FILES ${CMAKE_BINARY_DIR}/graftConfig.cmake ${CMAKE_BINARY_DIR}/graftConfigVersion.cmake ${GRAFT_SDK}/cmake/GraftTorch.cmake
  ${GRAFT_SDK}/cmake/GraftHeaders.cmake ${GRAFT_SDK}/cmake/GraftPlugin.cmake ${GRAFT_SDK}/cmake/GraftPluginTest.cmake
  ${GRAFT_SDK}/cmake/plugin.map DESTINATION lib/cmake/graft)
install(FILES ${CMAKE_SOURCE_DIR}/tests/catch.hpp ${CMAKE_SOURCE_DIR}/tests/main.cpp DESTINATION lib/cmake/graft/test)

install(DIRECTORY ${GRAFT_SDK}/template DESTINATION share/graft)
install(FILES README.md LICENSE DESTINATION share/doc/graft)
install(FILES ${GRAFT_SDK}/README.md DESTINATION share/doc/graft RENAME sdk.md)
install(FILES ${GRAFT_SDK}/STABILITY.md DESTINATION share/doc/graft)

# The program tells its schemas, of its own components only.
foreach(schema config manifest-1)
  install(CODE "
    set(file \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/share/graft/schema/${schema}.json\")
    file(MAKE_DIRECTORY \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/share/graft/schema\")
    message(STATUS \"Installing: \${file}\")
    execute_process(COMMAND \${CMAKE_COMMAND} -E env --unset=GRAFT_PLUGIN_PATH XDG_DATA_HOME=/nonexistent
      \"$<TARGET_FILE:graft>\" schema $<$<STREQUAL:${schema},manifest-1>:--manifest> OUTPUT_FILE \"\${file}\" COMMAND_ERROR_IS_FATAL ANY)")
endforeach()

install(CODE "
  set(file \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/share/man/man1/graft.1\")
  file(MAKE_DIRECTORY \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/share/man/man1\")
  message(STATUS \"Installing: \${file}\")
  execute_process(COMMAND \"$<TARGET_FILE:graft>\" man OUTPUT_FILE \"\${file}\" COMMAND_ERROR_IS_FATAL ANY)")

# In the build tree templates are found as in an installed one.
file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/share/graft)
configure_file(LICENSE ${CMAKE_BINARY_DIR}/share/doc/graft/LICENSE COPYONLY)
file(CREATE_LINK ${GRAFT_SDK}/template ${CMAKE_BINARY_DIR}/share/graft/template SYMBOLIC)
