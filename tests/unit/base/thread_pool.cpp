// SPDX-License-Identifier: MIT
#include "reco/base/thread_pool.hpp"

#include <atomic>
#include <cstdint>
#include <mutex>
#include <numeric>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "support/catch.hpp"

using namespace reco_test;

TEST_CASE("a pool runs every index exactly once", "[concurrent]") {
  const auto threads = GENERATE(1U, 2U, 3U, 8U);
  reco::thread_pool pool(threads);
  CHECK(pool.threads() == threads);
  for (const std::int64_t n : {-1, 0, 1, 2, 7, 8, 9, 1000}) {
    CAPTURE(threads, n);
    std::vector<std::atomic<int>> calls(static_cast<std::size_t>(std::max<std::int64_t>(n, 0)));
    pool.run(n, [&](std::int64_t i) { ++calls.at(static_cast<std::size_t>(i)); });
    for (const auto& c : calls) CHECK(c == 1);
  }
}

TEST_CASE("what the jobs wrote is there when run returns", "[concurrent]") {
  reco::thread_pool pool(4);
  for (int round = 0; round < 200; ++round) {
    std::vector<int> plain(50);  // not atomic: a missing barrier is a race for a thread sanitizer
    pool.run(50, [&](std::int64_t i) { plain[static_cast<std::size_t>(i)] = round; });
    CHECK(std::accumulate(plain.begin(), plain.end(), 0) == 50 * round);
  }
}

TEST_CASE("the workers of a pool take part", "[concurrent]") {
  reco::thread_pool pool(3);
  // Each job waits until three are under way: only three threads can end this.
  std::atomic<int> here = 0;
  std::mutex mutex;
  std::set<std::thread::id> who;
  pool.run(3, [&](std::int64_t) {
    ++here;
    while (here < 3) std::this_thread::yield();
    const std::lock_guard lock(mutex);
    who.insert(std::this_thread::get_id());
  });
  CHECK(who.size() == 3);
  CHECK(who.contains(std::this_thread::get_id()));
}

TEST_CASE("a job may use the pool that runs it", "[concurrent]") {
  const auto threads = GENERATE(1U, 2U, 4U);
  reco::thread_pool pool(threads);
  std::atomic<int> leaves = 0;
  pool.run(6, [&](std::int64_t) { pool.run(5, [&](std::int64_t) { pool.run(4, [&](std::int64_t) { ++leaves; }); }); });
  CHECK(leaves == 6 * 5 * 4);
}

TEST_CASE("several threads may use one pool at once", "[concurrent]") {
  reco::thread_pool pool(3);
  constexpr int callers = 4;
  std::vector<std::int64_t> sums(callers);
  std::vector<std::thread> threads;
  for (std::size_t c = 0; c < callers; ++c)
    threads.emplace_back([&, c] {
      for (int round = 0; round < 100; ++round) {
        std::atomic<std::int64_t> sum = 0;
        pool.run(20, [&](std::int64_t i) { sum += i; });
        sums[c] += sum;
      }
    });
  for (auto& t : threads) t.join();
  for (const auto sum : sums) CHECK(sum == 100 * 190);
}

TEST_CASE("the exception of the lowest index that throws reaches the caller", "[concurrent]") {
  const auto threads = GENERATE(1U, 2U, 4U);
  reco::thread_pool pool(threads);
  for (int round = 0; round < 50; ++round) {
    std::string message;
    try {
      pool.run(100, [](std::int64_t i) {
        if (i >= 10 && i % 5 == 0) throw std::runtime_error(std::to_string(i));
      });
    } catch (const std::runtime_error& e) {
      message = e.what();
    }
    CHECK(message == "10");
  }
}

TEST_CASE("of two jobs that throw at the same time the lower index wins, whoever is first", "[concurrent]") {
  reco::thread_pool pool(2);
  for (int round = 0; round < 20; ++round) {
    std::atomic<int> here = 0;
    const auto job = [&](std::int64_t i) {
      ++here;
      while (here < 2) std::this_thread::yield();
      throw std::runtime_error(i == 0 ? "lower" : "higher");
    };
    CHECK_THROWS_WITH(pool.run(2, job), "lower");
  }
}

TEST_CASE("a run that fails skips the rest and leaves the pool fit for use", "[concurrent]") {
  reco::thread_pool pool(2);
  std::atomic<int> ran = 0;
  const auto job = [&](std::int64_t i) {
    ++ran;
    if (i == 0) throw std::runtime_error("zero");
    while (i == 1 && ran < 2) std::this_thread::yield();
  };
  CHECK_THROWS_WITH(pool.run(1'000'000'000, job), "zero");
  CHECK(ran < 1'000'000'000);
  std::atomic<int> after = 0;
  pool.run(100, [&](std::int64_t) { ++after; });
  CHECK(after == 100);
}

TEST_CASE("an exception in a nested run passes through the outer run", "[concurrent]") {
  reco::thread_pool pool(3);
  const auto outer = [&](std::int64_t i) {
    pool.run(4, [&](std::int64_t j) {
      if (i == 2 && j == 3) throw std::runtime_error("inner");
    });
  };
  CHECK_THROWS_WITH(pool.run(5, outer), "inner");
}

TEST_CASE("a pool of no stated size has at least the caller", "[concurrent]") {
  reco::thread_pool pool;
  CHECK(pool.threads() >= 1);
  std::atomic<int> ran = 0;
  pool.run(10, [&](std::int64_t) { ++ran; });
  CHECK(ran == 10);
}

TEST_CASE("a pool can end at once", "[concurrent]") {
  for (int round = 0; round < 100; ++round) {
    const reco::thread_pool pool(4);
    CHECK(pool.threads() == 4);
  }
}

TEST_CASE("the pool serves as an executor_ref", "[concurrent]") {
  reco::thread_pool pool(2);
  std::vector<std::int64_t> part(8);
  reco::for_chunks(pool, 1000, 128, [&](std::int64_t begin, std::int64_t end) {
    for (auto i = begin; i < end; ++i) part[static_cast<std::size_t>(begin / 128)] += i;
  });
  CHECK(std::accumulate(part.begin(), part.end(), std::int64_t{0}) == 499500);
}
