// SPDX-License-Identifier: MIT
#include "reco/io/fvecs.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <limits>
#include <string>
#include <vector>

#include "reco/base/random.hpp"
#include "reco/data/embeddings.hpp"
#include "support/catch.hpp"
#include "support/data.hpp"
#include "support/scratch.hpp"

using namespace reco_test;

namespace {

template <class T>
std::string bytes_of(T value) {
  std::string out(sizeof value, '\0');
  std::memcpy(out.data(), &value, sizeof value);
  return out;
}

/// A file, number by number.
template <class T>
std::string vectors(const std::vector<std::vector<T>>& rows) {
  std::string out;
  for (const auto& row : rows) {
    out += bytes_of(static_cast<std::int32_t>(row.size()));
    for (const T x : row) out += bytes_of(x);
  }
  return out;
}

template <class T = float>
std::string fvecs_complaint(const std::string& file) {
  try {
    (void)reco::parse_fvecs<T>(file, "v.fvecs");
  } catch (const reco::parse_error& e) {
    return e.what();
  }
  return "no error";
}

}  // namespace

TEST_CASE("fvecs, ivecs and bvecs: one row a vector") {
  CHECK(reco::parse_fvecs(vectors<float>({{1.5F, -2}, {3, 4}, {5, 6}}), "f") ==
        (reco::matrix<float>(3, 2) << 1.5F, -2, 3, 4, 5, 6).finished());
  CHECK(reco::parse_fvecs<std::int32_t>(vectors<std::int32_t>({{7, -8, 9}}), "f") ==
        (reco::matrix<std::int32_t>(1, 3) << 7, -8, 9).finished());
  CHECK(reco::parse_fvecs<std::uint8_t>(vectors<std::uint8_t>({{255}, {0}}), "f") ==
        (reco::matrix<std::uint8_t>(2, 1) << 255, 0).finished());
  CHECK(reco::parse_fvecs("", "f").rows() == 0);
}

TEST_CASE("fvecs: a file that is cut short anywhere is an error") {
  const std::string whole = vectors<float>({{1, 2, 3}, {4, 5, 6}});
  for (std::size_t size = 1; size < whole.size(); ++size) {
    if (size == whole.size() / 2) continue;  // one vector, whole
    CAPTURE(size);
    CHECK_THAT(fvecs_complaint(whole.substr(0, size)), EndsWith(": the file is cut short"));
  }
  CHECK(fvecs_complaint(whole.substr(0, 18)) ==
        "v.fvecs: byte 17: expected the dimension of a vector, 4 bytes, got 2: the file is cut short");
  CHECK(fvecs_complaint(whole.substr(0, 21)) ==
        "v.fvecs: byte 21: expected a vector of 12 bytes, got 1: the file is cut short");
}

TEST_CASE("fvecs: dimensions are at least 1, all the same, and checked before memory is asked for") {
  CHECK(fvecs_complaint(vectors<float>({{1, 2}, {3, 4, 5}})) ==
        "v.fvecs: byte 13: expected dimension 2 as of the first vector, got 3");
  CHECK(fvecs_complaint(bytes_of(std::int32_t{0})) == "v.fvecs: byte 1: expected a dimension of at least 1, got 0");
  CHECK(fvecs_complaint(bytes_of(std::int32_t{-1})) == "v.fvecs: byte 1: expected a dimension of at least 1, got -1");
  CHECK(fvecs_complaint(bytes_of(std::numeric_limits<std::int32_t>::max()) + "1234") ==
        "v.fvecs: byte 5: expected a vector of 8589934588 bytes, got 4: the file is cut short");
}

TEST_CASE("fvecs: NaN among embeddings is refused with row and column") {
  const auto read = reco::parse_fvecs(vectors<float>({{1, 2}, {3, std::numeric_limits<float>::quiet_NaN()}}), "f");
  CHECK_THROWS_WITH(reco::embeddings<float>(read), "embeddings: row 1, column 1 must be finite, got nan");
}

TEST_CASE("fvecs: files are read") {
  const scratch_folder folder("fvecs");
  folder.write("v.fvecs", vectors<float>({{1, 2}}));
  CHECK(reco::read_fvecs(folder.path("v.fvecs")) == (reco::matrix<float>(1, 2) << 1, 2).finished());
  folder.write("v.fvecs", "1");
  CHECK_THROWS_WITH(reco::read_fvecs(folder.path("v.fvecs")),
                    StartsWith(folder.path("v.fvecs").string() + ": byte 1: "));
}

TEST_CASE("fvecs: mutated files end with a matrix of the size of their data or with a parse_error") {
  constexpr std::uint64_t seed = 7;
  CAPTURE(seed);
  reco::random_engine random(seed);
  const std::string sample = vectors<float>({{1, 2}, {3, 4}, {5, 6}});
  int good = 0, bad = 0;
  for (int round = 0; round < 20000; ++round) {
    std::string text = sample;
    for (auto edits = 1 + reco::uniform_index(random, 3); edits > 0 && !text.empty(); --edits) {
      const auto at = static_cast<std::size_t>(reco::uniform_index(random, std::ssize(text)));
      switch (reco::uniform_index(random, 4)) {
        case 0: text[at] = static_cast<char>(reco::uniform_index(random, 256)); break;
        case 1: text[at] = static_cast<char>(reco::uniform_index(random, 4)); break;
        case 2: text.erase(at, 1); break;
        default: text.resize(at);
      }
    }
    const std::string heap(text);
    try {
      const auto m = reco::parse_fvecs(heap, "mutated");
      REQUIRE((m.size() + m.rows()) * 4 == std::ssize(heap));
      ++good;
    } catch (const reco::parse_error& e) {
      REQUIRE(e.column() >= 1);
      REQUIRE(e.column() <= std::ssize(heap) + 1);
      ++bad;
    }
  }
  CHECK(good > 100);
  CHECK(bad > 100);
}

TEST_CASE("the exact neighbors of Fashion-MNIST: 1,000 queries, 100 neighbors, distances ascending") {
  RECO_NEEDS_DATA(neighbors_path, "fashion-mnist-10k/neighbors.ivecs");
  RECO_NEEDS_DATA(distances_path, "fashion-mnist-10k/sqdist.ivecs");
  const auto neighbors = reco::read_fvecs<std::int32_t>(neighbors_path);
  const auto distances = reco::read_fvecs<std::int32_t>(distances_path);
  REQUIRE(neighbors.rows() == 1000);
  REQUIRE(neighbors.cols() == 100);
  REQUIRE(distances.rows() == 1000);
  REQUIRE(distances.cols() == 100);
  CHECK(neighbors.minCoeff() >= 0);
  CHECK(neighbors.maxCoeff() < 9000);
  for (Eigen::Index q = 0; q < distances.rows(); ++q) {
    const auto row = reco::row_of(distances, q);
    REQUIRE(std::is_sorted(row.begin(), row.end()));
  }
}
