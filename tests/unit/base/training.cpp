// SPDX-License-Identifier: MIT
#include "reco/base/training.hpp"

#include <cstdint>
#include <stop_token>
#include <vector>

#include "reco/base/fit_report.hpp"
#include "support/catch.hpp"

using namespace reco_test;

namespace {

/// What every fit does with its training, in small.
reco::fit_report count_to(int epochs, const reco::training& how) {
  reco::fit_report report;
  for (int epoch = 1; epoch <= epochs; ++epoch) {
    how.executor.run(3, [](std::int64_t) {});
    report.epochs = epoch;
    if (how.observer) how.observer({.epoch = epoch, .epochs = epochs, .loss = 1.0 / epoch});
    report.stopped = how.stop.stop_requested();
    if (report.stopped) break;
  }
  return report;
}

}  // namespace

TEST_CASE("a training of nothing is serial and unobserved and never stops") {
  const reco::training how;
  CHECK_FALSE(how.observer);
  CHECK_FALSE(how.stop.stop_possible());
  const auto report = count_to(4, how);
  CHECK(report.epochs == 4);
  CHECK_FALSE(report.stopped);
  CHECK(report.converged);
  CHECK(report.loss.empty());
}

TEST_CASE("an observer is told of every epoch and may ask for the end") {
  std::stop_source source;
  std::vector<double> losses;
  const auto watch = [&](const reco::progress& p) {
    losses.push_back(p.loss);
    CHECK(p.epochs == 10);
    if (p.epoch == 3) source.request_stop();
  };
  const auto report = count_to(10, {.observer = watch, .stop = source.get_token()});
  CHECK(report.epochs == 3);
  CHECK(report.stopped);
  CHECK(losses == std::vector<double>{1, 1.0 / 2, 1.0 / 3});
}
