// SPDX-License-Identifier: Apache-2.0
// From a path to a parsed table, once a run.
#include "runtime/data/dataset.h"
#include "runtime/data/generate.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <unordered_map>

namespace qdo::data {

namespace {

struct TableCache {
  std::unordered_map<std::string, std::shared_ptr<const Table>> tables;
};

/// Why the file cannot be read, or empty with its bytes in `bytes`.
std::string readBytes(const std::filesystem::path &path, std::string &bytes) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error))
    return "it is a folder";
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  if (!file)
    return std::strerror(errno ? errno : EIO);
  bytes.assign(std::istreambuf_iterator<char>(file), {});
  return file.bad() ? std::strerror(EIO) : "";
}

} // namespace

std::shared_ptr<const Table> readTable(base::Context &ctx, qdo_site site, const std::string &path) {
  auto &known = ctx.part<TableCache>().tables[path];
  if (known)
    return known;
  std::string bytes;
  if (isGenerated(path)) {
    auto text = generate(ctx, site, path);
    if (!text)
      return nullptr;
    if (auto table = Table::parse(ctx, site, std::move(*text), path))
      known = std::make_shared<const Table>(std::move(*table));
    return known;
  }
  if (std::string why = readBytes(path, bytes); !why.empty()) {
    ctx.fail(site, base::Kind::DataFileMissing, path, why).help =
        "a path in a program is relative to the program's file";
    return nullptr;
  }
  auto name = std::filesystem::path(path).filename().string();
  if (auto table = Table::parse(ctx, site, std::move(bytes), std::move(name)))
    known = std::make_shared<const Table>(std::move(*table));
  return known;
}

} // namespace qdo::data
