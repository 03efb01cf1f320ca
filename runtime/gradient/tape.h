// SPDX-License-Identifier: Apache-2.0
// A record of how a number was computed from the numbers it is differentiated by.
// In: the steps of a function, as generated code takes them. Out: its value and its gradient.
// Why lazy: no step may depend on a value, so everything quantum is evaluated together (circuits of
//      one shape side by side), and under shots nothing is measured that the gradient does not
//      need. A measured number keeps what was in force where it stands.
// Must not: outlive the call it records; generated code holds its nodes as estimates.
#pragma once

#include "runtime/estimate/arithmetic.h"
#include "runtime/estimate/policy.h"
#include "runtime/gradient/adjoint.h"
#include "runtime/sim/backend.h"

#include <deque>
#include <functional>
#include <memory>
#include <vector>

namespace qdo::gradient {

/// The policies and the device at a place of a function.
struct InForce {
  std::vector<estimate::Policy *> inside; ///< of the function's own, from the outermost
  const estimate::Policy *policy = nullptr;
  sim::Backend *device = nullptr;

  [[nodiscard]] bool sampled() const {
    return policy && policy->mode != estimate::Policy::Mode::Exact;
  }
};

/// One number of the record.
struct Node final : base::Object {
  enum class Step : uint8_t {
    Constant,
    Parameter,
    Affine,   ///< x * left + y
    Sum,      ///< left + x * right
    Product,  ///< left * right
    Quotient, ///< left / right
    Power,    ///< left ^ x
    Function, ///< function(left)
    Extreme,  ///< the larger (x > 0) or smaller of left and right
    Measured  ///< of a recipe
  };

  Node(Step step, qdo_site site, size_t place)
      : Object(base::ObjectKind::Traced), step(step), site(site), place(place) {}
  std::string format(std::string_view spec) const override;

  const Step step;
  const qdo_site site;
  const size_t place; ///< in the record: what a number is made of stands before it
  Node *left = nullptr, *right = nullptr;
  double x = 0, y = 0;
  estimate::Function function = {};
  bool active = false; ///< it depends on a parameter
  bool known = false;
  double number = 0;                            ///< when known
  const estimate::Estimate *estimate = nullptr; ///< when known and it may be uncertain

  // Measured
  Quantity quantity = {};
  const sim::Recipe *ket = nullptr, *bra = nullptr;
  const sim::Observable *observable = nullptr;
  InForce inForce;
  bool differentiated = false;
  std::vector<std::pair<Node *, double>> slopes; ///< exact
  std::vector<std::pair<Node *, const estimate::Estimate *>> measuredSlopes;
};

/// Which policy measures the circuits that move parameters (by their order); null: the one in
/// force.
using PolicyOf = std::function<const estimate::Policy *(std::span<const size_t> parameters)>;

class Tape {
public:
  /// What is in force now is around the function.
  explicit Tape(base::Context &ctx) : ctx_(ctx), around_(ctx.part<estimate::Policies>().depth()) {}

  /// The parameters come first. An inactive one is a number like any other.
  Node *parameter(double value, bool active);
  Node *constant(double value);
  /// A node as it is; an estimate as a constant.
  Node *lift(base::Object *value);

  Node *affine(Node *e, double factor, double offset);
  Node *sum(Node *a, Node *b, double factor);
  Node *product(Node *a, Node *b);
  Node *quotient(qdo_site site, Node *a, Node *b);
  Node *power(qdo_site site, Node *e, double exponent);
  Node *apply(qdo_site site, Node *e, estimate::Function f);
  Node *extreme(Node *a, Node *b, bool most);
  Node *measured(qdo_site site, Quantity quantity, const sim::Recipe *ket, const sim::Recipe *bra,
                 const sim::Observable *observable);

  /// The value now; false after a failure.
  bool value(Node *node);
  /// The gradient of a node: one entry a parameter. `wantsValue`: its own value is known
  /// afterwards. False after a failure.
  bool gradient(Node *root, bool wantsValue, std::vector<double> &exact,
                std::vector<const estimate::Estimate *> &measured, const PolicyOf &policyOf);

  /// Whether something in it is uncertain: its numbers are estimates then.
  [[nodiscard]] bool sampled() const { return sampled_; }
  [[nodiscard]] size_t parameters() const { return parameters_; }

private:
  Node *add(Node::Step step, qdo_site site, Node *left = nullptr, Node *right = nullptr);
  bool evaluate(const std::vector<bool> &wanted);
  bool computeWanted(const std::vector<bool> &wanted);
  template <class Body> auto under(const Node &node, Body body);
  bool differentiateExactly(const std::vector<bool> &reached);
  bool differentiateOnDevice(Node &node);
  bool differentiateMeasured(const std::vector<bool> &reached, const PolicyOf &policyOf);
  bool shift(Node &node, const PolicyOf &policyOf);
  template <class Number> bool compute(Node &node);
  template <class Number> bool reverse(Node *root, std::vector<Number> &slopes);
  std::vector<bool> ancestors(const Node *root, bool onlyActive) const;

  base::Context &ctx_;
  const size_t around_; ///< policies around the function
  std::deque<Node> nodes_;
  size_t parameters_ = 0;
  bool sampled_ = false;
};

/// The record that calls of generated code go to; one a run.
struct Recording {
  Tape *tape = nullptr;
};

/// The derivative of the numbers of a leaf's data from those of its slots, by the chain rule.
/// Fails with BadValue when an angle comes from a step whose derivative the compiler does not know.
bool pullBack(base::Context &ctx, qdo_site site, const sim::Recipe &leaf,
              std::span<const double> slots, std::vector<double> &data);

} // namespace qdo::gradient
