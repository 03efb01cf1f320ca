# SPDX-License-Identifier: Apache-2.0
# How folders declare what they build: libraries, tools, tests, benchmarks, tables, embedded text.
# Why: include roots, output folders and test registration are the same everywhere.
#
#   qdo_library(qdo_sema SOURCES names.cpp types.cpp DEPS qdo_syntax PRIVATE_DEPS qdo_dep_fmt)
#   qdo_tool(qdo SOURCES qdo_main.cpp DEPS qdo_driver)           -> build/<preset>/bin/qdo
#   qdo_test(sema_names SOURCES names_test.cpp DEPS qdo_sema)    -> ctest entry unit.sema_names
#   qdo_bench(kernels SOURCES kernels.cpp DEPS qdo_rt_sim)       -> run by `./dev bench`
#   qdo_tablegen(qdo_ir_tables TD Qc.td OUTPUTS "QcOps.h.inc|-gen-op-decls" "QcOps.cpp.inc|-gen-op-defs")
#   qdo_embed(qdo_stdlib ...)                                     (see the function)

# DEPS may be libraries or qdo_tablegen targets; the latter only order the build.
function(_qdo_link target visibility)
  foreach(dep IN LISTS ARGN)
    set(kind "")
    if(TARGET ${dep})
      get_target_property(kind ${dep} TYPE)
    endif()
    if(kind STREQUAL "UTILITY")
      add_dependencies(${target} ${dep})
    else()
      target_link_libraries(${target} ${visibility} ${dep})
    endif()
  endforeach()
endfunction()

# The three include roots: "compiler/base/x.h", "qdo/runtime/abi.h", "qdo/ir/x.h" (and generated).
function(_qdo_roots target visibility)
  target_include_directories(${target} ${visibility}
    "${PROJECT_SOURCE_DIR}" "${PROJECT_SOURCE_DIR}/runtime/include"
    "${PROJECT_SOURCE_DIR}/ir/include")
  # Generated code is held to its generator's taste, not to our warnings.
  target_include_directories(${target} SYSTEM ${visibility}
    "${PROJECT_BINARY_DIR}/ir/include" "${PROJECT_BINARY_DIR}/generated")
endfunction()

# A library. SHARED for what programs load; OPTIONS are extra compile options of this folder alone;
# PRECOMPILE names headers of other projects that most of its files read anyway.
function(qdo_library name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "SHARED" "" "SOURCES;DEPS;PRIVATE_DEPS;OPTIONS;PRECOMPILE")
  _qdo_reject_leftovers(${name} "${arg_UNPARSED_ARGUMENTS}")
  if(NOT arg_SOURCES)
    add_library(${name} INTERFACE)
    _qdo_roots(${name} INTERFACE)
    _qdo_link(${name} INTERFACE ${arg_DEPS})
    return()
  endif()
  if(arg_SHARED)
    add_library(${name} SHARED ${arg_SOURCES})
  else()
    add_library(${name} STATIC ${arg_SOURCES})
  endif()
  _qdo_roots(${name} PUBLIC)
  _qdo_link(${name} PUBLIC ${arg_DEPS})
  _qdo_link(${name} PRIVATE ${arg_PRIVATE_DEPS})
  target_compile_options(${name} PRIVATE ${arg_OPTIONS})
  if(arg_PRECOMPILE AND QDO_PRECOMPILE)
    target_precompile_headers(${name} PRIVATE ${arg_PRECOMPILE})
    if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang") # no time inside, so that a compiler cache knows it again
      target_compile_options(${name} PRIVATE "SHELL:-Xclang -fno-pch-timestamp")
    endif()
  endif()
endfunction()

function(_qdo_executable name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "DIRECTORY" "SOURCES;DEPS")
  add_executable(${name} ${arg_SOURCES})
  if(QDO_SANITIZE)
    target_sources(${name} PRIVATE "${PROJECT_SOURCE_DIR}/cmake/sanitizer_options.cpp")
  endif()
  _qdo_roots(${name} PRIVATE)
  _qdo_link(${name} PRIVATE ${arg_DEPS})
  set_target_properties(${name} PROPERTIES
    RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/${arg_DIRECTORY}")
endfunction()

# A program people run.
function(qdo_tool name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;DEPS")
  _qdo_reject_leftovers(${name} "${arg_UNPARSED_ARGUMENTS}")
  _qdo_executable(${name} DIRECTORY bin SOURCES ${arg_SOURCES} DEPS ${arg_DEPS})
endfunction()

# A GoogleTest program (main included), one ctest entry `unit.<name>`. It runs in the repository
# root; TIMEOUT is in seconds.
function(qdo_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "TIMEOUT" "SOURCES;DEPS;LABELS")
  _qdo_reject_leftovers(${name} "${arg_UNPARSED_ARGUMENTS}")
  _qdo_executable(unit_${name} DIRECTORY tests/unit SOURCES ${arg_SOURCES}
                  DEPS ${arg_DEPS} GTest::gtest_main)
  # What is tested keeps its own options; the tests themselves are compiled once and run once.
  target_compile_options(unit_${name} PRIVATE "$<$<CONFIG:Release>:-O1>")
  add_test(NAME unit.${name} COMMAND unit_${name} --gtest_brief=1
           WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}")
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 120)
  endif()
  set_tests_properties(unit.${name} PROPERTIES TIMEOUT ${arg_TIMEOUT} LABELS "unit;${arg_LABELS}")
endfunction()

# A Google Benchmark program (main included); the target `benchmarks` builds them all.
if(NOT TARGET benchmarks)
  add_custom_target(benchmarks)
endif()
function(qdo_bench name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;DEPS")
  _qdo_reject_leftovers(${name} "${arg_UNPARSED_ARGUMENTS}")
  _qdo_executable(bench_${name} DIRECTORY bench SOURCES ${arg_SOURCES}
                  DEPS ${arg_DEPS} benchmark::benchmark_main)
  set_target_properties(bench_${name} PROPERTIES EXCLUDE_FROM_ALL ON)
  add_dependencies(benchmarks bench_${name})
endfunction()

# Runs mlir-tblgen. Outputs land beside the .td file's place in the build tree, so a file in
# ir/include/qdo/ir is included as "qdo/ir/<output>". May be called several times for one target;
# DEPENDS names files that must be made before (tables that are generated themselves).
function(qdo_tablegen target)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "TD" "OUTPUTS;DEPENDS")
  _qdo_reject_leftovers(${target} "${arg_UNPARSED_ARGUMENTS}")
  set(made "")
  foreach(pair IN LISTS arg_OUTPUTS)
    string(REGEX MATCH "^([^|]+)\\|(.+)$" matched "${pair}")
    if(NOT matched)
      message(FATAL_ERROR "qdo_tablegen: `${pair}` is not `<output>|<options>`")
    endif()
    set(output "${CMAKE_CURRENT_BINARY_DIR}/${CMAKE_MATCH_1}")
    separate_arguments(options UNIX_COMMAND "${CMAKE_MATCH_2}")
    add_custom_command(
      OUTPUT "${output}"
      COMMAND "${QDO_MLIR_TBLGEN}" ${options} -I "${PROJECT_SOURCE_DIR}/ir/include"
              -I "${PROJECT_BINARY_DIR}/ir/include" -I "${PROJECT_SOURCE_DIR}"
              -I "${PROJECT_SOURCE_DIR}/runtime/include"
              "-I$<JOIN:${MLIR_INCLUDE_DIRS},;-I>"
              "${CMAKE_CURRENT_SOURCE_DIR}/${arg_TD}" -o "${output}" -d "${output}.d"
              --write-if-changed
      COMMAND_EXPAND_LISTS
      DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/${arg_TD}" ${arg_DEPENDS} DEPFILE "${output}.d"
      COMMENT "tablegen ${CMAKE_MATCH_1}")
    list(APPEND made "${output}")
  endforeach()
  string(MAKE_C_IDENTIFIER "${target}_${arg_TD}" part)
  add_custom_target(${part} DEPENDS ${made})
  if(NOT TARGET ${target})
    add_custom_target(${target})
  endif()
  add_dependencies(${target} ${part})
endfunction()

# Turns files into constants of a library. SHAPE is the generator's mode (cmake/embed.cmake),
# HEADER the header that declares what the generated source defines.
function(qdo_embed name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "SHAPE;HEADER" "FILES")
  _qdo_reject_leftovers(${name} "${arg_UNPARSED_ARGUMENTS}")
  set(output "${CMAKE_CURRENT_BINARY_DIR}/${name}.cpp")
  set(list "${CMAKE_CURRENT_BINARY_DIR}/${name}.files")
  list(SORT arg_FILES)
  list(JOIN arg_FILES "\n" lines)
  file(CONFIGURE OUTPUT "${list}" CONTENT "${lines}\n" @ONLY)
  set(script "${PROJECT_SOURCE_DIR}/cmake/embed.cmake")
  add_custom_command(
    OUTPUT "${output}"
    COMMAND "${CMAKE_COMMAND}" "-DROOT=${PROJECT_SOURCE_DIR}" "-DFILES=${list}"
            "-DSHAPE=${arg_SHAPE}" "-DHEADER=${arg_HEADER}" "-DOUTPUT=${output}" -P "${script}"
    DEPENDS ${arg_FILES} "${list}" "${script}"
    COMMENT "embedding into ${name}")
  qdo_library(${name} SOURCES "${output}")
endfunction()

function(_qdo_reject_leftovers name leftovers)
  if(leftovers)
    message(FATAL_ERROR "${name}: unknown arguments: ${leftovers}")
  endif()
endfunction()
