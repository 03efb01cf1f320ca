// SPDX-License-Identifier: Apache-2.0
// What functions of the library that measure give under `exact`: the numbers that they estimate.
// In: the entry that measures. Out: bra-kets, as if the program had written them.
#include "compiler/lower/elaborator.h"
#include "compiler/lower/overlap_ways.h"

#include "mlir/Dialect/Complex/IR/Complex.h"

namespace qdo::lower {

/// nullopt under a policy with shots, and of an entry that has no such numbers.
std::optional<Value> Elaborator::exactForm(const std::string &entry, const std::vector<Value> &args,
                                           base::Span span) {
  if (!payer().exact)
    return std::nullopt;
  mlir::Location at = loc(span);
  const auto real = [](mlir::Value number) { return Value::ofSsa(ValueKind::Real, number); };
  const Value &recipe = args[0];
  if (entry == "estimate_purity") {
    checkDevice(recipe.integer, span, "purity");
    checkClifford(recipe, span);
    warnOfMemory(recipe, span, false);
    mlir::Value mask = constant(qubitMask(args[1], recipe.integer, span), at);
    return real(rt("exact_purity", {recipe.ssa, mask}, at));
  }
  if (entry == "fidelity_by") {
    const std::string &way = args[2].text;
    if (!isOverlapWay(way)) {
      diagnostics.report(diag::Kind::BadValue, span, "`by`", "\"" + way + "\"",
                         "one of \"compute-uncompute\", \"destructive swap\", \"swap\", "
                         "\"shadow\", \"hadamard\"");
      throw Abandon{};
    }
    // Without noise all ways measure one number.
    if (!devices.empty() && devices.back().noisy && !isUsualOverlap(way)) {
      diagnostics
          .report(diag::Kind::NotAllowedHere, span, "`by: \"" + way + "\"`",
                  "under `with exact` on a device with noise")
          .place(devices.back().span, "the device")
          .help("put it under a policy: `qdo run --exact` gives what its circuit shows there");
      throw Abandon{};
    }
    checkDevice(recipe.integer, span, "fidelity");
    checkClifford(recipe, span);
    checkClifford(args[1], span);
    return real(qdata::FidelityOp::create(b, at, recipe.ssa, args[1].ssa, true));
  }
  if (entry == "overlap_part") {
    checkPure("an overlap", span);
    checkDevice(recipe.integer, span, nullptr);
    mlir::Value whole = qdata::OverlapOp::create(b, at, recipe.ssa, args[1].ssa);
    if (args[2].boolean)
      return real(mlir::complex::ImOp::create(b, at, whole));
    return real(mlir::complex::ReOp::create(b, at, whole));
  }
  if (entry != "expect_each")
    return std::nullopt;
  checkDevice(recipe.integer, span, "expectation value");
  checkClifford(recipe, span);
  const auto mean = [&](mlir::Value of) {
    return real(qdata::ExpectOp::create(b, at, recipe.ssa, of, true));
  };
  if (args[1].kind == ValueKind::Array) {
    std::vector<Value> means;
    for (const Value &of : args[1].elements)
      means.push_back(mean(of.kind == ValueKind::Observable ? observable(of, span, recipe.integer)
                                                            : observableSsa(of, at)));
    return Value::ofArray(std::move(means));
  }
  return collect(length(args[1], at), span, [&](const Value &i) -> std::optional<Value> {
    return mean(observableSsa(elementAt(args[1], i, span), at));
  });
}

} // namespace qdo::lower
