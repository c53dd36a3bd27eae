// SPDX-License-Identifier: MIT
#pragma once

#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <ctime>
#include <functional>
#include <string>
#include <utility>
#include <vector>

// Contenders of one task in turns, A B C A B C …, in one process: what disturbs the machine disturbs all of them, and
// the median of the rounds' ratios is the figure.
//
//     void versus(benchmark::State& state) {
//       bench::interleaved({{"reco", [&] { ours(); }}, {"peer", [&] { theirs(); }}}).run(state);
//     }
//     BENCHMARK(versus)->Iterations(15)->Unit(benchmark::kMillisecond);
//
// An iteration is a round. Counters: `reco` and `peer`, median seconds; `peer/reco`, how many times longer the peer
// takes.

namespace bench {

struct contender {
  std::string name = {};
  std::function<void()> run = {};
};

class interleaved {
 public:
  explicit interleaved(std::vector<contender> contenders)
      : contenders_(std::move(contenders)), seconds_(contenders_.size()), cpu_(contenders_.size()) {}

  /// Each once, in their order.
  void round() {
    for (std::size_t c = 0; c < contenders_.size(); ++c) {
      const auto start = std::chrono::steady_clock::now();
      const auto cpu_start = std::clock();
      contenders_[c].run();
      cpu_[c].push_back(static_cast<double>(std::clock() - cpu_start) / CLOCKS_PER_SEC);
      seconds_[c].push_back(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
    }
  }
  /// Median over the rounds.
  [[nodiscard]] double seconds(std::size_t contender) const { return median(seconds_[contender]); }
  [[nodiscard]] double cpu_seconds(std::size_t contender) const { return median(cpu_[contender]); }
  /// Median over the rounds of how many times longer `slow` took than `fast`.
  [[nodiscard]] double ratio(std::size_t slow, std::size_t fast) const {
    return median(quotients(seconds_[slow], seconds_[fast]));
  }
  [[nodiscard]] double cpu_ratio(std::size_t slow, std::size_t fast) const {
    return median(quotients(cpu_[slow], cpu_[fast]));
  }

  /// One round that does not count, to bring data and code into place; then an iteration a round.
  void run(benchmark::State& state) {
    for (const auto& c : contenders_) c.run();
    for (auto _ : state) round();
    for (std::size_t c = 0; c < contenders_.size(); ++c) {
      state.counters[contenders_[c].name] = seconds(c);
      if (c == 0) continue;
      const auto versus = contenders_[c].name + "/" + contenders_[0].name;
      state.counters[versus] = ratio(c, 0);
      state.counters[versus + "_cpu"] = cpu_ratio(c, 0);
    }
  }

 private:
  static double median(std::vector<double> v) {
    const auto middle = v.begin() + static_cast<std::ptrdiff_t>(v.size() / 2);
    std::nth_element(v.begin(), middle, v.end());
    return *middle;
  }
  static std::vector<double> quotients(std::vector<double> slow, const std::vector<double>& fast) {
    for (std::size_t r = 0; r < slow.size(); ++r) slow[r] /= fast[r];
    return slow;
  }

  std::vector<contender> contenders_;
  std::vector<std::vector<double>> seconds_, cpu_;  // of each contender, by rounds
};

}  // namespace bench
