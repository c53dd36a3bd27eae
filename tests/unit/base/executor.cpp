// SPDX-License-Identifier: MIT
#include "reco/base/executor.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <utility>
#include <vector>

#include "support/catch.hpp"

using namespace reco_test;

namespace {

using range = std::pair<std::int64_t, std::int64_t>;

/// An executor of a user's: runs the indices backwards and counts.
struct backwards {
  int runs = 0;
  void run(std::int64_t n, reco::indexed_job job) {
    ++runs;
    while (n-- > 0) job(n);
  }
};
static_assert(reco::executor<backwards> && !reco::executor<const backwards>);

struct not_an_executor {
  void run(std::int64_t) {}
};
static_assert(!reco::executor<not_an_executor>);

std::vector<range> chunks(reco::executor_ref executor, std::int64_t n, std::int64_t chunk) {
  std::vector<range> out;
  reco::for_chunks(executor, n, chunk, [&](std::int64_t begin, std::int64_t end) { out.emplace_back(begin, end); });
  return out;
}

}  // namespace

TEST_CASE("the serial executor runs every index once and in order") {
  for (const std::int64_t n : {-1, 0, 1, 7, 1000}) {
    std::vector<std::int64_t> seen;
    const reco::serial_executor serial;
    serial.run(n, [&](std::int64_t i) { seen.push_back(i); });
    CAPTURE(n);
    CHECK(std::ssize(seen) == std::max<std::int64_t>(0, n));
    for (std::size_t i = 0; i < seen.size(); ++i) CHECK(seen[i] == static_cast<std::int64_t>(i));
  }
}

TEST_CASE("an exception leaves the serial executor at the index that threw") {
  std::vector<std::int64_t> seen;
  const auto job = [&](std::int64_t i) {
    if (i == 3) throw std::runtime_error("three");
    seen.push_back(i);
  };
  CHECK_THROWS_WITH(reco::serial_executor{}.run(10, job), "three");
  CHECK(seen == std::vector<std::int64_t>{0, 1, 2});
}

TEST_CASE("an empty executor_ref runs serially") {
  std::vector<std::int64_t> seen;
  reco::executor_ref{}.run(4, [&](std::int64_t i) { seen.push_back(i); });
  CHECK(seen == std::vector<std::int64_t>{0, 1, 2, 3});
}

TEST_CASE("an executor_ref and its copies run on the executor they refer to") {
  backwards mine;
  const reco::executor_ref ref = mine;
  const reco::executor_ref copy = ref;
  std::vector<std::int64_t> seen;
  copy.run(3, [&](std::int64_t i) { seen.push_back(i); });
  CHECK(seen == std::vector<std::int64_t>{2, 1, 0});
  CHECK(mine.runs == 1);
  const reco::serial_executor constant;
  reco::executor_ref(constant).run(1, [&](std::int64_t i) { seen.push_back(i); });
  CHECK(seen.size() == 4);
}

TEST_CASE("chunks cover every index once and only the last is shorter") {
  for (const std::int64_t n : {0, 1, 7, 8, 9, 1000})
    for (const std::int64_t chunk : {1, 2, 8, 999, 1000, 1001}) {
      CAPTURE(n, chunk);
      const auto cut = chunks({}, n, chunk);
      std::int64_t end = 0;
      for (const auto& c : cut) {
        CHECK(c.first == end);
        CHECK((c.second - c.first == chunk || c == cut.back()));
        CHECK(c.second > c.first);
        end = c.second;
      }
      CHECK(end == n);
    }
}

TEST_CASE("the cut into chunks does not depend on the executor") {
  backwards mine;
  auto reversed = chunks(mine, 1000, 77);
  std::reverse(reversed.begin(), reversed.end());
  CHECK(reversed == chunks({}, 1000, 77));
  CHECK(mine.runs == 1);
}

TEST_CASE("chunks of a size near the largest integer do not overflow") {
  constexpr auto most = std::numeric_limits<std::int64_t>::max();
  CHECK(chunks({}, most, most) == std::vector<range>{{0, most}});
  CHECK(chunks({}, 5, most) == std::vector<range>{{0, 5}});
  CHECK(chunks({}, most, most - 5) == std::vector<range>{{0, most - 5}, {most - 5, most}});
}
