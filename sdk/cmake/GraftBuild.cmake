# How all of graft is compiled: warnings, sanitizers, the compiler cache, the fast linker, few jobs at once.

add_library(graft_build INTERFACE)
target_compile_options(graft_build INTERFACE -Wall -Wextra -Wno-unused-parameter -Winvalid-pch -fno-math-errno)
target_compile_definitions(graft_build INTERFACE BOOST_DLL_USE_STD_FS)

if(GRAFT_SANITIZE)
  add_compile_options(-fsanitize=address,undefined -fno-omit-frame-pointer -fno-sanitize=vptr)
  add_link_options(-fsanitize=address,undefined)
endif()

find_program(GRAFT_CCACHE ccache)
if(GRAFT_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
      CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${GRAFT_CCACHE})
  add_compile_options($<$<COMPILE_LANGUAGE:CXX>:-fpch-preprocess>)
endif()

find_program(GRAFT_MOLD mold)
if(GRAFT_MOLD)
  add_link_options(-fuse-ld=mold)
endif()
