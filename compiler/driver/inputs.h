// SPDX-License-Identifier: Apache-2.0
// What the elaboration of a program reads besides the program's own text: files by name, as they
// were then. Out: whether it would read the same again.
// Why a list: with the same text, parameters and options, elaboration asks for the same files in
// the same order as long as each holds what it held; so names and digests are all there is to know.
// Must not: decide where anything is kept.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace qdo::driver {

/// One of them.
struct Input {
  enum class Kind : uint8_t {
    Module, ///< a module of one's own, there or not
    Data,   ///< a data file: its rows are split and shuffled by the seed
    Made,   ///< data made from the seed; `path` says which
  };
  Kind kind;
  std::string path;
  bool operator==(const Input &) const = default;
};

/// What a path holds: a digest of its bytes, or that there is nothing. Nothing else can be
/// remembered: of what is no plain file, reading it now says little of reading it again.
std::optional<std::string> digestOf(const std::string &path);
/// The same of bytes that were read.
std::string digestOfBytes(std::string_view bytes);

/// Inputs in the order in which they were first asked for.
class Inputs {
public:
  /// A module was asked for, and this was read.
  void module(const std::string &path, const std::optional<std::string> &text);
  /// A data file is about to be read.
  void data(const std::string &path);
  void made(const std::string &description);

  [[nodiscard]] const std::vector<Input> &list() const { return inputs; }
  /// Whether each of them still holds what was read, and could be remembered at all.
  [[nodiscard]] bool areAsRead() const;
  /// What decides what was read: names, digests, and the seed where it matters. Nothing when one
  /// of them cannot be remembered.
  static std::optional<std::string> contentOf(const std::vector<Input> &inputs, uint64_t seed);

private:
  void add(Input input, std::optional<std::string> digest);
  std::vector<Input> inputs;
  std::vector<std::string> digests;
  bool good = true;
};

} // namespace qdo::driver
