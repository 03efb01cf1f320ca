# SPDX-License-Identifier: Apache-2.0
# How everything is compiled: standard, build types, warnings, linker, compiler cache, sanitizers.
# Why: one place, so that no folder sets its own flags.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
# The runtime is linked statically into tools and as a shared library into compiled programs.
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/bin")
set(CMAKE_LIBRARY_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/lib")
set(CMAKE_ARCHIVE_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/lib")
set(CMAKE_INSTALL_RPATH_USE_LINK_PATH ON)

# Dev keeps assertions and line numbers; full debug information of MLIR headers doubles build time.
set(CMAKE_CXX_FLAGS_DEV "-O1 -gline-tables-only -fno-omit-frame-pointer")
set(CMAKE_C_FLAGS_DEV "${CMAKE_CXX_FLAGS_DEV}")
set(CMAKE_EXE_LINKER_FLAGS_DEV "")
set(CMAKE_SHARED_LINKER_FLAGS_DEV "")
set(CMAKE_MODULE_LINKER_FLAGS_DEV "")
set(CMAKE_STATIC_LINKER_FLAGS_DEV "")

find_program(QDO_CCACHE NAMES ccache)
mark_as_advanced(QDO_CCACHE)
if(QDO_CCACHE)
  set(CMAKE_C_COMPILER_LAUNCHER "${QDO_CCACHE}")
  set(CMAKE_CXX_COMPILER_LAUNCHER "${QDO_CCACHE}")
endif()

if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  # Clang looks for ld.lld beside itself first, so versions match.
  add_link_options(-fuse-ld=lld)
  add_compile_options(-fcolor-diagnostics)
endif()

# Deprecation: libstdc++ 12's own std::stable_sort trips it under this clang, in every use.
add_compile_options(
  -Wall -Wextra -Wno-unused-parameter -Wno-deprecated-declarations
  -Werror=return-type -Werror=switch -Werror=uninitialized
  "$<$<COMPILE_LANGUAGE:CXX>:-Wnon-virtual-dtor;-Werror=delete-non-virtual-dtor>")

option(QDO_SANITIZE "Build with the address and undefined-behaviour sanitizers" OFF)
if(QDO_SANITIZE)
  # LLVM and MLIR come without instrumentation: their vtables cannot be checked (vptr, function), and
  # memory they unpoison is not seen (cmake/sanitizer_options.cpp turns those two checks off).
  add_compile_options(-fsanitize=address,undefined -fno-sanitize=vptr,function
                      -fno-sanitize-recover=undefined)
  add_link_options(-fsanitize=address,undefined)
endif()

# Reading the headers of MLIR and fmt is most of the time a file takes: once a folder is enough.
option(QDO_PRECOMPILE "Read the headers of other projects once a folder" ON)

option(QDO_FUZZ "Build the libFuzzer targets of tests/fuzz too (with QDO_SANITIZE)" OFF)
if(QDO_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()
