// SPDX-License-Identifier: Apache-2.0
// First-order rules: gradient descent, Adam, SPSA.
// Sources: Kingma and Ba, ICLR 2015 (Adam, algorithm 1); Spall, IEEE Trans. Aerosp. Electron. Syst.
// 34, 817 (1998) (gain sequences of SPSA).
#include "runtime/gradient/optimizer.h"

#include <cmath>

namespace qdo::gradient {

std::string descend(base::Context &ctx, qdo_site site, const Optimizer &by, Objective &objective,
                    Fit &fit) {
  const size_t size = fit.at.size();
  std::vector<double> first(size), second(size);
  constexpr double keepFirst = 0.9, keepSecond = 0.999, smallest = 1e-8;
  double leftFirst = 1, leftSecond = 1; // powers of the two: corrections of the zero start
  for (int64_t step = 0; step < by.steps; ++step) {
    const bool spsa = by.rule == Optimizer::Rule::Spsa;
    const auto k = static_cast<double>(step);
    auto here = spsa ? objective.perturbed(fit.at, by.perturbation / std::pow(k + 1, 0.101))
                     : objective.gradient(fit.at, true);
    if (!here || !note(ctx, site, fit, std::move(here->value)))
      return "";
    if (objective.exact() && !spsa && lengthOf(*here) <= 1e-12)
      return "converged";
    leftFirst *= keepFirst;
    leftSecond *= keepSecond;
    const double stability = 0.1 * static_cast<double>(by.steps);
    const double rate =
        spsa ? by.rate * std::pow((1 + stability) / (k + 1 + stability), 0.602) : by.rate;
    for (size_t i = 0; i < size; ++i) {
      const double slope = here->slopes[i].value;
      if (by.rule != Optimizer::Rule::Adam) {
        fit.at[i] -= rate * slope;
        continue;
      }
      first[i] = keepFirst * first[i] + (1 - keepFirst) * slope;
      second[i] = keepSecond * second[i] + (1 - keepSecond) * slope * slope;
      fit.at[i] -= rate * (first[i] / (1 - leftFirst)) /
                   (std::sqrt(second[i] / (1 - leftSecond)) + smallest);
    }
    ++fit.steps;
  }
  return "steps";
}

} // namespace qdo::gradient
