// SPDX-License-Identifier: Apache-2.0
// Building, printing and running recipes.
// Why: every part has its own domain in the hash, so `p then r` and `p tensor r` never meet.
#include "runtime/sim/recipe.h"

#include "runtime/base/format.h"
#include "runtime/base/hash.h"
#include "runtime/sim/circuit.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>

namespace qdo::sim {

using base::Hasher;

namespace {
struct Interned {
  std::unordered_multimap<uint64_t, Recipe *> byHash;
};
} // namespace

/// A later cell of a session may hold the same circuit in another table.
static bool sameCircuit(const qdo_circuit *a, const qdo_circuit *b) {
  return a == b || (a && b && a->content == b->content && a->qubits == b->qubits &&
                    std::string_view(a->name) == b->name);
}

/// Parts are interned themselves, so comparing their addresses compares their contents.
static bool sameContents(const Recipe &a, const Recipe &b) {
  return a.form == b.form && a.qubits == b.qubits && sameCircuit(a.circuit, b.circuit) &&
         a.left == b.left && a.right == b.right && a.exponent == b.exponent && a.data == b.data;
}

/// What is under differentiation is known by where it came from, so it is never one with another.
static Recipe *intern(base::Context &ctx, std::unique_ptr<Recipe> recipe) {
  if (recipe->traced)
    return ctx.part<Traced>().keep(std::move(recipe));
  auto &table = ctx.part<Interned>().byHash;
  for (auto [it, end] = table.equal_range(recipe->hash); it != end; ++it)
    if (sameContents(*it->second, *recipe))
      return it->second;
  Recipe *kept = ctx.adopt(std::move(recipe));
  table.emplace(kept->hash, kept);
  return kept;
}

uint64_t leafHash(const qdo_circuit &circuit, std::span<const double> data) {
  return Hasher("leaf")
      .add(static_cast<uint64_t>(circuit.content))
      .add(static_cast<uint64_t>(circuit.qubits))
      .add(data)
      .value();
}

Recipe *makeLeaf(base::Context &ctx, const qdo_circuit *circuit, std::span<const double> data) {
  auto leaf =
      std::make_unique<Recipe>(Recipe::Form::Leaf, circuit->qubits, leafHash(*circuit, data));
  leaf->circuit = circuit;
  leaf->data.assign(data.begin(), data.end());
  return intern(ctx, std::move(leaf));
}

Recipe *makeTraced(base::Context &ctx, const qdo_circuit *circuit, std::span<const double> data,
                   std::vector<base::Object *> inputs) {
  auto leaf =
      std::make_unique<Recipe>(Recipe::Form::Leaf, circuit->qubits, leafHash(*circuit, data));
  leaf->circuit = circuit;
  leaf->data.assign(data.begin(), data.end());
  leaf->inputs = std::move(inputs);
  leaf->traced = true;
  return intern(ctx, std::move(leaf));
}

std::unique_ptr<Recipe> composed(Recipe::Form form, const Recipe *left, const Recipe *right,
                                 int64_t exponent) {
  using Form = Recipe::Form;
  Hasher hash(form == Form::Then      ? "then"
              : form == Form::Tensor  ? "tensor"
              : form == Form::Adjoint ? "adjoint"
              : form == Form::Power   ? "power"
                                      : "control");
  hash.add(left->hash);
  int64_t qubits = left->qubits;
  if (right)
    hash.add(right->hash);
  if (form == Form::Tensor)
    qubits += right->qubits;
  if (form == Form::Power || form == Form::Control)
    hash.add(static_cast<uint64_t>(exponent));
  if (form == Form::Control)
    qubits += exponent;
  auto recipe = std::make_unique<Recipe>(form, qubits, hash.value());
  recipe->left = left;
  recipe->right = right;
  recipe->exponent = exponent;
  recipe->traced = left->traced || (right && right->traced);
  return recipe;
}

std::unique_ptr<Recipe> makeMoved(const Recipe &recipe, size_t gate, int angle, double shift) {
  const uint64_t hash = Hasher("moved")
                            .add(recipe.hash)
                            .add(static_cast<uint64_t>(gate))
                            .add(static_cast<uint64_t>(angle))
                            .add(shift)
                            .value();
  auto moved = std::make_unique<Recipe>(Recipe::Form::Moved, recipe.qubits, hash);
  moved->left = &recipe;
  moved->exponent = static_cast<int64_t>(gate);
  moved->angle = angle;
  moved->shift = shift;
  return moved;
}

Recipe *makeThen(base::Context &ctx, qdo_site site, const Recipe *first, const Recipe *second) {
  if (first->qubits != second->qubits) {
    ctx.fail(site, base::Kind::BadValue, "the number of qubits on the right of `then`",
             second->qubits, first->qubits);
    return nullptr;
  }
  return intern(ctx, composed(Recipe::Form::Then, first, second, 1));
}

Recipe *makeTensor(base::Context &ctx, const Recipe *lower, const Recipe *upper) {
  return intern(ctx, composed(Recipe::Form::Tensor, lower, upper, 1));
}

Recipe *makeAdjoint(base::Context &ctx, const Recipe *recipe) {
  if (recipe->form == Recipe::Form::Adjoint)
    return const_cast<Recipe *>(recipe->left);
  return intern(ctx, composed(Recipe::Form::Adjoint, recipe, nullptr, 1));
}

Recipe *makePower(base::Context &ctx, const Recipe *recipe, int64_t exponent) {
  if (exponent < 0) {
    recipe = makeAdjoint(ctx, recipe);
    exponent = exponent == INT64_MIN ? INT64_MAX : -exponent;
  }
  if (exponent == 1)
    return const_cast<Recipe *>(recipe);
  return intern(ctx, composed(Recipe::Form::Power, recipe, nullptr, exponent));
}

Recipe *makeControl(base::Context &ctx, const Recipe *recipe, int64_t controls) {
  return intern(ctx, composed(Recipe::Form::Control, recipe, nullptr, controls));
}

Recipe *makeIdle(base::Context &ctx, qdo_site site, const Recipe *recipe, double seconds) {
  if (!(seconds >= 0) || !std::isfinite(seconds)) {
    ctx.fail(site, base::Kind::BadValue, "the time to wait", base::formatDuration("", seconds),
             "finite and 0 or more");
    return nullptr;
  }
  if (seconds == 0)
    return const_cast<Recipe *>(recipe);
  auto idle = std::make_unique<Recipe>(Recipe::Form::Idle, recipe->qubits,
                                       Hasher("idle").add(recipe->hash).add(seconds).value());
  idle->left = recipe;
  idle->data = {seconds};
  idle->traced = recipe->traced;
  return intern(ctx, std::move(idle));
}

angles::Verdict verdictOf(const Recipe &recipe) {
  if (recipe.form == Recipe::Form::Leaf) {
    CheckSink sink;
    anglesOf(*recipe.circuit, recipe.data.data(), sink);
    return sink.refused();
  }
  const angles::Verdict first = verdictOf(*recipe.left);
  return first.problem == angles::Problem::None && recipe.right ? verdictOf(*recipe.right) : first;
}

void emit(const Recipe &recipe, qdo_sink &sink) {
  switch (recipe.form) {
  case Recipe::Form::Leaf:
    send(*recipe.circuit, recipe.data.data(), sink);
    return;
  case Recipe::Form::Then:
    emit(*recipe.left, sink);
    emit(*recipe.right, sink);
    return;
  case Recipe::Form::Tensor: {
    emit(*recipe.left, sink);
    ShiftedSink upper(sink, static_cast<int>(recipe.left->qubits));
    emit(*recipe.right, upper);
    return;
  }
  case Recipe::Form::Adjoint: {
    Recorder recorder;
    emit(*recipe.left, recorder);
    recorder.replayInverse(sink);
    return;
  }
  case Recipe::Form::Control: {
    ControlledSink controlled(sink, static_cast<int>(recipe.exponent));
    emit(*recipe.left, controlled);
    return;
  }
  case Recipe::Form::Idle:
    emit(*recipe.left, sink);
    sink.idle(recipe.data[0]);
    return;
  case Recipe::Form::Moved: {
    MovingSink moving(sink, static_cast<size_t>(recipe.exponent), recipe.angle, recipe.shift);
    emit(*recipe.left, moving);
    return;
  }
  case Recipe::Form::Power: {
    Recorder recorder;
    emit(*recipe.left, recorder);
    for (int64_t i = 0; i < recipe.exponent; ++i)
      recorder.replay(sink);
    return;
  }
  }
}

/// More numbers than this would drown the name.
static constexpr size_t shownNumbers = 6;

static std::string expression(const Recipe &recipe, std::string_view spec) {
  auto operand = [&](const Recipe &part) {
    // `adj` and `^` bind tighter than `then` and `tensor`, but not than each other.
    const bool chain = recipe.form == Recipe::Form::Then || recipe.form == Recipe::Form::Tensor;
    const bool tight = part.form == Recipe::Form::Adjoint || part.form == Recipe::Form::Power;
    return part.form == Recipe::Form::Leaf || (chain && tight) ? expression(part, spec)
                                                               : "(" + expression(part, spec) + ")";
  };
  switch (recipe.form) {
  case Recipe::Form::Leaf: {
    std::string out = recipe.circuit->name;
    if (recipe.data.empty())
      return out;
    out += '(';
    for (size_t i = 0; i < std::min(recipe.data.size(), shownNumbers); ++i)
      out += (i ? ", " : "") + base::formatReal(spec, recipe.data[i]);
    return out + (recipe.data.size() > shownNumbers ? ", ..)" : ")");
  }
  case Recipe::Form::Then:
    return (recipe.left->form == Recipe::Form::Then ? expression(*recipe.left, spec)
                                                    : operand(*recipe.left)) +
           " then " + operand(*recipe.right);
  case Recipe::Form::Tensor:
    return operand(*recipe.left) + " tensor " + operand(*recipe.right);
  case Recipe::Form::Adjoint:
    return "adj " + operand(*recipe.left);
  case Recipe::Form::Control:
    return (recipe.exponent == 1 ? "ctrl " : "ctrl(" + std::to_string(recipe.exponent) + ") ") +
           operand(*recipe.left);
  case Recipe::Form::Idle:
    return operand(*recipe.left) + " idle " + base::formatDuration(spec, recipe.data[0]);
  case Recipe::Form::Power:
    return operand(*recipe.left) + "^" + std::to_string(recipe.exponent);
  case Recipe::Form::Moved: // the program wrote what is moved
    return expression(*recipe.left, spec);
  }
  return {};
}

std::string Recipe::format(std::string_view spec) const {
  return expression(*this, spec) + ": " + std::to_string(qubits) +
         (qubits == 1 ? " qubit" : " qubits") + ", unmeasured";
}

} // namespace qdo::sim
