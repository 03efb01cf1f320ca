// SPDX-License-Identifier: Apache-2.0
// Default AddressSanitizer options of every executable in the `asan` preset.
// Why: LLVM's arena allocator poisons memory in headers (instrumented here) and unpoisons it inside
// libLLVM (not instrumented); std::vector crosses the same border. Both would be false alarms.

extern "C" const char *__asan_default_options() {
  return "allow_user_poisoning=0:detect_container_overflow=0";
}
