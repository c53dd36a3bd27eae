// SPDX-License-Identifier: MIT
#include "reco/knn/exact.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <iterator>
#include <limits>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "reco/base/executor.hpp"
#include "reco/base/random.hpp"
#include "reco/base/thread_pool.hpp"
#include "support/catch.hpp"
#include "support/data.hpp"
#include "support/tolerance.hpp"

using namespace reco;
using namespace reco_test;

namespace {

const similarity measures[] = {similarity::cosine, similarity::inner_product, similarity::l2};

/// Small integers: sums of products are exact, many scores are equal, some rows are zeros.
template <class T>
matrix<T> integers(std::int64_t rows, std::int64_t columns, std::uint64_t seed) {
  random_engine random(seed);
  matrix<T> m(rows, columns);
  for (std::int64_t i = 0; i < m.size(); ++i) m.data()[i] = static_cast<T>(uniform_index(random, 5) - 2);
  for (std::int64_t i = 4; i < rows; i += 10) m.row(i).setZero();
  return m;
}

template <class T>
matrix<T> normals(std::int64_t rows, std::int64_t columns, std::uint64_t seed) {
  random_engine random(seed);
  matrix<T> m(rows, columns);
  for (std::int64_t i = 0; i < m.size(); ++i) m.data()[i] = static_cast<T>(normal(random));
  return m;
}

/// The naive twin: every row scored in double by a plain loop, everything sorted.
template <class T>
std::vector<scored_item<double>> naive_list(const matrix<T>& rows, const matrix<T>& queries, std::int64_t q,
                                            similarity measure) {
  std::vector<scored_item<double>> all;
  for (std::int64_t i = 0; i < rows.rows(); ++i) {
    double product = 0, squares = 0, row_squares = 0, query_squares = 0;
    for (std::int64_t c = 0; c < rows.cols(); ++c) {
      const double a = queries(q, c), b = rows(i, c);
      product += a * b;
      squares += (a - b) * (a - b);
      row_squares += b * b;
      query_squares += a * a;
    }
    const auto item = static_cast<std::int32_t>(i);
    if (measure == similarity::inner_product) all.push_back({item, product});
    if (measure == similarity::l2) all.push_back({item, -squares});
    if (measure == similarity::cosine && row_squares > 0 && query_squares > 0)
      all.push_back({item, product / std::sqrt(row_squares * query_squares)});
  }
  std::sort(all.begin(), all.end(), better);
  return all;
}

template <class T>
std::span<const T> row(const matrix<T>& m, std::int64_t i) {
  return row_of(m, i);
}

std::vector<std::int32_t> items_of(const auto& list) {
  std::vector<std::int32_t> out;
  for (const auto& s : list) out.push_back(s.item);
  return out;
}

}  // namespace

TEMPLATE_TEST_CASE("exact_index finds what a full sort finds, ties by lower index", "[knn]", float, double) {
  for (const std::int64_t n : {0, 1, 7, 8, 9, 1000})
    for (const std::int64_t d : {1, 3, 8, 128, 784}) {
      const auto rows = integers<TestType>(n, d, 1), queries = integers<TestType>(n == 1000 ? 10 : 3, d, 2);
      for (const auto measure : {similarity::inner_product, similarity::l2}) {
        const exact_index<TestType> index(rows, measure);
        for (const int k : {0, 1, 10, 2000}) {
          CAPTURE(n, d, k, static_cast<int>(measure));
          const auto lists = index.search_all(queries, {.k = k});
          REQUIRE(std::ssize(lists) == queries.rows());
          for (std::int64_t q = 0; q < queries.rows(); ++q) {
            auto expected = naive_list(rows, queries, q, measure);
            expected.resize(std::min(expected.size(), static_cast<std::size_t>(k)));
            const auto& found = lists[static_cast<std::size_t>(q)];
            REQUIRE(items_of(found) == items_of(expected));
            for (std::size_t i = 0; i < found.size(); ++i)
              REQUIRE(static_cast<double>(found[i].score) == expected[i].score);
          }
        }
      }
    }
}

TEMPLATE_TEST_CASE("exact_index: cosine is the inner product over both lengths, best first", "[knn]", float, double) {
  for (const std::int64_t n : {1, 9, 1000})
    for (const std::int64_t d : {1, 3, 8, 128, 784}) {
      const auto rows = integers<TestType>(n, d, 3), queries = integers<TestType>(10, d, 4);
      const exact_index<TestType> index(rows);
      for (std::int64_t q = 0; q < queries.rows(); ++q) {
        CAPTURE(n, d, q);
        const auto expected = naive_list(rows, queries, q, similarity::cosine);
        const auto found = index.search(row(queries, q), {.k = 2000});
        REQUIRE(found.size() == expected.size());  // rows of zeros are in neither
        REQUIRE(std::is_sorted(found.begin(), found.end(), better));
        std::vector<double> score(static_cast<std::size_t>(n));
        for (const auto& s : expected) score[static_cast<std::size_t>(s.item)] = s.score;
        const double allowed = 2 * sum_error<TestType>(static_cast<double>(d) + 4, 1);
        for (const auto& s : found)
          REQUIRE(std::abs(static_cast<double>(s.score) - score[static_cast<std::size_t>(s.item)]) <= allowed);
      }
    }
}

TEST_CASE("exact_index: a list is the same bits alone, in a batch, by view and on any number of threads",
          "[knn][concurrent]") {
  // More rows than one chunk of a search and more queries than one block.
  const auto rows = normals<float>(70000, 5, 5), queries = normals<float>(260, 5, 6);
  thread_pool two(2), five(5);
  for (const auto measure : measures) {
    CAPTURE(static_cast<int>(measure));
    const exact_index<float> index(rows, measure);
    const auto view = exact_index<float>::view(rows, measure);
    const request r{.k = 20};
    const auto lists = index.search_all(queries, r);
    CHECK(index.search_all(queries, r, two) == lists);
    CHECK(view.search_all(queries, r, five) == lists);
    for (std::int64_t q = 0; q < queries.rows(); q += 50) {
      CHECK(index.search(row(queries, q), r) == lists[static_cast<std::size_t>(q)]);
      CHECK(view.search(row(queries, q), r, five) == lists[static_cast<std::size_t>(q)]);
    }
    const auto few = index.search_all(queries.middleRows(10, 3), r, two);
    CHECK(few[2] == lists[12]);
  }
}

TEST_CASE("exact_index: every row is the nearest to itself, in whatever chunk of rows it stands", "[knn]") {
  const std::int64_t n = GENERATE(32767, 32768, 32769, 70001, 100003);  // chunks of equal size would lose the last rows
  const auto rows = normals<float>(n, 4, 17);
  const auto index = exact_index<float>::view(rows, similarity::l2);
  for (const std::int64_t item : {std::int64_t{0}, n / 7, n / 3, n / 2, n - 32769, n - 3, n - 2, n - 1}) {
    if (item < 0) continue;
    CAPTURE(n, item);
    const auto list = index.search(row(rows, item), {.k = 1});
    CHECK(list[0].item == item);
    CHECK(list[0].score == 0);
  }
}

TEST_CASE("exact_index: float and double agree within rounding", "[knn]") {
  const auto rows = normals<float>(2000, 64, 7), queries = normals<float>(20, 64, 8);
  for (const auto measure : measures) {
    const exact_index<float> index(rows, measure);
    const exact_index<double> precise(rows.cast<double>(), measure);
    const double magnitude = measure == similarity::cosine ? 1 : 64 * 40;
    for (std::int64_t q = 0; q < queries.rows(); ++q) {
      const auto a = index.search(row(queries, q), {.k = 100});
      const auto b = precise.search(row<double>(queries.cast<double>(), q), {.k = 100});
      for (std::size_t i = 0; i < 100; ++i)
        REQUIRE(std::abs(static_cast<double>(a[i].score) - b[i].score) <= sum_error<float>(70, magnitude));
    }
  }
}

TEST_CASE("exact_index: a filter never shortens a list while there are other items", "[knn]") {
  const auto rows = integers<float>(1000, 16, 9), queries = integers<float>(3, 16, 10);
  for (const auto measure : measures) {
    const exact_index<float> index(rows, measure);
    const auto everything = index.search(row(queries, 0), {.k = 1000});
    std::vector<std::int32_t> best_500;
    for (std::size_t i = 0; i < 500; ++i) best_500.push_back(everything[i].item);
    std::vector<std::int32_t> shuffled = best_500;
    shuffled.insert(shuffled.end(), best_500.begin(), best_500.begin() + 10);  // some twice
    shuffled.push_back(1000);                                                  // newer than the index
    random_engine random(11);
    shuffle(random, std::span(shuffled));

    const auto without = index.search(row(queries, 0), {.k = 20, .exclude = shuffled});
    const std::vector<scored_item<float>> next(everything.begin() + 500, everything.begin() + 520);
    CHECK(std::vector<scored_item<float>>(without.begin(), without.end()) == next);

    const auto only = index.search(row(queries, 0), {.k = 1000, .only = std::span<const std::int32_t>(shuffled)});
    CHECK(items_of(only) == best_500);

    const auto both = index.search(
        row(queries, 0),
        {.k = 1000, .exclude = std::span(best_500).first(490), .only = std::span<const std::int32_t>(shuffled)});
    CHECK(items_of(both) == std::vector<std::int32_t>(best_500.begin() + 490, best_500.end()));

    CHECK(index.search(row(queries, 0), {.only = std::span<const std::int32_t>()}).empty());
    for (const auto& list : index.search_all(queries, {.k = 1000, .exclude = best_500}))
      for (const auto& s : list) REQUIRE(std::find(best_500.begin(), best_500.end(), s.item) == best_500.end());
  }
}

TEST_CASE("exact_index leaves out single items and whole blocks wherever they stand", "[knn]") {
  const auto rows = normals<float>(500, 4, 12), queries = normals<float>(1, 4, 13);
  const exact_index<float> index(rows, similarity::l2);
  const auto everything = index.search(row(queries, 0), {.k = 500});
  for (const auto& [begin, end] : {std::pair(0, 1), std::pair(499, 500), std::pair(127, 129), std::pair(128, 256),
                                   std::pair(100, 400), std::pair(0, 500)}) {
    std::vector<std::int32_t> gone, left;
    for (int i = begin; i < end; ++i) gone.push_back(i);
    for (const auto& s : everything)
      if (s.item < begin || s.item >= end) left.push_back(s.item);
    CAPTURE(begin, end);
    CHECK(items_of(index.search(row(queries, 0), {.k = 500, .exclude = gone})) == left);
  }
}

TEST_CASE("exact_index: by cosine, a vector of zeros is near to nothing and nothing is near to it", "[knn]") {
  matrix<float> rows(4, 2);
  rows << 0, 0, 1, 0, -1, 0, 0, 0;
  const float east[] = {2, 0}, zero[] = {0, 0};
  const exact_index<float> cosine(rows);
  CHECK(items_of(cosine.search(east)) == std::vector<std::int32_t>{1, 2});
  CHECK(cosine.search(zero).empty());
  matrix<float> queries(3, 2);
  queries << 0, 0, 2, 0, 0, 0;
  const auto lists = cosine.search_all(queries);
  CHECK(lists[0].empty());
  CHECK(items_of(lists[1]) == std::vector<std::int32_t>{1, 2});
  CHECK(lists[2].empty());
  const std::int32_t some[] = {0, 2};
  CHECK(items_of(cosine.search(east, {.only = std::span<const std::int32_t>(some)})) == std::vector<std::int32_t>{2});
  CHECK(items_of(exact_index<float>(rows, similarity::inner_product).search(zero)) ==
        std::vector<std::int32_t>{0, 1, 2, 3});
  CHECK(items_of(exact_index<float>(rows, similarity::l2).search(zero)) == std::vector<std::int32_t>{0, 3, 1, 2});
}

TEST_CASE("exact_index: by cosine, very long and very short vectors have a direction", "[knn]") {
  matrix<double> rows(4, 2);
  rows << 3e200, 4e200, 3e-200, 4e-200, 0, 1e-300, 1e300, 0;
  const double query[] = {6e250, 8e250};
  const auto list = exact_index<double>(rows).search(query);
  CHECK(items_of(list)[3] == 3);
  CHECK_THAT(list[0].score, WithinRel(1.0, 1e-14));
  CHECK_THAT(list[1].score, WithinRel(1.0, 1e-14));
  CHECK_THAT(list[2].score, WithinRel(0.8, 1e-14));
  CHECK_THAT(list[3].score, WithinRel(0.6, 1e-14));

  matrix<float> big(1, 4);
  big.setConstant(3e38F);
  CHECK_THROWS_MATCHES(exact_index<float>(big), invalid_argument,
                       Message("exact_index: the length of row 0 must be a finite number"));
}

TEST_CASE("exact_index: an inner product that overflows to no number is refused by item", "[knn]") {
  matrix<float> rows = matrix<float>::Zero(2, 32), query(1, 32);
  rows.row(1).setConstant(3e38F);
  for (std::int64_t c = 0; c < 32; ++c) query(0, c) = c % 2 == 0 ? 1e10F : -1e10F;
  CHECK_THROWS_MATCHES(exact_index<float>(rows, similarity::inner_product).search(row(query, 0)), numeric_error,
                       Message("top_k: the score of item 1 is not a number"));
}

TEST_CASE("exact_index is empty, without numbers or without queries and answers with empty lists", "[knn]") {
  const exact_index<float> none;
  CHECK(none.items() == 0);
  CHECK(none.search({}).empty());
  const exact_index<float> no_rows(matrix<float>(0, 3));
  const float query[] = {1, 2, 3};
  CHECK(no_rows.search(query).empty());
  const exact_index<float> no_numbers(matrix<float>(3, 0), similarity::l2);
  CHECK(items_of(no_numbers.search({})) == std::vector<std::int32_t>{0, 1, 2});
  CHECK(exact_index<float>(matrix<float>::Ones(3, 2)).search_all(matrix<float>(0, 2)).empty());
}

TEST_CASE("exact_index is a value: copies and moved ones answer alike, a view sees the rows it was given", "[knn]") {
  matrix<float> rows(3, 2);
  rows << 1, 0, 0, 1, 1, 1;
  const float query[] = {0, 1};
  auto view = exact_index<float>::view(rows, similarity::inner_product);
  CHECK(view.rows().data() == rows.data());
  exact_index<float> owner(rows, similarity::inner_product);
  const auto expected = owner.search(query);
  exact_index<float> copy = owner;
  CHECK(copy.rows().data() != owner.rows().data());
  const auto moved = std::move(owner);
  copy = exact_index<float>(matrix<float>::Ones(1, 2));
  CHECK(copy.search(query).size() == 1);
  copy = moved;
  CHECK(copy.search(query) == expected);
  CHECK(moved.search(query) == expected);
  CHECK(view.search(query) == expected);
  CHECK(moved.measure() == similarity::inner_product);
}

TEST_CASE("exact_index takes queries with gaps between their rows", "[knn]") {
  const auto rows = normals<float>(50, 6, 14), wide = normals<float>(4, 10, 15);
  const exact_index<float> index(rows, similarity::l2);
  const auto lists = index.search_all(wide.middleCols(2, 6));
  const matrix<float> narrow = wide.middleCols(2, 6);
  CHECK(lists == index.search_all(narrow));
}

TEST_CASE("exact_index says what is wrong with what it is given", "[knn]") {
  constexpr float nan = std::numeric_limits<float>::quiet_NaN(), inf = std::numeric_limits<float>::infinity();
  matrix<float> rows = matrix<float>::Ones(5, 4);
  const exact_index<float> index(rows);
  const float shorter[] = {1, 2}, broken[] = {1, 2, 3, nan};
  CHECK_THROWS_MATCHES(index.search(shorter), invalid_argument,
                       Message("exact_index: a query must have 4 numbers, got 2"));
  CHECK_THROWS_MATCHES(index.search(broken, {.k = 0}), invalid_argument,
                       Message("exact_index: query 0, number 3 must be finite, got nan"));
  matrix<float> queries = matrix<float>::Ones(7, 4);
  queries(6, 1) = -inf;
  CHECK_THROWS_MATCHES(index.search_all(queries), invalid_argument,
                       Message("exact_index: query 6, number 1 must be finite, got -inf"));
  CHECK_THROWS_MATCHES(index.search(row(rows, 0), {.k = -1}), invalid_argument,
                       Message("request: k must be at least 0, got -1"));
  const std::int32_t negative[] = {2, -3};
  CHECK_THROWS_MATCHES(index.search(row(rows, 0), {.exclude = negative}), std::out_of_range,
                       Message("item must be in 0..4, got -3"));
  CHECK_THROWS_MATCHES(index.search(row(rows, 0), {.only = std::span<const std::int32_t>(negative)}), std::out_of_range,
                       Message("item must be in 0..4, got -3"));
  rows(3, 2) = inf;
  CHECK_THROWS_MATCHES(exact_index<float>(rows), invalid_argument,
                       Message("exact_index: row 3, column 2 must be finite, got inf"));
  CHECK_THROWS_MATCHES(exact_index<float>::view(rows, similarity::l2), invalid_argument,
                       Message("exact_index: row 3, column 2 must be finite, got inf"));
}

namespace {

std::vector<unsigned char> bytes_of(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// Rows of 32-bit numbers (.ivecs): a length, then as many numbers.
std::vector<std::vector<std::int32_t>> read_ivecs(const std::filesystem::path& path) {
  const auto bytes = bytes_of(path);
  std::vector<std::vector<std::int32_t>> out;
  for (std::size_t at = 0; at < bytes.size();) {
    std::int32_t length = 0;
    std::memcpy(&length, &bytes[at], 4);
    out.emplace_back(static_cast<std::size_t>(length));
    std::memcpy(out.back().data(), &bytes[at + 4], 4 * static_cast<std::size_t>(length));
    at += 4 + 4 * static_cast<std::size_t>(length);
  }
  return out;
}

}  // namespace

// Base: images 0..8999, queries: 9000..9999, of which every fifth is asked here; neighbors.ivecs has the 100 nearest of
// each by brute force over integers, ties by lower index. Squared distances pass 2^24, where float skips integers:
// exact in double only.
TEST_CASE("exact_index finds the published neighbors of Fashion-MNIST", "[knn]") {
  RECO_NEEDS_DATA(packed, "fashion-mnist-10k/t10k-images-idx3-ubyte.gz");
  RECO_NEEDS_DATA(neighbors_file, "fashion-mnist-10k/neighbors.ivecs");
  RECO_NEEDS_DATA(distances_file, "fashion-mnist-10k/sqdist.ivecs");
  const auto images_file = reco_test::detail::scratch_folder() / "fashion-mnist-10k" / "images";
  reco_test::detail::make_file(images_file, [&](const std::filesystem::path& part) {
    using reco_test::detail::shell_quoted;
    const auto command = "gzip -dc " + shell_quoted(packed.string()) + " > " + shell_quoted(part.string());
    REQUIRE(std::system(command.c_str()) == 0);
  });
  const auto images = bytes_of(images_file);
  constexpr std::int64_t header = 16, d = 784, base = 9000, asked = 200;
  REQUIRE(std::ssize(images) == header + 10000 * d);
  matrix<double> rows(base, d), queries(asked, d);
  const auto copy = [&](std::int64_t image, double* to) { std::copy_n(images.begin() + header + image * d, d, to); };
  for (std::int64_t i = 0; i < base; ++i) copy(i, rows.data() + i * d);
  for (std::int64_t q = 0; q < asked; ++q) copy(base + 5 * q, queries.data() + q * d);
  const auto neighbors = read_ivecs(neighbors_file), distances = read_ivecs(distances_file);
  REQUIRE(neighbors.size() == 1000);

  const auto lists = exact_index<double>::view(rows, similarity::l2).search_all(queries, {.k = 100});
  // In float, what stands at a rank is as near as what ought to, within rounding.
  const exact_index<float> rounded(rows.cast<float>(), similarity::l2);
  const auto rounded_lists = rounded.search_all(queries.cast<float>(), {.k = 100});
  for (std::size_t q = 0; q < asked; ++q) {
    CAPTURE(q);
    REQUIRE(items_of(lists[q]) == neighbors[5 * q]);
    for (std::size_t i = 0; i < 100; ++i) {
      const double distance = distances[5 * q][i];
      REQUIRE(lists[q][i].score == -distance);
      REQUIRE(std::abs(static_cast<double>(rounded_lists[q][i].score) + distance) <= sum_error<float>(784, distance));
    }
  }
}
