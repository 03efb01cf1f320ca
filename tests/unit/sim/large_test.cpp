// SPDX-License-Identifier: Apache-2.0
// States of many qubits: the same values and the same failures as small ones, and an end when
// asked.
#include "runtime/sim/large.h"
#include "runtime/sim/prepare.h"
#include "tests/unit/sim/circuits.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <limits>
#include <thread>

using namespace qdo::sim;
using qdo::base::Context;

static constexpr int qubits = 15;
static_assert(qubits >= largeQubits);

static qdo_options withThreads(int threads) {
  qdo_options options{};
  options.seed = 5;
  options.threads = threads;
  return options;
}

static const std::vector<double> &data() {
  static const std::vector<double> numbers = [] {
    std::vector<double> out;
    for (int i = 0; i < qubits; ++i)
      out.push_back(0.3 + 0.17 * i);
    return out;
  }();
  return numbers;
}

TEST(LargeStates, EqualGateByGate) {
  Context ctx(withThreads(2));
  auto *zz = makeLeaf(ctx, circuits::zz<qubits, 2>, data());
  auto *ring = makeLeaf(ctx, circuits::ring<qubits>, data());
  auto *both = makeThen(ctx, 0, zz, ring);
  State expected(qubits);
  StateView view = expected.view();
  setZero(view);
  StateSink sink(view);
  emit(*both, sink);
  auto whole = prepare(ctx, 0, *both);
  auto first = prepare(ctx, 0, *zz);
  Context other(withThreads(1));
  auto *again = makeThen(other, 0, makeLeaf(other, circuits::zz<qubits, 2>, data()),
                         makeLeaf(other, circuits::ring<qubits>, data()));
  prepare(other, 0, *again->left);
  auto continued = prepare(other, 0, *again); // starts from the kept first part
  for (uint64_t k = 0; k < expected.size(); ++k) {
    ASSERT_LT(std::abs(whole->amplitudes()[k] - expected.amplitudes()[k]), 1e-12) << k;
    ASSERT_LT(std::abs(continued->amplitudes()[k] - expected.amplitudes()[k]), 1e-12) << k;
  }
}

static void twice(qdo_sink *sink, const double *) { circuits::one(sink, "cx", 3, 0, 8); }

TEST(LargeStates, RepeatedWiresFail) {
  Context ctx(withThreads(1));
  EXPECT_EQ(prepare(ctx, 0, *makeLeaf(ctx, circuits::tabled<twice>(qubits, "twice"), {})), nullptr);
  ASSERT_TRUE(ctx.failure());
  EXPECT_EQ(ctx.failure()->kind, qdo::base::Kind::RuntimeAlias);
}

TEST(LargeStates, AnglesThatAreNoNumbersFail) {
  for (double bad :
       {std::numeric_limits<double>::infinity(), std::numeric_limits<double>::quiet_NaN()}) {
    Context ctx(withThreads(1));
    EXPECT_EQ(
        prepare(ctx, 0,
                *makeLeaf(ctx, circuits::tabled<circuits::tiltBody>(qubits, "tilt"), {{bad}})),
        nullptr);
    ASSERT_TRUE(ctx.failure());
    EXPECT_EQ(ctx.failure()->kind, qdo::base::Kind::AngleNotFinite);
  }
}

TEST(LargeStates, AnInterruptEndsALongRun) {
  Context ctx(withThreads(2));
  constexpr int wide = 20;
  std::vector<double> numbers(wide, 0.4);
  auto *ring = makeLeaf(ctx, circuits::ring<wide>, numbers);
  auto *forever = makePower(ctx, ring, 20000);
  std::thread user([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    ctx.requestInterrupt();
  });
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(prepare(ctx, 0, *forever), nullptr);
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
  user.join();
  EXPECT_LT(seconds.count(), 1.2);
  ASSERT_TRUE(ctx.failure());
  EXPECT_EQ(ctx.failure()->kind, qdo::base::Kind::Interrupted);
}
