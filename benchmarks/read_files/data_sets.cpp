// SPDX-License-Identifier: MIT
// Whole data sets as published, in RECO_DATA_DIR: seconds, and the most memory that the process ever had.
#include <benchmark/benchmark.h>
#include <malloc.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "reco/io/deskdrop.hpp"
#include "reco/io/movielens.hpp"
#if __has_include(<lzma.h>)
#include "reco/io/xz.hpp"
#endif

namespace {

namespace fs = std::filesystem;

/// A copy of the data set with no file packed, so that what is measured is the reading; empty if there is none.
fs::path unpacked(const std::string& set) {
  const char* const root = std::getenv("RECO_DATA_DIR");
  if (root == nullptr || !fs::is_directory(fs::path(root) / set)) return {};
  const auto folder = fs::temp_directory_path() / ("reco-bench-" + set);
  fs::create_directories(folder);
  for (const auto& entry : fs::directory_iterator(fs::path(root) / set)) {
    const auto& file = entry.path();
    if (file.extension() != ".xz") fs::copy_file(file, folder / file.filename(), fs::copy_options::overwrite_existing);
#if __has_include(<lzma.h>)
    else reco::write_file(folder / file.stem(), reco::unpack_xz(reco::read_file(file), file.string()));
#endif
  }
  return folder;
}

/// Megabytes of a process that reads once and does nothing else.
template <class Read>
double peak_megabytes(const Read& read) {
  malloc_trim(0);  // the child begins with the memory of its parent
  const pid_t child = fork();
  if (child == 0) {
    benchmark::DoNotOptimize(read());
    _exit(0);
  }
  int status = 0;
  rusage used{};
  if (child < 0 || wait4(child, &status, 0, &used) < 0) return 0;
  return static_cast<double>(used.ru_maxrss) * 1024 / 1e6;
}

template <class Read>
void measure(benchmark::State& state, const std::string& set, const Read& read_folder) {
  const auto folder = unpacked(set);
  if (folder.empty()) return state.SkipWithError("set RECO_DATA_DIR to a folder that has this data set");
  const auto read = [&] { return read_folder(folder); };
  state.counters["peak_MB"] = peak_megabytes(read);
  const auto log = read();
  state.counters["events"] = static_cast<double>(log.events.size());
  double bytes = 0;
  for (const auto& f : log.report.files) bytes += static_cast<double>(fs::file_size(f.file));
  state.counters["file_MB"] = bytes / 1e6;
  for (auto _ : state) benchmark::DoNotOptimize(read());
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(bytes));
}

void movielens(benchmark::State& state, const char* set) {
  measure(state, set, [](const fs::path& folder) { return reco::read_movielens(folder); });
}
BENCHMARK_CAPTURE(movielens, 100k, "ml-100k")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(movielens, 1m, "ml-1m")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(movielens, latest_small, "ml-latest-small")->Unit(benchmark::kMillisecond);

void deskdrop(benchmark::State& state) {
  measure(state, "deskdrop", [](const fs::path& folder) { return reco::read_deskdrop(folder); });
}
BENCHMARK(deskdrop)->Unit(benchmark::kMillisecond);

}  // namespace
