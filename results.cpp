// SPDX-License-Identifier: MIT
#include "results.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <numeric>
#include <utility>

#include <reco/base/training.hpp>
#include <reco/evaluation/evaluate_ratings.hpp>
#include <reco/evaluation/registry.hpp>

#include "memory.hpp"
#include "ranking.hpp"

struct contest::parts {
  const fold* events;
  ranking_task task;
};

contest::~contest() = default;

contest::contest(const settings& asked, std::span<const fold> folds, const data_set& data, bool vectors,
                 reco::executor_ref executor)
    : asked_(asked), executor_(executor) {
  std::optional<reco::embeddings<float>> of_items;
  if (vectors) of_items = vectors_of(data, {.executor = executor});
  for (const auto& f : folds) folds_.push_back({.events = &f, .task = ranking_task(f, data.shape, of_items)});
}

const figure* result::find(std::string_view metric, int k) const {
  for (const auto& f : figures)
    if (f.metric == metric && f.k == k) return &f;
  return nullptr;
}

namespace {

/// One value a user: the mean of what they have in the folds they are in. Of candidates that are given with each test
/// row, a user is a row.
class by_user {
 public:
  by_user(std::size_t users, bool rows) : sum_(users), count_(users), rows_(rows) {}
  void add(const std::vector<std::int32_t>& users, const std::vector<double>& values) {
    if (rows_) {
      sum_ = values;
      count_.assign(values.size(), 1);
      return;
    }
    for (std::size_t n = 0; n < values.size(); ++n) {
      sum_[static_cast<std::size_t>(users[n])] += values[n];
      ++count_[static_cast<std::size_t>(users[n])];
    }
  }
  [[nodiscard]] std::vector<double> means() const {
    std::vector<double> out;
    for (std::size_t u = 0; u < sum_.size(); ++u)
      if (count_[u] > 0) out.push_back(sum_[u] / count_[u]);
    return out;
  }

 private:
  std::vector<double> sum_;
  std::vector<double> count_;
  bool rows_;
};

double mean_of(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

}  // namespace

result contest::run(const reco::any_estimator<float>& estimator, bool intervals) const {
  const auto [name, options] = reco::split_description(estimator.text());
  result out{.name = std::string(name), .options = std::string(options)};
  const reco::bootstrap sure{.seed = asked_.seed};
  std::vector<ranking_scores> scores;
  std::vector<reco::rated_pair> pairs;
  std::int64_t unpredicted = 0;
  double asked_users = 0, seconds = 0;
  reset_peak_memory();
  for (const auto& f : folds_) {
    const auto start = std::chrono::steady_clock::now();
    const auto model = estimator.fit(f.task.train(), {.executor = executor_});
    out.fit_seconds += std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    if (asked_.rating()) {
      const auto then = std::chrono::steady_clock::now();
      const auto rated = reco::evaluate_ratings(model, f.task.train(), f.events->test, {.executor = executor_});
      seconds += std::chrono::duration<double>(std::chrono::steady_clock::now() - then).count();
      pairs.insert(pairs.end(), rated.pairs.begin(), rated.pairs.end());
      unpredicted += rated.unpredicted;
      asked_users += static_cast<double>(f.task.users_asked());
    } else {
      scores.push_back(f.task.score(model, asked_.at, executor_));
      seconds += scores.back().seconds;
      asked_users += static_cast<double>(scores.back().users.size());
      out.unanswered += scores.back().unanswered;
    }
  }
  out.fit_seconds /= static_cast<double>(folds_.size());
  out.users_per_second = asked_users / std::max(seconds, 1e-9);
  out.peak_mib = peak_memory_mib();

  if (asked_.rating()) {
    const auto errors = reco::errors_by_user(pairs, intervals ? sure : reco::bootstrap{.resamples = 1}, executor_);
    out.figures.push_back({.metric = "rmse", .value = errors.rmse.mean, .range = errors.rmse});
    out.figures.push_back({.metric = "mae", .value = errors.mae.mean, .range = errors.mae});
    out.figures.push_back({.metric = "unpredicted", .value = static_cast<double>(unpredicted)});
    return out;
  }
  const bool rows = !folds_.front().events->candidates.empty();
  for (std::size_t m = 0; m < list_metrics.size(); ++m)
    for (std::size_t k = 0; k < asked_.at.size(); ++k) {
      by_user values(static_cast<std::size_t>(folds_.front().task.train().users()), rows);
      for (const auto& s : scores) values.add(s.users, s.values[m][k]);
      figure f{.metric = std::string(list_metrics[m]), .k = asked_.at[k], .of_user = values.means()};
      f.value = mean_of(f.of_user);
      if (intervals) f.range = sure.mean(f.of_user, executor_);
      out.figures.push_back(std::move(f));
    }
  for (std::size_t k = 0; k < asked_.at.size(); ++k) {
    double coverage = 0, gini = 0;
    for (const auto& s : scores) {
      coverage += s.coverage[k] / static_cast<double>(scores.size());
      gini += s.gini[k] / static_cast<double>(scores.size());
    }
    out.figures.push_back({.metric = "coverage", .k = asked_.at[k], .value = coverage});
    out.figures.push_back({.metric = "gini", .k = asked_.at[k], .value = gini});
  }
  return out;
}
