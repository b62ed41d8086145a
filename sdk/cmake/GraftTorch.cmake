# graft_torch: LibTorch's CPU libraries and headers. TORCH_ROOT is the folder that has include/ and lib/.
#
# Only torch_cpu and c10 are linked: libtorch.so would pull in libtorch_cuda.so, which is opened at run time when a config
# asks for a CUDA device.

set(TORCH_ROOT "${CMAKE_SOURCE_DIR}/.deps/python/torch" CACHE PATH "LibTorch: the folder with include/ and lib/")
set(GRAFT_TORCH_VERSION "2.11")

set(_torch_version_header ${TORCH_ROOT}/include/torch/headeronly/version.h)
if(NOT EXISTS ${_torch_version_header})
  message(FATAL_ERROR "No LibTorch of ${GRAFT_TORCH_VERSION} or newer in TORCH_ROOT=${TORCH_ROOT} (include/torch/headeronly/version.h is "
                      "missing). Run `sh examples/setup.sh`, or pass -DTORCH_ROOT=<the folder with include/ and lib/>.")
endif()
foreach(part MAJOR MINOR PATCH)
  file(STRINGS ${_torch_version_header} _line REGEX "#define TORCH_VERSION_${part} ")
  string(REGEX MATCH "[0-9]+" TORCH_FOUND_${part} "${_line}")
endforeach()
set(TORCH_FOUND_VERSION ${TORCH_FOUND_MAJOR}.${TORCH_FOUND_MINOR}.${TORCH_FOUND_PATCH})
if(TORCH_FOUND_VERSION VERSION_LESS GRAFT_TORCH_VERSION)
  message(FATAL_ERROR "LibTorch ${TORCH_FOUND_VERSION} in ${TORCH_ROOT} is too old: graft needs ${GRAFT_TORCH_VERSION} or newer.")
endif()

find_library(GRAFT_TORCH_CPU torch_cpu PATHS ${TORCH_ROOT}/lib NO_DEFAULT_PATH REQUIRED)
find_library(GRAFT_C10 c10 PATHS ${TORCH_ROOT}/lib NO_DEFAULT_PATH REQUIRED)

# at::parallel_for runs in one thread where its caller is compiled without OpenMP, and a second OpenMP runtime would fight with
# LibTorch's. So: compiled with it, linked to the one beside LibTorch (the system's where LibTorch brings none).
file(GLOB GRAFT_GOMP ${TORCH_ROOT}/lib/libgomp*.so*)
if(NOT GRAFT_GOMP)
  set(GRAFT_GOMP gomp)
endif()

add_library(graft_torch INTERFACE IMPORTED)
target_compile_options(graft_torch INTERFACE -fopenmp)
target_include_directories(graft_torch SYSTEM INTERFACE
  ${TORCH_ROOT}/include ${TORCH_ROOT}/include/torch/csrc/api/include)
target_link_libraries(graft_torch INTERFACE
  "-Wl,--push-state,--no-as-needed" ${GRAFT_TORCH_CPU} ${GRAFT_C10} ${GRAFT_GOMP} "-Wl,--pop-state" "-Wl,--allow-shlib-undefined")
