// SPDX-License-Identifier: Apache-2.0
// Files by C's means and not by streams: those take a failed read for the end of the file.
#include "compiler/driver/files.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <memory>
#include <sys/stat.h>
#include <unistd.h>

namespace qdo::driver {

static std::optional<std::string> readAll(std::FILE *in, std::string &problem) {
  std::string text;
  char part[1 << 16];
  while (in)
    if (const size_t count = std::fread(part, 1, sizeof part, in))
      text.append(part, count);
    else
      break;
  if (in && !std::ferror(in))
    return text;
  problem = std::strerror(errno ? errno : EIO);
  return std::nullopt;
}

std::optional<std::string> readFile(const std::string &path, std::string &problem) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) {
    problem = "it is a folder";
    return std::nullopt;
  }
  errno = 0;
  std::unique_ptr<std::FILE, int (*)(std::FILE *)> in(std::fopen(path.c_str(), "rb"), std::fclose);
  return readAll(in.get(), problem);
}

std::optional<std::string> readInput(std::string &problem) {
  errno = 0;
  return readAll(stdin, problem);
}

std::optional<std::string> replaceFile(const std::string &path, std::string_view text) {
  std::error_code error;
  // A link stays a link: what it points to is replaced.
  const auto real = std::filesystem::weakly_canonical(path, error);
  std::string target = error ? path : real.string(), draft = target + ".XXXXXX";
  const int file = mkstemp(draft.data());
  if (file < 0)
    return std::strerror(errno);
  auto fail = [&]() -> std::optional<std::string> {
    const int reason = errno;
    close(file);
    unlink(draft.c_str());
    return std::strerror(reason);
  };
  for (std::string_view rest = text; !rest.empty();) {
    const ssize_t written = write(file, rest.data(), rest.size());
    if (written < 0 && errno == EINTR)
      continue;
    if (written < 0)
      return fail();
    rest.remove_prefix(static_cast<size_t>(written));
  }
  struct stat old{};
  const bool exists = stat(target.c_str(), &old) == 0;
  const mode_t mask = umask(0);
  umask(mask);
  if (fchmod(file, exists ? old.st_mode & 07777 : 0666 & ~mask) != 0 || fsync(file) != 0 ||
      rename(draft.c_str(), target.c_str()) != 0)
    return fail();
  close(file);
  return std::nullopt;
}

std::vector<std::string> programsOf(const std::vector<std::string> &names) {
  std::vector<std::string> found;
  std::error_code error;
  for (const std::string &name : names) {
    if (!std::filesystem::is_directory(name, error)) {
      found.push_back(name);
      continue;
    }
    const size_t first = found.size();
    for (const auto &entry : std::filesystem::recursive_directory_iterator(name, error))
      if (entry.path().extension() == ".qdo" && entry.is_regular_file(error))
        found.push_back(entry.path().string());
    std::sort(found.begin() + static_cast<std::ptrdiff_t>(first), found.end());
  }
  return found;
}

} // namespace qdo::driver
