// SPDX-License-Identifier: MIT
// What most write first: a line, three numbers, and dense indices by way of two hash tables of numbers.
#include <benchmark/benchmark.h>

#include <cstdio>
#include <fstream>
#include <string>
#include <unordered_map>

#include "read_files/ratings.hpp"

namespace read_files {

std::vector<reco::event> naive_events(const std::filesystem::path& file) {
  std::vector<reco::event> events;
  std::unordered_map<int, std::int32_t> users, movies;
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    int user = 0, movie = 0;
    double rating = 0;
    if (std::sscanf(line.c_str(), "%d::%d::%lf", &user, &movie, &rating) != 3) continue;
    const auto u = users.try_emplace(user, static_cast<std::int32_t>(users.size())).first->second;
    const auto m = movies.try_emplace(movie, static_cast<std::int32_t>(movies.size())).first->second;
    events.push_back({.user = u, .item = m, .value = rating});
  }
  return events;
}

namespace {

void getline_sscanf(benchmark::State& state) {
  const auto file = ratings_folder(state.range(0)) / "ratings.dat";
  for (auto _ : state) benchmark::DoNotOptimize(naive_events(file));
  count(state, file);
}
BENCHMARK(getline_sscanf)->Apply(sizes);

/// The same without events and tables.
void getline_sscanf_rows(benchmark::State& state) {
  const auto file = ratings_folder(state.range(0)) / "ratings.dat";
  for (auto _ : state) {
    std::ifstream in(file);
    double sum = 0;
    for (std::string line; std::getline(in, line);) {
      int user = 0, movie = 0;
      double rating = 0;
      if (std::sscanf(line.c_str(), "%d::%d::%lf", &user, &movie, &rating) == 3) sum += rating;
    }
    benchmark::DoNotOptimize(sum);
  }
  count(state, file);
}
BENCHMARK(getline_sscanf_rows)->Apply(sizes);

}  // namespace

}  // namespace read_files
