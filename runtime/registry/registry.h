// SPDX-License-Identifier: Apache-2.0
// What programs saved by name: one SQLite file, contents by their hash, versions that only grow.
// In: a name and contents. Out: the version, once it is on disk; contents by name and version.
// Why contents are addressed by hash: the same contents are stored once and are the same version.
// Must not: change or remove anything that was saved.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

struct sqlite3;

namespace qdo::registry {

/// Something that can be kept: what it is, and its contents, equal for equal things.
struct Kept {
  std::string kind;
  std::string content;
};

/// Where a version comes from; not part of what it is.
struct Provenance {
  std::string program;
  uint64_t seed = 0;
};

/// "name" or "name@3".
struct Reference {
  std::string name;
  std::optional<int64_t> version;
};
/// Null for what is no reference: an empty name, a version that is no number from 1 on.
std::optional<Reference> parseReference(std::string_view text);
/// Letters, digits and - _ . / + in any number, at least one.
bool isName(std::string_view name);

class Registry {
public:
  struct Problem {
    std::string text; ///< empty: all is well
    explicit operator bool() const { return !text.empty(); }
  };
  struct Found {
    Kept kept;
    int64_t version;
    Provenance provenance;
  };
  struct Entry {
    std::string name, kind;
    int64_t version;
  };

  /// Opens the file; with `create`, makes it and its folder when they are missing. Null: see
  /// `problem`, which is empty when there is no file and none was to be made.
  static std::unique_ptr<Registry> open(const std::string &path, bool create, Problem &problem);
  ~Registry();
  Registry(const Registry &) = delete;
  Registry &operator=(const Registry &) = delete;

  /// The version that has these contents under this name, a new one if there is none. It is on disk
  /// when this returns. Several programs may save at once.
  std::optional<int64_t> save(std::string_view name, const Kept &kept, const Provenance &from,
                              Problem &problem);
  /// A version, the newest without a number. Null without a problem: there is none.
  std::optional<Found> find(const Reference &reference, Problem &problem);
  /// The newest version of a name; 0 when nothing is saved under it.
  int64_t newest(std::string_view name, Problem &problem);
  /// Every name with its newest version, in order.
  std::vector<Entry> list(Problem &problem);

private:
  explicit Registry(sqlite3 *database) : database_(database) {}
  sqlite3 *database_;
};

} // namespace qdo::registry
