// SPDX-License-Identifier: MIT
#include <benchmark/benchmark.h>

#include <algorithm>

#include "read_files/ratings.hpp"
#include "reco/io/csv.hpp"
#include "reco/io/movielens.hpp"

namespace {

using namespace read_files;

/// Everything: ids of any text, indices, events, and checks of each field.
void reco_log(benchmark::State& state) {
  const auto folder = ratings_folder(state.range(0));
  require(reco::read_movielens(folder).events == naive_events(folder / "ratings.dat"), "the events differ");
  for (auto _ : state) benchmark::DoNotOptimize(reco::read_movielens(folder));
  count(state, folder / "ratings.dat");
}
BENCHMARK(reco_log)->Apply(sizes);

double sum_of_ratings(const std::filesystem::path& file) {
  const std::string text = reco::read_file(file);
  reco::csv_reader csv(text, file.string(),
                       {.separator = "::", .quotes = false, .columns = {"user", "movie", "rating"}});
  double sum = 0;
  while (csv.next()) sum += csv.number<double>(2);
  return sum;
}

/// The rows and one number of each.
void reco_rows(benchmark::State& state) {
  const auto file = ratings_folder(state.range(0)) / "ratings.dat";
  double expected = 0;
  for (const auto& e : naive_events(file)) expected += e.value;
  require(sum_of_ratings(file) == expected, "the sums differ");
  for (auto _ : state) benchmark::DoNotOptimize(sum_of_ratings(file));
  count(state, file);
}
BENCHMARK(reco_rows)->Apply(sizes);

/// The limit: bring the file into memory and look at every byte once.
void limit_lines(benchmark::State& state) {
  const auto file = ratings_folder(state.range(0)) / "ratings.dat";
  for (auto _ : state) {
    const std::string text = reco::read_file(file);
    benchmark::DoNotOptimize(std::count(text.begin(), text.end(), '\n'));
  }
  count(state, file);
}
BENCHMARK(limit_lines)->Apply(sizes);

}  // namespace
