// SPDX-License-Identifier: Apache-2.0
// The table of one-qubit gates as rotations, and how runs of them shrink.
#include "runtime/batch/turns.h"

#include <complex>
#include <stdexcept>
#include <string>

namespace qdo::batch {

using std::numbers::pi;

Turn turnOf(std::string_view name, const Angle (&a)[4]) {
  if (name == "x")
    return {0, pi, pi, 0};
  if (name == "y")
    return {0, pi / 2, pi, pi / 2};
  if (name == "z")
    return {0, 0, 0, pi};
  if (name == "h")
    return {0, pi, pi / 2, 0};
  if (name == "s")
    return {0, 0, 0, pi / 2};
  if (name == "sdg")
    return {0, 0, 0, -pi / 2};
  if (name == "t")
    return {0, 0, 0, pi / 4};
  if (name == "tdg")
    return {0, 0, 0, -pi / 4};
  if (name == "sx") // e^{i pi/4} RX(pi/2)
    return {pi / 4, pi / 2, pi / 2, -pi / 2};
  if (name == "p")
    return {0, 0, 0, a[0]};
  if (name == "rx")
    return {0, pi / 2, a[0], -pi / 2};
  if (name == "ry")
    return {0, 0, a[0], 0};
  if (name == "rz")
    return {a[0] * -0.5, 0, 0, a[0]};
  if (name == "u") // cu has a phase as its fourth angle
    return {a[3], a[2], a[0], a[1]};
  throw std::invalid_argument("no rule for the gate `" + std::string(name) + "`");
}

Turn inverse(const Turn &turn) { return {-turn.phase, -turn.after, -turn.turn, -turn.before}; }

void Run::push(const Turn &gate) {
  phase += gate.phase;
  auto last = [&]() -> Angle & { return steps.empty() ? first : steps.back().after; };
  last() += gate.before;
  if (gate.turn.isConstant() && gate.turn.constant == 0) {
    last() += gate.after;
    return;
  }
  if (steps.empty() || !(last().is(0) || last().is(pi))) {
    steps.push_back({gate.turn, gate.after});
    return;
  }
  // RY(b) Z RY(a) = Z RY(a - b)
  Step &step = steps.back();
  const bool z = !step.after.is(0);
  step.turn += z ? -gate.turn : gate.turn;
  step.after = (z ? Angle(pi) : Angle(0)) + gate.after;
  if (step.turn.is(0)) {
    if (!step.turn.is(0, 4 * pi))
      phase += pi;
    Angle after = std::move(step.after);
    steps.pop_back();
    last() += after;
  }
}

void Run::simplify() {
  if (steps.size() < 2)
    return;
  for (const Step &step : steps)
    if (!step.turn.isConstant() || (&step != &steps.back() && !step.after.isConstant()))
      return;
  // m = the product without the outer phases, which may depend on data.
  using C = std::complex<double>;
  C m00 = 1, m01 = 0, m10 = 0, m11 = 1;
  for (size_t i = 0; i < steps.size(); ++i) {
    const double c = std::cos(steps[i].turn.constant / 2), s = std::sin(steps[i].turn.constant / 2);
    const C p = i + 1 < steps.size() ? std::polar(1.0, steps[i].after.constant) : C(1);
    const C n00 = c * m00 - s * m10, n01 = c * m01 - s * m11;
    m10 = p * (s * m00 + c * m10);
    m11 = p * (s * m01 + c * m11);
    m00 = n00, m01 = n01;
  }
  const double c = std::abs(m00), s = std::abs(m10);
  const double zero = std::arg(m00), after = std::arg(m10) - zero;
  const double before = c >= s ? std::arg(m11) - zero - after : std::arg(-m01) - zero;
  phase += zero;
  first += before;
  steps = {{2 * std::atan2(s, c), Angle(after) + steps.back().after}};
}

std::vector<Angle> Run::alternating() const {
  std::vector<Angle> angles{first};
  for (const Step &step : steps) {
    angles.push_back(step.turn);
    angles.push_back(step.after);
  }
  return angles;
}

} // namespace qdo::batch
