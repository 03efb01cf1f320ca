// SPDX-License-Identifier: Apache-2.0
// `qdo cost`: what a program will take, as tables or as JSON, without running it.
#include "compiler/driver/cost.h"
#include "compiler/driver/commands/program.h"
#include "compiler/lower/overspending.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <set>

namespace qdo::driver {

namespace {

using Json = nlohmann::ordered_json;

constexpr const char *Unknown = "unknown until run";

std::string number(std::optional<int64_t> n, const char *without = Unknown) {
  if (!n)
    return without;
  std::string digits = std::to_string(*n);
  for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3)
    digits.insert(static_cast<size_t>(at), ",");
  return digits;
}

std::string seconds(std::optional<double> time, const char *without = Unknown) {
  return !time ? without : *time == 0 ? "0s" : lower::shownSeconds(*time);
}

std::string memory(int64_t qubits) {
  const auto bytes = Cost::bytes(qubits);
  if (!bytes)
    return "more than 4 EiB";
  static constexpr const char *units[] = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  int64_t n = *bytes;
  size_t unit = 0;
  for (; n >= 1024; n /= 1024)
    ++unit;
  return fmt::format("{} {}", n, units[unit]);
}

/// Columns as wide as what stands in them; the first is flush left, the others flush right.
void print(const std::vector<std::vector<std::string>> &rows) {
  std::vector<size_t> widths(rows.front().size());
  for (const auto &row : rows)
    for (size_t i = 0; i < row.size(); ++i)
      widths[i] = std::max(widths[i], row[i].size());
  for (const auto &row : rows) {
    std::string line = fmt::format("{:<{}}", row[0], widths[0]);
    for (size_t i = 1; i < row.size(); ++i)
      line += fmt::format("  {:>{}}", row[i], widths[i]);
    fmt::print("{}\n", line.substr(0, line.find_last_not_of(' ') + 1));
  }
}

struct Total {
  int64_t qubits = 0;
  std::optional<int64_t> depth = 0, gates = 0, twoQubit = 0;
};

Total totalOf(const Cost &cost) {
  Total total;
  auto most = [](std::optional<int64_t> &into, std::optional<int64_t> one) {
    into = into && one ? std::optional(std::max(*into, *one)) : std::nullopt;
  };
  for (const CircuitCost &c : cost.circuits) {
    total.qubits = std::max(total.qubits, c.qubits);
    most(total.depth, c.depth);
    most(total.gates, c.gates);
    most(total.twoQubit, c.twoQubit);
  }
  return total;
}

std::string wordOf(const lower::Measurement &m) {
  if (m.what == "expect")
    return "expectation value";
  if (m.what == "kernel")
    return "pairs of rows";
  if (m.what == "kernel_body")
    return "values of a kernel";
  if (m.what == "model_accuracy")
    return "rows against a model";
  if (m.what == "loss")
    return "values of a loss";
  if (m.what == "slopes")
    return "circuits moved for slopes";
  return m.what;
}

/// What an unrolled loop measures in one line is one row of the table.
std::vector<lower::Measurement> byLine(const std::vector<lower::Measurement> &measurements) {
  std::vector<lower::Measurement> rows;
  for (const lower::Measurement &m : measurements) {
    if (m.mostCircuits == 0)
      continue;
    auto same = std::ranges::find_if(rows, [&](const lower::Measurement &row) {
      return row.what == m.what && row.span.file == m.span.file && row.span.begin == m.span.begin &&
             row.mostEach == m.mostEach;
    });
    if (same == rows.end())
      rows.push_back(m);
    else if (!same->mostCircuits || !m.mostCircuits ||
             __builtin_add_overflow(*same->mostCircuits, *m.mostCircuits, &*same->mostCircuits))
      same->mostCircuits.reset();
  }
  return rows;
}

void printTables(const Cost &cost, const Session &session) {
  const Total total = totalOf(cost);
  if (!cost.circuits.empty()) {
    std::vector<std::vector<std::string>> rows = {
        {"circuit", "qubits", "depth", "gates", "two-qubit", "memory"}};
    for (const CircuitCost &c : cost.circuits)
      rows.push_back({c.name, number(c.qubits), number(c.depth), number(c.gates),
                      number(c.twoQubit), memory(c.qubits)});
    rows.push_back({"most of one circuit", number(total.qubits), number(total.depth),
                    number(total.gates), number(total.twoQubit), memory(total.qubits)});
    print(rows);
  }
  const auto &spending = cost.spending;
  if (!spending.measurements.empty()) {
    std::vector<std::vector<std::string>> rows = {
        {"measured", "line", "circuits at most", "shots of each at most"}};
    for (const lower::Measurement &m : byLine(spending.measurements))
      rows.push_back({wordOf(m),
                      std::to_string(session.sources.position(m.span.file, m.span.begin).line),
                      number(m.mostCircuits), number(m.mostEach, "the budget")});
    fmt::print("\n");
    print(rows);
    rows = {
        {"policy", "budget", "least shots", "most shots", "deadline", "least time", "most time"}};
    for (const auto &[key, purse] : spending.purses)
      rows.push_back({purse.name + (purse.approximate ? " (wilson: approximate)" : ""),
                      number(purse.budget, "none"), number(purse.least),
                      number(cost.most(key), purse.budget ? Unknown : "unbounded"),
                      seconds(purse.deadline, "none"), seconds(purse.leastSeconds),
                      seconds(cost.mostSeconds(key))});
    fmt::print("\n");
    print(rows);
    if (std::ranges::any_of(spending.purses, [](auto &p) { return p.second.approximate; }))
      fmt::print("intervals of `wilson` are approximate: at 95% they held in as little as 81.4% of "
                 "runs (`qdo explain E0310`)\n");
  }
  fmt::print("\nprogram: {} circuits measured at most, {} to {} shots\n",
             number(cost.mostCircuits(), "an unknown number of"), number(spending.least),
             number(cost.mostShots(), "an unbounded number of"));
  if (spending.measurements.empty())
    return;
  fmt::print("device: {} to {}, by the times of its model\n", seconds(spending.leastSeconds),
             seconds(cost.mostSeconds(), "a time that is known when it runs"));
  if (cost.mostSeconds())
    return;
  std::set<std::string> said;
  for (const lower::Measurement &m : spending.measurements)
    if (const char *why = Cost::unknownTime(m)) {
      const auto line = session.sources.position(m.span.file, m.span.begin).line;
      std::string reason = fmt::format("line {}: {}: {}", line, wordOf(m), why);
      if (said.insert(reason).second)
        fmt::print("{}\n", reason);
    }
}

template <class N> Json optional(std::optional<N> n) { return n ? Json(*n) : Json(nullptr); }

Json toJson(const Cost &cost, const Session &session) {
  Json circuits = Json::array(), measurements = Json::array(), policies = Json::array();
  for (const CircuitCost &c : cost.circuits)
    circuits.push_back({{"name", c.name},
                        {"qubits", c.qubits},
                        {"depth", optional(c.depth)},
                        {"gates", optional(c.gates)},
                        {"twoQubit", optional(c.twoQubit)},
                        {"larger", optional(c.larger)},
                        {"bytes", optional(Cost::bytes(c.qubits))}});
  for (const lower::Measurement &m : cost.spending.measurements) {
    const char *why = Cost::unknownTime(m);
    measurements.push_back({{"what", m.what},
                            {"line", session.sources.position(m.span.file, m.span.begin).line},
                            {"mostCircuits", optional(m.mostCircuits)},
                            {"mostShotsEach", optional(m.mostEach)},
                            {"mostSecondsOfShot", optional(Cost::shotSeconds(m))},
                            {"unknown", why ? Json(why) : Json(nullptr)}});
  }
  for (const auto &[key, purse] : cost.spending.purses)
    policies.push_back({{"name", purse.name},
                        {"budget", optional(purse.budget)},
                        {"leastShots", purse.least},
                        {"mostShots", optional(cost.most(key))},
                        {"deadlineSeconds", optional(purse.deadline)},
                        {"leastSeconds", purse.leastSeconds},
                        {"mostSeconds", optional(cost.mostSeconds(key))},
                        {"approximate", purse.approximate}});
  const Total total = totalOf(cost);
  return {{"circuits", circuits},
          {"measurements", measurements},
          {"policies", policies},
          {"program",
           {{"qubits", total.qubits},
            {"depth", optional(total.depth)},
            {"gates", optional(total.gates)},
            {"twoQubit", optional(total.twoQubit)},
            {"bytes", optional(Cost::bytes(total.qubits))},
            {"mostCircuits", optional(cost.mostCircuits())},
            {"leastShots", cost.spending.least},
            {"mostShots", optional(cost.mostShots())},
            {"leastSeconds", cost.spending.leastSeconds},
            {"mostSeconds", optional(cost.mostSeconds())}}}};
}

int cost(ProgramArguments &arguments) {
  if (auto status = beforeSession(arguments))
    return *status;
  arguments.session.mayLackData = true;
  Session session(arguments.options());
  if (auto status = checkProgram(session, arguments))
    return *status;
  const auto cost = session.cost();
  session.diagnostics.sortByPlace();
  report(session, arguments);
  if (!cost)
    return session.diagnostics.exitStatus();
  if (arguments.json)
    fmt::print("{}\n", toJson(*cost, session).dump());
  else
    printTables(*cost, session);
  return Ok;
}

} // namespace

void addCost(Commands &commands) {
  auto arguments = std::make_shared<ProgramArguments>();
  addProgramOptions(commands.add("cost", "what a program will take, without running it",
                                 [arguments] { return cost(*arguments); }),
                    *arguments);
}

} // namespace qdo::driver
