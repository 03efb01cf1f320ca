// SPDX-License-Identifier: Apache-2.0
// A libFuzzer target: lexer, token passes, parser, tree.
#include "tests/fuzz/pipeline.h"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  qdo::fuzz::parseText({reinterpret_cast<const char *>(data), size});
  return 0;
}
