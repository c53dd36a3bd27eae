// SPDX-License-Identifier: MIT
#include "reco/testing/check_index.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <thread>
#include <tuple>
#include <vector>

#include "reco/base/random.hpp"
#include "reco/data/request.hpp"
#include "reco/knn/exact.hpp"
#include "support/catch.hpp"

using namespace reco_test;

namespace {

/// One promise broken at a time.
enum class index_fault {
  none,
  items_wrong,
  dimension_wrong,
  one_short,
  one_more,
  unordered,
  item_twice,
  outside,
  ignores_exclude,
  ignores_only,
  filters_afterwards,
  empty_only_is_none,
  unknown_in_only,
  other_measure,
  misses_an_item,
  higher_of_equals,
  zero_is_one,
  negative_k,
  negative_exclude,
  negative_only,
  longer_vector,
  empty_vector,
  unnamed_dimension,
  nan_query,
  infinite_row,
  other_exception,
  no_empty_index,
  zero_query,
  zero_query_anywhere,
  batch_differs,
  batch_forgets_filter,
  batch_of_none,
  pool_differs,
  thread_differs,
  build_differs
};

std::atomic<int> builds{0};

/// Looks at every row, by cosine.
class scanning_index {
 public:
  using scalar = float;

  explicit scanning_index(const reco::matrix<float>& rows, index_fault broken = index_fault::none)
      : rows_(rows), broken_(broken) {
    if (broken != index_fault::infinite_row) check_finite(rows);
    if (broken == index_fault::no_empty_index && rows.rows() == 0)
      throw reco::invalid_argument("scanning_index: no rows");
    if (broken == index_fault::build_differs) bonus_ = 2e-7F * static_cast<float>(++builds % 20);
  }

  std::int32_t items() const { return static_cast<std::int32_t>(rows_.rows()) + (broken_ == index_fault::items_wrong); }
  std::int32_t dimension() const {
    return static_cast<std::int32_t>(rows_.cols()) + (broken_ == index_fault::dimension_wrong);
  }

  reco::ranked_list<float> search(std::span<const float> vector, const reco::request& r,
                                  reco::executor_ref = {}) const {
    return answer(vector, r, false);
  }
  reco::ranked_list<float> search(std::span<const float> vector, const reco::request& r,
                                  reco::thread_pool& pool) const {
    return answer(vector, r, broken_ == index_fault::pool_differs && pool.threads() == 5);
  }
  std::vector<reco::ranked_list<float>> search_all(const reco::matrix<float>& queries, reco::request r,
                                                   reco::executor_ref) const {
    if (broken_ == index_fault::batch_forgets_filter) r.exclude = {};
    std::vector<reco::ranked_list<float>> out;
    for (Eigen::Index n = 0; n < queries.rows(); ++n)
      out.push_back(answer(reco::row_of(queries, n), r, broken_ == index_fault::batch_differs));
    if (broken_ == index_fault::batch_of_none && out.empty()) out.resize(1);
    return out;
  }

 private:
  static constexpr float nowhere = -std::numeric_limits<float>::infinity();

  static void check_finite(const reco::matrix<float>& m) {
    for (const float x : m.reshaped())
      if (!std::isfinite(x))
        throw reco::invalid_argument("scanning_index: must be finite, got " + reco::detail::to_text(x));
  }
  void check(std::span<const float> vector, const reco::request& r) const {
    const auto size = static_cast<std::int64_t>(vector.size());
    const auto d = rows_.cols();
    if (broken_ == index_fault::unnamed_dimension && size != d)
      throw reco::invalid_argument("scanning_index: bad vector");
    if ((size > d && broken_ != index_fault::longer_vector) ||
        (size < d && (size > 0 || broken_ != index_fault::empty_vector)))
      throw reco::invalid_argument("scanning_index: " + std::to_string(d) + " numbers, got " + std::to_string(size));
    for (const float x : vector)
      if (!std::isfinite(x) && broken_ != index_fault::nan_query)
        throw reco::invalid_argument("scanning_index: must be finite, got " + reco::detail::to_text(x));
    if (broken_ == index_fault::other_exception && r.k < 0) throw std::length_error("k must not be -1");
    if (broken_ != index_fault::negative_k) reco::check_request(r);
    const auto refuse_negative = [](std::span<const std::int32_t> items) {
      for (const auto i : items)
        if (i < 0) throw std::out_of_range("item " + std::to_string(i));
    };
    if (broken_ != index_fault::negative_exclude) refuse_negative(r.exclude);
    if (r.only && broken_ != index_fault::negative_only) refuse_negative(*r.only);
    if (broken_ == index_fault::unknown_in_only && r.only)
      for (const auto i : *r.only) reco::detail::check_index("item", i, rows_.rows());
  }
  bool lets_through(const reco::request& r, std::int32_t item) const {
    const auto has = [&](std::span<const std::int32_t> some) {
      return std::find(some.begin(), some.end(), item) != some.end();
    };
    const bool none = broken_ == index_fault::ignores_only ||
                      (broken_ == index_fault::empty_only_is_none && r.only && r.only->empty());
    if (r.only && !none && !has(*r.only)) return false;
    return broken_ == index_fault::ignores_exclude || !has(r.exclude);
  }
  float score(std::span<const float> q, std::int32_t item) const {
    const auto row = reco::row_of(rows_, item);
    double dot = 0, q2 = 0, row2 = 0, difference2 = 0;
    for (std::size_t c = 0; c < std::min(row.size(), q.size()); ++c) {
      const double x = q[c], y = row[c];
      dot += x * y;
      q2 += x * x;
      row2 += y * y;
      difference2 += (x - y) * (x - y);
    }
    if (broken_ == index_fault::other_measure) return static_cast<float>(-difference2);
    if (broken_ == index_fault::zero_query) return static_cast<float>(dot / std::sqrt(q2 * row2));
    if (broken_ == index_fault::zero_query_anywhere && q2 == 0) return 0;
    return q2 * row2 > 0 ? static_cast<float>(dot / std::sqrt(q2 * row2)) : nowhere;
  }
  reco::ranked_list<float> answer(std::span<const float> q, const reco::request& r, bool differs) const {
    check(q, r);
    if (r.k < 0) return {};
    std::vector<reco::scored_item<float>> all;
    const float extra = bonus_ + (differs ? 1e-6F : 0) +
                        (broken_ == index_fault::thread_differs && std::this_thread::get_id() != built_by_ ? 1e-6F : 0);
    for (std::int32_t i = 0; i < static_cast<std::int32_t>(rows_.rows()); ++i) {
      if (broken_ == index_fault::misses_an_item && i == 5 && rows_.rows() > 9) continue;
      if (broken_ != index_fault::filters_afterwards && !lets_through(r, i)) continue;
      if (const float s = score(q, i); s != nowhere) all.push_back({i, s + extra});
    }
    const bool high = broken_ == index_fault::higher_of_equals;
    std::sort(all.begin(), all.end(), [&](const auto& a, const auto& b) {
      return a.score > b.score || (a.score == b.score && (high ? a.item > b.item : a.item < b.item));
    });
    auto size = static_cast<std::size_t>(r.k);
    if (broken_ == index_fault::zero_is_one) size = std::max<std::size_t>(size, 1);
    if (broken_ == index_fault::one_more) ++size;
    if (broken_ == index_fault::one_short && size > 3) --size;
    all.resize(std::min(size, all.size()));
    if (broken_ == index_fault::filters_afterwards)
      std::erase_if(all, [&](const auto& s) { return !lets_through(r, s.item); });
    if (broken_ == index_fault::outside && r.k == 3 && !all.empty())
      all.back().item = static_cast<std::int32_t>(rows_.rows());
    if (broken_ == index_fault::item_twice && all.size() > 1) all[1].item = all[0].item;
    if (broken_ == index_fault::unordered) std::reverse(all.begin(), all.end());
    if (high) std::sort(all.begin(), all.end(), reco::better);
    return reco::ranked_list<float>::in_order(all);
  }

  reco::matrix<float> rows_;
  index_fault broken_;
  float bonus_ = 0;
  std::thread::id built_by_ = std::this_thread::get_id();
};

reco::matrix<float> random_rows(Eigen::Index items, Eigen::Index dimension, std::uint64_t seed) {
  reco::random_engine random(seed);
  reco::matrix<float> rows(items, dimension);
  for (auto& x : rows.reshaped()) x = static_cast<float>(reco::normal(random));
  return rows;
}

std::vector<std::string> complaints_about(index_fault broken) {
  return reco::check_index([&](const reco::matrix<float>& rows) { return scanning_index(rows, broken); },
                           random_rows(60, 7, 1));
}

}  // namespace

TEST_CASE("an index that keeps every promise gets no complaint", "[concurrent]") {
  const auto complaints = complaints_about(index_fault::none);
  CAPTURE(complaints);
  CHECK(complaints.empty());
}

TEST_CASE("each broken promise of an index is found and named", "[concurrent]") {
  const auto [broken, sentence] = GENERATE(table<index_fault, std::string>({
      {index_fault::items_wrong, "it has another number of items than there are rows"},
      {index_fault::dimension_wrong, "it has another dimension than the rows"},
      {index_fault::one_short, "a list is shorter than k and what is allowed"},
      {index_fault::one_more, "a list is longer than k or than what is allowed"},
      {index_fault::unordered, "a list is not in order"},
      {index_fault::item_twice, "stands there twice"},
      {index_fault::outside, "an item outside the catalog is listed"},
      {index_fault::ignores_exclude, "an item that was ruled out is listed"},
      {index_fault::ignores_only, "an item that was ruled out is listed"},
      {index_fault::filters_afterwards, "a list is shorter than k and what is allowed"},
      {index_fault::empty_only_is_none, "an item that was ruled out is listed"},
      {index_fault::unknown_in_only, "all rows: throws item must be in 0..59, got 63"},
      {index_fault::other_measure, "a score is wrong"},
      {index_fault::misses_an_item, "of the nearest, 1 is promised; the first it misses: 60 rows"},
      {index_fault::higher_of_equals, "of equal rows the lower item is not listed first"},
      {index_fault::zero_is_one, "a list is longer than k"},
      {index_fault::negative_k, "k = -1 is accepted"},
      {index_fault::negative_exclude, "item -1 in `exclude` is accepted"},
      {index_fault::negative_only, "item -1 in `only` is accepted"},
      {index_fault::longer_vector, "a query with a number too many is accepted"},
      {index_fault::empty_vector, "a query without numbers is accepted"},
      {index_fault::unnamed_dimension, "a query without numbers: the message does not say '7'"},
      {index_fault::nan_query, "a query with nan is accepted"},
      {index_fault::infinite_row, "a row with inf is accepted"},
      {index_fault::other_exception, "k = -1: throws another kind of exception"},
      {index_fault::no_empty_index, "the first 0 rows: throws scanning_index: no rows"},
      {index_fault::zero_query, "all rows: throws ranked_list: the score of item"},
      {index_fault::zero_query_anywhere, "what has no direction is near to something"},
      {index_fault::batch_differs, "search_all on 1 thread differs from search"},
      {index_fault::batch_forgets_filter, "differs from search where items are excluded"},
      {index_fault::batch_of_none, "search_all of no queries gives lists"},
      {index_fault::pool_differs, "a search on 5 threads answers differently"},
      {index_fault::thread_differs, "threads that search at once get different answers"},
      {index_fault::build_differs, "a second build answers differently"},
  }));
  const auto complaints = complaints_about(broken);
  CAPTURE(sentence, complaints);
  const auto& expected = sentence;
  CHECK(std::any_of(complaints.begin(), complaints.end(),
                    [&](const auto& c) { return c.find(expected) != std::string::npos; }));
}

TEST_CASE("what an index does not promise is not asked of it", "[concurrent]") {
  const auto rows = random_rows(60, 7, 1);
  const auto check = [&](index_fault broken, const reco::index_conformance& promised) {
    return reco::check_index([&](const reco::matrix<float>& r) { return scanning_index(r, broken); }, rows, promised);
  };
  CHECK(check(index_fault::build_differs, {.repeatable = false}).empty());
  CHECK(check(index_fault::batch_differs, {.same_batch = false}).empty());
  CHECK_FALSE(check(index_fault::batch_forgets_filter, {.same_batch = false}).empty());
  CHECK(check(index_fault::higher_of_equals, {.recall = 0.99}).empty());
}

TEST_CASE("recall counts what is found of the nearest over all searches") {
  const auto complaint_of = [](double recall) {
    const auto build = [](const reco::matrix<float>& r) { return scanning_index(r, index_fault::misses_an_item); };
    return reco::check_index(build, random_rows(60, 7, 1), {.recall = recall});
  };
  const auto low = complaint_of(0.9), high = complaint_of(0.999);
  CAPTURE(low, high);
  // A list of all items lacks one of sixty; that is two complaints about length and none about recall.
  const auto about = [](const std::string& what) {
    return [what](const auto& c) { return c.find(what) != std::string::npos; };
  };
  CHECK(std::none_of(low.begin(), low.end(), about("of the nearest")));
  CHECK(std::count_if(high.begin(), high.end(), about("of the nearest, 0.999 is promised")) == 1);
}

TEST_CASE("the same complaint is made once, with the first search that shows it") {
  const auto complaints = complaints_about(index_fault::other_measure);
  CAPTURE(complaints);
  CHECK(std::count_if(complaints.begin(), complaints.end(), [](const auto& c) {
          return c.starts_with("a score is wrong (60 rows, query 0, k = 1: item ");
        }) == 1);
}

TEST_CASE("rows without numbers are nothing to check an index with") {
  const auto build = [](const reco::matrix<float>& rows) { return scanning_index(rows); };
  CHECK_THROWS_WITH(reco::check_index(build, reco::matrix<float>(0, 3)),
                    "check_index: rows must hold a number at least, got none");
}

TEST_CASE("exact_index keeps every promise by every measure", "[concurrent]") {
  const auto measure = GENERATE(reco::similarity::cosine, reco::similarity::inner_product, reco::similarity::l2);
  const auto dimension = GENERATE(1, 3, 8, 65);
  CAPTURE(static_cast<int>(measure), dimension);
  auto rows = random_rows(71, dimension, 2);
  rows.row(13).setZero();
  rows.row(40) *= 1000;
  const auto build = [&](const auto& r) {
    return reco::exact_index<typename std::remove_cvref_t<decltype(r)>::Scalar>(r, measure);
  };
  const auto single = reco::check_index(build, rows, {.measure = measure});
  const auto twice =
      reco::check_index(build, reco::matrix<double>(rows.cast<double>()), {.measure = measure, .tolerance = 1e-13});
  // The rows that check_index builds from live as long as the index.
  const auto view = [&](const reco::matrix<float>& r) { return reco::exact_index<float>::view(r, measure); };
  const auto viewed = reco::check_index(view, rows, {.measure = measure});
  CAPTURE(single, twice, viewed);
  CHECK(single.empty());
  CHECK(twice.empty());
  CHECK(viewed.empty());
}

TEST_CASE("exact_index keeps every promise over several chunks of rows", "[concurrent]") {
  const auto build = [](const auto& rows) { return reco::exact_index<float>(rows); };
  const auto complaints = reco::check_index(build, random_rows(32769, 3, 3));
  CAPTURE(complaints);
  CHECK(complaints.empty());
}
