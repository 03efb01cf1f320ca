// SPDX-License-Identifier: Apache-2.0
// A header that a C or C++ program includes to call a program's encodings and kernels.
#include "compiler/driver/header.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace qdo::driver {

/// A name as C can spell it: letters of other alphabets become their bytes.
static std::string spelled(const std::string &name) {
  std::string text;
  for (char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 128 && (std::isalnum(byte) || c == '_'))
      text += c;
    else
      text += byte < 128 ? "_" : fmt::format("_{:02x}", byte);
  }
  return text;
}

std::string symbolOf(const std::string &program, const lower::Export &exported) {
  return spelled(program) + "_" + spelled(exported.name);
}

static std::string comment(const lower::Export &e) {
  std::string text = e.doc;
  for (size_t at = 0; (at = text.find('\n', at)) != std::string::npos; at += 4)
    text.replace(at, 1, "\n * ");
  return fmt::format("/* {}{} {} `{}`: rows of {} number{}, states of {} qubit{}. */\n", text,
                     text.empty() ? "The" : "\n * The", e.kernel ? "kernel" : "encoding", e.name,
                     e.width, e.width == 1 ? "" : "s", e.qubits, e.qubits == 1 ? "" : "s");
}

std::string headerText(const std::string &program, const std::vector<lower::Export> &exports) {
  std::string guard = spelled(program) + "_QDO_H";
  std::ranges::transform(guard, guard.begin(), [](unsigned char c) { return std::toupper(c); });
  std::string text = fmt::format(
      R"(/* Made by qdo from {0}.qdo. In: rows of numbers. Out: states, or a kernel's values.
 * Open a run with qdo_rt_open (qdo/runtime/abi.h), then
 *   qdo_rt_encoding_states(ctx, &NAME, rows, count, amplitudes)   count x 2^qubits complex numbers
 *   qdo_rt_encoding_gram(ctx, &NAME, rows, count, matrix)         |<a|b>|^2, count x count
 *   qdo_rt_encoding_cross(ctx, &NAME, a, n, b, m, matrix)         |<a|b>|^2, n x m
 * Each is false after a failure, which qdo_rt_failure tells. */
#ifndef {1}
#define {1}

#include "qdo/runtime/abi.h"

#ifdef __cplusplus
extern "C" {{
#endif

)",
      program, guard);
  for (const lower::Export &e : exports) {
    if (!e.problem.empty())
      text += fmt::format("/* `{}` is not exported: {}. */\n\n", e.name, e.problem);
    else
      text += comment(e) + fmt::format("extern const qdo_encoding {};\n\n", symbolOf(program, e));
  }
  return text + R"(#ifdef __cplusplus
}
#endif

#endif
)";
}

} // namespace qdo::driver
