// SPDX-License-Identifier: Apache-2.0
// Runs a fuzz target on files, without a fuzzer: how ordinary builds keep what fuzzing has found.
// In: folders and files. Out: the input that crashes (the last one named) or takes too long.
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int main(int argc, char **argv) {
  constexpr double mostSeconds = 2;
  std::vector<std::filesystem::path> files;
  for (int i = 1; i < argc; ++i)
    if (std::filesystem::is_directory(argv[i])) {
      for (const auto &entry : std::filesystem::recursive_directory_iterator(argv[i]))
        if (entry.is_regular_file())
          files.push_back(entry.path());
    } else {
      files.emplace_back(argv[i]);
    }
  int slow = 0;
  std::setvbuf(stdout, nullptr, _IONBF, 0);
  for (const std::filesystem::path &file : files) {
    std::ifstream in(file, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    std::printf("\r%s", file.filename().c_str()); // stays last if it crashes
    const auto start = std::chrono::steady_clock::now();
    LLVMFuzzerTestOneInput(reinterpret_cast<const uint8_t *>(text.data()), text.size());
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    if (took.count() > mostSeconds) {
      std::printf(": %.1f s\n", took.count());
      ++slow;
    }
  }
  std::printf("\r%zu inputs, %d of them slow\n", files.size(), slow);
  return slow != 0 || files.empty() ? 1 : 0;
}
