// SPDX-License-Identifier: Apache-2.0
// An entry is a file: its length and digest, then its bytes. Files appear by a rename, so runs
// beside each other need no lock.
#include "compiler/driver/code_cache.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/BLAKE3.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

namespace qdo::driver {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view endings[] = {".code", ".inputs", ".ready"};
constexpr size_t digestSize = 32;

struct Head {
  char kind[8] = {'q', 'd', 'o', 'c', 'o', 'd', 'e', '1'};
  uint64_t size = 0;
  uint8_t digest[digestSize] = {};
};

Head headOf(std::string_view content) {
  Head head;
  head.size = content.size();
  const auto digest = llvm::BLAKE3::hash<digestSize>(llvm::arrayRefFromStringRef(content));
  std::ranges::copy(digest, head.digest);
  return head;
}

/// A descriptor that closes itself.
struct File {
  int number;
  explicit File(int number) : number(number) {}
  File(const File &) = delete;
  File &operator=(const File &) = delete;
  ~File() {
    if (number >= 0)
      close(number);
  }
};

bool readWhole(int file, char *bytes, size_t count) {
  while (count > 0) {
    const ssize_t got = read(file, bytes, count);
    if (got < 0 && errno == EINTR)
      continue;
    if (got <= 0)
      return false;
    bytes += got;
    count -= static_cast<size_t>(got);
  }
  return true;
}

bool writeWhole(int file, const char *bytes, size_t count) {
  while (count > 0) {
    const ssize_t put = write(file, bytes, count);
    if (put < 0 && errno == EINTR)
      continue;
    if (put <= 0)
      return false;
    bytes += put;
    count -= static_cast<size_t>(put);
  }
  return true;
}

const char *variable(const char *name) {
  const char *value = std::getenv(name);
  return value && *value ? value : nullptr;
}

} // namespace

std::optional<CodeCache> CodeCache::ofEnvironment() {
  std::string folder;
  if (const char *own = std::getenv("QDO_CACHE_DIR"))
    folder = own;
  else if (const char *caches = variable("XDG_CACHE_HOME"))
    folder = std::string(caches) + "/qdo";
  else if (const char *home = variable("HOME"))
    folder = std::string(home) + "/.cache/qdo";
  uint64_t mebibytes = 256;
  if (const char *said = variable("QDO_CACHE_MIB"))
    std::from_chars(said, said + std::strlen(said), mebibytes);
  if (folder.empty() || mebibytes == 0)
    return std::nullopt;
  return CodeCache(std::move(folder), mebibytes << 20);
}

std::string CodeCache::nameOf(std::string_view content) {
  const auto digest = llvm::BLAKE3::hash<digestSize>(llvm::arrayRefFromStringRef(content));
  return llvm::toHex(digest, /*LowerCase=*/true);
}

std::string CodeCache::pathOf(Kind kind, const std::string &name) const {
  return folder + "/" + name + std::string(endings[static_cast<size_t>(kind)]);
}

std::optional<std::string> CodeCache::find(Kind kind, const std::string &name) const {
  const File file(open(pathOf(kind, name).c_str(), O_RDONLY | O_CLOEXEC));
  struct stat status{};
  Head head;
  // Code that others could have put there is not run.
  if (file.number < 0 || fstat(file.number, &status) != 0 || !S_ISREG(status.st_mode) ||
      status.st_uid != geteuid() || (status.st_mode & 022) != 0 ||
      !readWhole(file.number, reinterpret_cast<char *>(&head), sizeof head))
    return std::nullopt;
  if (static_cast<uint64_t>(status.st_size) != sizeof head + head.size)
    return std::nullopt;
  std::string content(head.size, '\0');
  if (!readWhole(file.number, content.data(), content.size()))
    return std::nullopt;
  const Head expected = headOf(content);
  if (std::memcmp(&head, &expected, sizeof head) != 0)
    return std::nullopt;
  futimens(file.number, nullptr); // used now
  return content;
}

void CodeCache::keep(Kind kind, const std::string &name, std::string_view content) const {
  std::error_code error;
  if (content.size() + sizeof(Head) > limit)
    return;
  if (fs::create_directories(folder, error))
    fs::permissions(folder, fs::perms::owner_all, error);
  std::string draft = folder + "/.draft.XXXXXX";
  const File file(mkostemp(draft.data(), O_CLOEXEC)); // mode 0600
  if (file.number < 0)
    return;
  const Head head = headOf(content);
  if (!writeWhole(file.number, reinterpret_cast<const char *>(&head), sizeof head) ||
      !writeWhole(file.number, content.data(), content.size()) ||
      rename(draft.c_str(), pathOf(kind, name).c_str()) != 0)
    unlink(draft.c_str());
}

/// Removes what was not used for longest, down to three quarters of the limit, so that this is not
/// done at each run; and drafts of runs that were cut off.
void CodeCache::shrink() const {
  struct Entry {
    fs::file_time_type used;
    uint64_t size;
    fs::path path;
  };
  std::vector<Entry> entries;
  uint64_t total = 0;
  std::error_code error;
  const auto now = fs::file_time_type::clock::now();
  for (const auto &file : fs::directory_iterator(folder, error)) {
    std::error_code gone;
    const Entry entry{file.last_write_time(gone), file.file_size(gone), file.path()};
    if (gone)
      continue;
    if (std::ranges::find(endings, entry.path.extension().string()) != std::end(endings)) {
      total += entry.size;
      entries.push_back(entry);
    } else if (entry.path.filename().string().starts_with(".draft.") &&
               now - entry.used > std::chrono::hours(1))
      fs::remove(entry.path, gone);
  }
  if (total <= limit)
    return;
  std::ranges::sort(entries, {}, &Entry::used);
  for (const Entry &entry : entries) {
    if (total <= limit / 4 * 3)
      break;
    if (fs::remove(entry.path, error))
      total -= entry.size;
  }
}

} // namespace qdo::driver
