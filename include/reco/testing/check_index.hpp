// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <limits>
#include <numeric>
#include <optional>
#include <set>
#include <span>
#include <stdexcept>
#include <string>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/base/error.hpp"
#include "reco/base/random.hpp"
#include "reco/base/thread_pool.hpp"
#include "reco/data/ranked_list.hpp"
#include "reco/knn/concepts.hpp"
#include "reco/knn/exact.hpp"
#include "reco/math/matrix.hpp"
#include "reco/math/top_k.hpp"

namespace reco::inline RECO_ABI() {

/// What an index is built to do, and how well it promises to.
struct index_conformance {
  similarity measure = similarity::cosine;  ///< what its scores are
  double recall = 1;        ///< the share of the k nearest it finds, over all searches; below 1: approximate
  double tolerance = 1e-5;  ///< of a score, relative to the lengths of its vectors; what is nearer may change places
  bool repeatable = true;   ///< false if two builds from the same rows may answer differently
  bool same_batch = true;   ///< false if many queries at once are rounded differently from one: scores then agree
                            ///< within the tolerance
};

/// The executable definition of a neighbor index. `build` makes one of items × d vectors; the index is asked many
/// things and compared with a scan of every row in double. Returns a sentence for each promise that is broken, with the
/// first search that shows it; nothing if all are kept. Needs no test framework:
///
///     const auto build = [](const reco::matrix<float>& rows) { return my_index(rows); };
///     const reco::index_conformance promised{.measure = reco::similarity::l2, .recall = 0.9};
///     for (const auto& complaint : reco::check_index(build, rows, promised)) FAIL(complaint);
///
/// The promises: lists are ordered, hold no item twice and min(k, allowed items) of them, whatever is excluded; scores
/// are those of the measure; enough of the nearest are found, with `recall` = 1 all of them and of equal rows the
/// lower item; k = 0, k beyond the catalog, an index of one row or none are normal; by cosine, zeros have no direction
/// and are near to nothing; items beyond the catalog are passed over in `exclude` and `only`; a negative k, a negative
/// item, another dimension, a query or a row that is not finite are refused, and the message says what stood there;
/// many queries at once (`search_all`, if there is one), many threads, a pool of 1, 2 or 5 threads and a second
/// build give the same answers.
///
/// Besides the rows as given, it builds indexes of the first few and of all of them twice; all rows outlive what is
/// built of them. O(rows d) for each
/// of some hundred searches. Throws what `build` throws for the rows as given, and `invalid_argument` if there are
/// none.
template <class Build, class T>
  requires std::invocable<const Build&, const matrix<T>&>
[[nodiscard]] std::vector<std::string> check_index(const Build& build, const matrix<T>& rows,
                                                   const index_conformance& promised = {});

// ---------------------------------------------------------------------------------------------------

namespace detail {

template <class Build, class T>
class index_check {
 public:
  using index_type = std::remove_cvref_t<std::invoke_result_t<const Build&, const matrix<T>&>>;
  static_assert(neighbor_index<index_type>, "check_index: `build` must give a neighbor_index (knn/concepts.hpp)");
  using list = ranked_list<T>;

  index_check(const Build& build, const matrix<T>& rows, const index_conformance& promised)
      : build_(build), rows_(rows), promised_(promised), index_(build(rows)), queries_(queries_for(rows)) {}

  std::vector<std::string> run() {
    step("all rows", [&] { searches(index_, rows_); });
    for (const Eigen::Index n : {0, 1, 2, 7, 8, 9}) {
      if (n >= rows_.rows()) break;
      const matrix<T> few = rows_.topRows(n);
      step("the first " + to_text(n) + " rows", [&] { searches(build_(few), few); });
    }
    step("every row twice", [&] { equal_rows(); });
    step("bad input", [&] { bad_input(); });
    step("many queries at once", [&] { many_at_once(index_); });
    if (promised_.repeatable)
      step("a second build", [&] { expect(ask(build_(rows_)) == ask(index_), "a second build answers differently"); });
    expect(static_cast<double>(found_) >= promised_.recall * static_cast<double>(wanted_),
           "finds " + to_text(static_cast<double>(found_) / static_cast<double>(wanted_)) + " of the nearest, " +
               to_text(promised_.recall) + " is promised; the first it misses: " + missed_);
    return std::move(complaints_);
  }

 private:
  /// Complains once about each thing, however many searches show it.
  void expect(bool ok, const std::string& what, const std::string& where = {}) {
    if (!ok && said_.insert(what).second) complaints_.push_back(where.empty() ? what : what + " (" + where + ")");
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
  void expect_throw(const F& f, const std::string& what, const std::vector<std::string>& parts) {
    try {
      f();
    } catch (const Error& error) {
      for (const auto& part : parts)
        expect(std::string(error.what()).find(part) != std::string::npos,
               what + ": the message does not say '" + part + "': " + error.what());
      return;
    } catch (const std::exception& error) {
      return expect(false, what + ": throws another kind of exception: " + error.what());
    }
    expect(false, what + " is accepted");
  }

  // ---- the truth

  static constexpr double nowhere = -std::numeric_limits<double>::infinity();

  static double length(std::span<const T> v) { return as_column(v).template cast<double>().norm(); }
  /// -inf where there is none: a vector of zeros has no direction.
  double score(std::span<const T> a, std::span<const T> b) const {
    const auto x = as_column(a).template cast<double>(), y = as_column(b).template cast<double>();
    if (promised_.measure == similarity::l2) return -(x - y).squaredNorm();
    const double product = x.dot(y), lengths = length(a) * length(b);
    if (promised_.measure == similarity::inner_product) return product;
    return lengths > 0 ? product / lengths : nowhere;
  }
  double slack(std::span<const T> a, std::span<const T> b) const {
    const double x = length(a), y = length(b);
    const double size = promised_.measure == similarity::cosine          ? 1
                        : promised_.measure == similarity::inner_product ? x * y
                                                                         : x * x + y * y;
    return promised_.tolerance * size;
  }

  /// Some rows, one the other way round, points between rows, points anywhere, and zeros.
  static matrix<T> queries_for(const matrix<T>& rows) {
    constexpr Eigen::Index count = 12;
    matrix<T> q = matrix<T>::Zero(count, rows.cols());
    const auto n = rows.rows();
    random_engine random(5);
    const auto any_row = [&] { return static_cast<Eigen::Index>(uniform_index(random, n)); };
    const double spread = n == 0 ? 1 : std::sqrt(static_cast<double>(rows.squaredNorm() / static_cast<T>(n)));
    for (Eigen::Index i = 0; i + 1 < count; ++i) {
      if (n > 0 && i < 4) q.row(i) = rows.row(i * (n - 1) / 3);
      else if (n > 0 && i < 5) q.row(i) = -rows.row(any_row());
      else if (n > 0 && i < 8) q.row(i) = (rows.row(any_row()) + rows.row(any_row())) / T(2);
      else
        for (auto& x : q.row(i)) x = static_cast<T>(spread * normal(random));
    }
    return q;
  }

  // ---- one search

  void search(const index_type& index, const matrix<T>& rows, std::span<const T> q, const request& r,
              const std::vector<double>& truth, const std::string& where) {
    const auto count = static_cast<std::int32_t>(rows.rows());
    std::vector<char> allowed(static_cast<std::size_t>(count), r.only ? 0 : 1);
    const auto mark = [&](std::span<const std::int32_t> items, char as) {
      for (const auto i : items)
        if (i < count) allowed[static_cast<std::size_t>(i)] = as;
    };
    if (r.only) mark(*r.only, 1);
    mark(r.exclude, 0);
    for (std::size_t i = 0; i < allowed.size(); ++i)
      if (truth[i] == nowhere) allowed[i] = 0;
    std::vector<double> best;
    for (std::size_t i = 0; i < allowed.size(); ++i)
      if (allowed[i] != 0) best.push_back(truth[i]);
    const auto size = std::min(best.size(), static_cast<std::size_t>(r.k));

    const list found = index.search(q, r);
    const std::string sizes = where + ": " + to_text(found.size()) + " items, not " + to_text(size);
    expect(found.size() <= size, "a list is longer than k or than what is allowed", sizes);
    expect(found.size() >= size, "a list is shorter than k and what is allowed", sizes);
    expect(std::is_sorted(found.begin(), found.end(), better),
           "a list is not in order (score descending, ties by lower item)", where);

    double kth = nowhere;
    if (size > 0) {
      const auto place = best.begin() + static_cast<std::ptrdiff_t>(size) - 1;
      std::nth_element(best.begin(), place, best.end(), std::greater<>());
      kth = *place;
    }
    std::size_t hits = 0;
    for (const auto& s : found) {
      const auto i = static_cast<std::size_t>(s.item);
      const auto complain = [&](const std::string& what, const std::string& more = {}) {
        expect(false, what, where + ": item " + to_text(s.item) + more);
      };
      if (s.item < 0 || s.item >= count) {
        complain("an item outside the catalog is listed");
      } else if (truth[i] == nowhere) {
        complain("what has no direction is near to something");
      } else if (allowed[i] == 0) {
        complain("an item that was ruled out is listed");
      } else {
        const double near = slack(q, row_of(rows, s.item));
        if (!(std::abs(static_cast<double>(s.score) - truth[i]) <= near))
          complain("a score is wrong", " has " + to_text(s.score) + ", not " + to_text(truth[i]));
        if (truth[i] >= kth - near) ++hits;
      }
    }
    wanted_ += size;
    found_ += std::min(hits, size);
    if (hits < size && missed_.empty()) missed_ = where;
  }

  void searches(const index_type& index, const matrix<T>& rows) {
    const auto count = static_cast<std::int32_t>(rows.rows());
    expect(index.items() == count, "it has another number of items than there are rows");
    expect(index.dimension() == static_cast<std::int32_t>(rows.cols()), "it has another dimension than the rows");
    const matrix<T> queries = queries_for(rows);
    for (Eigen::Index n = 0; n < queries.rows(); ++n) {
      const auto q = row_of(queries, n);
      std::vector<double> truth;
      for (Eigen::Index i = 0; i < rows.rows(); ++i) truth.push_back(score(q, row_of(rows, i)));
      const auto where = [&](int k, const std::string& of) {
        return to_text(count) + " rows, query " + to_text(n) + ", k = " + to_text(k) + of;
      };
      for (const int k : {0, 1, 3, 10, count, count + 7}) search(index, rows, q, {.k = k}, truth, where(k, ""));
      for (const auto& f : filters_for(truth))
        for (const int k : {1, 3, count}) {
          request r{.k = k, .exclude = f.exclude};
          if (f.only) r.only = *f.only;
          search(index, rows, q, r, truth, where(k, f.name));
        }
    }
  }

  // ---- filters that an index which looks at the nearest first would stumble over

  struct filter {
    std::string name = {};
    std::vector<std::int32_t> exclude = {};
    std::optional<std::vector<std::int32_t>> only = {};
  };
  static std::vector<filter> filters_for(const std::vector<double>& truth) {
    std::vector<std::int32_t> order(truth.size());  // nearest first
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) {
      return truth[static_cast<std::size_t>(a)] > truth[static_cast<std::size_t>(b)];
    });
    const auto count = std::ssize(order);
    const auto beyond = static_cast<std::int32_t>(count) + 3;
    filter nearest{.name = " without the nearest", .exclude = {beyond}};
    nearest.exclude.insert(nearest.exclude.end(), order.begin(), order.begin() + std::min<std::ptrdiff_t>(4, count));
    if (count > 0) nearest.exclude.push_back(order.front());  // once more
    filter most{.name = " with all but the last two excluded"};
    most.exclude.assign(order.begin(), order.end() - std::min<std::ptrdiff_t>(2, count));
    std::vector<std::int32_t> last(order.rbegin(), order.rbegin() + std::min<std::ptrdiff_t>(5, count));
    last.push_back(beyond);
    last.push_back(last.front());
    std::vector<std::int32_t> second, third;
    for (std::int32_t i = 0; i < beyond; ++i) {
      if (i % 2 == 0) second.push_back(i);
      if (i % 3 == 0) third.push_back(i);
    }
    return {nearest,
            most,
            {.name = " of the last five", .only = last},
            {.name = " of every second without every third", .exclude = third, .only = second},
            {.name = " of nothing", .only = std::vector<std::int32_t>()}};
  }

  // ---- special rows and bad input

  void equal_rows() {
    const auto n = rows_.rows();
    matrix<T> twice(2 * n, rows_.cols());
    twice << rows_, rows_;
    const index_type index = build_(twice);
    searches(index, twice);
    many_at_once(index);
    if (promised_.recall < 1) return;
    for (Eigen::Index q = 0; q < queries_.rows(); ++q) {
      std::set<std::int32_t> above;
      for (const auto& s : index.search(row_of(queries_, q), {.k = 5})) {
        const auto twin = s.item - static_cast<std::int32_t>(n);
        if (twin >= 0) expect(above.contains(twin), "of equal rows the lower item is not listed first");
        above.insert(s.item);
      }
    }
  }

  void bad_input() {
    const auto q = row_of(queries_, 0);
    expect_throw<invalid_argument>([&] { (void)index_.search(q, {.k = -1}); }, "k = -1", {"k must", "-1"});
    const std::vector<std::int32_t> negative{-1};
    expect_throw<std::out_of_range>([&] { (void)index_.search(q, {.exclude = negative}); }, "item -1 in `exclude`",
                                    {"-1"});
    expect_throw<std::out_of_range>([&] { (void)index_.search(q, {.only = negative}); }, "item -1 in `only`", {"-1"});
    std::vector<T> other(q.begin(), q.end());
    other.push_back(0);
    const auto says = [&](std::size_t got) { return std::vector{to_text(q.size()), "got " + to_text(got)}; };
    expect_throw<invalid_argument>([&] { (void)index_.search(other, {}); }, "a query with a number too many",
                                   says(other.size()));
    expect_throw<invalid_argument>([&] { (void)index_.search(std::span<const T>(), {}); }, "a query without numbers",
                                   says(0));
    for (const T bad : {std::numeric_limits<T>::quiet_NaN(), std::numeric_limits<T>::infinity()}) {
      const std::vector<std::string> finite{"finite", "got " + to_text(bad)};
      std::vector<T> vector(q.begin(), q.end());
      vector.back() = bad;
      expect_throw<invalid_argument>([&] { (void)index_.search(vector, {}); }, "a query with " + to_text(bad), finite);
      matrix<T> rows = rows_;
      rows(rows.rows() - 1, rows.cols() - 1) = bad;
      expect_throw<invalid_argument>([&] { (void)build_(rows); }, "a row with " + to_text(bad), finite);
    }
  }

  // ---- many at once

  static constexpr int usual = 10;
  std::vector<list> ask(const index_type& index) const {
    std::vector<list> out;
    for (Eigen::Index n = 0; n < queries_.rows(); ++n) out.push_back(index.search(row_of(queries_, n), {.k = usual}));
    return out;
  }
  bool agree(const std::vector<list>& a, const std::vector<list>& b) const {
    if (promised_.same_batch) return a == b;
    const auto near = [&](const list& x, const list& y, Eigen::Index n) {
      double most = 0;
      for (Eigen::Index i = 0; i < rows_.rows(); ++i)
        most = std::max(most, slack(row_of(queries_, n), row_of(rows_, i)));
      return std::equal(x.begin(), x.end(), y.begin(), y.end(), [&](const auto& s, const auto& t) {
        return std::abs(static_cast<double>(s.score - t.score)) <= 2 * most;
      });
    };
    for (std::size_t n = 0; n < a.size(); ++n)
      if (!near(a[n], b[n], static_cast<Eigen::Index>(n))) return false;
    return a.size() == b.size();
  }

  void many_at_once(const index_type& index) {
    const auto answers = ask(index);
    std::vector<std::vector<list>> seen(3);
    {
      std::vector<std::thread> readers;
      for (auto& mine : seen) readers.emplace_back([&] { mine = ask(index); });
      for (auto& r : readers) r.join();
    }
    for (const auto& mine : seen) expect(mine == answers, "threads that search at once get different answers");

    const std::vector<std::int32_t> exclude{answers.front().empty() ? 0 : answers.front()[0].item};
    std::vector<list> filtered;
    for (Eigen::Index n = 0; n < queries_.rows(); ++n)
      filtered.push_back(index.search(row_of(queries_, n), {.k = usual, .exclude = exclude}));
    for (const unsigned threads : {1U, 2U, 5U}) {
      thread_pool pool(threads);
      const std::string on = " on " + to_text(threads) + (threads == 1 ? " thread" : " threads");
      if constexpr (requires { index.search(row_of(queries_, 0), request{}, pool); })
        for (Eigen::Index n = 0; n < queries_.rows(); ++n)
          expect(index.search(row_of(queries_, n), {.k = usual}, pool) == answers[static_cast<std::size_t>(n)],
                 "a search" + on + " answers differently");
      if constexpr (requires { index.search_all(queries_, request{}, pool); }) {
        expect(agree(index.search_all(queries_, {.k = usual}, pool), answers),
               "search_all" + on + " differs from search");
        expect(agree(index.search_all(queries_, {.k = usual, .exclude = exclude}, pool), filtered),
               "search_all" + on + " differs from search where items are excluded");
        expect(index.search_all(queries_.topRows(0), {.k = usual}, pool).empty(),
               "search_all of no queries gives lists");
      }
    }
  }

  const Build& build_;
  const matrix<T>& rows_;
  const index_conformance& promised_;
  index_type index_;
  matrix<T> queries_;
  std::size_t wanted_ = 0, found_ = 0;
  std::string missed_ = {};
  std::set<std::string> said_ = {};
  std::vector<std::string> complaints_ = {};
};

}  // namespace detail

template <class Build, class T>
  requires std::invocable<const Build&, const matrix<T>&>
std::vector<std::string> check_index(const Build& build, const matrix<T>& rows, const index_conformance& promised) {
  if (rows.size() == 0) detail::fail_argument("check_index: rows must hold a number at least, got none");
  return detail::index_check<Build, T>(build, rows, promised).run();
}

}  // namespace reco
