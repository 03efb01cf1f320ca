// SPDX-License-Identifier: Apache-2.0
// Preparing states, one or a batch, and keeping those that may be asked for again.
// Why: a state that starts like a kept one (`p then ansatz`) starts from it.
#include "runtime/sim/prepare.h"

#include "runtime/sim/circuit.h"
#include "runtime/sim/clifford.h"
#include "runtime/sim/large.h"
#include "runtime/sim/single.h"
#include "runtime/sim/stabilizer.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <list>
#include <map>
#include <stdexcept>
#include <type_traits>
#include <unordered_map>

namespace qdo::sim {

namespace {
/// States by recipe hash, most recently used first.
template <class State> class StateCache {
public:
  std::shared_ptr<const State> find(uint64_t hash) {
    auto found = places_.find(hash);
    if (found == places_.end())
      return nullptr;
    entries_.splice(entries_.begin(), entries_, found->second);
    return found->second->state;
  }
  void keep(uint64_t hash, std::shared_ptr<const State> state) {
    if (state->bytes() > capacity)
      return;
    used_ += state->bytes();
    entries_.push_front({hash, std::move(state)});
    places_[hash] = entries_.begin();
    while (used_ > capacity) {
      used_ -= entries_.back().state->bytes();
      places_.erase(entries_.back().hash);
      entries_.pop_back();
    }
  }
  void clear() {
    entries_.clear();
    places_.clear();
    used_ = 0;
  }
  /// Bytes kept at most: sixteen states of 20 qubits, or all the small ones anyone asks for.
  static constexpr size_t capacity = size_t{256} << 20;

private:
  struct Entry {
    uint64_t hash;
    std::shared_ptr<const State> state;
  };
  std::list<Entry> entries_;
  std::unordered_map<uint64_t, typename std::list<Entry>::iterator> places_;
  size_t used_ = 0;
};
} // namespace

/// States of so many qubits are as large as the whole cache.
static constexpr int64_t keptQubits = 24;

/// A circuit is unitary, so only an angle that is no number can take the norm away from 1. Rounding
/// in a million gates stays far below this.
static bool isOne(double squaredNorm) { return std::abs(squaredNorm - 1) < 1e-6; }
static bool isOneInSingle(double squaredNorm) { return std::abs(squaredNorm - 1) < 1e-2; }

bool isSingle(base::Context &ctx, int64_t qubits) {
  return qubits > mostQubitsOfDouble && ctx.part<Precision>().single;
}

base::Failure *refuses(base::Context &ctx, qdo_site site, const angles::Verdict &verdict) {
  using angles::Problem;
  auto failure = [&](base::Kind kind, const char *help) {
    base::Failure &f = ctx.fail(site, kind, angles::shown(verdict));
    f.help = help;
    return &f;
  };
  switch (verdict.problem) {
  case Problem::None:
    return nullptr;
  case Problem::NotFinite:
    return failure(base::Kind::StateNotFinite, "");
  case Problem::Zero:
    return failure(base::Kind::StateZero, "leave such data out, or give them an offset");
  case Problem::NotNormalised:
    return failure(base::Kind::StateNotNormalised,
                   "divide them by their norm, or ask for it: `amplitude(x, normalize: true)`");
  case Problem::NotUnitary:
    return failure(base::Kind::MatrixNotUnitary, "the rows of a unitary have norm 1 and are "
                                                 "orthogonal: `sqrt(0.5)`, not `0.7071`");
  }
  return nullptr;
}

namespace {
/// How the gates of a recipe went.
struct Outcome {
  bool aliased;
  angles::Verdict refused;
  bool normal; ///< the state has norm 1
};
} // namespace

/// Writes the state of a recipe; `start` is the state of its first part if that is known.
static Outcome run(const Recipe &recipe, const State *start, StateView view) {
  StateSink sink(view);
  if (start)
    std::ranges::copy(start->amplitudes(), view.amplitudes);
  else
    setZero(view);
  emit(start ? *recipe.right : recipe, sink);
  return {sink.aliased(), sink.refused(), isOne(squaredNorm(view))};
}

static Outcome runLarge(base::Context &ctx, const Recipe &recipe, const State *start,
                        StateView view) {
  LargeSink sink(ctx, view, !start);
  if (start)
    std::ranges::copy(start->amplitudes(), view.amplitudes);
  else
    setZero(ctx, view);
  emit(start ? *recipe.right : recipe, sink);
  sink.finish();
  return {sink.aliased(), sink.refused(), sink.finite() && isOne(squaredNorm(ctx, view))};
}

static Outcome runSingle(base::Context &ctx, const Recipe &recipe, const SingleState *start,
                         SingleState &state) {
  const SingleView view = state.view();
  SweepSink<SingleView> sink(ctx, view, !start);
  if (start)
    std::copy_n(start->view().amplitudes, view.size(), view.amplitudes);
  else
    setZero(ctx, view);
  emit(start ? *recipe.right : recipe, sink);
  sink.finish();
  state.squaredNorm = squaredNorm(ctx, view);
  return {sink.aliased(), sink.refused(), sink.finite() && isOneInSingle(state.squaredNorm)};
}

/// The state of a recipe from `run(start, state)`, unless it is kept already.
template <class State, class Run>
static std::shared_ptr<const State> prepared(base::Context &ctx, qdo_site site,
                                             const Recipe &recipe, size_t amplitudeBytes,
                                             const Run &run) {
  auto &cache = ctx.part<StateCache<State>>();
  if (auto kept = cache.find(recipe.hash))
    return kept;
  if (ctx.stopHere(site))
    return nullptr;
  std::shared_ptr<const State> start =
      recipe.form == Recipe::Form::Then ? cache.find(recipe.left->hash) : nullptr;
  if (recipe.qubits >= keptQubits)
    cache.clear(); // leave the memory to it
  if (!checkMemoryOf(ctx, site, recipe.qubits, 1, amplitudeBytes,
                     recipe.qubits < tableauQubits ? "" : whyAmplitudes(ctx, recipe)))
    return nullptr;

  auto state = std::make_shared<State>(static_cast<int>(recipe.qubits));
  const Outcome outcome = run(start.get(), *state);
  if (outcome.aliased) {
    ctx.fail(site, base::Kind::RuntimeAlias).note = "it happens in `" + recipe.format("") + "`";
    return nullptr;
  }
  if (refuses(ctx, site, outcome.refused) || ctx.stopHere(site))
    return nullptr;
  if (!outcome.normal) {
    ctx.fail(site, base::Kind::AngleNotFinite, "`" + recipe.format("") + "`");
    return nullptr;
  }
  cache.keep(recipe.hash, state);
  return state;
}

/// A state in single precision as one in double precision, with norm 1.
static std::shared_ptr<const State> widened(base::Context &ctx, qdo_site site,
                                            const SingleState &single) {
  if (!checkMemory(ctx, site, single.qubits()))
    return nullptr;
  auto state = std::make_shared<State>(single.qubits());
  const SingleView from = single.view();
  const StateView to = state->view();
  const double scale = 1 / std::sqrt(single.squaredNorm);
  ctx.pool().forTiles(static_cast<int64_t>(to.size()), 1 << 14, [&](int64_t begin, int64_t end) {
    for (int64_t k = begin; k < end; ++k)
      to.amplitudes[k] = scale * Amplitude(from.amplitudes[k]);
  });
  return state;
}

std::shared_ptr<const State> prepare(base::Context &ctx, qdo_site site, const Recipe &recipe) {
  if (isSingle(ctx, recipe.qubits)) {
    const auto single = prepareSingle(ctx, site, recipe);
    return single ? widened(ctx, site, *single) : nullptr;
  }
  return prepared<State>(
      ctx, site, recipe, sizeof(Amplitude), [&](const State *start, State &state) {
        return recipe.qubits < largeQubits ? run(recipe, start, state.view())
                                           : runLarge(ctx, recipe, start, state.view());
      });
}

std::shared_ptr<const SingleState> prepareSingle(base::Context &ctx, qdo_site site,
                                                 const Recipe &recipe) {
  return prepared<SingleState>(ctx, site, recipe, sizeof(std::complex<float>),
                               [&](const SingleState *start, SingleState &state) {
                                 return runSingle(ctx, recipe, start, state);
                               });
}

bool keepState(base::Context &ctx, qdo_site site, const Recipe &recipe) {
  if (recipe.qubits >= keptQubits || choosesTableau(ctx, recipe))
    return true;
  return isSingle(ctx, recipe.qubits) ? prepareSingle(ctx, site, recipe) != nullptr
                                      : prepare(ctx, site, recipe) != nullptr;
}

static void fillHole(const RowCircuit &circuit, std::span<const double> row,
                     std::vector<double> &data) {
  data.assign(circuit.data.begin(), circuit.data.end());
  std::ranges::copy(row, data.begin() + circuit.hole);
}

uint64_t rowHash(const RowCircuit &circuit, std::span<const double> row) {
  std::vector<double> data;
  fillHole(circuit, row, data);
  return leafHash(*circuit.circuit, data);
}

namespace {
/// What was wrong with rows, noted from several threads.
struct Troubles {
  explicit Troubles(int64_t count) : refused(count) {}
  void refuse(int64_t row) {
    for (int64_t first = refused; row < first && !refused.compare_exchange_weak(first, row);) {
    }
  }
  std::atomic<bool> broken = false;
  std::atomic<int64_t> refused; ///< the first row that has no angles; the number of rows: none
};

/// Above so many qubits a state is no longer one of many in a cache: each is prepared by itself.
constexpr int64_t mostQubitsOfPlans = 16;

/// All states of one circuit have panels of the same width, whenever they are prepared. Where empty
/// lanes would be gigabytes, there are few.
const batch::Kernels &kernelsFor(int64_t qubits) {
  return qubits > 20 ? batch::baselineKernels() : batch::kernelsFor(static_cast<int>(qubits));
}

/// The state of one row of a large circuit, on all threads; its squared norm.
template <class View>
double sweepRow(base::Context &ctx, const qdo_circuit &circuit, const std::vector<double> &data,
                View view, int64_t row, Troubles &troubles) {
  setZero(ctx, view);
  SweepSink<View> sink(ctx, view, true);
  send(circuit, data.data(), sink);
  sink.finish();
  if (sink.refused().problem != angles::Problem::None)
    troubles.refuse(row);
  const double norm = squaredNorm(ctx, view);
  const bool normal = std::is_same_v<View, StateView> ? isOne(norm) : isOneInSingle(norm);
  if (!sink.finite() || !normal)
    troubles.broken.store(true, std::memory_order_relaxed);
  return norm;
}

/// The states of large circuits, one after the other, written into lanes of panels.
template <class State>
void prepareOneByOne(base::Context &ctx, const qdo_circuit &circuit,
                     const std::function<std::vector<double>(int64_t)> &dataOf,
                     batch::Panels &panels, Troubles &troubles) {
  const int64_t lanes = panels.lanes();
  State state(panels.qubits());
  const auto view = state.view();
  for (int64_t row = 0; row < panels.rows() && !ctx.interruptRequested(); ++row) {
    const double norm = sweepRow(ctx, circuit, dataOf(row), view, row, troubles);
    const double scale = std::is_same_v<State, SingleState> ? 1 / std::sqrt(norm) : 1;
    double *out = panels.panel(row / lanes) + row % lanes;
    const auto size = static_cast<int64_t>(view.size());
    ctx.pool().forTiles(size, 1 << 14, [&](int64_t begin, int64_t end) {
      for (int64_t z = begin; z < end; ++z) {
        out[2 * z * lanes] = scale * view.amplitudes[z].real();
        out[(2 * z + 1) * lanes] = scale * view.amplitudes[z].imag();
      }
    });
  }
}

/// Records what went wrong with rows; true when nothing did.
bool went(base::Context &ctx, qdo_site site, const qdo_circuit &circuit,
          const std::function<std::vector<double>(int64_t)> &dataOf, int64_t count,
          const Troubles &troubles) {
  if (ctx.stopHere(site))
    return false;
  if (troubles.refused < count) {
    CheckSink sink;
    send(circuit, dataOf(troubles.refused).data(), sink);
    if (auto *failure = refuses(ctx, site, sink.refused()); failure && count > 1)
      failure->note =
          fmt::format("this is row {} of {} (counted from 0)", troubles.refused.load(), count);
    return false;
  }
  if (troubles.broken)
    ctx.fail(site, base::Kind::AngleNotFinite, "the encoding of a row");
  return !troubles.broken;
}

using DataOfRow = std::function<std::vector<double>(int64_t)>;

/// The angles of rows, noting those that have none.
batch::SlotsOfRow slotsInto(const qdo_circuit &table, const DataOfRow &dataOf, Troubles &troubles) {
  return [&table, &dataOf, &troubles](int64_t row, double *slots) {
    CheckSink sink;
    std::copy_n(table.constants, table.constant_count, slots);
    table.angles(&sink, dataOf(row).data(), slots);
    if (sink.refused().problem != angles::Problem::None)
      troubles.refuse(row);
    // Only an angle that is no number can take the norm of a state away from 1.
    if (!std::all_of(slots, slots + table.slot_count, [](double a) { return std::isfinite(a); }))
      troubles.broken.store(true, std::memory_order_relaxed);
  };
}

std::vector<double> dataOfRow(const RowCircuit &circuit, std::span<const double> rows,
                              int64_t row) {
  std::vector<double> data;
  fillHole(circuit, rows.subspan(row * circuit.holeSize, circuit.holeSize), data);
  return data;
}
} // namespace

std::shared_ptr<const batch::Plan> planOf(base::Context &ctx, qdo_site site,
                                          const qdo_circuit &circuit) {
  struct Plans {
    std::map<std::pair<const qdo_circuit *, int64_t>, std::shared_ptr<const batch::Plan>> made;
  };
  if (circuit.qubits > QDO_MASK_QUBITS) {
    checkMemory(ctx, site, circuit.qubits, 1, "the states of rows of data are state vectors");
    return nullptr;
  }
  auto &known = ctx.part<Plans>().made[{&circuit, circuit.content}];
  try {
    if (!known)
      known = std::make_shared<const batch::Plan>(circuit);
    return known;
  } catch (const std::invalid_argument &) {
    ctx.fail(site, base::Kind::RuntimeAlias);
    return nullptr;
  }
}

batch::Panels prepareRows(base::Context &ctx, qdo_site site, const RowCircuit &circuit,
                          const batch::Plan &plan, std::span<const double> rows, bool amplitudes) {
  const qdo_circuit &table = *circuit.circuit;
  const int64_t count = static_cast<int64_t>(rows.size()) / std::max<int64_t>(circuit.holeSize, 1);
  const bool product = plan.product() && !amplitudes;
  if (ctx.stopHere(site) || count == 0 ||
      (!product && !checkMemory(ctx, site, table.qubits, count)))
    return {};
  batch::Panels panels(count, static_cast<int>(table.qubits),
                       kernelsFor(product ? 1 : table.qubits),
                       product ? batch::Panels::Form::Vectors : batch::Panels::Form::States);
  Troubles troubles(count);
  const DataOfRow dataOf = [&](int64_t row) { return dataOfRow(circuit, rows, row); };
  const batch::SlotsOfRow slotsOf = slotsInto(table, dataOf, troubles);
  if (product || table.qubits <= mostQubitsOfPlans)
    batch::prepare(ctx.pool(), plan, slotsOf, panels, [&] { return ctx.interruptRequested(); });
  else if (isSingle(ctx, table.qubits))
    prepareOneByOne<SingleState>(ctx, table, dataOf, panels, troubles);
  else
    prepareOneByOne<State>(ctx, table, dataOf, panels, troubles);
  return went(ctx, site, table, dataOf, count, troubles) ? std::move(panels) : batch::Panels();
}

bool statesOf(base::Context &ctx, qdo_site site, const RowCircuit &circuit,
              std::span<const double> rows, Amplitude *amplitudes) {
  const qdo_circuit &table = *circuit.circuit;
  const auto qubits = static_cast<int>(table.qubits);
  const int64_t count = static_cast<int64_t>(rows.size()) / std::max<int64_t>(circuit.holeSize, 1);
  Troubles troubles(count);
  const DataOfRow dataOf = [&](int64_t row) { return dataOfRow(circuit, rows, row); };
  if (qubits > mostQubitsOfPlans && qubits <= QDO_MASK_QUBITS) {
    for (int64_t row = 0; row < count && !ctx.interruptRequested(); ++row)
      sweepRow(ctx, table, dataOf(row), StateView{amplitudes + (row << qubits), qubits}, row,
               troubles);
    return went(ctx, site, table, dataOf, count, troubles);
  }
  const auto plan = planOf(ctx, site, table);
  if (!plan || ctx.stopHere(site))
    return false;
  batch::prepareInto(ctx.pool(), *plan, slotsInto(table, dataOf, troubles), count,
                     kernelsFor(qubits), amplitudes, [&] { return ctx.interruptRequested(); });
  return went(ctx, site, table, dataOf, count, troubles);
}

} // namespace qdo::sim
