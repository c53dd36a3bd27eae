// SPDX-License-Identifier: MIT
#include "reco/base/snapshot.hpp"

#include <atomic>
#include <memory>
#include <stdexcept>
#include <thread>
#include <vector>

#include "support/catch.hpp"

using namespace reco_test;

TEST_CASE("a snapshot is null before the first store and then the newest value", "[concurrent]") {
  reco::snapshot<int> slot;
  CHECK(slot.load() == nullptr);
  slot.store(1);
  CHECK(*slot.load() == 1);
  slot.store(2);
  CHECK(*slot.load() == 2);
  CHECK(*reco::snapshot<int>(7).load() == 7);
}

TEST_CASE("what was loaded stays as it was after a store", "[concurrent]") {
  reco::snapshot<std::vector<int>> slot(std::vector<int>{1, 2, 3});
  const auto old = slot.load();
  slot.store({4});
  CHECK(*old == std::vector<int>{1, 2, 3});
  CHECK(slot.load()->size() == 1);
}

TEST_CASE("an old value lives as long as its last reader", "[concurrent]") {
  reco::snapshot<std::shared_ptr<int>> slot(std::make_shared<int>(5));
  const std::weak_ptr<int> first = *slot.load();
  auto reader = slot.load();
  slot.store(std::make_shared<int>(6));
  CHECK_FALSE(first.expired());
  reader.reset();
  CHECK(first.expired());
}

TEST_CASE("a value that cannot be moved in leaves the old one in place", "[concurrent]") {
  struct stubborn {
    int value = 0;
    bool throws = false;
    stubborn(int v, bool t) : value(v), throws(t) {}
    stubborn(const stubborn& other) : value(other.value), throws(other.throws) {
      if (throws) throw std::runtime_error("no");
    }
  };
  reco::snapshot<stubborn> slot(stubborn(1, false));
  CHECK_THROWS_WITH(slot.store(stubborn(2, true)), "no");
  CHECK(slot.load()->value == 1);
}

TEST_CASE("readers see whole values in the order they were stored while a writer stores", "[concurrent]") {
  struct pair_of_equals {
    long a = 0, b = 0;
  };
  reco::snapshot<pair_of_equals> slot(pair_of_equals{});
  std::atomic<bool> torn = false;
  std::atomic<bool> backwards = false;
  std::atomic<bool> done = false;
  std::vector<std::thread> readers;
  for (int r = 0; r < 3; ++r)
    readers.emplace_back([&] {
      long last = 0;
      while (!done) {
        const auto now = slot.load();
        if (now->a != now->b) torn = true;
        if (now->a < last) backwards = true;
        last = now->a;
      }
    });
  for (long n = 1; n <= 5000; ++n) slot.store({n, n});
  done = true;
  for (auto& r : readers) r.join();
  CHECK_FALSE(torn);
  CHECK_FALSE(backwards);
  CHECK(slot.load()->a == 5000);
}
