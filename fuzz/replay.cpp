// SPDX-License-Identifier: Apache-2.0
// Feeds every file of the given folders (and every given file) to the fuzz target that it is linked with. A
// claim that does not hold aborts; a folder without a file is an error, so that seeds cannot vanish unseen.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

bool feed(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) {
    std::fprintf(stderr, "%s: cannot be read\n", file.c_str());
    return false;
  }
  const std::vector<char> bytes{std::istreambuf_iterator<char>(stream), {}};
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
  return true;
}

// Returns the number of files fed; 0: none, or one could not be read.
std::size_t feed_all(const std::filesystem::path& where) {
  std::error_code error;
  if (std::filesystem::is_regular_file(where, error)) return feed(where) ? 1 : 0;
  std::size_t count = 0;
  std::filesystem::recursive_directory_iterator entries(where, error);
  for (; !error && entries != std::filesystem::recursive_directory_iterator(); entries.increment(error)) {
    if (!entries->is_regular_file()) continue;
    if (!feed(entries->path())) return 0;
    ++count;
  }
  return error ? 0 : count;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: %s <folder or file>...\n", argv[0]);
    return 2;
  }
  for (int i = 1; i < argc; ++i) {
    const std::size_t count = feed_all(argv[i]);
    std::printf("%s: %zu\n", argv[i], count);
    if (count == 0) return 1;
  }
  return 0;
}
