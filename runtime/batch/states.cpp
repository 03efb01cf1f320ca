// SPDX-License-Identifier: Apache-2.0
// Filling panels.
#include "runtime/batch/states.h"

#include <sys/mman.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <new>
#include <vector>

namespace qdo::batch {

static constexpr size_t hugePage = size_t{2} << 20;
/// States that take more bytes do not stay in the caches of a core and its neighbours anyway.
static constexpr size_t pastCaches = size_t{32} << 20;

/// For memory that is about to be written: each page that is new costs an interruption, and small
/// ones of a large array take longer than its states. Whole pages within it only.
static void askForHugePages([[maybe_unused]] void *memory, [[maybe_unused]] size_t bytes) {
#ifdef MADV_HUGEPAGE
  const auto begin = (reinterpret_cast<uintptr_t>(memory) + hugePage - 1) / hugePage * hugePage;
  const auto end = (reinterpret_cast<uintptr_t>(memory) + bytes) / hugePage * hugePage;
  if (begin < end)
    madvise(reinterpret_cast<void *>(begin), end - begin, MADV_HUGEPAGE);
#endif
}

Memory::Memory(int64_t doubles) {
  constexpr size_t line = 64;
  const size_t bytes = std::max<size_t>(static_cast<size_t>(doubles) * sizeof(double), line);
  const size_t unit = bytes >= 2 * hugePage ? hugePage : line;
  void *memory = std::aligned_alloc(unit, (bytes + unit - 1) / unit * unit);
  if (memory == nullptr)
    throw std::bad_alloc();
  if (unit == hugePage)
    askForHugePages(memory, bytes);
  data_.reset(static_cast<double *>(memory));
}

/// Doubles from one panel to the next: a cache line more than a power of two, so that the panels of
/// a tile do not share cache sets.
static int64_t strideOf(int qubits, int lanes, Panels::Form form) {
  if (form == Panels::Form::Vectors)
    return int64_t{3} * lanes * qubits;
  return (int64_t{2 * lanes} << qubits) + (qubits >= 6 ? 8 : 0);
}

Panels::Panels(int64_t rows, int qubits, const Kernels &kernels, Form form)
    : kernels_(&kernels), rows_(rows), stride_(strideOf(qubits, kernels.lanes, form)),
      qubits_(qubits), form_(form) {
  memory_ = Memory(panels() * stride_);
}

void Panels::copy(int64_t row, const Plan &plan, std::span<std::complex<double>> state) const {
  const double *from = this->row(row);
  const int64_t lanes = this->lanes();
  for (size_t z = 0; z < state.size(); ++z) {
    const double *amplitude = from + 2 * lanes * plan.places()[z];
    state[z] = {amplitude[0], amplitude[lanes]};
  }
}

namespace {
/// Memory for kernels that outlives a tile: as many pieces as threads were busy at once.
class ScratchPool {
public:
  explicit ScratchPool(int64_t doubles) : doubles_(doubles) {}
  Memory take() {
    {
      std::lock_guard lock(mutex_);
      if (!free_.empty()) {
        Memory memory = std::move(free_.back());
        free_.pop_back();
        return memory;
      }
    }
    return Memory(doubles_);
  }
  void give(Memory memory) {
    std::lock_guard lock(mutex_);
    free_.push_back(std::move(memory));
  }

private:
  const int64_t doubles_;
  std::mutex mutex_;
  std::vector<Memory> free_;
};
} // namespace

namespace {

/// Where the work on one panel happens: angles of its rows, and what the kernels need.
class Workplace {
public:
  Workplace(const Plan &plan, const Kernels &kernels)
      : program_(plan.program()), lanes_(kernels.lanes), forSlots_(padded(lanes_ * program_.slots)),
        forRow_(padded(program_.slots)),
        memories_(kernels.scratch(program_) + forSlots_ + forRow_) {}

  /// Calls `body(panel, values, scratch)` for the panels of a tile until `stop`.
  void work(int64_t begin, int64_t end, int64_t rows, const SlotsOfRow &slots,
            const std::function<bool()> &stop,
            const std::function<void(int64_t, const double *, double *)> &body) {
    Memory memory = memories_.take();
    double *values = memory.data(), *one = values + forSlots_, *scratch = one + forRow_;
    for (int64_t panel = begin; panel < end && !(stop && stop()); ++panel) {
      // The lanes after the last row repeat it: they cost nothing, and no branch.
      for (int64_t lane = 0; lane < lanes_; ++lane) {
        if (panel * lanes_ + lane < rows)
          slots(panel * lanes_ + lane, one);
        for (int32_t slot = 0; slot < program_.slots; ++slot)
          values[slot * lanes_ + lane] = one[slot];
      }
      body(panel, values, scratch);
    }
    memories_.give(std::move(memory));
  }

private:
  static int64_t padded(int64_t doubles) { return (doubles + 7) / 8 * 8; }
  const Program &program_;
  int64_t lanes_, forSlots_, forRow_;
  ScratchPool memories_;
};

/// Panels that are worth a hand-over between threads: some 2^12 amplitudes.
int64_t tileOf(int64_t lanes, int bits) {
  return std::max<int64_t>(1, (4096 / lanes) >> std::min(bits, 12));
}

} // namespace

void prepare(base::ThreadPool &pool, const Plan &plan, const SlotsOfRow &slots, Panels &panels,
             const std::function<bool()> &stop) {
  const Program &program = plan.program();
  const Kernels &kernels = panels.kernels();
  const bool vectors = panels.form() == Panels::Form::Vectors;
  Workplace place(plan, kernels);
  const int64_t tile = tileOf(kernels.lanes, vectors ? 4 : panels.qubits());
  pool.forTiles(panels.panels(), tile, [&](int64_t begin, int64_t end) {
    place.work(begin, end, panels.rows(), slots, stop,
               [&](int64_t panel, const double *values, double *scratch) {
                 (vectors ? kernels.vectors : kernels.states)(program, values, panels.panel(panel),
                                                              scratch);
               });
  });
}

void prepareInto(base::ThreadPool &pool, const Plan &plan, const SlotsOfRow &slots, int64_t rows,
                 const Kernels &kernels, std::complex<double> *states,
                 const std::function<bool()> &stop) {
  const Program &program = plan.program();
  const int64_t lanes = kernels.lanes, size = int64_t{1} << plan.qubits();
  const Table places{plan.places().high.data(), plan.places().low.data()};
  const auto bytes = static_cast<size_t>(rows * size) * sizeof *states;
  const bool past = bytes > pastCaches;
  askForHugePages(states, bytes);
  Workplace place(plan, kernels);
  ScratchPool panels(2 * lanes * size);
  pool.forTiles(
      (rows + lanes - 1) / lanes, tileOf(lanes, plan.qubits()), [&](int64_t begin, int64_t end) {
        Memory panel = panels.take();
        place.work(
            begin, end, rows, slots, stop, [&](int64_t at, const double *values, double *scratch) {
              kernels.states(program, values, panel.data(), scratch);
              kernels.handOver({panel.data(), places, size, std::min(lanes, rows - at * lanes),
                                reinterpret_cast<double *>(states + at * lanes * size), past});
            });
        if (past)
          std::atomic_thread_fence(std::memory_order_seq_cst);
        panels.give(std::move(panel));
      });
}

} // namespace qdo::batch
