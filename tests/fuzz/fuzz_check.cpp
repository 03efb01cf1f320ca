// SPDX-License-Identifier: Apache-2.0
// A libFuzzer target: everything `qdo check` does, elaboration included.
#include "tests/fuzz/pipeline.h"

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const std::string ours = qdo::fuzz::checkText({reinterpret_cast<const char *>(data), size});
  if (ours.empty())
    return 0;
  std::fputs(ours.c_str(), stderr); // a mistake of qdo's own is a crash
  std::abort();
}
