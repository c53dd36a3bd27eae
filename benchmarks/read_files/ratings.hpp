// SPDX-License-Identifier: MIT
#pragma once

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "reco/base/random.hpp"
#include "reco/data/event.hpp"
#include "reco/io/file.hpp"

namespace read_files {

/// A folder with `ratings.dat` of so many ratings in the form of MovieLens 1M, `user::movie::rating`: users one after
/// the other, 165 ratings each, of 3,706 movies with ids up to 3,952. Made once a size.
inline std::filesystem::path ratings_folder(std::int64_t ratings) {
  const auto folder = std::filesystem::temp_directory_path() / ("reco-bench-ratings-" + std::to_string(ratings));
  if (std::filesystem::exists(folder / "ratings.dat")) return folder;
  reco::random_engine random(1);
  std::string text;
  for (std::int64_t n = 0; n < ratings; ++n) {
    const double u = reco::uniform_real(random);  // some movies are rated much more than others
    const auto movie = 1 + static_cast<std::int64_t>(3952 * u * u);
    const auto rating = 1 + reco::uniform_index(random, 5);
    text += std::to_string(1 + n / 165) + "::" + std::to_string(movie) + "::" + std::to_string(rating) + '\n';
  }
  std::filesystem::create_directories(folder);
  reco::write_file(folder / "ratings.dat", text);
  return folder;
}

/// Users, movies and ratings as `getline` and `sscanf` read them: what every contender must find.
std::vector<reco::event> naive_events(const std::filesystem::path& file);

inline void sizes(benchmark::internal::Benchmark* b) {
  for (const std::int64_t ratings : {10'000, 100'000, 1'000'000, 10'000'000}) b->Arg(ratings);
  b->ArgName("ratings")->Unit(benchmark::kMillisecond)->Complexity(benchmark::oN);
}

inline void count(benchmark::State& state, const std::filesystem::path& file) {
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(std::filesystem::file_size(file)));
  state.SetItemsProcessed(state.iterations() * state.range(0));
  state.SetComplexityN(state.range(0));
}

/// For checks before the clock starts: a fast wrong answer ends the program.
inline void require(bool good, const char* what) {
  if (good) return;
  std::fprintf(stderr, "read_files: %s\n", what);
  std::exit(1);
}

}  // namespace read_files
