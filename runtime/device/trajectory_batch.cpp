// SPDX-License-Identifier: Apache-2.0
// Lanes of state vectors, gates on all of them, noise on each.
// Why: a jump happens with probability gamma * P(1) <= gamma, so that the weight of |1> is looked
// at only in the rare lanes whose random number is below gamma; norms are left to drift and are
// divided out where they matter. Contraction is off: an outcome may not depend on the machine.
#include "runtime/device/trajectory_batch.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace qdo::device {

namespace {

using gates::Amplitude;

/// Room for the random numbers of one shot in its stream.
constexpr int shotBits = 24;

template <int Lanes> class Batch {
public:
  explicit Batch(int qubits)
      : qubits_(qubits), re_(size_t{Lanes} << qubits), im_(size_t{Lanes} << qubits) {}

  void reset() {
    std::ranges::fill(re_, 0);
    std::ranges::fill(im_, 0);
    std::fill_n(re_.begin(), Lanes, 1.0);
  }

  void gate(const gates::GateCall &call) {
    const gates::GateMatrix m = gates::gateMatrix(call);
    if (call.target1 < 0)
      oneTarget(m, call.target0, call.controls);
    else
      twoTargets(m, call.target0, call.target1, call.controls);
  }

  void oneTarget(const gates::GateMatrix &m, int target, uint64_t controls) {
    const uint64_t bit = uint64_t{1} << target, size = uint64_t{1} << qubits_;
    const bool diagonal = m[1] == Amplitude(0) && m[2] == Amplitude(0);
    for (uint64_t k = 0; k < size; ++k) {
      if ((k & bit) || (k & controls) != controls)
        continue;
      double *ar = re(k), *ai = im(k), *br = re(k | bit), *bi = im(k | bit);
      if (diagonal)
        scaleBoth(m[0], m[3], ar, ai, br, bi);
      else
        mix(m, ar, ai, br, bi);
    }
  }

  void twoTargets(const gates::GateMatrix &m, int low, int high, uint64_t controls) {
    const uint64_t a = uint64_t{1} << low, b = uint64_t{1} << high, size = uint64_t{1} << qubits_;
    for (uint64_t k = 0; k < size; ++k) {
      if ((k & a) || (k & b) || (k & controls) != controls)
        continue;
      const uint64_t at[4] = {k, k | a, k | b, k | a | b};
      double oldRe[4][Lanes], oldIm[4][Lanes];
      for (int i = 0; i < 4; ++i) {
        std::copy_n(re(at[i]), Lanes, oldRe[i]);
        std::copy_n(im(at[i]), Lanes, oldIm[i]);
      }
      for (int row = 0; row < 4; ++row) {
        double sumRe[Lanes] = {}, sumIm[Lanes] = {};
        for (int column = 0; column < 4; ++column)
          addProduct(m[static_cast<size_t>(4 * row + column)], oldRe[column], oldIm[column], sumRe,
                     sumIm);
        std::copy_n(sumRe, Lanes, re(at[row]));
        std::copy_n(sumIm, Lanes, im(at[row]));
      }
    }
  }

  /// A Pauli string on one lane; letters as two bits a wire, I X Y Z.
  void pauli(int lane, std::span<const int> wires, uint64_t letters) {
    uint64_t flips = 0, signs = 0;
    for (size_t i = 0; i < wires.size(); ++i) {
      const uint64_t letter = letters >> 2 * i & 3;
      flips |= uint64_t{letter == 1 || letter == 2} << wires[i];
      signs |= uint64_t{letter >= 2} << wires[i];
    }
    if (flips == 0 && signs == 0)
      return;
    // Up to a phase of the whole state, which nothing sees: |k> -> (-1)^(k & signs) |k ^ flips>.
    for (uint64_t k = 0; k < uint64_t{1} << qubits_; ++k) {
      const uint64_t other = k ^ flips;
      if (other < k)
        continue;
      const double here = std::popcount(k & signs) % 2 ? -1 : 1,
                   there = std::popcount(other & signs) % 2 ? -1 : 1;
      double &ar = re(k)[lane], &ai = im(k)[lane];
      if (flips == 0) {
        ar *= here;
        ai *= here;
        continue;
      }
      double &br = re(other)[lane], &bi = im(other)[lane];
      const double oldRe = ar, oldIm = ai;
      ar = there * br;
      ai = there * bi;
      br = here * oldRe;
      bi = here * oldIm;
    }
  }

  /// Decay of a qubit with probability gamma; `draws` has a uniform number for each lane.
  void damp(int qubit, double gamma, const double *draws) {
    const uint64_t bit = uint64_t{1} << qubit, size = uint64_t{1} << qubits_;
    double keep[Lanes];
    const double stays = std::sqrt(1 - gamma);
    for (int lane = 0; lane < Lanes; ++lane) {
      keep[lane] = stays;
      if (draws[lane] >= gamma)
        continue;
      double weight[2] = {0, 0};
      for (uint64_t k = 0; k < size; ++k)
        weight[(k & bit) != 0] += norm(k, lane);
      const double total = weight[0] + weight[1];
      if (draws[lane] * total >= gamma * weight[1]) {
        scaleLane(lane, 1 / std::sqrt(total)); // while the norm is known
        continue;
      }
      const double scale = 1 / std::sqrt(weight[1]);
      for (uint64_t k = 0; k < size; ++k) {
        if (k & bit)
          continue;
        re(k)[lane] = scale * re(k | bit)[lane];
        im(k)[lane] = scale * im(k | bit)[lane];
        re(k | bit)[lane] = im(k | bit)[lane] = 0;
      }
      keep[lane] = 1;
    }
    for (uint64_t k = 0; k < size; ++k)
      if (k & bit)
        for (int lane = 0; lane < Lanes; ++lane) {
          re(k)[lane] *= keep[lane];
          im(k)[lane] *= keep[lane];
        }
  }

  void normalise() {
    for (int lane = 0; lane < Lanes; ++lane) {
      double total = 0;
      for (uint64_t k = 0; k < uint64_t{1} << qubits_; ++k)
        total += norm(k, lane);
      scaleLane(lane, 1 / std::sqrt(total));
    }
  }

  /// Turns one lane so that a basis is read as bits.
  void rotate(int lane, const sim::PauliString &basis) {
    const double root = std::sqrt(0.5);
    for (int q = 0; q < qubits_; ++q) {
      if (!(basis.x >> q & 1))
        continue;
      const bool y = basis.z >> q & 1;
      const uint64_t bit = uint64_t{1} << q;
      for (uint64_t k = 0; k < uint64_t{1} << qubits_; ++k) {
        if (k & bit)
          continue;
        Amplitude a(re(k)[lane], im(k)[lane]), b(re(k | bit)[lane], im(k | bit)[lane]);
        if (y)
          b = {b.imag(), -b.real()};
        const Amplitude plus = root * (a + b), minus = root * (a - b);
        re(k)[lane] = plus.real(), im(k)[lane] = plus.imag();
        re(k | bit)[lane] = minus.real(), im(k | bit)[lane] = minus.imag();
      }
    }
  }

  /// Outcomes of all lanes for one uniform number each.
  void measure(const double *draws, uint64_t *outcomes) const {
    const uint64_t size = uint64_t{1} << qubits_;
    double total[Lanes] = {}, target[Lanes], sum[Lanes] = {};
    for (uint64_t k = 0; k < size; ++k)
      for (int lane = 0; lane < Lanes; ++lane)
        total[lane] += norm(k, lane);
    bool found[Lanes] = {};
    for (int lane = 0; lane < Lanes; ++lane) {
      target[lane] = draws[lane] * total[lane];
      outcomes[lane] = size - 1;
    }
    int left = Lanes;
    for (uint64_t k = 0; k < size && left > 0; ++k)
      for (int lane = 0; lane < Lanes; ++lane) {
        const double weight = norm(k, lane);
        sum[lane] += weight;
        if (weight > 0 && !found[lane])
          outcomes[lane] = k; // rounding may leave the target above: the last possible outcome
        if (!found[lane] && target[lane] < sum[lane]) {
          found[lane] = true;
          --left;
        }
      }
  }

private:
  double *re(uint64_t k) { return re_.data() + k * Lanes; }
  double *im(uint64_t k) { return im_.data() + k * Lanes; }
  double norm(uint64_t k, int lane) const {
#pragma clang fp contract(off)
    const double x = re_[k * Lanes + static_cast<uint64_t>(lane)],
                 y = im_[k * Lanes + static_cast<uint64_t>(lane)];
    return x * x + y * y;
  }
  void scaleLane(int lane, double factor) {
    for (uint64_t k = 0; k < uint64_t{1} << qubits_; ++k) {
      re(k)[lane] *= factor;
      im(k)[lane] *= factor;
    }
  }
  static void addProduct(Amplitude m, const double *xr, const double *xi, double *sr, double *si) {
#pragma clang fp contract(off)
    if (m == Amplitude(0))
      return;
    for (int lane = 0; lane < Lanes; ++lane) {
      sr[lane] += m.real() * xr[lane] - m.imag() * xi[lane];
      si[lane] += m.real() * xi[lane] + m.imag() * xr[lane];
    }
  }
  static void scaleBoth(Amplitude zero, Amplitude one, double *ar, double *ai, double *br,
                        double *bi) {
#pragma clang fp contract(off)
    for (int lane = 0; lane < Lanes; ++lane) {
      const double x = ar[lane], y = ai[lane], v = br[lane], w = bi[lane];
      ar[lane] = zero.real() * x - zero.imag() * y;
      ai[lane] = zero.real() * y + zero.imag() * x;
      br[lane] = one.real() * v - one.imag() * w;
      bi[lane] = one.real() * w + one.imag() * v;
    }
  }
  static void mix(const gates::GateMatrix &m, double *ar, double *ai, double *br, double *bi) {
#pragma clang fp contract(off)
    for (int lane = 0; lane < Lanes; ++lane) {
      const double x = ar[lane], y = ai[lane], v = br[lane], w = bi[lane];
      ar[lane] = (m[0].real() * x - m[0].imag() * y) + (m[1].real() * v - m[1].imag() * w);
      ai[lane] = (m[0].real() * y + m[0].imag() * x) + (m[1].real() * w + m[1].imag() * v);
      br[lane] = (m[2].real() * x - m[2].imag() * y) + (m[3].real() * v - m[3].imag() * w);
      bi[lane] = (m[2].real() * y + m[2].imag() * x) + (m[3].real() * w + m[3].imag() * v);
    }
  }

  int qubits_;
  std::vector<double> re_, im_; ///< by amplitude, then lane
};

/// The noise of one step on all lanes.
template <int Lanes>
void disturb(Batch<Lanes> &batch, const Step &step, std::span<base::RandomStream> random) {
  double draws[Lanes];
  auto draw = [&] {
    for (int lane = 0; lane < Lanes; ++lane)
      draws[lane] = random[static_cast<size_t>(lane)].uniform();
  };
  auto flipPhase = [&](int qubit, double probability) {
    if (probability <= 0)
      return;
    draw();
    const int wires[] = {qubit};
    for (int lane = 0; lane < Lanes; ++lane)
      if (draws[lane] < probability)
        batch.pauli(lane, wires, 3);
  };
  auto damp = [&](int qubit, double gamma) {
    if (gamma <= 0)
      return;
    draw();
    batch.damp(qubit, gamma, draws);
  };
  if (step.kind == Step::Kind::Relax) {
    damp(step.qubit, step.relaxation.gamma);
    flipPhase(step.qubit, step.relaxation.flip);
    return;
  }
  if (step.kind == Step::Kind::Flip) {
    draw();
    const int wires[] = {step.qubit};
    for (int lane = 0; lane < Lanes; ++lane)
      if (draws[lane] < step.probability)
        batch.pauli(lane, wires, 1);
    return;
  }
  const auto wires = noise::qubitsOf(step.call);
  switch (step.channel) {
  case noise::Channel::Depolarizing:
    draw();
    for (int lane = 0; lane < Lanes; ++lane)
      if (draws[lane] < step.probability)
        batch.pauli(lane, wires,
                    random[static_cast<size_t>(lane)].below(uint64_t{1} << 2 * wires.size()));
    return;
  case noise::Channel::AmplitudeDamping:
    for (int q : wires)
      damp(q, step.probability);
    return;
  case noise::Channel::PhaseDamping:
    for (int q : wires)
      flipPhase(q, (1 - std::sqrt(1 - step.probability)) / 2);
    return;
  }
}

template <int Lanes>
bool runLanes(base::Context &ctx, qdo_site site, const NoisyCircuit &circuit,
              const noise::Readout &readout, uint64_t stream, int64_t first, int64_t count,
              const BasisOf &basis, const SeenShot &seen, std::span<const uint64_t> flips) {
  const int64_t batches = (count + Lanes - 1) / Lanes;
  ctx.pool().forTiles(batches, 4, [&](int64_t begin, int64_t end) {
    Batch<Lanes> batch(circuit.qubits);
    for (int64_t b = begin; b < end && !ctx.interruptRequested(); ++b) {
      std::vector<base::RandomStream> random;
      for (int lane = 0; lane < Lanes; ++lane)
        random.emplace_back(ctx.seed(), stream,
                            static_cast<uint64_t>(first + b * Lanes + lane) << shotBits);
      batch.reset();
      int steps = 0;
      for (const Step &step : circuit.steps) {
        if (step.kind == Step::Kind::Gate)
          batch.gate(step.call);
        else
          disturb(batch, step, random);
        if (++steps % 512 == 0)
          batch.normalise();
      }
      const int lanes = static_cast<int>(std::min<int64_t>(Lanes, count - b * Lanes));
      double draws[Lanes];
      uint64_t outcomes[Lanes];
      for (int lane = 0; lane < Lanes; ++lane) {
        batch.rotate(lane, lane < lanes ? basis(b * Lanes + lane) : sim::PauliString());
        draws[lane] = random[static_cast<size_t>(lane)].uniform();
      }
      batch.measure(draws, outcomes);
      for (int lane = 0; lane < lanes; ++lane) {
        base::RandomStream &numbers = random[static_cast<size_t>(lane)];
        uint64_t read = outcomes[lane];
        const uint64_t flip = flips.empty() ? 0 : flips[static_cast<size_t>(b * Lanes + lane)];
        if (!readout.none())
          for (int q = 0; q < circuit.qubits; ++q) {
            const double error = (read ^ flip) >> q & 1 ? readout.p10 : readout.p01;
            read ^= uint64_t{numbers.uniform() < error} << q;
          }
        seen(b * Lanes + lane, read, numbers);
      }
    }
  });
  return !ctx.stopHere(site);
}

} // namespace

bool runShots(base::Context &ctx, qdo_site site, const NoisyCircuit &circuit,
              const noise::Readout &readout, uint64_t stream, int64_t first, int64_t count,
              const BasisOf &basis, const SeenShot &seen, std::span<const uint64_t> flips) {
  constexpr int lanes = 8, mostWide = 16; // above, one state is a cache's worth
  const bool wide = circuit.qubits <= mostWide;
  if (!sim::checkMemory(ctx, site, circuit.qubits, ctx.pool().threads() * (wide ? lanes : 1)))
    return false;
  return (wide ? runLanes<lanes> : runLanes<1>)(ctx, site, circuit, readout, stream, first, count,
                                                basis, seen, flips);
}

} // namespace qdo::device
