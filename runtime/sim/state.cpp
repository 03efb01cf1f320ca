// SPDX-License-Identifier: Apache-2.0
// Memory of state vectors, and sums over them.
// Why: sums run over tiles whose partial sums are added with compensation (Neumaier 1974), so their
// error stays near one rounding for any number of qubits.
#include "runtime/sim/single_state.h"

#include "runtime/base/quantity.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdio>
#include <new>
#if __has_include(<sys/mman.h>)
#include <sys/mman.h>
#endif

namespace qdo::sim {

static constexpr size_t line = 64, hugePage = size_t{1} << 21;

static void *alignedMemory(size_t wanted) {
  // Strides of a large state touch a page each: ask for few and large ones.
  const bool large = wanted >= 2 * hugePage;
  const size_t alignment = large ? hugePage : line;
  const size_t bytes = (wanted + alignment - 1) / alignment * alignment;
  void *memory = std::aligned_alloc(alignment, std::max(bytes, alignment));
  if (!memory)
    throw std::bad_alloc();
#ifdef MADV_HUGEPAGE
  if (large)
    madvise(memory, bytes, MADV_HUGEPAGE); // a refusal costs speed only
#endif
  return memory;
}

Buffer::Buffer(size_t amplitudes)
    : data_(static_cast<Amplitude *>(alignedMemory(amplitudes * sizeof(Amplitude)))) {}

SingleState::SingleState(int qubits)
    : data_(static_cast<std::complex<float> *>(
          alignedMemory((size_t{1} << qubits) * sizeof(std::complex<float>)))),
      qubits_(qubits) {}

/// Bytes by name from /proc/meminfo; 0 when unknown.
static double memoryOf(const char *name) {
  std::FILE *file = std::fopen("/proc/meminfo", "r");
  if (!file)
    return 0;
  char line[128], label[64];
  double kilobytes = 0, found = 0;
  while (std::fgets(line, sizeof line, file))
    if (std::sscanf(line, "%63[^:]: %lf", label, &kilobytes) == 2 &&
        std::string_view(label) == name)
      found = kilobytes * 1024;
  std::fclose(file);
  return found;
}

/// `shown`: the bytes that are needed, where they have no name.
static base::Failure *tooMany(base::Context &ctx, qdo_site site, const std::string &what,
                              double need, bool unlikely, const std::string &shown) {
  if (need < 64 << 20)
    return nullptr; // not worth asking the system
  const double total = memoryOf("MemTotal"), available = memoryOf("MemAvailable");
  if (total == 0 ? !unlikely : need <= available)
    return nullptr;
  const std::string has = need > total ? base::bytes(total) : base::bytes(available) + " left";
  return &ctx.fail(site, base::Kind::OutOfMemory, what, shown, has);
}

bool checkBytes(base::Context &ctx, qdo_site site, const std::string &what, double bytes) {
  return !tooMany(ctx, site, what, bytes, false, base::bytes(bytes));
}

bool checkMemory(base::Context &ctx, qdo_site site, int64_t qubits, int64_t states,
                 std::string_view note) {
  return checkMemoryOf(ctx, site, qubits, states, sizeof(Amplitude), note);
}

bool checkMemoryOf(base::Context &ctx, qdo_site site, int64_t qubits, int64_t states,
                   size_t amplitudeBytes, std::string_view note) {
  const double need = std::ldexp(static_cast<double>(states) * static_cast<double>(amplitudeBytes),
                                 static_cast<int>(std::min<int64_t>(qubits, 1000)));
  constexpr int64_t named = 80; // above there are no names for so many bytes
  const std::string shown = qubits <= named ? base::bytes(need)
                                            : std::to_string(amplitudeBytes) + " * 2^" +
                                                  std::to_string(qubits) + " bytes";
  const std::string what = states == 1
                               ? std::to_string(qubits)
                               : base::grouped(states) + " states of " + std::to_string(qubits);
  base::Failure *failure = tooMany(ctx, site, what, need, qubits >= 40, shown);
  if (failure)
    failure->note = note;
  return !failure;
}

namespace {
/// A sum that carries the rounding error of each addition along.
class Compensated {
public:
  void add(double x) {
    double next = sum_ + x;
    error_ += std::fabs(sum_) >= std::fabs(x) ? (sum_ - next) + x : (x - next) + sum_;
    sum_ = next;
  }
  double value() const { return sum_ + error_; }

private:
  double sum_ = 0, error_ = 0;
};
} // namespace

static constexpr uint64_t tile = 256;

template <class T>
static Amplitude inner(const std::complex<T> *a, const std::complex<T> *b, uint64_t size) {
  Compensated re, im;
  const T *x = reinterpret_cast<const T *>(a);
  const T *y = reinterpret_cast<const T *>(b);
  for (uint64_t begin = 0; begin < size; begin += tile) {
    double sumRe = 0, sumIm = 0;
    for (uint64_t i = begin; i < std::min(size, begin + tile); ++i) {
      const double xRe = x[2 * i], xIm = x[2 * i + 1], yRe = y[2 * i], yIm = y[2 * i + 1];
      sumRe += xRe * yRe + xIm * yIm;
      sumIm += xRe * yIm - xIm * yRe;
    }
    re.add(sumRe);
    im.add(sumIm);
  }
  return {re.value(), im.value()};
}

Amplitude innerProduct(StateView a, StateView b) {
  return inner(a.amplitudes, b.amplitudes, a.size());
}
Amplitude innerProduct(SingleView a, SingleView b) {
  return inner(a.amplitudes, b.amplitudes, a.size());
}

double squaredNorm(StateView state) { return innerProduct(state, state).real(); }

template <class View> static double expect(View state, uint64_t x, uint64_t z) {
  // P|k> = i^(number of Y) (-1)^(bits of k under z) |k ^ x>, so <P> = sum of conj(a[k^x]) P a[k].
  // Y stands for i X Z; the sum is real, so only the real part after the power of i is kept.
  const int power = std::popcount(x & z) % 4;
  Compensated total;
  const uint64_t size = state.size();
  for (uint64_t begin = 0; begin < size; begin += tile) {
    double sum = 0;
    for (uint64_t k = begin; k < std::min(size, begin + tile); ++k) {
      const Amplitude to = state.amplitudes[k ^ x], from = state.amplitudes[k];
      double re = to.real() * from.real() + to.imag() * from.imag();
      double im = to.real() * from.imag() - to.imag() * from.real();
      double part = power % 2 == 0 ? re : -im; // real part of (re + i im) or of i (re + i im)
      sum += std::popcount(k & z) % 2 == 0 ? part : -part;
    }
    total.add(sum);
  }
  return (power >= 2 ? -total.value() : total.value()) + 0.0;
}

double expectPauli(StateView state, uint64_t x, uint64_t z) { return expect(state, x, z); }
double expectPauli(SingleView state, uint64_t x, uint64_t z) { return expect(state, x, z); }

} // namespace qdo::sim
