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
#include <utility>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/base/error.hpp"
#include "reco/base/executor.hpp"
#include "reco/data/dataset.hpp"
#include "reco/data/event.hpp"
#include "reco/data/query.hpp"
#include "reco/data/ranked_list.hpp"
#include "reco/data/request.hpp"
#include "reco/evaluation/any_metric.hpp"
#include "reco/metrics/concepts.hpp"
#include "reco/metrics/exposure.hpp"
#include "reco/metrics/judged_list.hpp"
#include "reco/metrics/shown_list.hpp"
#include "reco/model/concepts.hpp"
#include "reco/model/recommend.hpp"

namespace reco::inline RECO_ABI() {

/// How to evaluate, apart from what.
struct evaluation_options {
  bool exclude_seen = true;     ///< items of the training history are not recommended
  bool grade_by_value = false;  ///< a test item's grade is the largest of its values; else 1
  int k = 0;                    ///< length of the lists; 0: the largest cutoff of the metrics
  executor_ref executor = {};   ///< never changes the answer
  /// Of each test event the items it is ranked among; see `published_split`. Then each test event is a query of its
  /// own, with one relevant item. Not given: all items, a query a user.
  std::span<const std::vector<std::int32_t>> candidates = {};
};

/// What came out: for each user asked and each metric one value, so that intervals and significance can be
/// computed afterwards.
struct evaluation {
  std::vector<std::string> labels = {};  ///< "ndcg@10", one a metric
  /// Who was asked: every user with a test event, ascending; with candidates, the user of each test event.
  std::vector<std::int32_t> users = {};
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

/// The same with metrics chosen at run time, those beyond accuracy among them. Each of `shown` is shown every list,
/// user by user: coverage and Gini are computed from its counts (`coverage(e.counts)`), which go on where they stood,
/// so that the lists of several folds add up.
///
///     const std::vector<reco::any_metric> metrics{reco::recall{.k = 20}, reco::novelty{.popularity = &p, .k = 20}};
///     reco::exposure shown(data.items(), 20);
///     auto result = reco::evaluate(model, data, split.test, {}, metrics, std::span(&shown, 1));
///
/// Throws `invalid_argument` if there are candidates, but not for each test event.
template <recommender M>
[[nodiscard]] evaluation evaluate(const M& model, const dataset<typename M::scalar>& data, std::span<const event> test,
                                  const evaluation_options& how, std::span<const any_metric> metrics,
                                  std::span<exposure> shown = {});

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

inline void check_test(std::string_view who, std::span<const event> test) {
  for (const auto& e : test)
    if (e.user < 0 || e.item < 0)
      fail_range(std::string(who) + (e.user < 0 ? ": user" : ": item"), std::min(e.user, e.item), 0);
}

inline held_out hold_out(std::span<const event> test, bool grade_by_value) {
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

/// Each event by itself, in the order given.
inline held_out hold_out_each(std::span<const event> test, bool grade_by_value) {
  held_out out;
  for (const auto& e : test) {
    out.users.push_back(e.user);
    out.items.push_back({.item = e.item, .grade = grade_by_value ? e.value : 1});
    out.offsets.push_back(out.items.size());
  }
  return out;
}

/// Asks for every user's list, a batch at a time. `judged(n, judged_list, shown_list)` sees each of them, on the
/// executor's threads; then `shown(ranked_list)` does, in order.
template <recommender M, class Judged, class Shown>
evaluation ask(const M& model, const dataset<typename M::scalar>& data, std::span<const event> test,
               const evaluation_options& how, std::vector<std::string> labels, int k, Judged judged, Shown shown);

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

template <recommender M, class Judged, class Shown>
evaluation detail::ask(const M& model, const dataset<typename M::scalar>& data, std::span<const event> test,
                       const evaluation_options& how, std::vector<std::string> labels, int k, Judged judged,
                       Shown shown) {
  using T = typename M::scalar;
  check_test("evaluate", test);
  const bool among_candidates = !how.candidates.empty();
  if (among_candidates && how.candidates.size() != test.size())
    fail_argument("evaluate: candidates must be given for each of " + to_text(test.size()) + " test events, got " +
                  to_text(how.candidates.size()));
  const auto truth = among_candidates ? hold_out_each(test, how.grade_by_value) : hold_out(test, how.grade_by_value);
  const auto asked = truth.users.size();
  const auto catalog = std::max({model.items(), data.items(), shape_of(test).items});

  evaluation out;
  out.labels = std::move(labels);
  out.users = truth.users;
  out.values.assign(out.labels.size(), std::vector<double>(asked));
  for (const auto& r : truth.items) out.unknown_items += r.item >= model.items();

  const request r{.k = std::min(how.k > 0 ? how.k : k, catalog), .exclude_seen = how.exclude_seen};
  constexpr std::size_t batch = 256;
  std::vector<query<T>> queries;
  std::vector<ranked_list<T>> answers;
  for (std::size_t begin = 0; begin < asked; begin += batch) {
    const std::size_t end = std::min(asked, begin + batch);
    queries.clear();
    for (std::size_t n = begin; n < end; ++n) {
      const auto user = truth.users[n];
      queries.push_back(user < data.users() ? data.query(user) : query<T>{.user = user});
      out.cold += queries.back().history.empty();
      out.unanswered += !model.can_answer(queries.back());
    }
    if (among_candidates) {
      answers.resize(queries.size());
      for_chunks(how.executor, std::ssize(queries), 16, [&](std::int64_t first, std::int64_t last) {
        std::vector<T> scores;
        for (auto n = static_cast<std::size_t>(first); n < static_cast<std::size_t>(last); ++n) {
          request of_row = r;
          of_row.only = how.candidates[begin + n];
          answers[n] = recommend_into(model, queries[n], of_row, scores);
        }
      });
    } else {
      answers = recommend_all(model, std::span<const query<T>>(queries), r, how.executor);
    }
    for_chunks(how.executor, std::ssize(answers), 64, [&](std::int64_t first, std::int64_t last) {
      judge judge(catalog);
      std::vector<std::int32_t> items;
      for (auto n = static_cast<std::size_t>(first); n < static_cast<std::size_t>(last); ++n) {
        const auto& of_user = judge(answers[n], truth.of(begin + n));
        items.clear();
        for (const auto& s : answers[n]) items.push_back(s.item);
        judged(out, begin + n, of_user,
               shown_list{.items = items, .grade = of_user.grade, .history = queries[n].history.items});
      }
    });
    for (const auto& list : answers) shown(list);
  }
  return out;
}

template <recommender M, metric... Metrics>
evaluation evaluate(const M& model, const dataset<typename M::scalar>& data, std::span<const event> test,
                    const evaluation_options& how, const Metrics&... metrics) {
  return detail::ask(
      model, data, test, how, {label(metrics)...}, std::max({1, detail::cutoff_of(metrics)...}),
      [&](evaluation& out, std::size_t n, const judged_list& judged, const shown_list&) {
        std::size_t m = 0;
        ((out.values[m++][n] = metrics(judged)), ...);
      },
      [](const auto&) {});
}

template <recommender M>
evaluation evaluate(const M& model, const dataset<typename M::scalar>& data, std::span<const event> test,
                    const evaluation_options& how, std::span<const any_metric> metrics, std::span<exposure> shown) {
  std::vector<std::string> labels;
  int k = 1;
  for (const auto& m : metrics) {
    labels.push_back(m.label());
    k = std::max(k, m.k());
  }
  for (const auto& e : shown) k = std::max(k, e.k);
  std::vector<std::int32_t> items;
  return detail::ask(
      model, data, test, how, std::move(labels), k,
      [&](evaluation& out, std::size_t n, const judged_list& judged, const shown_list& list) {
        for (std::size_t m = 0; m < metrics.size(); ++m) out.values[m][n] = metrics[m](judged, list);
      },
      [&](const auto& list) {
        if (shown.empty()) return;
        items.clear();
        for (const auto& s : list) items.push_back(s.item);
        for (auto& e : shown) e.add({.items = items});
      });
}

}  // namespace reco
