// SPDX-License-Identifier: Apache-2.0
// The header of an .npy file is a Python literal, padded so that the numbers start at 64 bytes.
#include "runtime/base/npy.h"

#include <bit>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

namespace qdo::base {

static_assert(std::endian::native == std::endian::little, "numbers are written as they lie");

bool writeNpy(Context &ctx, qdo_site site, const Array &array, const std::string &path) {
  const std::string shape = array.columns == 0 ? fmt::format("({},)", array.rows)
                                               : fmt::format("({}, {})", array.rows, array.columns);
  std::string header =
      fmt::format("{{'descr': '<f8', 'fortran_order': False, 'shape': {}, }}", shape);
  constexpr size_t before = 10; // magic, version, length
  header.resize((before + header.size() + 1 + 63) / 64 * 64 - before - 1, ' ');
  header += '\n';
  std::string start = std::string("\x93NUMPY\x01\x00", 8);
  start += static_cast<char>(header.size() & 0xff);
  start += static_cast<char>(header.size() >> 8);

  const std::string beside = path + ".part";
  std::unique_ptr<FILE, int (*)(FILE *)> file(std::fopen(beside.c_str(), "wb"), std::fclose);
  auto failed = [&] {
    ctx.fail(site, Kind::ResultNotWritten, path, std::strerror(errno)).help =
        "paths are relative to the folder of the program";
    if (file)
      std::remove(beside.c_str());
    return false;
  };
  if (!file)
    return failed();
  const auto count = static_cast<size_t>(array.size());
  if (std::fwrite(start.data(), 1, start.size(), file.get()) != start.size() ||
      std::fwrite(header.data(), 1, header.size(), file.get()) != header.size() ||
      std::fwrite(array.data, sizeof(double), count, file.get()) != count ||
      std::fflush(file.get()) != 0)
    return failed();
  if (std::rename(beside.c_str(), path.c_str()) != 0)
    return failed();
  return true;
}

} // namespace qdo::base
