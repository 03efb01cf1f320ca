// SPDX-License-Identifier: Apache-2.0
// One run: its seed, threads, output, objects, spending, and how it failed if it did.
// In: qdo_options. Out: everything the other runtime folders share.
// Why: the context begins with qdo_ctx, whose status generated code reads after each call.
// Must not: know simulators or policies; folders keep their own state in part<T>().
#pragma once

#include "qdo/runtime/abi.h"
#include "runtime/base/object.h"
#include "runtime/base/parallel.h"
#include "runtime/base/status.h"

#include <fmt/format.h>

#include <any>
#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <typeindex>
#include <unordered_map>
#include <vector>

namespace qdo::base {

/// How a run failed, or a warning. Fill `place`, `note`, `help` through the reference fail()
/// returns.
struct Failure {
  Kind kind;
  qdo_site site;
  std::string message;
  std::string place = {}; ///< "data.csv:17:3": where in a data file
  std::string note = {};  ///< one more sentence
  std::string help = {};  ///< the way out
};

/// What the run has used so far.
struct Spending {
  int64_t shots = 0;
  int64_t circuits = 0; ///< different circuits that got at least one shot
  double seconds = 0;   ///< of the device's time
};

/// All members are for the thread of the run, except requestInterrupt() and pool().
class Context : public qdo_ctx {
public:
  explicit Context(const qdo_options &options);
  ~Context();
  Context(const Context &) = delete;
  Context &operator=(const Context &) = delete;

  static Context &of(qdo_ctx *ctx) { return *static_cast<Context *>(ctx); }

  // ---- failing: the first failure stays, later ones are forgotten
  bool ok() const { return status == 0; }
  /// Records a failure worded by status.def. Returns what to add place, note and help to.
  template <class... Args> Failure &fail(qdo_site site, Kind kind, const Args &...args) {
    return record({kind, site, fmt::vformat(info(kind).text, fmt::make_format_args(args...))});
  }
  /// Tells the host at once. A warning never ends a run.
  template <class... Args> void warn(qdo_site site, Kind kind, const Args &...args) {
    tell({kind, site, fmt::vformat(info(kind).text, fmt::make_format_args(args...))});
  }
  void tell(const Failure &warning) const;
  const std::optional<Failure> &failure() const { return failure_; }
  /// Forgets the failure and returns it: for what may end well although a part failed (`select`).
  std::optional<Failure> takeFailure();
  /// The C view of the failure, or null; valid until the failure is forgotten.
  const qdo_failure *failureView();

  /// Safe in a signal handler and from any thread.
  void requestInterrupt() { interrupt_.store(true, std::memory_order_relaxed); }
  /// True when someone asked the run to end, for loops on other threads: leave early, then let the
  /// thread of the run call stopHere().
  bool interruptRequested() const { return interrupt_.load(std::memory_order_relaxed); }
  /// Call at every batch, row tile and live shot. True: the run has failed (now or before), leave.
  bool stopHere(qdo_site site);

  // ---- objects live until the run is closed
  template <class T, class... Args> T *make(Args &&...args) {
    return adopt(std::make_unique<T>(std::forward<Args>(args)...));
  }
  /// The same for an object that exists.
  template <class T> T *adopt(std::unique_ptr<T> owned) {
    T *object = owned.get();
    objects_.push_back(std::move(owned));
    return object;
  }
  /// Objects made so far.
  size_t objectCount() const { return objects_.size(); }
  /// Destroys estimates and the like made after there were `count` objects, for code that runs very
  /// often and leaves only numbers. Arrays and recipes stay, as others may know them. So does
  /// everything when there is a kernel, a policy, a row ... among the new: it may know the others.
  void releaseValuesSince(size_t count);
  /// Zeroed 8-byte slots for the captures of a closure.
  void *makeEnv(int64_t slots);
  /// Hash of what a closure captured, or of the address when makeEnv did not make it.
  uint64_t envHash(const void *env) const;

  /// The one T of this run, made on first use. For caches, stacks and registers of other folders.
  template <class T> T &part() {
    auto &slot = parts_[typeid(T)];
    if (!slot)
      slot = std::make_shared<T>();
    return *static_cast<T *>(slot.get());
  }

  // ---- the rest
  uint64_t seed() const { return seed_; }
  /// Whether the host asked for a run whose estimates have no sampling error.
  bool exact() const { return exact_; }
  ThreadPool &pool() { return pool_; }
  /// Sends one finished piece of output to the host.
  void write(std::string_view bytes);
  /// "1,234 shots on 12 circuits"; valid until the next call.
  const char *spentText();

  Spending spent;

private:
  Failure &record(Failure failure);

  uint64_t seed_;
  bool exact_;
  qdo_write_fn write_;
  void *writeUser_;
  qdo_warning_fn warn_;
  void *warnUser_;
  std::atomic<bool> interrupt_{false};
  std::optional<Failure> failure_;
  Failure forgotten_{}; ///< takes the notes of failures after the first
  qdo_failure view_{};
  std::string spentText_;
  ThreadPool pool_;
  std::vector<std::unique_ptr<Object>> objects_;
  std::unordered_map<const void *, std::vector<uint64_t>> envs_;
  std::unordered_map<std::type_index, std::shared_ptr<void>> parts_;
};

static_assert(std::atomic<bool>::is_always_lock_free, "interrupts come from signal handlers");

} // namespace qdo::base
