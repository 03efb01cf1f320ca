// SPDX-License-Identifier: Apache-2.0
// From a program's text to code that can run, in this process: read, checked, elaborated, and then
// compiled or found in the cache.
// Goal: the kernel of 12-qubit zz is ready in 60 ms, from the cache in 10 ms.
#include "compiler/driver/session.h"

#include <benchmark/benchmark.h>

#include <cstdlib>
#include <filesystem>
#include <unistd.h>

using namespace qdo;

static const char *text(int qubits) {
  static std::string program;
  const std::string n = std::to_string(qubits);
  program = "use std.encodings.zz\n"
            "kernel similar(a: real[" +
            n + "], b: real[" + n +
            "]) via zz = |<a|b>|^2\n"
            "with exact { print similar([0.1 * i for i in 0.." +
            n +
            "], "
            "[0.2 * i for i in 0.." +
            n + "]) }\n";
  return program.c_str();
}

static void ready(benchmark::State &state, int qubits, bool kept, bool whole) {
  const auto folder =
      std::filesystem::temp_directory_path() / ("qdo-bench-" + std::to_string(getpid()));
  setenv("QDO_CACHE_DIR", kept ? folder.c_str() : "", 1);
  auto session = [&] {
    driver::Options options;
    options.file = "bench.qdo";
    options.text = text(qubits);
    options.cacheCode = kept;
    return std::make_unique<driver::Session>(std::move(options));
  };
  if (kept)
    session()->compile();
  for (auto _ : state) {
    if (!whole)
      state.PauseTiming();
    auto program = session();
    bool good = whole && program->recall({});
    if (!good) {
      good = program->elaborate();
      if (!whole)
        state.ResumeTiming();
      good = good && program->compile();
    }
    if (!good)
      state.SkipWithError("the program does not compile");
    state.PauseTiming();
    program.reset();
    state.ResumeTiming();
  }
  if (whole)
    state.counters["goal_ms"] = kept ? 10 : 60;
  std::error_code error;
  std::filesystem::remove_all(folder, error);
}

static const bool registered = [] {
  for (int qubits : {4, 12})
    for (bool kept : {false, true})
      for (bool whole : {true, false})
        benchmark::RegisterBenchmark(("zz/" + std::to_string(qubits) +
                                      (whole ? "/from_text" : "/from_circuits") +
                                      (kept ? "/kept" : "/compiled"))
                                         .c_str(),
                                     ready, qubits, kept, whole)
            ->Unit(benchmark::kMillisecond);
  return true;
}();
