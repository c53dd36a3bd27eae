// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/base/duration.hpp"
#include "reco/base/error.hpp"
#include "reco/base/instant.hpp"
#include "reco/base/options.hpp"
#include "reco/base/random.hpp"
#include "reco/base/training.hpp"
#include "reco/data/event.hpp"
#include "reco/data/event_sequences.hpp"
#include "reco/data/query.hpp"
#include "reco/data/ranked_list.hpp"
#include "reco/data/split.hpp"
#include "reco/evaluation/prequential_concepts.hpp"
#include "reco/evaluation/prequential_result.hpp"

namespace reco::inline RECO_ABI() {

/// Predict, score, then learn ("prequential": Dawid, "Statistical theory: the prequential approach", 1984; for
/// recommenders in streams: Vinagre, Jorge and Gama, 2014). A log is lived through in the order of time. Its first part
/// warms up; then whenever a user reads an item for the first time, every contender is asked, at that moment, for a
/// list of the items that have occurred by then, is judged by where the item stands in it, and only then learns the
/// event.
///
///     std::vector<reco::contender<float>> all;
///     all.emplace_back("popular", reco::online_trending<float>({.half_life = reco::never}));
///     all.emplace_back("trending", reco::online_trending<float>({.half_life = std::chrono::hours(6)}));
///     auto result = reco::prequential{.max_queries = 10000}.evaluate(log.events, log.shape(), std::span(all));
///     auto hits = result.values("trending", reco::hit_rate{.k = 10}, reco::asked_by::warm);
///     auto rate = reco::bootstrap{}.mean_by_user(hits.values, hits.users);  // {mean, low, high}
///
/// All contenders answer the same queries, so that differences are paired. Order: by time, of equal times by arrival;
/// a query knows the events before its own in that order and no others. A user's later reads of the same item are
/// learned and not asked for. Every first event asks, whatever its value.
///
/// Contenders learn each event as it comes; `refit` serves those that cannot: it is called when the warm-up ends and
/// before the first event of every further `refit` period, counted from the first event asked, with everything before.
///
/// Same seed, same bits on any number of threads. Time: what contenders take, and O(events log events); queries are
/// handed over to be answered by the hundred. Memory: 48 bytes (float) an event, 40 and 4 a contender a query.
///
/// `single_split` is what one split by time measures, to hold beside it: the same queries, all asked at the end of the
/// warm-up with what is known then, and nothing learned after. In news most of them ask for what did not exist yet.
struct prequential {
  double warm_up = 0.8;                                        ///< the share of events that is not asked for, in 0..1
  std::chrono::duration<double> refit = std::chrono::days(1);  ///< the period, above 0; `never`: one fit
  int depth = 100;               ///< length of lists, at least 1; a rank beyond it is not found
  std::int64_t max_queries = 0;  ///< a random sample of so many, each as likely; 0: all. Every event is learned
  std::uint64_t seed = 0;        ///< of the sample
  bool single_split = false;     ///< nothing is learned after the warm-up

  static constexpr std::string_view name = "prequential";
  static constexpr auto options() {
    using p = prequential;
    return std::tuple{between("warm_up", &p::warm_up, 0, 1), above("refit", &p::refit, half_life_t(0)),
                      at_least("depth", &p::depth, 1),       at_least("max_queries", &p::max_queries, 0),
                      any_value("seed", &p::seed),           any_value("single_split", &p::single_split)};
  }
  friend bool operator==(const prequential&, const prequential&) = default;

  /// Of `how`, the observer hears how many queries have been answered (as epochs); a stop leaves the rest unasked.
  /// Throws `invalid_argument` for options out of range, as `event_sequences` for the log, and if a contender lists
  /// what nobody had read by then, which it could only know from the future.
  template <class T>
  [[nodiscard]] prequential_result evaluate(std::span<const event> log, shape s, std::span<contender<T>> contenders,
                                            const training& how = {}) const;
};
static_assert(options_are_complete<prequential>);

// ---------------------------------------------------------------------------------------------------

namespace detail {

/// A log in the order of time, with all that a query refers to: what was known at a moment is a prefix of it.
template <class T>
class lived_log {
 public:
  lived_log(std::span<const event> log, shape s) {
    check_log("prequential", log, s);
    std::vector<const event*> order(log.size());
    for (std::size_t n = 0; n < log.size(); ++n) order[n] = &log[n];
    if (!std::is_sorted(order.begin(), order.end(), earlier)) std::sort(order.begin(), order.end(), earlier);
    arrival_.reserve(log.size());
    events_.reserve(log.size());
    for (const event* e : order) {
      arrival_.push_back(e - log.data());
      events_.push_back(*e);
    }
    timelines_ = event_sequences<T>(events_, s);
    mark_first_reads(s);
  }

  [[nodiscard]] std::span<const event> events() const noexcept { return events_; }
  [[nodiscard]] std::int64_t arrival(std::int64_t n) const { return arrival_[static_cast<std::size_t>(n)]; }
  [[nodiscard]] bool first_read(std::int64_t n) const { return first_read_[static_cast<std::size_t>(n)]; }
  /// Whether the item stands in the first n events.
  [[nodiscard]] bool occurred(std::int32_t item, std::int64_t n) const {
    return item >= 0 && item < std::ssize(first_of_) && first_of_[static_cast<std::size_t>(item)] < n;
  }
  /// A user's first events.
  [[nodiscard]] history_view<T> timeline(std::int32_t user, std::int32_t count) const {
    const auto all = timelines_.timeline(user);
    const auto n = static_cast<std::size_t>(count);
    return {.items = all.items.first(n), .values = all.values.first(n), .times = all.times.first(n)};
  }

 private:
  void mark_first_reads(shape s) {
    first_read_.resize(events_.size());
    first_of_.assign(static_cast<std::size_t>(s.items), std::numeric_limits<std::int64_t>::max());
    for (std::size_t n = events_.size(); n-- > 0;)
      first_of_[static_cast<std::size_t>(events_[n].item)] = static_cast<std::int64_t>(n);
    events_by_user rows(events_, s.users);
    for (std::int32_t u = 0; u < s.users; ++u) {
      const auto row = rows.of(u);
      std::sort(row.begin(), row.end(),
                [](const event* a, const event* b) { return a->item != b->item ? a->item < b->item : a < b; });
      for (std::size_t n = 0; n < row.size(); ++n)
        if (n == 0 || row[n]->item != row[n - 1]->item)
          first_read_[static_cast<std::size_t>(row[n] - events_.data())] = true;
    }
  }

  std::vector<event> events_ = {};
  std::vector<std::int64_t> arrival_ = {};  // where each stands in the log as it was given
  event_sequences<T> timelines_ = {};
  std::vector<bool> first_read_ = {};        // the user's first event with the item
  std::vector<std::int64_t> first_of_ = {};  // of each item, its first event
};

/// A timeline as a matrix row: ascending by item, repeats added up.
template <class T>
struct merged_row {
  std::vector<std::int32_t> items = {};
  std::vector<T> values = {};

  void assign(const history_view<T>& timeline) {
    std::vector<std::pair<std::int32_t, T>> pairs;
    for (std::size_t n = 0; n < timeline.size(); ++n) pairs.emplace_back(timeline.items[n], timeline.value(n));
    std::stable_sort(pairs.begin(), pairs.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    items.clear();
    values.clear();
    for (const auto& [item, value] : pairs) {
      if (!items.empty() && items.back() == item) {
        values.back() += value;
      } else {
        items.push_back(item);
        values.push_back(value);
      }
    }
  }
};

/// Adds the seconds since it was last asked to one account after the other.
class stopwatch {
 public:
  void start() { last_ = std::chrono::steady_clock::now(); }
  void add_to(double& seconds) {
    const auto now = std::chrono::steady_clock::now();
    seconds += std::chrono::duration<double>(now - last_).count();
    last_ = now;
  }

 private:
  std::chrono::steady_clock::time_point last_ = {};
};

/// One way through a log.
template <class T>
class prequential_run {
 public:
  prequential_run(const prequential& rule, std::span<const event> log, shape s, std::span<contender<T>> contenders,
                  const training& how)
      : rule_(rule), how_(how), contenders_(contenders), log_(log, s), done_(static_cast<std::size_t>(s.users)) {
    const auto events = std::ssize(log_.events());
    split_ = events - share_of(1 - rule_.warm_up, events);
    for (const auto& c : contenders_) result_.contenders.push_back({.name = c.name(), .makes_lists = c.makes_lists()});
  }

  [[nodiscard]] prequential_result run() {
    choose();
    warm_up();
    const auto events = std::ssize(log_.events());
    std::int64_t n = split_;
    while (n < events && !how_.stop.stop_requested()) n = live(n, rule_.single_split ? events : period_end(n));
    result_.stopped = n < events;
    result_.queries.resize(static_cast<std::size_t>(answered_));
    for (auto& c : result_.contenders) c.ranks.resize(c.makes_lists ? static_cast<std::size_t>(answered_) : 0);
    return std::move(result_);
  }

 private:
  [[nodiscard]] const event& at(std::int64_t n) const { return log_.events()[static_cast<std::size_t>(n)]; }

  /// Which events are asked for.
  void choose() {
    std::vector<std::int64_t> first;
    for (std::int64_t n = split_; n < std::ssize(log_.events()); ++n)
      if (log_.first_read(n)) first.push_back(n);
    std::int64_t left = std::ssize(first), wanted = rule_.max_queries > 0 ? std::min(left, rule_.max_queries) : left;
    random_engine random(rule_.seed);
    for (const auto n : first) {  // selection sampling, as in `ratio_split`
      if (wanted == left || uniform_index(random, left) < wanted) {
        asked_for_.push_back(n);
        --wanted;
      }
      --left;
    }
    result_.queries.reserve(asked_for_.size());
    for (auto& c : result_.contenders)
      if (c.makes_lists) c.ranks.reserve(asked_for_.size());
  }

  void warm_up() {
    watch_.start();
    for (std::size_t c = 0; c < contenders_.size(); ++c) {
      std::fill(done_.begin(), done_.end(), 0);
      for (std::int64_t n = 0; n < split_; ++n) contenders_[c].learn(at(n), before(at(n).user, 1));
      watch_.add_to(result_.contenders[c].learn_seconds);
    }
    if (split_ < std::ssize(log_.events())) refit(split_);
  }

  /// What the user did so far; `more` events are then added to that.
  [[nodiscard]] history_view<T> before(std::int32_t user, std::int32_t more) {
    auto& count = done_[static_cast<std::size_t>(user)];
    const auto view = log_.timeline(user, count);
    count += more;
    return view;
  }

  void refit(std::int64_t n) {
    watch_.start();
    for (std::size_t c = 0; c < contenders_.size(); ++c) {
      contenders_[c].refit(log_.events().first(static_cast<std::size_t>(n)), {.executor = how_.executor});
      watch_.add_to(result_.contenders[c].learn_seconds);
    }
  }

  /// The first event that is not of the same period as n; refits first if n begins a new one.
  [[nodiscard]] std::int64_t period_end(std::int64_t n) {
    const auto events = std::ssize(log_.events());
    if (rule_.refit == never) return events;
    const auto period_of = [&](std::int64_t m) {
      return std::floor(std::chrono::duration<double>(at(m).time - at(split_).time) / rule_.refit);
    };
    const double period = period_of(n);
    if (n > split_ && period_of(n - 1) < period) refit(n);
    const auto later = [&](double p, const event& e) {
      return std::floor(std::chrono::duration<double>(e.time - at(split_).time) / rule_.refit) > p;
    };
    const auto end = std::upper_bound(log_.events().begin() + n, log_.events().end(), period, later);
    return end - log_.events().begin();
  }

  /// Asks and learns from event n on, to `end` or until there is enough to answer; answers. Returns where it stopped.
  [[nodiscard]] std::int64_t live(std::int64_t n, std::int64_t end) {
    constexpr std::int64_t most_events = 8192;
    constexpr std::size_t most_queries = 512;
    end = std::min(end, n + most_events);
    rows_.resize(most_queries);
    pending_.clear();
    watch_.start();
    for (; n < end && pending_.size() < most_queries; ++n) {
      const auto& e = at(n);
      const auto next = static_cast<std::size_t>(answered_) + pending_.size();
      if (next < asked_for_.size() && asked_for_[next] == n) ask(n);
      if (rule_.single_split) continue;
      const auto history = before(e.user, 1);
      for (std::size_t c = 0; c < contenders_.size(); ++c) {
        contenders_[c].learn(e, history);
        watch_.add_to(result_.contenders[c].learn_seconds);
      }
    }
    for (std::size_t c = 0; c < contenders_.size(); ++c) answer(c);
    answered_ += std::ssize(pending_);
    for (auto& c : contenders_) c.settle();
    if (how_.observer)
      how_.observer({.epoch = static_cast<int>(answered_),
                     .epochs = static_cast<int>(asked_for_.size()),
                     .loss = std::numeric_limits<double>::quiet_NaN()});
    return n;
  }

  void ask(std::int64_t n) {
    const auto& e = at(n);
    const auto known = rule_.single_split ? split_ : n;
    const auto session = before(e.user, 0);
    auto& row = rows_[pending_.size()];
    row.assign(session);
    const query<T> q{.user = e.user,
                     .history = {.items = row.items, .values = row.values},
                     .session = session,
                     .now = rule_.single_split && known > 0 ? at(known - 1).time : e.time};
    const bool reachable = log_.occurred(e.item, known);
    result_.queries.push_back({.event = log_.arrival(n),
                               .user = e.user,
                               .item = e.item,
                               .time = e.time,
                               .history = static_cast<std::int32_t>(session.size()),
                               .reachable = reachable});
    pending_.push_back(known);
    for (std::size_t c = 0; c < contenders_.size(); ++c) {
      auto& r = result_.contenders[c];
      if (reachable && !contenders_[c].knows(e.item)) ++r.without_vector;
      contenders_[c].ask(q, rule_.depth);
      watch_.add_to(r.answer_seconds);
    }
  }

  void answer(std::size_t c) {
    auto& r = result_.contenders[c];
    if (!r.makes_lists) return;
    watch_.start();
    const auto lists = contenders_[c].answer(rule_.depth, how_.executor);
    for (std::size_t p = 0; p < pending_.size(); ++p) {
      const auto& wanted = result_.queries[static_cast<std::size_t>(answered_) + p];
      std::int32_t rank = 0;
      for (std::size_t place = 0; place < lists[p].size(); ++place) {
        const auto item = lists[p][place].item;
        if (!log_.occurred(item, pending_[p]))
          fail_argument("prequential: '" + r.name + "' lists item " + to_text(item) +
                        ", which had not occurred by then");
        if (item == wanted.item) rank = static_cast<std::int32_t>(place + 1);
      }
      r.unanswered += lists[p].empty();
      r.ranks.push_back(rank);
    }
    watch_.add_to(r.answer_seconds);
  }

  const prequential& rule_;
  const training& how_;
  std::span<contender<T>> contenders_;
  lived_log<T> log_;
  std::int64_t split_ = 0;                    // how many events warm up
  std::vector<std::int32_t> done_;            // of each user, how many events have been lived through
  std::vector<std::int64_t> asked_for_ = {};  // events, ascending
  std::vector<std::int64_t> pending_ = {};    // of the queries not yet answered, how many events they know
  std::vector<merged_row<T>> rows_ = {};      // their histories
  std::int64_t answered_ = 0;
  stopwatch watch_ = {};
  prequential_result result_ = {};
};

}  // namespace detail

template <class T>
prequential_result prequential::evaluate(std::span<const event> log, shape s, std::span<contender<T>> contenders,
                                         const training& how) const {
  check_options(*this);
  return detail::prequential_run<T>(*this, log, s, contenders, how).run();
}

}  // namespace reco
