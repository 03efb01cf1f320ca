// SPDX-License-Identifier: Apache-2.0
// Kernels as objects of a run: identity, rows, classical values.
#include "runtime/learn/kernel.h"

#include "runtime/base/format.h"
#include "runtime/base/hash.h"
#include "runtime/estimate/batch.h"
#include "runtime/sim/backend.h"

#include <algorithm>
#include <cmath>

namespace qdo::learn {

using base::Kind;

Kernel::Kernel(std::string name, const sim::RowCircuit &circuit)
    : Object(base::ObjectKind::Kernel), form_(Form::Fidelity), name_(std::move(name)),
      circuit_(circuit), template_(circuit.data.begin(), circuit.data.end()) {}

Kernel::Kernel(std::string name, double gamma)
    : Object(base::ObjectKind::Kernel), form_(Form::Rbf), name_(std::move(name)), gamma_(gamma) {}

Kernel::Kernel(std::string name, const KernelCode &code, size_t width)
    : Object(base::ObjectKind::Kernel), form_(Form::General), name_(std::move(name)), code_(code),
      width_(width) {}

std::string Kernel::format(std::string_view spec) const {
  return base::formatText(spec, "kernel " + name_);
}

sim::RowCircuit Kernel::circuit() const {
  sim::RowCircuit circuit = circuit_;
  circuit.data = template_;
  return circuit;
}

bool Kernel::checkWidth(base::Context &ctx, qdo_site site, size_t have, size_t want) const {
  if (have != want)
    ctx.fail(site, Kind::BadValue, fmt::format("the length of a row for the kernel `{}`", name_),
             have, want);
  return have == want;
}

std::optional<RowId> Kernel::intern(base::Context &ctx, qdo_site site,
                                    std::span<const double> row) {
  if (form_ != Form::Rbf &&
      !checkWidth(ctx, site, row.size(),
                  form_ == Form::General ? width_ : static_cast<size_t>(circuit_.holeSize)))
    return std::nullopt;
  uint64_t hash = base::Hasher("row").add(row).value();
  auto &ids = idsOfHash_[hash];
  for (RowId id : ids)
    if (std::ranges::equal(contents(id), row))
      return id;
  for (double value : row)
    if (!std::isfinite(value)) {
      ctx.fail(site, Kind::BadValue, fmt::format("a number of a row for the kernel `{}`", name_),
               value, "finite");
      return std::nullopt;
    }
  const auto id = static_cast<RowId>(places_.size());
  ids.push_back(id);
  contents_.insert(contents_.end(), row.begin(), row.end());
  starts_.push_back(contents_.size());
  places_.emplace_back();
  if (form_ == Form::Fidelity)
    recipes_.push_back(sim::rowHash(circuit(), row));
  return id;
}

double Kernel::exact(RowId a, RowId b) const {
  // The circuit of a row with itself undoes what it did: the outcome is certain.
  if (a == b)
    return 1;
  if (form_ == Form::Fidelity) {
    if (!levels_.front().known)
      return known_.get(a, b);
    double value = 0;
    for (const Level &level : levels_)
      value += level.noise.weight * (level.offset + level.scale * level.table->get(a, b));
    return value;
  }
  double square = 0;
  auto x = contents(a), y = contents(b);
  for (size_t i = 0; i < x.size(); ++i)
    square += (x[i] - y[i]) * (x[i] - y[i]);
  return std::exp(-gamma_ * square);
}

double Kernel::pairSeconds(const sim::DeviceTime &device) const {
  const double one = sim::circuitSeconds(*circuit_.circuit, device);
  return way_->gates(qubits(), {one, one, 0, device.oneQubit, device.twoQubit});
}

estimate::BernoulliItem Kernel::circuit(size_t which, RowId a, RowId b, double weight,
                                        double seconds) const {
  const Level &level = levels_[which];
  const uint64_t stream = level.noise.stream(estimate::streamBy(*way_, recipes_[a], recipes_[b]));
  estimate::BernoulliItem item{level.table->get(a, b),
                               sim::streamOn(device_, stream),
                               weight,
                               seconds * level.noise.fold,
                               level.noise.weight * level.offset,
                               level.noise.weight * level.scale};
  if (!level.known)
    item.probability = std::clamp((item.probability - level.offset) / level.scale, 0.0, 1.0);
  else if (auto source = level.known->sources.find(std::minmax(a, b));
           source != level.known->sources.end())
    item.shots = source->second;
  return item;
}

Kernel *fidelityKernel(base::Context &ctx, std::string_view name, const sim::RowCircuit &circuit) {
  uint64_t hash = base::Hasher("fidelity kernel")
                      .add(static_cast<uint64_t>(circuit.circuit->content))
                      .add(static_cast<uint64_t>(circuit.circuit->qubits))
                      .add(circuit.data)
                      .add(static_cast<uint64_t>(circuit.hole))
                      .add(static_cast<uint64_t>(circuit.holeSize))
                      .value();
  Kernel *&kernel = ctx.part<KnownKernels>().byHash[hash];
  if (!kernel)
    kernel = ctx.make<Kernel>(std::string(name), circuit);
  return kernel;
}

Kernel *rbfKernel(base::Context &ctx, qdo_site site, double gamma) {
  if (!(gamma > 0) || !std::isfinite(gamma)) {
    ctx.fail(site, Kind::BadValue, "`gamma`", gamma, "a number above 0");
    return nullptr;
  }
  Kernel *&kernel = ctx.part<KnownKernels>().byHash[base::Hasher("rbf").add(gamma).value()];
  if (!kernel)
    kernel = ctx.make<Kernel>("rbf", gamma);
  return kernel;
}

} // namespace qdo::learn
