// SPDX-License-Identifier: Apache-2.0
// Outcomes, flips, errors of reading.
#include "runtime/device/pauli_shots.h"

#include "runtime/base/hash.h"

#include <algorithm>

namespace qdo::device {

using stabilizer::NoisyClifford;

base::RandomStream blockRandom(uint64_t seed, uint64_t stream, int64_t number) {
  constexpr int blockBits = 36;
  return {seed, base::Hasher("pauli errors").add(stream).value(),
          static_cast<uint64_t>(number) << blockBits};
}

void misread(const noise::Readout &readout, int qubits, size_t words, int64_t shots, uint64_t *out,
             base::RandomStream &random) {
  if (readout.none())
    return;
  // As rare as other errors: how many readings go well before the next that may not.
  const double most = std::max(readout.p01, readout.p10);
  const stabilizer::Skips skips(most);
  const int64_t places = shots * qubits;
  for (int64_t at = skips.next(random); at < places; at += 1 + skips.next(random)) {
    const auto q = static_cast<size_t>(at % qubits);
    uint64_t &word = out[static_cast<size_t>(at / qubits) * words + q / 64];
    const double error = word >> (q % 64) & 1 ? readout.p10 : readout.p01;
    // How many numbers are used up does not depend on what is read.
    const double u = readout.p01 == readout.p10 ? 0 : random.uniform();
    if (u * most < error)
      word ^= uint64_t{1} << (q % 64);
  }
}

base::RandomStream PauliShots::block(uint64_t seed, uint64_t stream, int64_t number,
                                     uint64_t *out) const {
  const size_t bitWords = outcomes_.bitWords();
  const int rank = outcomes_.rank();
  std::vector<uint64_t> bits(static_cast<size_t>(blockShots) * bitWords);
  base::RandomStream coins(seed, base::Hasher("outcomes").add(stream).value(),
                           static_cast<uint64_t>(number) * bits.size());
  const uint64_t last = rank % 64 == 0 ? ~uint64_t{0} : (uint64_t{1} << (rank % 64)) - 1;
  for (size_t i = 0; i < bits.size(); ++i)
    bits[i] = coins.next() & ((i + 1) % bitWords == 0 ? last : ~uint64_t{0});
  outcomes_.outcomes(blockShots, bits.data(), out);

  base::RandomStream random = blockRandom(seed, stream, number);
  if (circuit_.noisy()) {
    NoisyClifford::Block errors(circuit_.qubits());
    circuit_.errors(random, errors);
    flipOutcomes(errors, circuit_.qubits(), words(), blockShots, out,
                 [&](int64_t) -> const sim::WideBasis & { return basis_; });
  }
  misread(readout_, circuit_.qubits(), words(), blockShots, out, random);
  return random;
}

} // namespace qdo::device
