// SPDX-License-Identifier: Apache-2.0
// Every example without one of its tokens: no crash, no mistake of qdo's own, at most three errors;
// and what is accepted all the same is accepted after `qdo fmt` too, which then changes nothing.
// In: program files. Out: the deletions that break the promise, and how many there were.
// Why in one process: thousands of checks; each is a session of its own, as in `qdo check`.
#include "compiler/driver/session.h"
#include "compiler/syntax/format.h"
#include "compiler/syntax/parse.h"

#include <fmt/format.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <map>
#include <sstream>
#include <unistd.h>

namespace {

using qdo::base::SourceMap;

constexpr unsigned MostErrors = 3;
constexpr double MostSeconds = 2;

/// What is tried now, for the handler of a crash.
std::string current;

void crashed(int signal) {
  const ssize_t written = write(STDERR_FILENO, current.data(), current.size());
  std::signal(signal, SIG_DFL);
  raise(written < 0 ? SIGABRT : signal);
}

struct Piece {
  size_t begin, end;
};

/// The tokens of a program, newlines included, as `qdo emit --stage=tokens` gives them.
std::vector<Piece> tokensOf(const std::string &text) {
  SourceMap sources;
  qdo::diag::Engine diagnostics;
  const auto file = sources.add("tokens.qdo", text);
  std::istringstream lines(qdo::syntax::dumpTokens(file, sources, diagnostics));
  std::vector<size_t> starts{0};
  for (size_t i = 0; i < text.size(); ++i)
    if (text[i] == '\n')
      starts.push_back(i + 1);
  std::vector<Piece> pieces;
  for (std::string line; std::getline(lines, line);) {
    size_t row = 0, column = 0;
    char colon = 0;
    std::string name;
    std::istringstream words(line);
    words >> row >> colon >> column >> name;
    const size_t begin = starts[row - 1] + column - 1;
    std::string token;
    std::getline(words >> std::ws, token);
    if (!token.empty() && text.compare(begin, token.size(), token) == 0)
      pieces.push_back({begin, begin + token.size()});
    else if (name == "NL" && begin < text.size() && text[begin] == '\n')
      pieces.push_back({begin, begin + 1});
  }
  return pieces;
}

struct Verdict {
  unsigned errors = 0;
  bool ours = false; ///< a mistake of qdo itself
  std::string listing;
};

Verdict check(const std::string &name, const std::string &text) {
  qdo::driver::Options options;
  options.file = name;
  options.text = text;
  options.mayLackData = true;
  qdo::driver::Session session(options);
  Verdict verdict;
  session.elaborate();
  for (const auto &diagnostic : session.diagnostics.all()) {
    if (diagnostic.level() != qdo::diag::Level::Error)
      continue;
    ++verdict.errors;
    const auto &code = qdo::diag::info(diagnostic.code());
    verdict.ours |= code.exitClass == qdo::diag::ExitClass::Internal;
    verdict.listing += fmt::format(
        "    {}: {} {}\n",
        diagnostic.located
            ? session.sources.position(diagnostic.primary.span.file, diagnostic.primary.span.begin)
                  .line
            : 0,
        code.name, diagnostic.message);
  }
  return verdict;
}

/// What the formatter makes of an accepted program must be accepted, and be its own format.
std::string formatProblem(const std::string &name, const std::string &text) {
  const auto formatted = [](const std::string &from) {
    SourceMap sources;
    qdo::diag::Engine diagnostics;
    return qdo::syntax::format(sources.add("format.qdo", from), sources, diagnostics);
  };
  const auto once = formatted(text);
  if (!once)
    return "    fmt: refuses what check accepts\n";
  const Verdict verdict = check(name, *once);
  if (verdict.errors != 0)
    return "    fmt: check refuses what it wrote\n" + verdict.listing;
  return formatted(*once) == once ? "" : "    fmt: changes what it wrote\n";
}

/// The number of broken promises of one program.
unsigned tryAll(const std::string &name, const std::string &text,
                std::map<unsigned, unsigned> &histogram) {
  // A program that does not run yet has errors of its own, which every deletion keeps.
  const unsigned before = check(name, text).errors;
  unsigned broken = 0;
  for (const Piece &piece : tokensOf(text)) {
    std::string shorter = text;
    shorter.erase(piece.begin, piece.end - piece.begin);
    const auto line = std::count(text.begin(), text.begin() + static_cast<long>(piece.begin), '\n');
    current = fmt::format("{}:{}: without `{}`\n", name, line + 1,
                          text.substr(piece.begin, piece.end - piece.begin));
    const auto start = std::chrono::steady_clock::now();
    Verdict verdict;
    try {
      verdict = check(name, shorter);
      if (verdict.errors == 0)
        if (const std::string problem = formatProblem(name, shorter); !problem.empty()) {
          verdict.ours = true;
          verdict.listing += problem;
        }
    } catch (const std::exception &error) {
      verdict.ours = true;
      verdict.listing = fmt::format("    thrown: {}\n", error.what());
    }
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    ++histogram[verdict.errors > before ? verdict.errors - before : 0];
    if (verdict.errors <= before + MostErrors && !verdict.ours && took.count() < MostSeconds)
      continue;
    ++broken;
    fmt::print("{}  {} errors, {:.2f} s\n{}", current, verdict.errors, took.count(),
               verdict.listing);
  }
  return broken;
}

} // namespace

int main(int argc, char **argv) {
  for (int signal : {SIGSEGV, SIGABRT, SIGFPE, SIGILL, SIGBUS})
    std::signal(signal, crashed);
  unsigned broken = 0;
  std::map<unsigned, unsigned> histogram;
  for (int i = 1; i < argc; ++i) {
    std::ifstream in(argv[i], std::ios::binary);
    std::stringstream text;
    text << in.rdbuf();
    if (!in || text.str().empty()) {
      fmt::print("{}: cannot be read\n", argv[i]);
      return 1;
    }
    broken += tryAll(argv[i], text.str(), histogram);
  }
  unsigned total = 0;
  for (const auto &[errors, count] : histogram) {
    fmt::print("{} more errors: {} deletions\n", errors, count);
    total += count;
  }
  fmt::print("{} deletions, {} broken promises\n", total, broken);
  return broken != 0 || total == 0 ? 1 : 0;
}
