// SPDX-License-Identifier: Apache-2.0
// Kernels: similarity of two rows of data, with everything a run already knows about it.
// In: rows of numbers. Out: exact values, or values measured under the policy in force.
// Why: N rows are N preparations and one matrix product, and only rows that are new are prepared.
// Must not: know data sets or classifiers.
#pragma once

#include "runtime/base/context.h"
#include "runtime/estimate/mitigation.h"
#include "runtime/estimate/overlaps.h"
#include "runtime/learn/pair_table.h"
#include "runtime/sim/device_time.h"
#include "runtime/sim/prepare.h"

#include <map>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

namespace qdo::learn {

/// Generated code of a kernel's body: of two rows, with what it captured.
struct KernelCode {
  double (*exact)(qdo_ctx *, qdo_env, qdo_array, qdo_array) = nullptr;
  qdo_env exactEnv = nullptr;
  /// Gives an estimate under the policy in force. Null: the kernel measures nothing.
  qdo_estimate (*measured)(qdo_ctx *, qdo_env, qdo_array, qdo_array) = nullptr;
  qdo_env measuredEnv = nullptr;
};

/// A kernel of the run. Make it with fidelityKernel, rbfKernel or generalKernel: equal kernels are
/// one object.
class Kernel final : public base::Object {
public:
  enum class Form : uint8_t { Fidelity, Rbf, General };

  Kernel(std::string name, const sim::RowCircuit &circuit);
  Kernel(std::string name, double gamma);
  Kernel(std::string name, const KernelCode &code, size_t width);
  /// "kernel k".
  std::string format(std::string_view spec) const override;

  [[nodiscard]] Form form() const { return form_; }

  /// The number of a row; equal contents have one number. Null after a failure: BadValue when the
  /// row does not fit the encoding or has a number that is not finite.
  std::optional<RowId> intern(base::Context &ctx, qdo_site site, std::span<const double> row);

  /// The numbers of a row.
  [[nodiscard]] std::span<const double> row(RowId id) const { return contents(id); }

  /// Makes exact() ready for every pair of one of `rows` with one of `columns`. Only pairs that are
  /// not known yet cost anything, and none costs a shot: a simulator computes them. False after a
  /// failure: OutOfMemory, RuntimeAlias, Interrupted; BadValue for rows of different lengths.
  bool prepare(base::Context &ctx, qdo_site site, std::span<const RowId> rows,
               std::span<const RowId> columns);
  /// All exact values of `rows` with each other into rows x rows numbers, of a fidelity kernel. For
  /// so many rows that a table of pairs would not fit beside the matrix: nothing is remembered.
  /// False after a failure.
  bool fill(base::Context &ctx, qdo_site site, std::span<const RowId> rows, double *matrix) const;
  /// The value without sampling error of a prepared pair, in [0, 1], on the device of that time. A
  /// row with itself is exactly 1.
  [[nodiscard]] double exact(RowId a, RowId b) const;
  /// Of a state of a fidelity kernel.
  [[nodiscard]] int64_t qubits() const { return circuit_.circuit->qubits; }
  /// How pairs of a fidelity kernel are measured under the policy of the newest prepare().
  [[nodiscard]] const estimate::OverlapWay &way() const { return *way_; }
  /// Circuits of a pair: one, or one for each fold of `mitigate zne`. Its value is the sum of
  /// theirs.
  [[nodiscard]] size_t circuits() const { return levels_.size(); }
  /// How long the gates of one pair take, without folds; for Form::Fidelity only.
  [[nodiscard]] double pairSeconds(const sim::DeviceTime &device) const;
  /// One of the circuits of a prepared pair of a fidelity kernel, on a device of that time;
  /// `seconds`: of a pair.
  [[nodiscard]] estimate::BernoulliItem circuit(size_t which, RowId a, RowId b, double weight,
                                                double seconds) const;

  // ---- general_kernel.cpp: kernels that are code. They are not prepared.
  [[nodiscard]] bool measures() const { return form_ == Form::Fidelity || code_.measured; }
  /// The value without sampling error; known pairs are not computed again. Null after a failure:
  /// what the body ends with, or BadValue when it gives no finite number.
  std::optional<double> compute(base::Context &ctx, qdo_site site, RowId a, RowId b);
  /// An estimate under the policy in force, of a kernel that measures; null after a failure.
  qdo_estimate measure(base::Context &ctx, qdo_site site, RowId a, RowId b);

  /// |alpha| of rows in the newest classifier on this kernel: what its next Gram matrix is
  /// weighted with. Empty before the first.
  std::unordered_map<RowId, double> importance;
  /// Bytes of states that are kept for reuse; larger sets are worked through in groups.
  int64_t stateBudget = int64_t{768} << 20;

private:
  struct Known;
  [[nodiscard]] std::span<const double> contents(RowId id) const {
    return std::span(contents_).subspan(starts_[id], starts_[id + 1] - starts_[id]);
  }
  bool checkWidth(base::Context &ctx, qdo_site site, size_t have, size_t want) const;
  [[nodiscard]] sim::RowCircuit circuit() const;
  /// What a state takes in memory. The plan has been made.
  [[nodiscard]] double bytesPerState() const;
  bool holdStates(base::Context &ctx, qdo_site site, std::span<const RowId> ids);
  // ---- noisy_kernel.cpp: the same as prepare() on a device that is not ideal
  bool prepareNoisy(base::Context &ctx, qdo_site site, std::span<const RowId> rows,
                    std::span<const RowId> columns);
  bool chooseWay(base::Context &ctx, qdo_site site);
  bool prepareAt(base::Context &ctx, qdo_site site, std::span<const RowId> rows,
                 std::span<const RowId> columns, const sim::Mitigation &mitigation, Known &known);
  const sim::Recipe *recipeOf(base::Context &ctx, RowId id) const;
  /// What a kernel that is code knows on the device in force.
  PairTable &tableOf(base::Context &ctx);
  bool overlaps(base::Context &ctx, qdo_site site, std::span<const RowId> rows,
                std::span<const RowId> columns);
  qdo_array rowArray(base::Context &ctx, RowId id);
  struct Lanes;
  [[nodiscard]] std::vector<Lanes> panelsOf(std::span<const RowId> ids) const;

  const Form form_;
  const std::string name_;
  // Fidelity
  sim::RowCircuit circuit_{};
  std::vector<double> template_;
  std::shared_ptr<const batch::Plan> plan_; ///< made when the first state is
  // Rbf
  double gamma_ = 0;
  // General
  KernelCode code_{};
  size_t width_ = 0;
  std::vector<base::Array *> arrays_; ///< rows as generated code takes them

  std::vector<double> contents_;
  std::vector<size_t> starts_{0}; ///< of every row in contents_, and the end
  std::vector<uint64_t> recipes_; ///< recipe hash of every row (Fidelity)
  std::unordered_map<uint64_t, std::vector<RowId>> idsOfHash_;
  PairTable known_; ///< on the ideal device: fidelities
  /// What is known of the circuits of pairs on another device, at one noise level.
  struct Known {
    PairTable table; ///< probabilities of success, or values where the scale is 1
    /// Pairs whose probability nobody knows.
    std::map<std::pair<RowId, RowId>, std::shared_ptr<const sim::ShotSource>> sources;
    double offset = 0, scale = 1; ///< the value is offset + scale * (fraction of successes)
    double fold = 0;              ///< 0 before the first pair
  };
  std::map<uint64_t, Known> knownOn_; ///< by identity, way and mitigation; nodes stay
  /// What a value is made of since the newest prepare().
  struct Level {
    const PairTable *table;
    const Known *known = nullptr; ///< null on the ideal device
    double offset = 0, scale = 1; ///< without the weight
    estimate::NoiseLevel noise = {};
  };
  std::vector<Level> levels_ = {{&known_}};
  const estimate::OverlapWay *way_ = &estimate::overlapWay(estimate::OverlapKind::ComputeUncompute);
  uint64_t device_ = 0; ///< that was asked last

  struct Place {
    int32_t chunk = -1; ///< -1: the state is not held
    int32_t row = 0;
  };
  std::vector<Place> places_;
  std::vector<batch::Panels> chunks_;
  int64_t held_ = 0; ///< states that chunks_ have room for
};

/// The kernels of a run, by what they compute.
struct KnownKernels {
  std::unordered_map<uint64_t, Kernel *> byHash;
};

/// |<a|b>|^2 of an encoding: `circuit` applied to its template with a row in the hole.
Kernel *fidelityKernel(base::Context &ctx, std::string_view name, const sim::RowCircuit &circuit);
/// exp(-gamma |a - b|^2), gamma > 0: classical, it needs no shots. Fails with BadValue.
Kernel *rbfKernel(base::Context &ctx, qdo_site site, double gamma);
/// A kernel that calls `code` with rows of `width` numbers; `content` names what the code does.
Kernel *generalKernel(base::Context &ctx, std::string_view name, const KernelCode &code,
                      size_t width, uint64_t content);

/// Rows that will probably be asked for next, as `select` knows them. The first question about one
/// of them computes the exact values of all in one matrix product. This changes no result and
/// spends no shot; without it a loop over candidates would prepare one state at a time.
struct Prospects {
  std::vector<std::span<const double>> rows;
};

} // namespace qdo::learn
