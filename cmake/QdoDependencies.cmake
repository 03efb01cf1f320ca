# SPDX-License-Identifier: Apache-2.0
# Third-party libraries, each behind one interface target `qdo_dep_<what>`.
# Why: folders name what they need; where it lives and how it is linked is said once, here.
# Must not: be linked by runtime/: qdo_dep_mlir, qdo_dep_llvm, qdo_dep_antlr.

# The prefix of Debian's packages; the shared libraries keep tools small and links fast.
find_package(MLIR 22.1 REQUIRED CONFIG HINTS /usr/lib/llvm-22)
find_package(fmt REQUIRED CONFIG)
find_package(Eigen3 3.4 REQUIRED NO_MODULE)
find_package(nlohmann_json REQUIRED CONFIG)
find_package(CLI11 REQUIRED CONFIG)
find_package(antlr4-runtime REQUIRED CONFIG)
find_package(GTest REQUIRED CONFIG)
find_package(rapidcheck REQUIRED CONFIG)
find_package(benchmark REQUIRED CONFIG)
find_package(Threads REQUIRED)
find_path(QDO_SVM_INCLUDE NAMES svm.h PATH_SUFFIXES libsvm REQUIRED)
find_library(QDO_SVM_LIBRARY NAMES svm REQUIRED)
find_library(QDO_SVM_ARCHIVE NAMES libsvm.a REQUIRED) # for programs that are linked statically
find_library(QDO_SQLITE_LIBRARY NAMES sqlite3 REQUIRED)
find_library(QDO_SQLITE_ARCHIVE NAMES libsqlite3.a REQUIRED)
mark_as_advanced(QDO_SQLITE_LIBRARY QDO_SQLITE_ARCHIVE)
mark_as_advanced(QDO_SVM_INCLUDE QDO_SVM_LIBRARY)

# The test suite has its own interpreter and LLVM tools: those of the packages, not of a user's shell.
find_program(QDO_PYTHON NAMES python3 HINTS /usr/bin REQUIRED)
find_program(QDO_LIT NAMES lit HINTS "${LLVM_TOOLS_BINARY_DIR}" NO_DEFAULT_PATH REQUIRED)
find_program(QDO_MLIR_TBLGEN NAMES mlir-tblgen HINTS "${LLVM_TOOLS_BINARY_DIR}" NO_DEFAULT_PATH
             REQUIRED)
find_program(QDO_ANTLR NAMES antlr4 REQUIRED)
mark_as_advanced(QDO_PYTHON QDO_LIT QDO_MLIR_TBLGEN QDO_ANTLR)

function(qdo_dependency name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "INCLUDES;LIBRARIES;DEFINITIONS")
  add_library(qdo_dep_${name} INTERFACE)
  target_include_directories(qdo_dep_${name} SYSTEM INTERFACE ${arg_INCLUDES})
  target_link_libraries(qdo_dep_${name} INTERFACE ${arg_LIBRARIES})
  target_compile_definitions(qdo_dep_${name} INTERFACE ${arg_DEFINITIONS})
endfunction()

separate_arguments(llvmDefinitions UNIX_COMMAND "${LLVM_DEFINITIONS}")
list(TRANSFORM llvmDefinitions REPLACE "^-D" "")
qdo_dependency(llvm INCLUDES ${LLVM_INCLUDE_DIRS} LIBRARIES LLVM DEFINITIONS ${llvmDefinitions})
qdo_dependency(mlir INCLUDES ${MLIR_INCLUDE_DIRS} LIBRARIES MLIR qdo_dep_llvm)
qdo_dependency(antlr INCLUDES /usr/include/antlr4-runtime LIBRARIES antlr4_shared)
qdo_dependency(fmt LIBRARIES fmt::fmt)
qdo_dependency(eigen LIBRARIES Eigen3::Eigen)
qdo_dependency(json LIBRARIES nlohmann_json::nlohmann_json)
qdo_dependency(cli LIBRARIES CLI11::CLI11)
qdo_dependency(svm INCLUDES ${QDO_SVM_INCLUDE} LIBRARIES ${QDO_SVM_LIBRARY})
qdo_dependency(sqlite LIBRARIES ${QDO_SQLITE_LIBRARY})
qdo_dependency(threads LIBRARIES Threads::Threads)
qdo_dependency(gtest LIBRARIES GTest::gtest)
qdo_dependency(rapidcheck LIBRARIES rapidcheck rapidcheck_gtest)
qdo_dependency(benchmark LIBRARIES benchmark::benchmark)

# What PRECOMPILE of a folder usually names: most of the time a file takes is reading these.
set(QDO_TEXT_HEADERS <fmt/format.h> <algorithm> <functional> <map> <memory> <optional> <string> <unordered_map> <vector>)
set(QDO_MLIR_HEADERS <mlir/Dialect/Arith/IR/Arith.h> <mlir/IR/Builders.h> <mlir/IR/BuiltinOps.h>)
