// SPDX-License-Identifier: Apache-2.0
// What runs leave for later ones, compiled code above all: entries in a folder, each under the
// digest of what it was made from. Why nothing is reported: a run never needs it. What cannot be
// read is compiled again, what cannot be written is not kept.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace qdo::driver {

class CodeCache {
public:
  /// What an entry is; it ends the name of its file.
  enum class Kind : uint8_t {
    Code,   ///< of an elaborated program
    Inputs, ///< what the elaboration of a text reads
    Ready   ///< which code is that of a text with its inputs
  };

  /// `limit`: bytes of all entries; beyond it those go that were not used for longest.
  CodeCache(std::string folder, uint64_t limit) : folder(std::move(folder)), limit(limit) {}

  /// $QDO_CACHE_DIR, else $XDG_CACHE_HOME/qdo, else ~/.cache/qdo; $QDO_CACHE_MIB mebibytes, else
  /// 256. None when the folder's name is empty or the size 0.
  static std::optional<CodeCache> ofEnvironment();

  /// The name of an entry: a digest of everything that decides what it holds.
  static std::string nameOf(std::string_view content);

  /// What was kept under a name; nothing when it is not whole, or others could have written it.
  [[nodiscard]] std::optional<std::string> find(Kind kind, const std::string &name) const;
  /// Keeps it as far as that can be done. Others that look meanwhile find all of it or nothing.
  void keep(Kind kind, const std::string &name, std::string_view content) const;
  /// Removes what is beyond the limit; once after what a run keeps.
  void shrink() const;

private:
  [[nodiscard]] std::string pathOf(Kind kind, const std::string &name) const;
  std::string folder;
  uint64_t limit;
};

} // namespace qdo::driver
