// SPDX-License-Identifier: Apache-2.0
// Filling panels.
#include "runtime/batch/states.h"

#include <sys/mman.h>

#include <algorithm>
#include <mutex>
#include <new>
#include <vector>

namespace qdo::batch {

Memory::Memory(int64_t doubles) {
  constexpr size_t line = 64, hugePage = size_t{2} << 20;
  const size_t bytes = std::max<size_t>(static_cast<size_t>(doubles) * sizeof(double), line);
  const size_t unit = bytes >= 2 * hugePage ? hugePage : line;
  void *memory = std::aligned_alloc(unit, (bytes + unit - 1) / unit * unit);
  if (memory == nullptr)
    throw std::bad_alloc();
#ifdef MADV_HUGEPAGE
  if (unit == hugePage)
    madvise(memory, bytes, MADV_HUGEPAGE);
#endif
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

void Panels::copyPanel(int64_t panel, const Plan &plan, std::complex<double> *states) const {
  const double *from = this->panel(panel);
  const int64_t lanes = this->lanes(), rows = std::min(lanes, rows_ - panel * lanes);
  const auto size = int64_t{1} << qubits_;
  // A line of memory has one amplitude of every row: it is read once for all of them.
  for (int64_t z = 0; z < size; ++z) {
    const double *amplitude = from + 2 * lanes * plan.places()[static_cast<size_t>(z)];
    for (int64_t row = 0; row < rows; ++row)
      states[row * size + z] = {amplitude[row], amplitude[lanes + row]};
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

void prepare(base::ThreadPool &pool, const Plan &plan, const SlotsOfRow &slots, Panels &panels,
             const std::function<bool()> &stop) {
  const Program &program = plan.program();
  const Kernels &kernels = panels.kernels();
  const int64_t lanes = kernels.lanes, rows = panels.rows();
  const int64_t forSlots = lanes * program.slots, forRow = (program.slots + 7) / 8 * 8;
  const bool vectors = panels.form() == Panels::Form::Vectors;
  ScratchPool memories(kernels.scratch(program) + forSlots + forRow + 8);
  // A tile of some 2^12 amplitudes is worth a hand-over between threads.
  const int64_t tile =
      std::max<int64_t>(1, (4096 / lanes) >> (vectors ? 4 : std::min(panels.qubits(), 12)));
  pool.forTiles(panels.panels(), tile, [&](int64_t begin, int64_t end) {
    Memory memory = memories.take();
    double *values = memory.data(), *one = values + (forSlots + 7) / 8 * 8, *scratch = one + forRow;
    for (int64_t panel = begin; panel < end && !(stop && stop()); ++panel) {
      // The lanes after the last row repeat it: they cost nothing, and no branch.
      for (int64_t lane = 0; lane < lanes; ++lane) {
        if (panel * lanes + lane < rows)
          slots(panel * lanes + lane, one);
        for (int32_t slot = 0; slot < program.slots; ++slot)
          values[slot * lanes + lane] = one[slot];
      }
      (vectors ? kernels.vectors : kernels.states)(program, values, panels.panel(panel), scratch);
    }
    memories.give(std::move(memory));
  });
}

} // namespace qdo::batch
