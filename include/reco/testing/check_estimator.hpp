// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <limits>
#include <numeric>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/base/options.hpp"
#include "reco/base/random.hpp"
#include "reco/base/thread_pool.hpp"
#include "reco/data/dataset.hpp"
#include "reco/data/dense_interactions.hpp"
#include "reco/model/concepts.hpp"
#include "reco/model/explain.hpp"
#include "reco/model/recommend.hpp"
#include "reco/model/similar_items.hpp"

namespace reco::inline RECO_ABI() {

/// What an estimator may be excused from, each with its reason where it is used.
struct conformance {
  bool renaming = true;     ///< false for fits that start from random numbers and stop before they converge
  double tolerance = 1e-3;  ///< relative, between float and double and under renaming
};

/// The executable definition of an estimator. Fits `e` on the data in many ways and asks its models many
/// things; returns a sentence for each promise that is broken, nothing if all are kept. Needs no test
/// framework:
///
///     for (const auto& complaint : reco::check_estimator(my_estimator{}, data)) FAIL(complaint);
///
/// The promises: the options are complete, print and parse back; each option out of its range is refused by
/// name; a second fit, and fits on 2 and 5 threads, give the same bits; a fit told to stop ends in a model; lists are
/// ordered, hold no item twice, none seen, excluded or outside `only`, and as many as there are; an unknown
/// user, an empty query, k = 0 and k beyond the catalog are normal; a negative k is refused; `recommend_all` equals
/// `recommend`, and many threads asking at once get the same answers; explanations add up; no item is similar to
/// itself; a model that is `updated` by the events it was fitted on, or by none, answers as before; sparse and dense
/// data, float and double, renamed users and items agree.
template <class E>
  requires estimator<E, dataset<float>>
[[nodiscard]] std::vector<std::string> check_estimator(const E& e, const dataset<float>& data,
                                                       const conformance& excused = {});

// ---------------------------------------------------------------------------------------------------

namespace detail {

/// The events of a data set, user by user, oldest first.
template <class T>
std::vector<event> log_of(const dataset<T>& data) {
  std::vector<event> log;
  for (std::int32_t u = 0; u < data.users(); ++u) {
    const auto t = data.timeline(u);
    for (std::size_t n = 0; n < t.size(); ++n)
      log.push_back({.user = u, .item = t.items[n], .value = static_cast<double>(t.values[n]), .time = t.times[n]});
  }
  return log;
}

/// The same data in another scalar, with users and items renamed: index i becomes name[i].
template <class To, class From>
dataset<To> renamed(const dataset<From>& data, std::span<const std::int32_t> user_name,
                    std::span<const std::int32_t> item_name) {
  auto log = log_of(data);
  for (auto& e : log) {
    e.user = user_name[static_cast<std::size_t>(e.user)];
    e.item = item_name[static_cast<std::size_t>(e.item)];
  }
  std::optional<embeddings<To>> vectors;
  if (data.dimension() > 0) {
    matrix<To> rows(data.items(), data.dimension());
    for (std::int32_t i = 0; i < data.items(); ++i)
      rows.row(item_name[static_cast<std::size_t>(i)]) = as_column(data.vector(i)).transpose().template cast<To>();
    vectors.emplace(std::move(rows));
  }
  std::optional<feature_rows<To>> features;
  if (data.features() > 0) {
    std::vector<std::int32_t> old_name(item_name.size());
    for (std::size_t i = 0; i < item_name.size(); ++i)
      old_name[static_cast<std::size_t>(item_name[i])] = static_cast<std::int32_t>(i);
    std::vector<std::int64_t> offsets{0};
    std::vector<std::int32_t> ids;
    std::vector<To> values;
    for (const auto i : old_name) {
      const auto row = data.features_of(i);
      ids.insert(ids.end(), row.columns.begin(), row.columns.end());
      values.insert(values.end(), row.values.begin(), row.values.end());
      offsets.push_back(static_cast<std::int64_t>(ids.size()));
    }
    features.emplace(csr_matrix<To>(data.features(), std::move(offsets), std::move(ids), std::move(values)));
  }
  return dataset<To>(log, {data.users(), data.items()}, std::move(vectors), std::move(features));
}

template <class E>
class estimator_check {
 public:
  using model_type = std::remove_cvref_t<decltype(std::declval<const E&>().fit(std::declval<const dataset<float>&>()))>;
  using list = ranked_list<float>;

  estimator_check(const E& e, const dataset<float>& data, const conformance& excused)
      : e_(e), data_(data), excused_(excused), model_(e.fit(data)) {
    const auto log = log_of(data);
    for (const auto& x : log) now_ = std::max(now_.value_or(x.time), x.time);
    for (std::int32_t u = 0; u < data.users(); ++u) queries_.push_back(data.query(u, now_));
    everything_ = {.k = data.items() + 5, .exclude_seen = false};
    answers_ = ask(model_);
  }

  std::vector<std::string> run() {
    step("options", [&] { options(); });
    step("repeated fits", [&] { same_bits(); });
    step("stopping", [&] { stopping(); });
    step("requests", [&] { lists_keep_to_requests(); });
    step("unusual queries", [&] { unusual_queries(); });
    step("many queries at once", [&] { many_at_once(); });
    step("updates", [&] { updates(); });
    step("explanations", [&] { explanations(); });
    step("similar items", [&] { similarity(); });
    step("other containers", [&] { other_containers(); });
    if (excused_.renaming) step("renaming", [&] { renaming(); });
    return std::move(complaints_);
  }

 private:
  void expect(bool ok, const std::string& what) {
    if (!ok) complaints_.push_back(std::string(E::name) + ": " + what);
  }
  template <class F>
  void step(const std::string& what, F&& f) {
    try {
      f();
    } catch (const std::exception& error) {
      expect(false, what + ": throws " + error.what());
    }
  }
  template <class Error, class F>
  void expect_throw(F&& f, const std::string& what, const std::string& part = {}) {
    try {
      f();
    } catch (const Error& error) {
      return expect(std::string(error.what()).find(part) != std::string::npos,
                    what + ": the message does not say '" + part + "': " + error.what());
    } catch (...) {
      return expect(false, what + ": throws something else");
    }
    expect(false, what + ": is accepted");
  }

  template <class M>
  std::vector<ranked_list<typename M::scalar>> ask(const M& model) const {
    std::vector<ranked_list<typename M::scalar>> out;
    for (const auto& q : queries_)
      if constexpr (std::same_as<typename M::scalar, float>) out.push_back(recommend(model, q, everything_));
    return out;
  }

  void options() {
    static_assert(options_are_complete<E>, "declare every field of the estimator in its options()");
    const std::string text = describe(e_);
    const auto colon = text.find(':');
    expect(parse_options<E>(colon == std::string::npos ? "" : text.substr(colon + 1)) == e_,
           "does not parse back what it prints: " + text);
    for_each_option<E>([&]<class O>(const O& o) {
      if constexpr (requires { o.low; }) {
        using V = std::remove_cvref_t<decltype(o.low)>;
        const auto refused = [&](V value) {
          E bad = e_;
          bad.*o.member = value;
          expect_throw<invalid_argument>([&] { (void)bad.fit(data_); },
                                         "option " + std::string(o.name) + " = " + value_text(value),
                                         std::string(o.name));
        };
        if constexpr (!std::same_as<V, bool> && !std::same_as<V, instant>) {
          if (o.low != O::template lowest<V>()) refused(o.low_open ? o.low : V(o.low - V(1)));
          if (o.high != O::template highest<V>()) refused(V(o.high + V(1)));
          if constexpr (std::is_floating_point_v<V>) refused(std::numeric_limits<V>::quiet_NaN());
        }
      }
    });
  }

  void same_bits() {
    expect(ask(e_.fit(data_)) == answers_, "a second fit answers differently");
    for (const unsigned threads : {2U, 5U}) {
      thread_pool pool(threads);
      int told = 0;
      const auto m = e_.fit(data_, {.executor = pool, .observer = [&](const progress&) { ++told; }});
      expect(ask(m) == answers_, "a fit on " + to_text(threads) + " threads answers differently");
    }
  }

  void stopping() {
    std::stop_source source;
    source.request_stop();
    const auto m = e_.fit(data_, {.stop = source.get_token()});
    expect(m.items() == data_.items(), "a fit told to stop does not end in a whole model");
  }

  bool in_catalog(std::int32_t item) const { return item >= 0 && item < data_.items(); }
  static bool in_order(const list& l) { return std::is_sorted(l.begin(), l.end(), better); }
  static bool has(std::span<const std::int32_t> items, std::int32_t item) {
    return std::find(items.begin(), items.end(), item) != items.end();
  }

  void lists_keep_to_requests() {
    expect(model_.items() == data_.items(), "the model has another number of items than the data");
    const std::int32_t third = data_.items() / 3;
    std::vector<std::int32_t> some(static_cast<std::size_t>(third));
    std::iota(some.begin(), some.end(), third);
    for (std::size_t u = 0; u < queries_.size(); ++u) {
      const auto& q = queries_[u];
      const auto& all = answers_[u];
      const std::string who = "user " + to_text(u) + ": ";
      expect(in_order(all), who + "the list is not in order (score descending, ties by lower item)");
      const bool known = std::all_of(all.begin(), all.end(), [&](const auto& s) { return in_catalog(s.item); });
      expect(known, who + "an item outside the catalog is listed");
      if (!known) continue;
      const auto top = recommend(model_, q, {.k = 3, .exclude_seen = false});
      expect(top.size() == std::min<std::size_t>(3, all.size()) && std::equal(top.begin(), top.end(), all.begin()),
             who + "the top 3 are not the beginning of the whole list");
      std::vector<std::int32_t> best;
      for (const auto& s : top) best.push_back(s.item);
      const auto next = recommend(model_, q, {.k = 3, .exclude_seen = false, .exclude = best});
      expect(next.size() == std::min<std::size_t>(3, all.size() - best.size()) &&
                 std::equal(next.begin(), next.end(), all.begin() + std::ssize(best)),
             who + "without the top 3 the next 3 are not listed");
      const auto fresh = recommend(model_, q, {.k = everything_.k});
      expect(std::none_of(fresh.begin(), fresh.end(), [&](const auto& s) { return has(q.session.items, s.item); }),
             who + "a seen item is recommended");
      const auto without = recommend(model_, q, {.k = everything_.k, .exclude_seen = false, .exclude = some});
      const auto within = recommend(model_, q, {.k = everything_.k, .exclude_seen = false, .only = some});
      const auto is_some = [&](const auto& s) { return has(some, s.item); };
      expect(std::none_of(without.begin(), without.end(), is_some), who + "an excluded item is recommended");
      expect(std::all_of(within.begin(), within.end(), is_some), who + "an item outside `only` is recommended");
      expect(without.size() + within.size() == all.size(),
             who + "`only` and `exclude` do not add up to the whole list");
      if constexpr (scorer<model_type>) {
        if (!model_.can_answer(q)) continue;
        std::vector<float> scores(static_cast<std::size_t>(model_.items()));
        model_.scores(q, std::span(scores));
        expect(std::all_of(all.begin(), all.end(),
                           [&](const auto& s) { return scores[static_cast<std::size_t>(s.item)] == s.score; }),
               who + "a listed score is not the score");
      }
    }
    const auto someone = queries_.empty() ? query<float>{} : queries_[0];
    const std::vector<std::int32_t> nothing;
    expect(recommend(model_, someone, {.only = nothing}).empty(), "an empty `only` lets something through");
    expect(recommend(model_, someone, {.k = 0}).empty(), "k = 0 gives items");
    expect_throw<invalid_argument>([&] { (void)recommend(model_, someone, {.k = -1}); }, "k = -1", "k must");
  }

  void unusual_queries() {
    const std::int32_t newer[] = {data_.items() + 7};
    const float one[] = {1};
    const instant when[] = {now_.value_or(instant{})};
    const history_view<float> unknown{.items = newer, .values = one, .times = when};
    const query<float> odd[] = {
        {},
        {.user = 1 << 30},
        {.user = -1},
        {.now = now_},
        {.history = {.items = unknown.items, .values = unknown.values}, .session = unknown, .now = now_},
    };
    for (const auto& q : odd) {
      const auto l = recommend(model_, q, everything_);
      expect(in_order(l), "the list of an unknown user is not in order");
      if (!model_.can_answer(q)) expect(l.empty(), "a list is given although can_answer says no");
    }
  }

  void many_at_once() {
    thread_pool pool(3);
    const std::span<const query<float>> all(queries_);
    expect(recommend_all(model_, all, everything_, pool) == answers_, "recommend_all differs from recommend");
    std::vector<std::vector<list>> seen(3);
    {
      std::vector<std::thread> readers;
      for (auto& mine : seen) readers.emplace_back([&] { mine = ask(model_); });
      for (auto& r : readers) r.join();
    }
    for (const auto& mine : seen) expect(mine == answers_, "threads that ask at once get different answers");
  }

  void updates() {
    if constexpr (requires(std::span<const event> events) { model_.updated(data_, events); }) {
      const auto log = log_of(data_);
      expect(ask(model_.updated(data_, std::span<const event>(log))) == answers_,
             "updated by what it was fitted on, a model answers differently");
      expect(ask(model_.updated(data_, std::span<const event>())) == answers_,
             "updated by no events, a model answers differently");
    }
  }

  void explanations() {
    if constexpr (explains<model_type>) {
      for (std::size_t u = 0; u < queries_.size(); ++u) {
        for (const auto& s : recommend(model_, queries_[u], {.k = 3})) {
          const auto why = explain(model_, queries_[u], s.item);
          double sum = static_cast<double>(why.base), size = std::abs(sum);
          for (const auto& part : why.because) {
            sum += static_cast<double>(part.score);
            size += std::abs(static_cast<double>(part.score));
          }
          const double slack = 1e-5 * (1 + size);
          expect(std::abs(sum - static_cast<double>(why.score)) <= slack, "the parts of an explanation do not add up");
          expect(std::abs(static_cast<double>(why.score - s.score)) <= slack, "an explanation is of another score");
        }
      }
      expect_throw<std::out_of_range>([&] { (void)explain(model_, query<float>{}, model_.items()); },
                                      "explain of an item outside the catalog");
    }
  }

  void similarity() {
    if constexpr (requires { similar_items(model_, std::int32_t{}); }) {
      for (std::int32_t i = 0; i < model_.items(); ++i) {
        const auto l = similar_items(model_, i, {.k = 5});
        expect(in_order(l), "similar items are not in order");
        expect(std::none_of(l.begin(), l.end(), [&](const auto& s) { return s.item == i; }),
               "an item is similar to itself");
      }
      expect_throw<std::out_of_range>([&] { (void)similar_items(model_, model_.items()); }, "similar_items outside");
    }
  }

  template <class T>
  bool close(const ranked_list<T>& theirs, std::span<const std::int32_t> item_name, const list& ours) const {
    const auto all_known = [&](const auto& l) {
      return std::all_of(l.begin(), l.end(), [&](const auto& s) { return in_catalog(s.item); });
    };
    if (theirs.size() != ours.size() || !all_known(theirs) || !all_known(ours)) return false;
    std::vector<double> score(static_cast<std::size_t>(data_.items()), std::numeric_limits<double>::quiet_NaN());
    double size = 0;
    for (const auto& s : theirs) {
      score[static_cast<std::size_t>(s.item)] = static_cast<double>(s.score);
      size = std::max(size, std::abs(static_cast<double>(s.score)));
    }
    return std::all_of(ours.begin(), ours.end(), [&](const auto& s) {
      const double other = score[static_cast<std::size_t>(item_name[static_cast<std::size_t>(s.item)])];
      return std::abs(other - static_cast<double>(s.score)) <= excused_.tolerance * (size + 1e-30);
    });
  }

  void other_containers() {
    if constexpr (requires { e_.fit(data_.matrix()); }) {
      std::vector<event> log;
      for (std::int32_t u = 0; u < data_.users(); ++u)
        for (std::size_t n = 0; n < data_.of(u).size(); ++n)
          log.push_back({.user = u, .item = data_.of(u).items[n], .value = static_cast<double>(data_.of(u).values[n])});
      const dense_interactions<float> dense(log, {data_.users(), data_.items()});
      const auto answers = [&](const auto& rows) -> std::optional<std::vector<list>> {
        try {
          return ask(e_.fit(rows));
        } catch (const invalid_argument&) {
          return std::nullopt;  // a matrix may lack what the options ask for, such as times
        }
      };
      expect(answers(dense) == answers(data_.matrix()), "sparse and dense data give different answers");
    }
    std::vector<std::int32_t> users(static_cast<std::size_t>(data_.users())),
        items(static_cast<std::size_t>(data_.items()));
    std::iota(users.begin(), users.end(), 0);
    std::iota(items.begin(), items.end(), 0);
    compare(renamed<double>(data_, users, items), users, items, "in double");
  }

  void renaming() {
    std::vector<std::int32_t> users(static_cast<std::size_t>(data_.users())),
        items(static_cast<std::size_t>(data_.items()));
    std::iota(users.begin(), users.end(), 0);
    std::iota(items.begin(), items.end(), 0);
    random_engine random(7);
    shuffle(random, std::span(users));
    shuffle(random, std::span(items));
    compare(renamed<float>(data_, users, items), users, items, "with users and items renamed");
  }

  template <class T>
  void compare(const dataset<T>& other, std::span<const std::int32_t> users, std::span<const std::int32_t> items,
               const std::string& how) {
    const auto model = e_.fit(other);
    for (std::size_t u = 0; u < queries_.size(); ++u) {
      const auto l = recommend(model, other.query(users[u], now_), everything_);
      expect(close(l, items, answers_[u]), "user " + to_text(u) + ": other scores " + how);
    }
  }

  const E& e_;
  const dataset<float>& data_;
  const conformance& excused_;
  model_type model_;
  std::optional<instant> now_ = {};
  std::vector<query<float>> queries_ = {};
  request everything_ = {};
  std::vector<list> answers_ = {};
  std::vector<std::string> complaints_ = {};
};

}  // namespace detail

template <class E>
  requires estimator<E, dataset<float>>
std::vector<std::string> check_estimator(const E& e, const dataset<float>& data, const conformance& excused) {
  return detail::estimator_check<E>(e, data, excused).run();
}

}  // namespace reco
