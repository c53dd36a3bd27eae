// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/base/error.hpp"
#include "reco/base/executor.hpp"
#include "reco/data/dataset.hpp"
#include "reco/data/event.hpp"
#include "reco/metrics/concepts.hpp"
#include "reco/metrics/judged_list.hpp"
#include "reco/model/concepts.hpp"
#include "reco/model/recommend.hpp"

namespace reco::inline RECO_ABI() {

/// How to evaluate, apart from what.
struct evaluation_options {
  bool exclude_seen = true;     ///< items of the training history are not recommended
  bool grade_by_value = false;  ///< a test item's grade is the largest of its values; else 1
  int k = 0;                    ///< length of the lists; 0: the largest cutoff of the metrics
  executor_ref executor = {};   ///< never changes the answer
};

/// What came out: for each user asked and each metric one value, so that intervals and significance can be
/// computed afterwards.
struct evaluation {
  std::vector<std::string> labels = {};          ///< "ndcg@10", one a metric
  std::vector<std::int32_t> users = {};          ///< who was asked: every user with a test event, ascending
  std::vector<std::vector<double>> values = {};  ///< for each metric, the value of each of these users
  std::int64_t unanswered = 0;                   ///< users the model could not answer; they count 0
  std::int64_t cold = 0;           ///< users without a history in the training data, whatever the model made of them
  std::int64_t unknown_items = 0;  ///< test pairs whose item the model does not know: out of its reach

  /// The mean over users of the metric with this label. Throws `invalid_argument` listing the labels there are.
  [[nodiscard]] double operator[](std::string_view label) const;
  /// The values of one metric, user by user.
  [[nodiscard]] std::span<const double> of(std::string_view label) const;
};

/// Asks a model for a list for every user with test events, from their training history, and holds the lists against
/// those events.
///
///     auto result = reco::evaluate(model, data, split.test, reco::ndcg{.k = 10}, reco::recall{.k = 20});
///     result["ndcg@10"];
///
/// Users without test events are not asked. Users the model cannot answer count 0 and are counted: dropping them in
/// silence flatters. A pair that occurs several times in the test counts once. Test users outside the data are cold
/// users: they are asked without a history. Time: one list a user and O(list + test events) beside it; memory: a
/// number a user and metric, and the lists of 256 users at a time.
template <recommender M, metric... Metrics>
[[nodiscard]] evaluation evaluate(const M& model, const dataset<typename M::scalar>& data, std::span<const event> test,
                                  const evaluation_options& how, const Metrics&... metrics);
template <recommender M, metric... Metrics>
[[nodiscard]] evaluation evaluate(const M& model, const dataset<typename M::scalar>& data, std::span<const event> test,
                                  const Metrics&... metrics) {
  return evaluate(model, data, test, evaluation_options{}, metrics...);
}

// ---------------------------------------------------------------------------------------------------

namespace detail {

/// Test events as relevance, user by user.
struct held_out {
  std::vector<std::int32_t> users = {};
  std::vector<std::size_t> offsets = {0};
  std::vector<relevance> items = {};

  [[nodiscard]] std::span<const relevance> of(std::size_t n) const {
    return std::span(items).subspan(offsets[n], offsets[n + 1] - offsets[n]);
  }
};

inline held_out hold_out(std::span<const event> test, bool grade_by_value) {
  for (const auto& e : test) {
    if (e.user < 0 || e.item < 0)
      fail_range(e.user < 0 ? "evaluate: user" : "evaluate: item", std::min(e.user, e.item), 0);
  }
  std::vector<event> log(test.begin(), test.end());
  std::sort(log.begin(), log.end(), [](const event& a, const event& b) {
    if (a.user != b.user) return a.user < b.user;
    return a.item != b.item ? a.item < b.item : a.value > b.value;
  });
  held_out out;
  for (std::size_t n = 0; n < log.size(); ++n) {
    const bool new_user = n == 0 || log[n].user != log[n - 1].user;
    if (!new_user && log[n].item == log[n - 1].item) continue;
    if (new_user) {
      if (n > 0) out.offsets.push_back(out.items.size());
      out.users.push_back(log[n].user);
    }
    out.items.push_back({.item = log[n].item, .grade = grade_by_value ? log[n].value : 1});
  }
  if (!log.empty()) out.offsets.push_back(out.items.size());
  return out;
}

template <metric M>
int cutoff_of(const M& m) {
  if constexpr (metric_at<M>) return m.k;
  else return whole_list;
}

}  // namespace detail

inline std::span<const double> evaluation::of(std::string_view label) const {
  std::string there;
  for (std::size_t m = 0; m < labels.size(); ++m) {
    if (labels[m] == label) return values[m];
    (there += there.empty() ? "" : ", ") += labels[m];
  }
  detail::fail_argument("evaluation: no metric " + detail::quoted(label) + "; there are " + there);
}

inline double evaluation::operator[](std::string_view label) const {
  const auto v = of(label);
  return v.empty() ? 0 : std::accumulate(v.begin(), v.end(), 0.0) / static_cast<double>(v.size());
}

template <recommender M, metric... Metrics>
evaluation evaluate(const M& model, const dataset<typename M::scalar>& data, std::span<const event> test,
                    const evaluation_options& how, const Metrics&... metrics) {
  using T = typename M::scalar;
  const auto truth = detail::hold_out(test, how.grade_by_value);
  const auto asked = truth.users.size();
  const auto catalog = std::max({model.items(), data.items(), shape_of(test).items});
  const int wanted = how.k > 0 ? how.k : std::max({1, detail::cutoff_of(metrics)...});

  evaluation out;
  out.labels = {label(metrics)...};
  out.users = truth.users;
  out.values.assign(sizeof...(Metrics), std::vector<double>(asked));
  for (const auto& r : truth.items) out.unknown_items += r.item >= model.items();

  const request r{.k = std::min(wanted, catalog), .exclude_seen = how.exclude_seen};
  constexpr std::size_t batch = 256;
  std::vector<query<T>> queries;
  for (std::size_t begin = 0; begin < asked; begin += batch) {
    const std::size_t end = std::min(asked, begin + batch);
    queries.clear();
    for (std::size_t n = begin; n < end; ++n) {
      const auto user = truth.users[n];
      queries.push_back(user < data.users() ? data.query(user) : query<T>{.user = user});
      out.cold += queries.back().history.empty();
      out.unanswered += !model.can_answer(queries.back());
    }
    const auto answers = recommend_all(model, std::span<const query<T>>(queries), r, how.executor);
    for_chunks(how.executor, static_cast<std::int64_t>(answers.size()), 64, [&](std::int64_t first, std::int64_t last) {
      judge judge(catalog);
      for (auto n = static_cast<std::size_t>(first); n < static_cast<std::size_t>(last); ++n) {
        const auto& judged = judge(answers[n], truth.of(begin + n));
        std::size_t m = 0;
        ((out.values[m++][begin + n] = metrics(judged)), ...);
      }
    });
  }
  return out;
}

}  // namespace reco
