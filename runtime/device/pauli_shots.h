// SPDX-License-Identifier: Apache-2.0
// Shots of a Clifford circuit with Pauli errors.
// In: the circuit, its outcomes without errors, an axis for each qubit. Out: what is read, 256
// shots at a time. Why: errors only flip outcomes, so a shot is one of those without errors and the
// flips; neither knows of the other.
#pragma once

#include "runtime/noise/noise.h"
#include "runtime/sim/stabilizer.h"
#include "runtime/stabilizer/frames.h"

namespace qdo::device {

class PauliShots {
public:
  /// Both live as long as this.
  PauliShots(const stabilizer::NoisyClifford &circuit, const stabilizer::Outcomes &outcomes,
             const sim::WideBasis &basis, const noise::Readout &readout)
      : circuit_(circuit), outcomes_(outcomes), basis_(basis), readout_(readout) {}

  static constexpr int64_t blockShots = stabilizer::NoisyClifford::runs;
  size_t words() const { return outcomes_.words(); }
  /// Shots number * blockShots and on, words() each. They depend on (seed, stream, number) alone.
  /// Returns the random numbers, which go on.
  base::RandomStream block(uint64_t seed, uint64_t stream, int64_t number, uint64_t *out) const;

private:
  const stabilizer::NoisyClifford &circuit_;
  const stabilizer::Outcomes &outcomes_;
  const sim::WideBasis &basis_;
  const noise::Readout readout_;
};

/// Flips the outcomes of a block of shots, `words` each, where their errors do; `basisOf(shot)` is
/// the basis of a shot.
template <class BasisOf>
void flipOutcomes(const stabilizer::NoisyClifford::Block &errors, int qubits, size_t words,
                  int64_t shots, uint64_t *out, BasisOf basisOf) {
  constexpr size_t width = stabilizer::NoisyClifford::words;
  for (int q = 0; q < qubits; ++q)
    for (size_t w = 0; w < width; ++w) {
      const uint64_t x = errors.x[static_cast<size_t>(q) * width + w],
                     z = errors.z[static_cast<size_t>(q) * width + w];
      for (uint64_t rest = x | z; rest != 0; rest &= rest - 1) {
        const int bit = std::countr_zero(rest);
        const auto shot = static_cast<int64_t>(64 * w) + bit;
        if (shot >= shots)
          break;
        const sim::WideBasis &basis = basisOf(shot);
        const bool alongX = stabilizer::bitOf(basis.x, q),
                   alongZ = !alongX || stabilizer::bitOf(basis.z, q);
        // An error flips what it anticommutes with.
        const bool flips = ((x >> bit & 1) != 0 && alongZ) != ((z >> bit & 1) != 0 && alongX);
        out[static_cast<size_t>(shot) * words + static_cast<size_t>(q) / 64] ^= uint64_t{flips}
                                                                                << (q % 64);
      }
    }
}

/// Errors of reading on the outcomes of so many shots.
void misread(const noise::Readout &readout, int qubits, size_t words, int64_t shots, uint64_t *out,
             base::RandomStream &random);

/// The random numbers of a block of shots of a stream: more than 10^10 for each.
base::RandomStream blockRandom(uint64_t seed, uint64_t stream, int64_t number);

} // namespace qdo::device
