// SPDX-License-Identifier: Apache-2.0
// Moving operations back through what they commute with.
#include "runtime/batch/layers.h"

namespace qdo::batch {

void Phases::add(Parity parity, Angle angle) {
  if (parity.flip) {
    constant += angle;
    angle *= -1;
  }
  if (parity.mask == 0)
    return;
  auto [place, fresh] = masks.try_emplace(parity.mask, angle);
  if (!fresh)
    place->second += angle;
  if (place->second.is(0))
    masks.erase(place);
}

void Layers::phase(Parity parity, const Angle &angle) {
  if (angle.is(0))
    return;
  if (parity.flip)
    constant_ += angle;
  if (parity.mask != 0)
    place(Layer::Kind::Diagonal, {{parity.mask}, {}})
        .phases.add({parity.mask, false}, parity.flip ? -angle : angle);
}

void Layers::mix(const Mixer &mixer) {
  place(Layer::Kind::Mixing, {{mixer.axis.bit.mask}, {mixer.axis.flip}}).mixers.push_back(mixer);
}

void Layers::controlled(Controlled operation) {
  Footprint footprint;
  for (const Parity &control : operation.controls)
    footprint.reads.push_back(control.mask);
  if (operation.form != Controlled::Form::PhaseOnly) {
    footprint.reads.push_back(operation.axis.bit.mask);
    footprint.flips.push_back(operation.axis.flip);
  }
  place(Layer::Kind::Controls, footprint).operations.push_back(std::move(operation));
}

Layer &Layers::place(Layer::Kind kind, const Footprint &mine) {
  // Long circuits are not searched further back than this.
  constexpr size_t horizon = 64;
  auto commutes = [&](const Layer &layer) {
    auto with = [&](uint64_t mask, uint64_t flip) {
      for (uint64_t f : mine.flips)
        if (odd(mask & f))
          return false;
      for (uint64_t m : mine.reads)
        if (odd(m & flip))
          return false;
      return true;
    };
    switch (layer.kind) {
    case Layer::Kind::Diagonal:
      for (const auto &[mask, angle] : layer.phases.masks)
        if (!with(mask, 0))
          return false;
      return true;
    case Layer::Kind::Mixing:
      for (const Mixer &mixer : layer.mixers)
        if (!with(mixer.axis.bit.mask, mixer.axis.flip))
          return false;
      return true;
    case Layer::Kind::Controls:
      for (const Controlled &operation : layer.operations) {
        for (const Parity &control : operation.controls)
          if (!with(control.mask, 0))
            return false;
        if (operation.form != Controlled::Form::PhaseOnly &&
            !with(operation.axis.bit.mask, operation.axis.flip))
          return false;
      }
      return true;
    }
    return false;
  };
  std::optional<size_t> found;
  const size_t end = layers_.size() > horizon ? layers_.size() - horizon : 0;
  for (size_t i = layers_.size(); i-- > end;) {
    const bool free = commutes(layers_[i]);
    // Only mixings need to commute with the members of the layer they join.
    if (layers_[i].kind == kind && (free || kind != Layer::Kind::Mixing))
      found = i;
    if (!free)
      break;
  }
  if (!found) {
    found = layers_.size();
    layers_.push_back({kind, {}, {}, {}});
  }
  return layers_[*found];
}

} // namespace qdo::batch
