// SPDX-License-Identifier: Apache-2.0
// What benchmarks of large states share: memory, gates by name, and the machine's own bandwidth.
// Why: a figure without the bandwidth that the machine reached in the same run says little.
#pragma once

#include "runtime/base/parallel.h"
#include "runtime/gates/gates.h"

#include <benchmark/benchmark.h>

#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>
#include <string_view>
#include <sys/mman.h>

namespace machine {

/// Row of a gate in gates.def.
inline int gate(std::string_view name) {
  const auto all = qdo::gates::all();
  for (size_t i = 0; i < all.size(); ++i)
    if (all[i].name == name)
      return static_cast<int>(i);
  std::abort();
}

/// Medians of five, wall time.
inline void medians(benchmark::internal::Benchmark *bench) {
  bench->Repetitions(5)->ReportAggregatesOnly(true)->UseRealTime()->Unit(benchmark::kMillisecond);
}

/// Memory on huge pages, touched.
template <class T> class Memory {
public:
  Memory() = default;
  explicit Memory(size_t count) : count_(count) {
    constexpr size_t page = size_t{1} << 21;
    const size_t bytes = (count * sizeof(T) + page - 1) / page * page;
    void *memory = std::aligned_alloc(page, bytes);
    if (!memory)
      throw std::bad_alloc();
    madvise(memory, bytes, MADV_HUGEPAGE);
    std::memset(memory, 0, bytes);
    data_.reset(static_cast<T *>(memory));
  }
  T *data() const { return data_.get(); }
  size_t size() const { return count_; }

private:
  struct Free {
    void operator()(T *p) const { std::free(p); }
  };
  std::unique_ptr<T[], Free> data_;
  size_t count_ = 0;
};

template <class T> void setZero(qdo::base::ThreadPool &pool, T *state, size_t size) {
  pool.forTiles(static_cast<int64_t>(size), 1 << 18, [&](int64_t begin, int64_t end) {
    std::memset(static_cast<void *>(state + begin), 0,
                static_cast<size_t>(end - begin) * sizeof(T));
  });
  state[0] = 1;
}

/// Bytes read and written by a pass that multiplies 512 MiB in place.
inline void bandwidth(benchmark::State &bench) {
  qdo::base::ThreadPool pool(static_cast<int>(bench.range(0)));
  Memory<double> memory(size_t{1} << 26);
  double *data = memory.data();
  for (auto _ : bench)
    pool.forTiles(static_cast<int64_t>(memory.size()), 1 << 18, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i)
        data[i] *= 0.999999;
    });
  bench.SetBytesProcessed(static_cast<int64_t>(bench.iterations() * memory.size() * 16));
}
BENCHMARK(bandwidth)->Arg(1)->Arg(2)->Apply(medians);

} // namespace machine
