// SPDX-License-Identifier: Apache-2.0
// Files by their digests. Data files may be larger than memory, so they are read in pieces.
#include "compiler/driver/inputs.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/BLAKE3.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <memory>
#include <sys/stat.h>
#include <unistd.h>

namespace qdo::driver {

namespace {
constexpr std::string_view nothing = "none";

std::string hex(llvm::BLAKE3 &hasher) { return llvm::toHex(hasher.final(), /*LowerCase=*/true); }
} // namespace

std::string digestOfBytes(std::string_view bytes) {
  llvm::BLAKE3 hasher;
  hasher.update(llvm::StringRef(bytes.data(), bytes.size()));
  return hex(hasher);
}

std::optional<std::string> digestOf(const std::string &path) {
  struct stat status{};
  if (stat(path.c_str(), &status) != 0)
    return errno == ENOENT || errno == ENOTDIR ? std::optional(std::string(nothing)) : std::nullopt;
  if (!S_ISREG(status.st_mode))
    return std::nullopt;
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0)
    return std::nullopt;
  constexpr size_t most = size_t{1} << 18;
  const size_t piece = std::clamp<size_t>(static_cast<size_t>(status.st_size) + 1, 1, most);
  const auto bytes = std::make_unique_for_overwrite<char[]>(piece);
  llvm::BLAKE3 hasher;
  ssize_t got = 0;
  while ((got = read(file, bytes.get(), piece)) != 0)
    if (got > 0)
      hasher.update(llvm::StringRef(bytes.get(), static_cast<size_t>(got)));
    else if (errno != EINTR)
      break;
  close(file);
  return got == 0 ? std::optional(hex(hasher)) : std::nullopt;
}

void Inputs::add(Input input, std::optional<std::string> digest) {
  good = good && digest;
  if (!good)
    return;
  const auto known = std::ranges::find(inputs, input);
  if (known == inputs.end()) {
    inputs.push_back(std::move(input));
    digests.push_back(std::move(*digest));
  } else { // elaborated once more
    good = digests[static_cast<size_t>(known - inputs.begin())] == *digest;
  }
}

void Inputs::module(const std::string &path, const std::optional<std::string> &text) {
  auto digest = text ? std::optional(digestOfBytes(*text)) : digestOf(path);
  if (!text && digest != nothing) // it is there but was not read
    digest = std::nullopt;
  add({Input::Kind::Module, path}, std::move(digest));
}
void Inputs::data(const std::string &path) { add({Input::Kind::Data, path}, digestOf(path)); }
void Inputs::made(const std::string &description) { add({Input::Kind::Made, description}, ""); }

bool Inputs::areAsRead() const {
  for (size_t i = 0; good && i < inputs.size(); ++i)
    if (inputs[i].kind != Input::Kind::Made && digestOf(inputs[i].path) != digests[i])
      return false;
  return good;
}

std::optional<std::string> Inputs::contentOf(const std::vector<Input> &inputs, uint64_t seed) {
  std::string content;
  bool seeded = false;
  for (const Input &input : inputs) {
    const auto digest =
        input.kind == Input::Kind::Made ? std::optional(std::string()) : digestOf(input.path);
    if (!digest)
      return std::nullopt;
    // With its length, so that no two lists are written the same.
    content += fmt::format("{} {} {} {}\n", static_cast<int>(input.kind), input.path.size(),
                           input.path, *digest);
    seeded = seeded || input.kind != Input::Kind::Module;
  }
  return content + (seeded ? fmt::format("seed {}\n", seed) : "");
}

} // namespace qdo::driver
