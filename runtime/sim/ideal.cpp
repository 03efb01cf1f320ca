// SPDX-License-Identifier: Apache-2.0
// State vectors as a device.
#include "runtime/sim/ideal.h"

#include "runtime/sim/bits.h"
#include "runtime/sim/observable.h"
#include "runtime/sim/pauli_bases.h"
#include "runtime/sim/stabilizer.h"

#include <bit>
#include <cmath>

namespace qdo::sim {

bool tooManyQubits(base::Context &ctx, qdo_site site, const Backend &device, int64_t most,
                   int64_t asked) {
  ctx.fail(site, base::Kind::DeviceTooSmall, device.name, most, asked).help =
      "give the device more qubits, or measure a smaller recipe";
  return true;
}

bool StateVector::fits(base::Context &ctx, qdo_site site, int64_t qubits) const {
  return qubits_ == 0 || qubits <= qubits_ || !tooManyQubits(ctx, site, *this, qubits_, qubits);
}

std::optional<double> StateVector::fidelity(base::Context &ctx, qdo_site site, const Recipe &p,
                                            const Recipe &r) {
  if (!fits(ctx, site, p.qubits))
    return std::nullopt;
  const double value = exactFidelity(ctx, site, p, r);
  return ctx.ok() ? std::optional(value) : std::nullopt;
}

std::optional<std::vector<double>> StateVector::means(base::Context &ctx, qdo_site site,
                                                      const Recipe &recipe,
                                                      std::span<const PauliString> strings) {
  if (!fits(ctx, site, recipe.qubits))
    return std::nullopt;
  const Prepared prepared = prepareAny(ctx, site, recipe);
  if (!prepared)
    return std::nullopt;
  std::vector<double> values;
  for (const PauliString &string : strings)
    values.push_back(string.identity() ? 1 : prepared.mean({1, string.x, string.z, string.more}));
  return values;
}

std::optional<std::vector<double>> StateVector::probabilities(base::Context &ctx, qdo_site site,
                                                              const Recipe &recipe) {
  auto prepared = state(ctx, site, recipe);
  if (!prepared)
    return std::nullopt;
  std::vector<double> out;
  out.reserve(prepared->size());
  for (Amplitude amplitude : prepared->amplitudes())
    out.push_back(std::norm(amplitude));
  return out;
}

std::optional<double> StateVector::purity(base::Context &ctx, qdo_site site, const Recipe &recipe,
                                          uint64_t qubits) {
  if (!fits(ctx, site, recipe.qubits))
    return std::nullopt;
  if (choosesTableau(ctx, recipe)) {
    const auto tableau = stabilizerState(ctx, site, recipe);
    return tableau ? std::optional(stabilizerPurity(tableau->tableau(), qubits)) : std::nullopt;
  }
  auto prepared = state(ctx, site, recipe);
  if (!prepared)
    return std::nullopt;
  const uint64_t all = prepared->size() - 1;
  uint64_t kept = qubits & all, traced = all & ~kept;
  if (std::popcount(kept) > std::popcount(traced))
    std::swap(kept, traced); // both halves of a pure state have one purity
  const uint64_t side = uint64_t{1} << std::popcount(kept),
                 rest = uint64_t{1} << std::popcount(traced);
  auto amplitudes = prepared->amplitudes();
  // Tr(rho^2) = sum_ij |<row i, row j>|^2 over rows of the amplitudes as a matrix.
  std::vector<uint64_t> columns(rest);
  for (uint64_t c = 0; c < rest; ++c)
    columns[c] = deposit(c, traced);
  std::vector<double> sums(side);
  ctx.pool().forTiles(static_cast<int64_t>(side), 1, [&](int64_t row, int64_t) {
    const uint64_t i = deposit(static_cast<uint64_t>(row), kept);
    double sum = 0;
    for (uint64_t r = 0; r < side; ++r) {
      const uint64_t j = deposit(r, kept);
      Amplitude inner = 0;
      for (uint64_t c : columns)
        inner += std::conj(amplitudes[i | c]) * amplitudes[j | c];
      sum += std::norm(inner);
    }
    sums[static_cast<size_t>(row)] = sum;
  });
  double total = 0;
  for (double sum : sums)
    total += sum;
  return std::min(total, 1.0);
}

std::shared_ptr<const State> StateVector::state(base::Context &ctx, qdo_site site,
                                                const Recipe &recipe) {
  return fits(ctx, site, recipe.qubits) ? prepare(ctx, site, recipe) : nullptr;
}

std::optional<Sampled> StateVector::sample(base::Context &ctx, qdo_site site, const Recipe &recipe,
                                           uint64_t stream, int64_t shots) {
  if (!fits(ctx, site, recipe.qubits))
    return std::nullopt;
  const Prepared prepared = prepareAny(ctx, site, recipe);
  if (!prepared)
    return std::nullopt;
  return sim::sample(ctx, site, prepared, stream, shots);
}

std::optional<std::vector<uint64_t>>
StateVector::flippedSnapshots(base::Context &ctx, qdo_site site, const Recipe &recipe,
                              std::span<const PauliString> bases, std::span<const uint64_t>,
                              uint64_t stream, uint64_t first) {
  if (!fits(ctx, site, recipe.qubits))
    return std::nullopt;
  if (choosesTableau(ctx, recipe)) {
    const auto tableau = stabilizerState(ctx, site, recipe);
    return tableau ? measureInBases(ctx, site, *tableau, bases, stream, first) : std::nullopt;
  }
  auto prepared = state(ctx, site, recipe);
  if (!prepared)
    return std::nullopt;
  // Where a basis has no letter, the qubit is measured along Z.
  const uint64_t all = prepared->size() - 1;
  std::vector<PauliBasis> axes;
  axes.reserve(bases.size());
  for (const PauliString &basis : bases)
    axes.push_back({basis.x, basis.z | (all & ~basis.x)});
  auto outcomes = measureInBases(ctx, site, prepared->view(), axes, stream, first);
  return ctx.ok() ? std::optional(std::move(outcomes)) : std::nullopt;
}

std::shared_ptr<const JointShots> StateVector::joint(base::Context &ctx, qdo_site site,
                                                     const Recipe &recipe, const PauliString &axes,
                                                     const Mitigation &) {
  return fits(ctx, site, recipe.qubits) ? pureJoint(ctx, site, recipe, axes) : nullptr;
}

} // namespace qdo::sim
