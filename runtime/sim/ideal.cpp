// SPDX-License-Identifier: Apache-2.0
// State vectors as a device.
#include "runtime/sim/ideal.h"

#include "runtime/base/philox.h"
#include "runtime/sim/observable.h"

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
  auto prepared = state(ctx, site, recipe);
  if (!prepared)
    return std::nullopt;
  std::vector<double> values;
  for (const PauliString &string : strings)
    values.push_back(
        (string.x | string.z) == 0 ? 1 : expectPauli(prepared->view(), string.x, string.z));
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

/// The bits of `value` spread over the set bits of `mask`.
static uint64_t deposit(uint64_t value, uint64_t mask) {
  uint64_t out = 0;
  for (; mask != 0; mask &= mask - 1, value >>= 1)
    if (value & 1)
      out |= mask & -mask;
  return out;
}

std::optional<double> StateVector::purity(base::Context &ctx, qdo_site site, const Recipe &recipe,
                                          uint64_t qubits) {
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

std::optional<std::vector<Counts::Entry>> StateVector::sample(base::Context &ctx, qdo_site site,
                                                              const Recipe &recipe, uint64_t stream,
                                                              int64_t shots) {
  auto prepared = state(ctx, site, recipe);
  if (!prepared)
    return std::nullopt;
  return sampleOutcomes(ctx, prepared->view(), stream, shots);
}

/// Measures qubit after qubit, from the highest; each halves what is left, so that a shot reads
/// twice the state and no more. `left` is used up.
static uint64_t measureAlong(std::vector<Amplitude> &left, int qubits, const PauliString &basis,
                             base::RandomStream &random) {
  const double root = std::sqrt(0.5);
  uint64_t outcome = 0;
  for (int q = qubits - 1; q >= 0; --q) {
    const uint64_t half = uint64_t{1} << q;
    const bool x = basis.x >> q & 1, y = x && (basis.z >> q & 1);
    double weight[2] = {0, 0};
    for (uint64_t k = 0; k < half; ++k) {
      Amplitude a = left[k], b = left[k + half];
      if (x) { // <+-| or <+-i|: b counts with (-i) for Y
        if (y)
          b = {b.imag(), -b.real()};
        left[k] = root * (a + b);
        left[k + half] = root * (a - b);
      }
      weight[0] += std::norm(left[k]);
      weight[1] += std::norm(left[k + half]);
    }
    const bool one = random.uniform() * (weight[0] + weight[1]) < weight[1];
    outcome |= uint64_t{one} << q;
    if (one)
      std::copy(left.begin() + static_cast<std::ptrdiff_t>(half),
                left.begin() + static_cast<std::ptrdiff_t>(2 * half), left.begin());
  }
  return outcome;
}

std::optional<std::vector<uint64_t>> StateVector::snapshots(base::Context &ctx, qdo_site site,
                                                            const Recipe &recipe,
                                                            std::span<const PauliString> bases,
                                                            uint64_t stream, uint64_t first) {
  auto prepared = state(ctx, site, recipe);
  if (!prepared)
    return std::nullopt;
  std::vector<uint64_t> outcomes(bases.size());
  ctx.pool().forTiles(std::ssize(bases), 16, [&](int64_t begin, int64_t end) {
    std::vector<Amplitude> left;
    for (int64_t i = begin; i < end && !ctx.interruptRequested(); ++i) {
      const size_t at = static_cast<size_t>(i);
      left.assign(prepared->amplitudes().begin(), prepared->amplitudes().end());
      // Two numbers share a block, 64 qubits use at most 64: shots never meet.
      base::RandomStream random(ctx.seed(), stream, (first + at) * 64);
      outcomes[at] = measureAlong(left, prepared->qubits(), bases[at], random);
    }
  });
  if (ctx.stopHere(site))
    return std::nullopt;
  return outcomes;
}

} // namespace qdo::sim
