// SPDX-License-Identifier: Apache-2.0
// The least possible shots and device time of a program (E0209), and what is known of the most.
// Why the least is a true bound: least.h, and code that may not run costs nothing.
#include "compiler/lower/elaborator.h"
#include "compiler/lower/overlap_ways.h"
#include "compiler/lower/overspending.h"
#include "compiler/lower/trips.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

#include <fmt/format.h>

#include <limits>

namespace qdo::lower {

/// Their product; very large when it does not fit.
static int64_t shotsOf(int64_t circuits, int64_t each) {
  int64_t shots = 0;
  return __builtin_mul_overflow(circuits, each, &shots) ? std::numeric_limits<int64_t>::max() / 4
                                                        : shots;
}

std::optional<int64_t> KernelCost::Circuits::of(int64_t rows, int64_t pairs) const {
  int64_t rowCircuits = 0, pairCircuits = 0, sum = 0;
  if (__builtin_mul_overflow(row, rows, &rowCircuits) ||
      __builtin_mul_overflow(pair, pairs, &pairCircuits) ||
      __builtin_add_overflow(rowCircuits, pairCircuits, &sum) ||
      __builtin_add_overflow(sum, once, &sum))
    return std::nullopt;
  return sum;
}

int64_t KernelCost::least(int64_t rows, int64_t pairs, const Payer &payer) const {
  return shotsOf(
      counts[payer.commuting].least.of(rows, pairs).value_or(std::numeric_limits<int64_t>::max()),
      payer.low);
}

/// Null for a fidelity, and for a kernel that measures nothing.
const KernelCost *Elaborator::costOf(sema::SymbolId kernel) const {
  auto found = kernelCosts.find(kernel);
  return found == kernelCosts.end() ? nullptr : &found->second;
}

/// The name of a measurement that shares its shots with no other, however alike they are.
std::string Elaborator::anew(const char *what) {
  return fmt::format("{} #{}", what, ++measuredAnew);
}

/// Counts a measurement in the body of a kernel. In its least is what is paid whenever the body
/// runs.
void Elaborator::collectCost(const std::string &what, std::optional<int64_t> circuits,
                             int64_t shotsEach, Bounds bounds, std::optional<bool> commuting) {
  if (payer().exact)
    return;
  for (mlir::Operation *op = b.getInsertionBlock()->getParentOp(); op; op = op->getParentOp())
    if (mlir::isa<qdata::EstimateOp>(op))
      return; // its shots are those of the estimate
  if (!payer().key.empty() || shotsEach >= 0 || !circuits) {
    collecting->bounded = false; // another policy pays, or other shots than its own
    return;
  }
  const bool of[] = {what.find(KernelCost::row[0]) != what.npos,
                     what.find(KernelCost::row[1]) != what.npos};
  const bool once = what.find('?') == what.npos && what.find(" #") == what.npos && freshDepth == 0;
  if (!once) { // measured at every evaluation
    auto times = timesHere();
    collecting->bounded &= times.has_value();
    for (bool which : {false, true})
      if (commuting.value_or(which) == which)
        collecting->counts[which].most.pair += *circuits * times.value_or(0);
    return;
  }
  auto count = [&](KernelCost::Circuits &into, const char *kind) {
    std::string key = kind + what;
    if (of[1] && !of[0]) // every row stands on either side
      for (size_t at; (at = key.find(KernelCost::row[1])) != key.npos;)
        key.replace(at, std::string_view(KernelCost::row[1]).size(), KernelCost::row[0]);
    if (collecting->seen.insert(key).second)
      (of[0] && of[1] ? into.pair : of[0] || of[1] ? into.row : into.once) += *circuits;
  };
  for (bool which : {false, true}) {
    if (commuting.value_or(which) != which)
      continue;
    KernelCost::Counts &counts = collecting->counts[which];
    if (bounds != Bounds::Least)
      count(counts.most, which ? "most commuting " : "most ");
    if (bounds != Bounds::Most && uncertain == 0)
      count(counts.least, which ? "least commuting " : "least ");
  }
}

void Elaborator::charge(const std::string &what, int64_t circuits, base::Span span,
                        int64_t shotsEach) {
  measurements += payer().exact ? 0 : 1;
  if (collecting)
    return collectCost(what, circuits, shotsEach, Bounds::Both);
  note(what, circuits, span, shotsEach);
  // In a loop that surely turns, what is measured anew is so at every turn.
  const int64_t turns = what.find(" #") == what.npos ? 1 : timesHere().value_or(1);
  chargeLeast(what, shotsOf(shotsOf(circuits, shotsEach >= 0 ? shotsEach : payer().low), turns),
              span);
}

void Elaborator::chargeLeast(const std::string &what, int64_t shots, base::Span span) {
  if (uncertain > 0 || payer().exact || collecting)
    return;
  const double seconds = static_cast<double>(shots) * shotSeconds().least;
  if (options.spending) {
    options.spending->least = leastShots.add("", payer().key + "|" + what, shots);
    options.spending->leastSeconds = leastSeconds.add("", payer().key + "|" + what, seconds);
  }
  for (const Payer &p : payers) {
    if (p.key.empty())
      continue;
    const int64_t before = leastShots.of(p.key);
    const double secondsBefore = leastSeconds.of(p.key);
    const int64_t least = leastShots.add(p.key, what, shots);
    const double time = leastSeconds.add(p.key, what, seconds);
    if (options.spending) {
      options.spending->purses[p.key].least = least;
      options.spending->purses[p.key].leastSeconds = time;
    }
    refuseSpending(
        diagnostics, span,
        {p.name, p.span, p.budget < 0 ? std::nullopt : std::optional(p.budget), p.deadline},
        {before, secondsBefore}, {least, time});
  }
}

/// How often the code at the insertion point runs, if that is known.
std::optional<int64_t> Elaborator::timesHere() {
  int64_t times = 1;
  for (mlir::Operation *op = b.getInsertionBlock()->getParentOp(); op; op = op->getParentOp()) {
    if (auto loop = mlir::dyn_cast<qc::ForOp>(op)) {
      const auto trips = tripsOf(loop).most;
      if (!trips || __builtin_mul_overflow(times, *trips, &times) || times > 1'000'000'000)
        return std::nullopt;
    } else if (mlir::isa<qdata::GeneralKernelOp>(op)) {
      return times; // in one evaluation of the body
    } else if (!mlir::isa<qc::IfOp, qdata::WithOp, mlir::func::FuncOp, mlir::ModuleOp>(op)) {
      return std::nullopt; // a `while`, a round of a selection, ...
    }
  }
  return times;
}

/// Keeps a measurement for the report.
void Elaborator::note(const std::string &what, std::optional<int64_t> circuits, base::Span span,
                      int64_t shotsEach) {
  measurements += payer().exact ? 0 : 1;
  // A body is counted before a policy is in force: each of its fidelities may be two circuits.
  if (circuits && what.starts_with("kernel_body") && payer().overlap == "hadamard")
    *circuits *= 2;
  if (collecting)
    return collectCost(what, circuits, shotsEach, Bounds::Most);
  if (!options.spending || payer().exact)
    return;
  for (mlir::Operation *op = b.getInsertionBlock()->getParentOp(); op; op = op->getParentOp())
    if (mlir::isa<qdata::EstimateOp>(op))
      return; // its shots are those of the estimate
  Measurement m;
  m.what = what.substr(0, what.find(' '));
  m.span = span;
  for (const Payer &p : payers)
    if (!p.key.empty()) {
      m.purses.push_back(p.key);
      Purse &purse = options.spending->purses[p.key];
      purse.name = p.name;
      purse.span = p.span;
      purse.deadline = p.deadline;
      purse.approximate |= p.wilson;
      if (p.budget >= 0)
        purse.budget = p.budget;
    }
  const int64_t each = shotsEach >= 0 ? shotsEach : payer().high;
  if (each >= 0)
    m.mostEach = each;
  m.leastEach = shotsEach >= 0 ? shotsEach : payer().low;
  m.shot = shotSeconds();
  m.device = deviceTimes();
  m.spsa = payer().spsa;
  m.overlap = payer().overlap;
  m.commuting = payer().commuting;
  m.sure = uncertain == 0;
  m.times = timesHere();
  if (!devices.empty() && devices.back().noisy && m.what != "estimate" && m.what != "prepare" &&
      m.what != "sample" && m.what != "shadow") {
    m.folds = payer().folds;
    m.fold = payer().fold;
  }
  // Measurements of known recipes and pairs of rows are paid once, however often they are asked.
  const bool once = what.find('?') == what.npos && freshDepth == 0 && m.what != "estimate" &&
                    m.what != "prepare" && m.what != "sample" && m.what != "shadow";
  if (once) {
    const std::string device = devices.empty() ? "" : devices.back().name;
    if (!noted.insert((m.purses.empty() ? "" : m.purses.back()) + "|" + device + "|" + what).second)
      return;
    m.mostCircuits = circuits;
  } else if (m.times && circuits) {
    m.mostCircuits = *circuits * *m.times;
  }
  if (m.mostCircuits)
    *m.mostCircuits *= m.folds;
  options.spending->measurements.push_back(std::move(m));
}

/// The rows of a data set or of one of its parts, if the file is known.
std::optional<int64_t> Elaborator::rowsOf(const Value &rows) {
  if (rows.kind != ValueKind::Dataset || !rows.shape || !rows.shape->known)
    return std::nullopt;
  if (rows.text.empty())
    return rows.shape->rows;
  auto part = rows.shape->partRows.find(rows.text);
  return part == rows.shape->partRows.end() ? std::optional<int64_t>() : part->second;
}

static std::string pairOf(const Value &p, const Value &r) {
  return "fidelity " + std::min(p.text, r.text) + " " + std::max(p.text, r.text);
}

void Elaborator::chargeFidelity(const Value &p, const Value &r, const std::string &by,
                                base::Span span) {
  const std::string way = by.empty() ? payer().overlap : by, pair = pairOf(p, r);
  const size_t first = entries();
  if (way == "hadamard") { // made of the parts of the overlap
    charge(pair + " re", 1, span);
    charge(pair + " im", 1, span);
  } else {
    charge(pair + (isUsualOverlap(way) ? "" : " " + way), 1, span);
  }
  for (size_t i = first; i < entries(); ++i)
    options.spending->measurements[i].overlap = way;
}

/// What a function of the library pays for. Every pair of rows of a kernel is one circuit.
void Elaborator::chargeNative(const std::string &entry, const std::vector<Value> &args,
                              base::Span span) {
  if (entry == "sample") {
    const bool given = args[1].isConstant() && args[1].integer >= 0;
    return charge(anew("sample"), 1, span, given ? args[1].integer : -1);
  }
  if (entry == "shadow")
    return chargeShadow(args, span);
  if (payer().exact)
    return;
  if (entry == "expect_each")
    return chargeExpectations(args, span);
  if (entry == "estimate_purity") {
    checkDevice(overlapQubits("destructive swap", args[0].integer), span, nullptr,
                "ask a record, which takes one copy: `shadow(p, 20_000).purity([0])`");
    return charge(
        fmt::format("purity {} {}", args[0].text, qubitMask(args[1], args[0].integer, span)), 1,
        span);
  }
  if (entry == "fidelity_by") {
    checkOverlap(args[0].integer, args[2].text.empty() ? payer().overlap : args[2].text, span);
    return chargeFidelity(args[0], args[1], args[2].text, span);
  }
  if (entry == "overlap_part") {
    checkDevice(overlapQubits("hadamard", args[0].integer), span, nullptr);
    return charge(pairOf(args[0], args[1]) + (args[2].boolean ? " im" : " re"), 1, span);
  }
  // Rows are told apart by the data set and part they are, or by the value that holds them.
  auto identity = [](const Value &v) {
    return v.symbol != sema::SymbolId::None
               ? fmt::format("{} {}{}", static_cast<uint32_t>(v.symbol), v.text, v.derived)
               : fmt::format("{}", v.ssa.getAsOpaquePointer());
  };
  if (isTraining(entry)) {
    if (args[0].kind != ValueKind::Kernel || args[0].symbol == sema::SymbolId::None)
      return; // a classical kernel of the library
    if (!measures(args[0].symbol))
      return;
    const auto rows = rowsOf(args[1]);
    const KernelCost *cost = costOf(args[0].symbol);
    // A selection takes all of its rows from one pool.
    const int64_t most = args[1].kind == ValueKind::Selection ? args[1].integer : rows.value_or(0);
    const std::string pairs = fmt::format("kernel {} of {}", identity(args[0]), identity(args[1]));
    if (cost)
      note("kernel_body" + pairs.substr(6),
           most > 1 ? cost->most(most, most * (most + 1) / 2, payer().commuting) : std::nullopt,
           span, -1);
    else if (most > 1)
      note(pairs, most * (most - 1) / 2, span, -1);
    else
      note("kernel ?", std::nullopt, span, -1);
    if (!rows)
      return;
    // One circuit for each pair of rows that differ; other measurements may share some ("?").
    const auto found = args[1].shape->distinctRows.find(args[1].text);
    const int64_t distinct = found == args[1].shape->distinctRows.end() ? 0 : found->second;
    if (distinct >= 2 && cost)
      chargeLeast("gram ? " + pairs, cost->least(distinct, distinct * (distinct - 1) / 2, payer()),
                  span);
    else if (distinct >= 2)
      chargeLeast("gram ? " + pairs, shotsOf(distinct * (distinct - 1) / 2, payer().low), span);
    return;
  }
  const KernelCost *cost = costOf(args[0].symbol);
  if (args[0].symbol != sema::SymbolId::None &&
      program.symbol(args[0].symbol).kind == sema::SymbolKind::Kernel && !measures(args[0].symbol))
    return; // of a kernel that costs nothing
  const auto rows = entry == "model_accuracy" ? rowsOf(args[1]) : std::nullopt;
  if (rows && args[0].integer > 0 && cost)
    return note(
        fmt::format("kernel_body {} {}", args[0].ssa.getAsOpaquePointer(), identity(args[1])),
        cost->most(*rows + args[0].integer, *rows * args[0].integer, payer().commuting), span, -1);
  if (rows && args[0].integer > 0) // the model was trained on that many rows
    return note(fmt::format("{} {} {}", entry, args[0].ssa.getAsOpaquePointer(), identity(args[1])),
                *rows * args[0].integer, span, -1);
  note(entry + " ?", std::nullopt, span, -1);
}

} // namespace qdo::lower
