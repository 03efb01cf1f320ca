// SPDX-License-Identifier: Apache-2.0
// A header that a C or C++ program includes to call a program's encodings, kernels and functions.
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

static std::string comment(const lower::Export &e, const std::string &facts) {
  std::string text = e.doc;
  for (size_t at = 0; (at = text.find('\n', at)) != std::string::npos; at += 4)
    text.replace(at, 1, "\n * ");
  for (size_t at = 0; (at = text.find("*/", at)) != std::string::npos;)
    text.replace(at, 2, "* /");
  return fmt::format("/* {}{} {} `{}`{}. */\n", text, text.empty() ? "The" : "\n * The", e.what,
                     e.name, facts);
}

static std::string rowsText(const std::string &program, const lower::Export &e) {
  const auto plural = [](int64_t n) { return n == 1 ? "" : "s"; };
  return comment(e, fmt::format(": rows of {} number{}, states of {} qubit{}", e.width,
                                plural(e.width), e.qubits, plural(e.qubits))) +
         fmt::format("extern const qdo_encoding {};\n\n", symbolOf(program, e));
}

static std::string sizeText(const lower::ExportSlot &slot) {
  return slot.columns ? fmt::format("{} x {}", slot.rows, slot.columns)
                      : fmt::format("{}", slot.rows);
}

static const char *cType(const lower::ExportSlot &slot) {
  switch (slot.kind) {
  case lower::ExportSlot::Kind::Int:
    return "int64_t";
  case lower::ExportSlot::Kind::Bool:
    return "bool";
  default:
    return "double";
  }
}

/// A prototype. Names of parameters end in `_`: no word of C or C++ does.
static std::string codeText(const std::string &program, const lower::Export &e) {
  const auto isArray = [](const lower::ExportSlot &slot) {
    return slot.kind == lower::ExportSlot::Kind::Array;
  };
  std::string facts, parameters = "qdo_ctx *";
  if (!e.shotsSymbol.empty()) {
    facts += "; shots: for each circuit, 0 for exact values";
    parameters += ", int64_t shots";
  }
  for (const lower::ExportSlot &slot : e.parameters) {
    parameters += isArray(slot) ? fmt::format(", const double *{}_", spelled(slot.name))
                                : fmt::format(", {} {}_", cType(slot), spelled(slot.name));
    if (isArray(slot))
      facts += fmt::format("; {}_: {} numbers", spelled(slot.name), sizeText(slot));
  }
  if (e.hasResult) {
    parameters += fmt::format(", {} *result", cType(e.result));
    if (e.estimate && e.result.rows == 3)
      facts += "; result: 3 numbers, the value and the ends of its interval";
    else if (isArray(e.result))
      facts += fmt::format("; result: {} numbers", sizeText(e.result));
  }
  return comment(e, facts) + fmt::format("bool {}({});\n\n", symbolOf(program, e), parameters);
}

std::string headerText(const std::string &program, const std::vector<lower::Export> &exports) {
  std::string guard = spelled(program) + "_QDO_H";
  std::ranges::transform(guard, guard.begin(), [](unsigned char c) { return std::toupper(c); });
  std::string text = fmt::format(
      R"(/* Made by qdo from {0}.qdo. In: rows of numbers. Out: states, or a kernel's values.
 * Open a run with qdo_rt_open (qdo/runtime/abi.h), then, for encodings and fidelities,
 *   qdo_rt_encoding_states(ctx, &NAME, rows, count, amplitudes)   count x 2^qubits complex numbers
 *   qdo_rt_encoding_gram(ctx, &NAME, rows, count, matrix)         |<a|b>|^2, count x count
 *   qdo_rt_encoding_cross(ctx, &NAME, a, n, b, m, matrix)         |<a|b>|^2, n x m
 * Functions are called by their names. Matrices are row by row. What a call makes is freed when its
 * run is closed. Each is false after a failure, which qdo_rt_failure tells. */
#ifndef {1}
#define {1}

#include "qdo/runtime/host.h"

#ifdef __cplusplus
extern "C" {{
#endif

)",
      program, guard);
  for (const lower::Export &e : exports) {
    if (!e.problem.empty())
      text += fmt::format("/* The {} `{}` is not exported: {}. */\n\n", e.what, e.name, e.problem);
    else
      text += e.form == lower::Export::Form::Rows ? rowsText(program, e) : codeText(program, e);
  }
  return text + R"(#ifdef __cplusplus
}
#endif

#endif
)";
}

} // namespace qdo::driver
