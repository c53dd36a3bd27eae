// SPDX-License-Identifier: MIT
#include "reco/testing/check_estimator.hpp"

#include <algorithm>
#include <atomic>
#include <string>
#include <thread>
#include <tuple>
#include <vector>

#include "reco/model/item_scores_model.hpp"
#include "support/catch.hpp"

using namespace reco_test;

namespace {

/// One promise broken at a time.
enum class fault {
  none,
  other_bits,
  other_bits_threads,
  silent_option,
  listed_unordered,
  shows_seen,
  shows_excluded,
  ignores_only,
  says_no_but_lists,
  forgets_k,
  explains_wrong,
  similar_to_itself,
  float_only,
  index_bound,
  batch_differs,
  fewer_items,
  stops_halfway,
  lists_newer_item,
  filters_afterwards,
  lists_other_score,
  only_shortens,
  empty_only_is_none,
  zero_is_ten,
  negative_is_none,
  unknown_unordered,
  explains_other_score,
  dense_differs,
  thread_differs
};

/// Scores an item by how often it occurs, plus how often the query's items did; enough to have something
/// to explain.
template <class T>
class counting_model {
 public:
  using scalar = T;
  std::vector<T> counts = {};
  fault broken = fault::none;
  std::thread::id fitted_by = std::this_thread::get_id();

  std::int32_t items() const { return static_cast<std::int32_t>(counts.size()); }
  bool can_answer(const reco::query<T>& q) const { return !q.history.empty(); }
  void scores(const reco::query<T>& q, std::span<T> out) const {
    T sum = 0;
    for (const auto i : q.history.items) sum += i < items() ? counts[static_cast<std::size_t>(i)] : T(0);
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = counts[i] + sum;
  }
  reco::ranked_list<T> recommend(const reco::query<T>& q, const reco::request& asked) const {
    reco::request r = asked;
    if (broken == fault::shows_seen) r.exclude_seen = false;
    if (broken == fault::shows_excluded) r.exclude = {};
    if (broken == fault::ignores_only) r.only.reset();
    if (broken == fault::forgets_k) r.k = items();
    if (broken == fault::filters_afterwards) r.exclude = {};
    if (broken == fault::empty_only_is_none && r.only && r.only->empty()) r.only.reset();
    if (broken == fault::zero_is_ten && r.k == 0) r.k = 10;
    if (broken == fault::negative_is_none && r.k < 0) return {};
    reco::check_request(asked);
    if (!can_answer(q) && broken != fault::says_no_but_lists && broken != fault::unknown_unordered) return {};
    std::vector<T> s(counts.size());
    scores(q, std::span(s));
    if (broken == fault::lists_other_score) s[0] += T(1);
    if (broken == fault::thread_differs && std::this_thread::get_id() != fitted_by) s[0] += T(1);
    return spoilt(reco::select<T>(s, q, r), q, asked);
  }
  reco::ranked_list<T> spoilt(const reco::ranked_list<T>& l, const reco::query<T>& q, const reco::request& r) const {
    std::vector<reco::scored_item<T>> list(l.begin(), l.end());
    if (broken == fault::listed_unordered || (broken == fault::unknown_unordered && !can_answer(q)))
      std::reverse(list.begin(), list.end());
    if (broken == fault::lists_newer_item) list.push_back({items() + 3, T(-1)});
    if (broken == fault::only_shortens && r.only && !list.empty()) list.pop_back();
    if (broken == fault::filters_afterwards)
      std::erase_if(list, [&](const auto& x) {
        return std::find(r.exclude.begin(), r.exclude.end(), x.item) != r.exclude.end();
      });
    return reco::ranked_list<T>::in_order(list);
  }
  std::vector<reco::ranked_list<T>> recommend_all(std::span<const reco::query<T>> qs, reco::request r,
                                                  reco::executor_ref) const {
    if (broken == fault::batch_differs) r.k /= 2;
    std::vector<reco::ranked_list<T>> out;
    for (const auto& q : qs) out.push_back(recommend(q, r));
    return out;
  }
  reco::explanation<T> explain(const reco::query<T>& q, std::int32_t item) const {
    const T base = counts[static_cast<std::size_t>(item)];
    std::vector<reco::scored_item<T>> parts;
    T score = base;
    for (const auto i : q.history.items) {
      if (i >= items()) continue;
      parts.push_back({i, counts[static_cast<std::size_t>(i)]});
      score += parts.back().score;
    }
    if (broken == fault::explains_other_score) score += T(1);
    const bool more_base = broken == fault::explains_wrong || broken == fault::explains_other_score;
    return {.score = score, .base = more_base ? base + T(1) : base, .because = reco::ranked_list<T>::best_of(parts)};
  }
  reco::ranked_list<T> similar(std::int32_t item, const reco::request& r) const {
    const std::int32_t self[] = {item};
    reco::query<T> q;
    if (broken != fault::similar_to_itself) q.history.items = self;
    return reco::select<T>(counts, q, r);
  }
};

std::atomic<int> fits{0};

struct counting {
  int repeat = 1;
  int broken = 0;

  static constexpr std::string_view name = "counting";
  static constexpr auto options() {
    return std::tuple{reco::at_least("repeat", &counting::repeat, 1), reco::any_value("broken", &counting::broken)};
  }
  friend bool operator==(const counting&, const counting&) = default;

  template <reco::interactions D>
  counting_model<typename D::scalar> fit(const D& data, const reco::training& how = {}) const {
    using T = typename D::scalar;
    const auto flaw = static_cast<fault>(broken);
    if (flaw != fault::silent_option) reco::check_options(*this);
    counting_model<T> m{.counts = std::vector<T>(static_cast<std::size_t>(data.items())), .broken = flaw};
    for (std::int32_t u = 0; u < data.users(); ++u)
      for (const auto i : data.of(u).items) m.counts[static_cast<std::size_t>(i)] += T(1);
    if (flaw == fault::other_bits) m.counts[0] += static_cast<T>(++fits) * T(0.001);
    if (flaw == fault::other_bits_threads && how.observer) m.counts[0] += T(0.5);
    if (flaw == fault::float_only && std::same_as<T, double>) m.counts[0] += T(2);
    if (flaw == fault::index_bound) m.counts[0] += T(2);
    if (flaw == fault::dense_differs && std::same_as<D, reco::dense_interactions<T>>) m.counts[0] += T(2);
    if (flaw == fault::fewer_items || (flaw == fault::stops_halfway && how.stop.stop_requested())) m.counts.pop_back();
    return m;
  }
};

reco::dataset<float> small_data() {
  std::vector<reco::event> log;
  for (std::int32_t u = 0; u < 12; ++u)
    for (std::int32_t i = 0; i < 20; ++i)
      if ((u * 7 + i * i) % 5 < 2)
        log.push_back({.user = u, .item = i, .time = reco::instant(std::chrono::hours(u + i))});
  return {log, {.users = 12, .items = 20}};
}

}  // namespace

TEST_CASE("an estimator that keeps every promise gets no complaint", "[concurrent]") {
  const auto complaints = reco::check_estimator(counting{}, small_data());
  CAPTURE(complaints);
  CHECK(complaints.empty());
}

TEST_CASE("data without users or items is data") {
  CHECK(reco::check_estimator(counting{}, reco::dataset<float>({}, {.users = 0, .items = 4})).empty());
  CHECK(reco::check_estimator(counting{}, reco::dataset<float>({}, {.users = 3, .items = 0})).empty());
}

TEST_CASE("each broken promise is found and named", "[concurrent]") {
  const auto broken_and_sentence = GENERATE(table<fault, std::string>({
      {fault::other_bits, "a second fit answers differently"},
      {fault::other_bits_threads, "a fit on 2 threads answers differently"},
      {fault::silent_option, "option repeat = 0: is accepted"},
      {fault::listed_unordered, "the list is not in order"},
      {fault::shows_seen, "a seen item is recommended"},
      {fault::shows_excluded, "an excluded item is recommended"},
      {fault::ignores_only, "an item outside `only` is recommended"},
      {fault::says_no_but_lists, "a list is given although can_answer says no"},
      {fault::forgets_k, "the top 3 are not the beginning of the whole list"},
      {fault::explains_wrong, "the parts of an explanation do not add up"},
      {fault::similar_to_itself, "an item is similar to itself"},
      {fault::float_only, "other scores in double"},
      {fault::index_bound, "other scores with users and items renamed"},
      {fault::batch_differs, "recommend_all differs from recommend"},
      {fault::fewer_items, "the model has another number of items than the data"},
      {fault::stops_halfway, "a fit told to stop does not end in a whole model"},
      {fault::lists_newer_item, "an item outside the catalog is listed"},
      {fault::filters_afterwards, "without the top 3 the next 3 are not listed"},
      {fault::lists_other_score, "a listed score is not the score"},
      {fault::only_shortens, "`only` and `exclude` do not add up to the whole list"},
      {fault::empty_only_is_none, "an empty `only` lets something through"},
      {fault::zero_is_ten, "k = 0 gives items"},
      {fault::negative_is_none, "k = -1: is accepted"},
      {fault::unknown_unordered, "the list of an unknown user is not in order"},
      {fault::explains_other_score, "an explanation is of another score"},
      {fault::dense_differs, "sparse and dense data give different answers"},
      {fault::thread_differs, "threads that ask at once get different answers"},
  }));
  const auto& sentence = std::get<1>(broken_and_sentence);
  const counting flawed{.broken = static_cast<int>(std::get<0>(broken_and_sentence))};
  const auto complaints = reco::check_estimator(flawed, small_data());
  CAPTURE(sentence, complaints);
  CHECK(std::any_of(complaints.begin(), complaints.end(),
                    [&](const auto& c) { return c.find(sentence) != std::string::npos; }));
}
