// SPDX-License-Identifier: Apache-2.0
// Decision-weighted allocation beside a uniform one: the least total shots (training and test) for
// which the labels of test rows agree with those of the classifier on exact kernel values for at
// least 98 % of the rows. Medians over seeds; splits, shots and (two moons) data follow the seed.
// Each repairs its matrix as `svm` does by itself; what uniform needs with the repair of the other
// is printed, too, for it is part of the difference.
// Out: a line a data set; exit status 1 unless decisions never need more than uniform, and at most
// half of it on two of three. Arguments: the number of seeds, part of the name of a data set.
#include "bench/decision.h"

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>

using namespace qdo;

int main(int count, char **arguments) {
  const int seeds = count > 1 ? std::max(1, std::atoi(arguments[1])) : 20;
  fmt::print("least shots for labels that agree with the exact classifier on 98 % of test rows, "
             "median of {} seeds\n{:<24}{:>8}{:>14}{:>8}{:>14}{:>8}{:>14}{:>8}{:>8}{:>8}\n",
             seeds, "", "exact", "uniform", "agree", "with cut", "agree", "decision", "agree",
             "ratio", "to cut");
  int failures = 0, halved = 0;
  for (const bench::Task &task : bench::tasks(BENCH_DATA)) {
    if (count > 2 && task.name.find(arguments[2]) == std::string::npos)
      continue;
    const bench::Least uniform = bench::leastShots(task, estimate::Allocation::Uniform, seeds);
    const bench::Least cut =
        bench::leastShots(task, estimate::Allocation::Uniform, seeds, learn::Repair::Cut);
    const bench::Least decision = bench::leastShots(task, estimate::Allocation::Decision, seeds);
    const double ratio = decision.shots / uniform.shots;
    const bool bad = !(ratio <= 1) || uniform.agreement < 0.98 || decision.agreement < 0.98;
    failures += bad;
    halved += ratio <= 0.5;
    fmt::print("{:<24}{:>8.3f}{:>14.0f}{:>8.3f}{:>14.0f}{:>8.3f}{:>14.0f}{:>8.3f}{:>8.3f}{:>8.3f}"
               "{}\n",
               task.name, uniform.exactAccuracy, uniform.shots, uniform.agreement, cut.shots,
               cut.agreement, decision.shots, decision.agreement, ratio, decision.shots / cut.shots,
               bad ? " !" : "");
    std::fflush(stdout);
  }
  fmt::print("goal: every ratio at most 1 ({}), at most 0.5 on two of three ({} are)\n",
             failures ? "missed" : "met", halved);
  return failures || halved < 2 ? 1 : 0;
}
