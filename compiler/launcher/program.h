// SPDX-License-Identifier: Apache-2.0
// What a built program knows of itself: constants that `qdo build` writes beside its code.
// Must not: change without codegen/program_table.cpp, which lays the fields out by hand.
#pragma once

#include "qdo/runtime/abi.h"

#include <cstdint>

extern "C" {

/// A file of the program, so that failures can show the place they happened at.
struct qdo_program_file {
  const char *name, *text;
};

/// Where a call stands that can fail; `file` is -1 for no place.
struct qdo_program_site {
  int32_t file;
  uint32_t begin, end; ///< bytes
};

/// A `param` of the program. An open one is an option; the others were settled when it was built.
struct qdo_program_parameter {
  const char *name, *type, *doc;
  const char *value; ///< the default of an open one, the value of the others
  int64_t open;
};

struct qdo_program {
  const char *name;
  void (*entry)(qdo_ctx *);
  const qdo_program_file *files;
  int64_t file_count;
  const qdo_program_site *sites;
  int64_t site_count;
  const qdo_program_parameter *parameters;
  int64_t parameter_count;
};

/// Of the program that the main function is linked to.
extern const qdo_program qdo_built_program;

} // extern "C"
