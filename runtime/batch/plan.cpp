// SPDX-License-Identifier: Apache-2.0
// From layers to the steps of a program.
// Why: each layer is laid out in a frame of its own, in which its mixings are on single bits; the
// step from one frame to the next is an index table inside a sweep that is made anyway.
#include "runtime/batch/plan.h"

#include "runtime/batch/plan_builder.h"

#include <algorithm>

namespace qdo::batch {

using std::numbers::pi;

namespace {

/// A sweep, multiplication or run of controlled gates, before areas are chosen.
struct Stage {
  enum class Kind : uint8_t { Start, Sweep, Multiply, Controls } kind;
  int diagonal = -1; ///< multiplied at the end (or the start itself)
  int before = -1;   ///< Sweep through a table: multiplied at its beginning
  int32_t scale = -1;
  int32_t table = -1;            ///< Sweep
  std::vector<Pass> passes = {}; ///< Sweep
  std::vector<Pairs> pairs = {}; ///< Controls
};

/// A diagonal that is there: in which area, and the bits that count there.
struct Held {
  int32_t area = -1;
  int64_t bits = 0;
};

class Assembly {
public:
  Assembly(PlanBuilder &tables, Lowered lowered)
      : tables_(tables), layers_(std::move(lowered.layers)), constant_(lowered.constant),
        frame_(tables.qubits) {}

  /// Returns the frame of the result.
  Frame run() {
    std::erase_if(layers_, [](const Layer &layer) {
      return layer.kind == Layer::Kind::Diagonal && layer.phases.masks.empty();
    });
    size_t next = start();
    while (next < layers_.size()) {
      const Layer &layer = layers_[next++];
      if (layer.kind == Layer::Kind::Mixing) {
        const Phases left = std::exchange(left_, {});
        Stage stage = mixing(layer);
        if (!left.masks.empty())
          stage.before = diagonal(left, -1);
        if (next < layers_.size() && layers_[next].kind == Layer::Kind::Diagonal) {
          const Phases here = shared(next);
          ++next;
          if (!here.masks.empty()) {
            stage.diagonal = diagonal(here, stage.scale);
            stage.scale = -1;
          }
        }
        stages_.push_back(std::move(stage));
      } else if (layer.kind == Layer::Kind::Diagonal) {
        stages_.push_back({Stage::Kind::Multiply, diagonal(layer.phases, -1)});
      } else {
        stages_.push_back(controls(layer));
      }
    }
    // The phase of the whole goes where it costs nothing: shared out over the uses of the first.
    diagonals_[0].phases.constant +=
        constant_ * (1.0 / static_cast<double>(uses(stages_[0].diagonal, 0)));
    emit();
    return frame_;
  }

private:
  /// The product state that |0..0> becomes, with the first diagonal. Returns the next layer.
  size_t start() {
    size_t next = 0;
    while (next < layers_.size() && layers_[next].kind == Layer::Kind::Diagonal)
      ++next; // all parities of the first basis state are 0
    Diagonal product;
    product.factors.assign(tables_.qubits, {0, -1});
    std::vector<int32_t> turns;
    int hadamards = 0;
    if (next < layers_.size() && layers_[next].kind == Layer::Kind::Mixing) {
      const auto &mixers = layers_[next++].mixers;
      std::vector<Axis> axes;
      for (const Mixer &mixer : mixers)
        axes.push_back({{mixer.axis.bit.mask, false}, mixer.axis.flip});
      std::vector<int> places;
      frame_ = aligned(frame_, axes, places);
      for (size_t i = 0; i < mixers.size(); ++i) {
        // A wire that is 1 at the start: the complement of its bit is rotated the other way.
        const bool one = mixers[i].axis.bit.flip;
        BitFactor &factor = product.factors[places[i]];
        factor = {one ? -1.0 : 1.0, -1};
        if (mixers[i].turn) {
          factor.turn = tables_.turn(*mixers[i].turn);
          turns.push_back(factor.turn);
        } else {
          ++hadamards;
          if (one)
            constant_ += pi;
        }
      }
    }
    if (std::ranges::all_of(product.factors, [](auto f) { return f == BitFactor{}; }))
      product.factors.clear();
    product.scale = tables_.scale(turns, hadamards);
    if (next < layers_.size() && layers_[next].kind == Layer::Kind::Diagonal)
      product.phases = framed(shared(next++));
    diagonals_.push_back(std::move(product));
    stages_.push_back({Stage::Kind::Start, 0});
    return next;
  }

  Phases framed(const Phases &phases) {
    Phases out;
    for (const auto &[mask, angle] : phases.masks)
      out.add(frame_.parity({mask, false}), angle);
    constant_ += out.constant;
    out.constant = 0;
    return out;
  }

  /// Of the diagonal layer `i`, the phases that are simple in the frame of now. What is simpler in
  /// the frame of the mixing that follows is left for its beginning.
  Phases shared(size_t i) {
    const Phases &all = layers_[i].phases;
    if (i + 1 >= layers_.size() || layers_[i + 1].kind != Layer::Kind::Mixing)
      return all;
    std::vector<int> places;
    const Frame later = aligned(frame_, axesOf(layers_[i + 1]), places);
    if (later == frame_)
      return all;
    Phases here;
    for (const auto &[mask, angle] : all.masks) {
      const int now = std::popcount(frame_.parity({mask, false}).mask);
      const int then = std::popcount(later.parity({mask, false}).mask);
      (now <= 2 || now <= then ? here : left_).masks.emplace(mask, angle);
    }
    return here;
  }

  static std::vector<Axis> axesOf(const Layer &layer) {
    std::vector<Axis> axes;
    for (const Mixer &mixer : layer.mixers)
      axes.push_back(mixer.axis);
    return axes;
  }

  int diagonal(const Phases &phases, int32_t scale) {
    Diagonal wanted{framed(phases), {}, scale};
    auto found = std::ranges::find(diagonals_, wanted);
    if (found == diagonals_.end())
      found = diagonals_.insert(found, std::move(wanted));
    return static_cast<int>(found - diagonals_.begin());
  }

  Stage mixing(const Layer &layer) {
    std::vector<int> places;
    Frame old = std::exchange(frame_, aligned(frame_, axesOf(layer), places));
    Stage stage{Stage::Kind::Sweep};
    if (!(old == frame_))
      stage.table = tables_.table([&] { return gatherTable(old, frame_); });
    // Bits of one kind share passes of three; what is left over goes first.
    std::vector<std::pair<int, int32_t>> hadamards, rotations;
    std::vector<int32_t> turns;
    for (size_t i = 0; i < places.size(); ++i) {
      if (layer.mixers[i].turn) {
        turns.push_back(tables_.turn(*layer.mixers[i].turn));
        rotations.emplace_back(places[i], turns.back());
      } else {
        hadamards.emplace_back(places[i], -1);
      }
    }
    for (auto *bits : {&hadamards, &rotations}) {
      std::ranges::sort(*bits);
      for (size_t begin = 0; begin < bits->size();) {
        const size_t left = bits->size() - begin;
        const size_t take = left % 3 == 0 ? 3 : left % 3;
        Pass pass{static_cast<int32_t>(take), {0, 0, 0}, {-1, -1, -1}, bits == &rotations};
        for (size_t i = 0; i < take; ++i)
          std::tie(pass.bit[i], pass.turn[i]) = (*bits)[begin + i];
        stage.passes.push_back(pass);
        begin += take;
      }
    }
    std::ranges::stable_sort(stage.passes, {}, [](const Pass &p) { return p.bit[p.bits - 1]; });
    stage.scale = tables_.scale(turns, static_cast<int>(hadamards.size()));
    return stage;
  }

  Stage controls(const Layer &layer) {
    Stage stage{Stage::Kind::Controls};
    for (const Controlled &operation : layer.operations) {
      std::vector<Parity> ones;
      for (const Parity &control : operation.controls)
        ones.push_back(frame_.parity(control));
      Pairs pairs{};
      const bool phaseOnly = operation.form == Controlled::Form::PhaseOnly;
      if (!phaseOnly) {
        Parity zero = frame_.parity(operation.axis.bit);
        zero.flip = !zero.flip;
        ones.push_back(zero);
        pairs.flip = frame_.difference(operation.axis.flip);
      }
      pairs.count = 1;
      pairs.table = tables_.table([&] { return subspaceTable(tables_.qubits, ones, pairs.count); });
      if (pairs.count == 0)
        continue;
      pairs.phase = pairs.before = pairs.after = pairs.half = -1;
      if (phaseOnly) {
        pairs.kind = Pairs::PhaseOnly;
        pairs.phase = tables_.phasor(operation.phase);
      } else if (operation.form == Controlled::Form::Exchange) {
        pairs.kind = Pairs::Exchange;
      } else {
        matrix(pairs, operation);
      }
      stage.pairs.push_back(pairs);
    }
    return stage;
  }

  void matrix(Pairs &pairs, const Controlled &operation) {
    pairs.half = tables_.phasor(operation.turn * 0.5);
    bool real = true;
    double sign[3];
    const Angle *angles[3] = {&operation.phase, &operation.before, &operation.after};
    for (int i = 0; i < 3; ++i) {
      real &= angles[i]->is(0) || angles[i]->is(pi);
      sign[i] = angles[i]->is(pi) ? -1 : 1;
    }
    pairs.kind = real ? Pairs::Real : Pairs::Complex;
    pairs.signs[0] = sign[0];
    pairs.signs[1] = -sign[0] * sign[1];
    pairs.signs[2] = sign[0] * sign[2];
    pairs.signs[3] = sign[0] * sign[1] * sign[2];
    if (!real) {
      pairs.phase = tables_.phasor(operation.phase);
      pairs.before = tables_.phasor(operation.before);
      pairs.after = tables_.phasor(operation.after);
    }
  }

  /// How often a diagonal is used from a stage on.
  int uses(int diagonal, size_t from) const {
    int count = 0;
    for (size_t i = from; i < stages_.size(); ++i)
      count += stages_[i].diagonal == diagonal || stages_[i].before == diagonal;
    return count;
  }
  size_t nextUse(int diagonal, size_t from) const {
    size_t i = from;
    while (i < stages_.size() && stages_[i].diagonal != diagonal && stages_[i].before != diagonal)
      ++i;
    return i;
  }

  /// Chooses areas and appends the steps.
  void emit() {
    const int bits = tables_.qubits;
    // Where the state is after each stage; a sweep through a table goes from one area to the other.
    std::vector<int32_t> area(stages_.size(), PlanBuilder::Result);
    for (size_t i = stages_.size() - 1; i > 0; --i)
      area[i - 1] = stages_[i].table < 0             ? area[i]
                    : area[i] == PlanBuilder::Result ? PlanBuilder::Work
                                                     : PlanBuilder::Result;
    const uint64_t allBits = (uint64_t{1} << bits) - 1;
    int held[2] = {-1, -1};     // diagonals in the two areas for them
    uint64_t among[2] = {0, 0}; // for which indices these are written
    int32_t state = area[0];
    // Returns the area of a diagonal that is needed at stage i, built if it is not there. `whole`:
    // as a state, with what it does not depend on.
    auto hold = [&](int diagonal, size_t i, bool whole = false) {
      for (int b = 0; b < 2; ++b)
        if (held[b] == diagonal)
          return Held{PlanBuilder::Diagonal0 + b, static_cast<int64_t>(among[b])};
      auto worth = [&](int b) {
        if (state == PlanBuilder::Diagonal0 + b)
          return size_t{0}; // the state itself is there
        return held[b] < 0 ? SIZE_MAX : nextUse(held[b], i);
      };
      const int b = worth(1) > worth(0) ? 1 : 0;
      held[b] = diagonal;
      among[b] = whole ? allBits : bitsOf(diagonals_[diagonal]);
      tables_.use(PlanBuilder::Diagonal0 + b, bits);
      buildDiagonal(tables_, PlanBuilder::Diagonal0 + b, bits, diagonals_[diagonal], among[b]);
      return Held{PlanBuilder::Diagonal0 + b, static_cast<int64_t>(among[b])};
    };
    for (size_t i = 0; i < stages_.size(); ++i) {
      Stage &stage = stages_[i];
      switch (stage.kind) {
      case Stage::Kind::Start:
        // A first diagonal that is used again is the state where it stands.
        if (uses(stage.diagonal, 1) > 0 && stages_[1].kind == Stage::Kind::Sweep &&
            stages_[1].before < 0) {
          state = hold(stage.diagonal, i, true).area;
        } else {
          tables_.use(area[0], bits);
          buildDiagonal(tables_, area[0], bits, diagonals_[stage.diagonal], allBits);
        }
        break;
      case Stage::Kind::Sweep: {
        const Held before = stage.before < 0 ? Held{} : hold(stage.before, i);
        const Held diagonal = stage.diagonal < 0 ? Held{} : hold(stage.diagonal, i);
        Sweep sweep{state,
                    area[i],
                    stage.table,
                    static_cast<int32_t>(tables_.passes.size()),
                    static_cast<int32_t>(stage.passes.size()),
                    0,
                    std::min(bits, blockBits),
                    before.area,
                    diagonal.area,
                    stage.scale,
                    before.bits,
                    diagonal.bits};
        for (const Pass &pass : stage.passes)
          sweep.blocked += pass.bit[pass.bits - 1] < blockBits;
        tables_.use(area[i], bits);
        tables_.passes.insert(tables_.passes.end(), stage.passes.begin(), stage.passes.end());
        tables_.sweep(sweep);
        state = area[i];
        break;
      }
      case Stage::Kind::Multiply: {
        const Held diagonal = hold(stage.diagonal, i);
        tables_.multiply({state, diagonal.area, diagonal.bits});
        break;
      }
      case Stage::Kind::Controls:
        for (Pairs &pairs : stage.pairs) {
          pairs.area = state;
          tables_.pair(pairs);
        }
        break;
      }
    }
  }

  /// Blocks of 2^9 amplitudes are 32 KiB for four lanes: a first-level cache.
  static constexpr int blockBits = 9;

  PlanBuilder &tables_;
  std::vector<Layer> layers_;
  Angle constant_;
  Frame frame_;
  std::vector<Diagonal> diagonals_;
  Phases left_; ///< phases for the beginning of the next sweep
  std::vector<Stage> stages_;
};

} // namespace

Plan::Plan(const qdo_circuit &circuit)
    : tables_(std::make_unique<PlanBuilder>(static_cast<int>(circuit.qubits))) {
  Lowered lowered = lower(circuit);
  tables_->slots = static_cast<int32_t>(circuit.slot_count);
  tables_->values = lowered.slots;
  for (const Fusion &fusion : lowered.fusions)
    tables_->fuse(fusion);
  const Frame wires = lowered.wires;
  Assembly assembly(*tables_, std::move(lowered));
  const Frame result = assembly.run();
  if (result.size() <= mostQubits)
    places_ = gatherTable(result, wires);
  tables_->layOut();
  program_ = tables_->program();
  product_ = tables_->sweeps.empty() && tables_->multiplies.empty() && tables_->pairs.empty() &&
             tables_->weights.empty() &&
             std::ranges::all_of(tables_->extends, [](const Extend &e) { return e.twin < 0; });
}

Plan::~Plan() = default;
Plan::Plan(Plan &&) noexcept = default;

int Plan::sweeps() const {
  return static_cast<int>(tables_->passes.size() + tables_->multiplies.size() +
                          tables_->pairs.size());
}

} // namespace qdo::batch
