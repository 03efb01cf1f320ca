// SPDX-License-Identifier: Apache-2.0
// Steps and tables.
// Why: turns lose their scale (|k| <= 1, one multiply-add), which the next diagonal multiplies in.
// A diagonal on a block is a number for each high value times a row for the low bits; only phases
// that tie low to high bits in many ways need a number for each amplitude.
#include "runtime/sweep/compile.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace qdo::sweep {

namespace {

uint64_t bit(int place) { return uint64_t{1} << place; }
Cx mul(Cx a, Cx b) { return {a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re}; }
Cx plain(Amplitude a) { return {a.real(), a.imag()}; }

constexpr Cx one = {1, 0};
/// At most this many rows of low numbers (2^tied bits): see maxRows in kernels.inc.
constexpr int mostTied = 2;
constexpr int lowBits = 5;

template <class T> class Compiler {
public:
  Compiler(const Sweep &sweep, const Shape &shape, int laneBits)
      : sweep_(sweep), lanes_(laneBits), tileBits_(static_cast<int>(sweep.local.size())),
        blockBits_(std::min(shape.blockBits, tileBits_)) {
    compiled_.program.tileBits = tileBits_;
    compiled_.program.blockBits = blockBits_;
    for (int i = 0; i < tileBits_; ++i)
      localPlaces_ |= bit(sweep.local[static_cast<size_t>(i)]);
  }

  Compiled<T> compile(bool last, double &scale) {
    for (const Stage &stage : sweep_.stages) {
      phases(stage.phases, scale);
      turns(stage.turns, scale);
      for (const Letter &flip : stage.flips) {
        const int target = localBit(flip.target);
        Step<T> step{.kind = StepKind::Flip};
        step.bits[0] = target;
        step.outside = flip.mask & ~localPlaces_;
        step.mask = localMask(flip.mask);
        push(step, target >= blockBits_);
      }
    }
    if (last && scale != 1) {
      push({.kind = StepKind::Phase, .factor = {scale, 0}}, false);
      scale = 1;
    }
    return std::move(compiled_);
  }

private:
  int localBit(int place) const { return std::popcount(localPlaces_ & (bit(place) - 1)); }
  uint64_t localMask(uint64_t places) const {
    uint64_t mask = 0;
    for (uint64_t rest = places & localPlaces_; rest != 0; rest &= rest - 1)
      mask |= bit(localBit(std::countr_zero(rest)));
    return mask;
  }

  void push(const Step<T> &step, bool wholeTile) {
    wholeTile &= tileBits_ > blockBits_;
    auto &segments = compiled_.program.segments;
    if (segments.empty() || segments.back().wholeTile != wholeTile)
      segments.push_back({wholeTile, {}});
    segments.back().steps.push_back(step);
  }

  void turns(const std::vector<Letter> &letters, double &scale) {
    struct Turn {
      int bit;
      uint8_t mode;
      double ratio;
    };
    std::vector<Turn> low, high;
    for (const Letter &letter : letters) {
      const int at = localBit(letter.target);
      const double c = letter.cosine, s = letter.sine;
      if (at < lanes_) {
        Step<T> step{.kind = StepKind::Lane};
        step.bits[0] = at;
        const double sign = letter.mirror ? -1 : 1;
        const double matrix[4] = {c, -sign * s, s, sign * c};
        for (int i = 0; i < 4; ++i)
          step.matrix[i] = static_cast<T>(matrix[i]);
        push(step, false);
        continue;
      }
      const bool steep = std::fabs(s) > std::fabs(c);
      const uint8_t mode = static_cast<uint8_t>((letter.mirror ? 2 : 0) + (steep ? 1 : 0));
      scale *= steep ? s : c;
      (at < blockBits_ ? low : high).push_back({at, mode, steep ? c / s : s / c});
    }
    for (auto *list : {&low, &high}) {
      std::ranges::sort(*list, {}, &Turn::bit);
      for (size_t i = 0; i < list->size();) {
        const size_t left = list->size() - i, count = left == 4 ? 2 : std::min<size_t>(3, left);
        Step<T> step{.kind = StepKind::Turns, .count = static_cast<int>(count)};
        for (size_t k = 0; k < count; ++k, ++i) {
          step.bits[k] = (*list)[i].bit;
          step.modes[k] = (*list)[i].mode;
          step.ratios[k] = static_cast<T>((*list)[i].ratio);
        }
        push(step, list == &high);
      }
    }
  }

  /// A phase with its places divided: local bits, and places outside the tile.
  struct Part {
    uint64_t local, outside;
    Cx factor;
  };

  void phases(const std::vector<Letter> &letters, double &scale) {
    std::vector<Part> parts;
    for (const Letter &letter : letters)
      parts.push_back({localMask(letter.mask), letter.mask & ~localPlaces_, plain(letter.factor)});
    if (parts.empty())
      return;
    std::ranges::stable_sort(parts, [](const Part &a, const Part &b) {
      return a.local != b.local ? a.local < b.local : a.outside < b.outside;
    });
    std::vector<Part> merged;
    for (const Part &part : parts)
      if (!merged.empty() && merged.back().local == part.local &&
          merged.back().outside == part.outside)
        merged.back().factor = mul(merged.back().factor, part.factor);
      else
        merged.push_back(part);
    double share = 0; // of amplitudes that a phase at a time would touch
    for (const Part &part : merged)
      share += std::ldexp(1, -std::popcount(part.local) - std::popcount(part.outside));
    const bool few = merged.size() <= 3 && share <= 0.6;
    if (few)
      for (const Part &part : merged)
        alone(part);
    else
      table(merged, scale);
  }

  void alone(const Part &part) {
    push({.kind = StepKind::Phase,
          .outside = part.outside,
          .mask = part.local,
          .factor = part.factor},
         false);
  }

  void table(const std::vector<Part> &parts, double &scale) {
    const int low = std::min(lowBits, blockBits_), high = blockBits_ - low;
    const uint64_t lowMask = bit(low) - 1, blockMask = bit(blockBits_) - 1;
    const uint64_t uppers = bit(tileBits_ - blockBits_);
    Diagonal<T> d;
    OutsidePhases outside;
    d.blockBits = blockBits_;
    d.lowBits = low;
    d.high.assign(bit(high), one);
    d.upper.assign(uppers, {scale, 0});
    scale = 1;
    d.plain = true;
    std::vector<Part> tied; // phases between low and high bits
    auto factorFor = [&](uint64_t upper, int b) -> Cx & {
      if (d.upperFactor.empty())
        d.upperFactor.assign(uppers * static_cast<uint64_t>(blockBits_), one);
      return d.upperFactor[upper * static_cast<uint64_t>(blockBits_) + static_cast<uint64_t>(b)];
    };
    std::vector<Part> lowParts, extra;
    for (const Part &part : parts) {
      const uint64_t block = part.local & blockMask, upper = part.local >> blockBits_;
      const bool fixed = part.outside == 0;
      const int inBlock = std::popcount(block);
      if (inBlock > 0)
        d.plain = false;
      if (inBlock == 0 && fixed) {
        for (uint64_t u = 0; u < uppers; ++u)
          if ((u & upper) == upper)
            d.upper[u] = mul(d.upper[u], part.factor);
      } else if (std::popcount(part.local) <= 1 && !fixed) {
        outside.terms.push_back(
            {part.outside, part.local == 0 ? -1 : std::countr_zero(part.local), part.factor});
      } else if (inBlock == 1 && fixed && upper != 0) {
        for (uint64_t u = 0; u < uppers; ++u)
          if ((u & upper) == upper) {
            Cx &factor = factorFor(u, std::countr_zero(block));
            factor = mul(factor, part.factor);
          }
      } else if (!fixed || upper != 0) {
        extra.push_back(part);
      } else if ((block & ~lowMask) == 0) {
        lowParts.push_back(part);
      } else if ((block & lowMask) == 0) {
        for (uint64_t h = 0; h < bit(high); ++h)
          if ((h & block >> low) == block >> low)
            d.high[h] = mul(d.high[h], part.factor);
      } else {
        tied.push_back(part);
      }
    }
    uint64_t tiedBits = 0;
    for (const Part &part : tied)
      tiedBits |= part.local >> low;
    const bool rows = std::popcount(tiedBits) <= mostTied;
    if (rows)
      lowParts.insert(lowParts.end(), tied.begin(), tied.end());
    else
      cross(d, tied);
    // Row r has the tied high bits of the value that spells r.
    const uint64_t rowBits = rows ? tiedBits : 0;
    auto spelled = [&](uint64_t row) {
      uint64_t value = 0, at = 0;
      for (uint64_t rest = rowBits; rest != 0; rest &= rest - 1, ++at)
        if (row >> at & 1)
          value |= rest & (0 - rest);
      return value;
    };
    const uint64_t rowCount = bit(std::popcount(rowBits));
    d.low.assign(rowCount << low, one);
    d.rowOf.resize(bit(high));
    for (uint64_t row = 0; row < rowCount; ++row) {
      const uint64_t value = spelled(row);
      for (uint64_t h = 0; h < bit(high); ++h)
        if ((h & rowBits) == value)
          d.rowOf[h] = static_cast<uint8_t>(row);
      for (const Part &part : lowParts)
        for (uint64_t x = 0; x <= lowMask; ++x) {
          const uint64_t both = x | value << low;
          if ((both & part.local) == part.local) {
            Cx &entry = d.low[row << low | x];
            entry = mul(entry, part.factor);
          }
        }
    }
    Step<T> step{.kind = StepKind::Diagonal,
                 .diagonal = static_cast<int>(compiled_.program.diagonals.size())};
    compiled_.program.diagonals.push_back(std::move(d));
    compiled_.outside.push_back(std::move(outside));
    push(step, false);
    for (const Part &part : extra)
      alone(part);
  }

  /// A number for each amplitude of a block, in the form that the kernels multiply with.
  void cross(Diagonal<T> &d, const std::vector<Part> &tied) const {
    std::vector<Cx> numbers(bit(blockBits_), one);
    for (const Part &part : tied)
      for (uint64_t x = part.local; x < numbers.size(); x = (x + 1) | part.local)
        numbers[x] = mul(numbers[x], part.factor);
    const uint64_t lane = bit(lanes_);
    d.cross.resize(4 * numbers.size());
    for (uint64_t x = 0; x < numbers.size(); ++x) {
      T *vector = d.cross.data() + (x & ~(lane - 1)) * 4 + 2 * (x & (lane - 1));
      vector[0] = vector[1] = static_cast<T>(numbers[x].re);
      vector[2 * lane] = static_cast<T>(-numbers[x].im);
      vector[2 * lane + 1] = static_cast<T>(numbers[x].im);
    }
  }

  const Sweep &sweep_;
  int lanes_, tileBits_, blockBits_;
  uint64_t localPlaces_ = 0;
  Compiled<T> compiled_{};
};

} // namespace

TilePhase OutsidePhases::at(uint64_t index) const {
  TilePhase phase{};
  phase.scalar = one;
  for (Cx &factor : phase.factors)
    factor = one;
  for (const Term &term : terms)
    if ((index & term.mask) == term.mask) {
      Cx &slot = term.local < 0 ? phase.scalar : phase.factors[term.local];
      slot = mul(slot, term.factor);
    }
  return phase;
}

template <class T>
Compiled<T> compile(const Sweep &sweep, const Shape &shape, int laneBits, bool last,
                    double &scale) {
  return Compiler<T>(sweep, shape, laneBits).compile(last, scale);
}
template Compiled<double> compile(const Sweep &, const Shape &, int, bool, double &);
template Compiled<float> compile(const Sweep &, const Shape &, int, bool, double &);

} // namespace qdo::sweep
