// SPDX-License-Identifier: Apache-2.0
// Tables, and the statements on them.
// Why a write-ahead log with full synchronisation: a save is acknowledged when it is on disk, and a
// reader never waits for a writer.
#include "runtime/registry/registry.h"

#include "runtime/registry/sha256.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <charconv>
#include <filesystem>

namespace qdo::registry {

static constexpr int formatVersion = 1;
static constexpr int patience = 10'000; // ms to wait for another program that saves

static constexpr const char *tables = R"(
CREATE TABLE IF NOT EXISTS content (
  hash TEXT PRIMARY KEY, kind TEXT NOT NULL, bytes BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS version (
  name TEXT NOT NULL, number INTEGER NOT NULL, hash TEXT NOT NULL REFERENCES content (hash),
  program TEXT NOT NULL, seed TEXT NOT NULL, saved TEXT NOT NULL,
  PRIMARY KEY (name, number)) WITHOUT ROWID;
)";

bool isName(std::string_view name) {
  return !name.empty() && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("-_./+").find(c) != std::string_view::npos;
  });
}

std::optional<Reference> parseReference(std::string_view text) {
  const size_t at = text.find('@');
  Reference reference{std::string(text.substr(0, at)), std::nullopt};
  if (!isName(reference.name))
    return std::nullopt;
  if (at == text.npos)
    return reference;
  const std::string_view digits = text.substr(at + 1);
  int64_t number = 0;
  auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc() || end != digits.data() + digits.size() || number < 1)
    return std::nullopt;
  reference.version = number;
  return reference;
}

namespace {

/// One statement, with its values bound in order.
class Query {
public:
  Query(sqlite3 *database, const char *text) : database_(database) {
    sqlite3_prepare_v2(database, text, -1, &statement_, nullptr);
  }
  ~Query() { sqlite3_finalize(statement_); }
  Query(const Query &) = delete;
  Query &operator=(const Query &) = delete;

  Query &bind(std::string_view text) {
    sqlite3_bind_text64(statement_, ++bound_, text.data(), text.size(), SQLITE_TRANSIENT,
                        SQLITE_UTF8);
    return *this;
  }
  Query &bindBytes(std::string_view bytes) {
    sqlite3_bind_blob64(statement_, ++bound_, bytes.data(), bytes.size(), SQLITE_TRANSIENT);
    return *this;
  }
  Query &bind(int64_t number) {
    sqlite3_bind_int64(statement_, ++bound_, number);
    return *this;
  }
  /// True for a row; false at the end or after a problem, which is then told.
  bool step(Registry::Problem &problem) {
    const int status = statement_ ? sqlite3_step(statement_) : SQLITE_ERROR;
    if (status != SQLITE_ROW && status != SQLITE_DONE)
      problem.text = sqlite3_errmsg(database_);
    return status == SQLITE_ROW;
  }
  int64_t number(int column) { return sqlite3_column_int64(statement_, column); }
  std::string text(int column) {
    const auto *data = static_cast<const char *>(sqlite3_column_blob(statement_, column));
    const auto size = static_cast<size_t>(sqlite3_column_bytes(statement_, column));
    return data ? std::string(data, size) : std::string();
  }

private:
  sqlite3 *database_;
  sqlite3_stmt *statement_ = nullptr;
  int bound_ = 0;
};

bool execute(sqlite3 *database, const char *text, Registry::Problem &problem) {
  if (sqlite3_exec(database, text, nullptr, nullptr, nullptr) == SQLITE_OK)
    return true;
  problem.text = sqlite3_errmsg(database);
  return false;
}

/// Contents are named by what they are and what is in them.
std::string nameOf(const Kept &kept) { return sha256(kept.kind + "\n" + kept.content); }

} // namespace

std::unique_ptr<Registry> Registry::open(const std::string &path, bool create, Problem &problem) {
  std::error_code error;
  if (!std::filesystem::exists(path, error)) {
    if (!create)
      return nullptr;
    const auto folder = std::filesystem::path(path).parent_path();
    if (!folder.empty() && !std::filesystem::create_directories(folder, error) && error) {
      problem.text = error.message();
      return nullptr;
    }
  }
  sqlite3 *database = nullptr;
  const int flags = SQLITE_OPEN_READWRITE | (create ? SQLITE_OPEN_CREATE : 0);
  const int status = sqlite3_open_v2(path.c_str(), &database, flags, nullptr);
  std::unique_ptr<Registry> registry(new Registry(database));
  if (status != SQLITE_OK) {
    problem.text = database ? sqlite3_errmsg(database) : "no memory";
    return nullptr;
  }
  sqlite3_busy_timeout(database, patience);
  if (!execute(database, "PRAGMA journal_mode = WAL", problem) ||
      !execute(database, "PRAGMA synchronous = FULL", problem))
    return nullptr;
  int64_t found = 0;
  Query version(database, "PRAGMA user_version");
  if (version.step(problem))
    found = version.number(0);
  if (problem)
    return nullptr;
  if (found > formatVersion) {
    problem.text = fmt::format("it is of format {}, this qdo knows {}", found, formatVersion);
    return nullptr;
  }
  if (found < formatVersion && (!execute(database, tables, problem) ||
                                !execute(database, "PRAGMA user_version = 1", problem)))
    return nullptr;
  return registry;
}

Registry::~Registry() { sqlite3_close_v2(database_); }

std::optional<int64_t> Registry::save(std::string_view name, const Kept &kept,
                                      const Provenance &from, Problem &problem) {
  const std::string hash = nameOf(kept);
  if (!execute(database_, "BEGIN IMMEDIATE", problem))
    return std::nullopt;
  int64_t number = 0;
  {
    Query same(database_, "SELECT MIN(number) FROM version WHERE name = ? AND hash = ?");
    if (same.bind(name).bind(hash).step(problem))
      number = same.number(0);
  }
  if (number == 0 && !problem) {
    Query(database_, "INSERT OR IGNORE INTO content VALUES (?, ?, ?)")
        .bind(hash)
        .bind(kept.kind)
        .bindBytes(kept.content)
        .step(problem);
    if (!problem)
      number = newest(name, problem) + 1;
    if (!problem)
      Query(database_, "INSERT INTO version VALUES (?, ?, ?, ?, ?, datetime('now'))")
          .bind(name)
          .bind(number)
          .bind(hash)
          .bind(from.program)
          .bind(fmt::format("{}", from.seed))
          .step(problem);
  }
  if (!problem && execute(database_, "COMMIT", problem))
    return number;
  Problem ignored;
  execute(database_, "ROLLBACK", ignored);
  return std::nullopt;
}

std::optional<Registry::Found> Registry::find(const Reference &reference, Problem &problem) {
  Query query(database_,
              reference.version
                  ? "SELECT kind, bytes, number, hash, program, seed FROM version NATURAL JOIN "
                    "content WHERE name = ? AND number = ?"
                  : "SELECT kind, bytes, number, hash, program, seed FROM version NATURAL JOIN "
                    "content WHERE name = ? ORDER BY number DESC LIMIT 1");
  query.bind(reference.name);
  if (reference.version)
    query.bind(*reference.version);
  if (!query.step(problem))
    return std::nullopt;
  const std::string seed = query.text(5);
  Found found{{query.text(0), query.text(1)}, query.number(2), {query.text(4), 0}};
  std::from_chars(seed.data(), seed.data() + seed.size(), found.provenance.seed);
  if (nameOf(found.kept) != query.text(3)) {
    problem.text = fmt::format("the contents of `{}@{}` are not those that were saved",
                               reference.name, found.version);
    return std::nullopt;
  }
  return found;
}

int64_t Registry::newest(std::string_view name, Problem &problem) {
  Query query(database_, "SELECT COALESCE(MAX(number), 0) FROM version WHERE name = ?");
  return query.bind(name).step(problem) ? query.number(0) : 0;
}

std::vector<Registry::Entry> Registry::list(Problem &problem) {
  Query query(database_,
              "SELECT name, kind, MAX(number) FROM version NATURAL JOIN content GROUP BY "
              "name ORDER BY name");
  std::vector<Entry> entries;
  while (query.step(problem))
    entries.push_back({query.text(0), query.text(1), query.number(2)});
  return entries;
}

} // namespace qdo::registry
