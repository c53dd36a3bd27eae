// SPDX-License-Identifier: MIT
#include "reco/data/id_map.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "reco/base/random.hpp"
#include "support/catch.hpp"

using namespace reco_test;

TEST_CASE("ids are numbered in the order in which they come first") {
  reco::id_map<std::string> readers;
  CHECK(readers.size() == 0);
  CHECK(readers.add("ann") == 0);
  CHECK(readers.add("bob") == 1);
  CHECK(readers.add("ann") == 0);
  CHECK(readers.size() == 2);
  CHECK(readers.find("bob") == 1);
  CHECK_FALSE(readers.find("eve"));
  CHECK(readers.id(0) == "ann");
  CHECK(readers.id(1) == "bob");
}

TEST_CASE("an index that is not there is out of range") {
  reco::id_map<std::string> readers;
  CHECK_THROWS_MATCHES(readers.id(0), std::out_of_range, Message("id_map: index: there are none, got 0"));
  readers.add("ann");
  CHECK_THROWS_MATCHES(readers.id(1), std::out_of_range, Message("id_map: index must be in 0..0, got 1"));
  CHECK_THROWS_MATCHES(readers.id(-1), std::out_of_range, Message("id_map: index must be in 0..0, got -1"));
}

TEST_CASE("any text is an id and no two texts are the same") {
  reco::id_map<std::string> map;
  const std::vector<std::string> ids = {
      "", " ", "a", "A", "a ", std::string("a\0b", 3), std::string("a\0c", 3), std::string(1000, 'x'), "naïve"};
  for (const auto& id : ids) map.add(id);
  REQUIRE(map.size() == static_cast<std::int32_t>(ids.size()));
  for (std::size_t n = 0; n < ids.size(); ++n) {
    CHECK(map.id(static_cast<std::int32_t>(n)) == ids[n]);
    CHECK(map.find(ids[n]) == static_cast<std::int32_t>(n));
  }
}

TEST_CASE("an id does not depend on the text it was added from") {
  reco::id_map<std::string> map;
  std::string text = "a text that is longer than any short string buffer";
  map.add(text);
  text.assign(text.size(), '?');
  CHECK(map.id(0) == "a text that is longer than any short string buffer");
  CHECK_FALSE(map.find(text));
}

TEST_CASE("a map agrees with a naive twin over many ids") {
  reco::id_map<std::int64_t> map;
  std::vector<std::int64_t> in_order;
  std::unordered_map<std::int64_t, std::int32_t> twin;
  reco::random_engine random(3);
  for (int n = 0; n < 20000; ++n) {
    const auto id = reco::uniform_index(random, 5000) - 2500;
    if (twin.try_emplace(id, static_cast<std::int32_t>(in_order.size())).second) in_order.push_back(id);
    REQUIRE(map.add(id) == twin[id]);
  }
  REQUIRE(map.size() == static_cast<std::int32_t>(in_order.size()));
  for (std::int32_t n = 0; n < map.size(); ++n) CHECK(map.id(n) == in_order[static_cast<std::size_t>(n)]);
  CHECK_FALSE(map.find(99999));
}

TEST_CASE("references to ids stay good while ids are added") {
  reco::id_map<std::string> map;
  map.add("first");
  const std::string& first = map.id(0);
  for (int n = 0; n < 10000; ++n) map.add(std::to_string(n));
  CHECK(first == "first");
  CHECK(map.find("first") == 0);
}

TEST_CASE("a copy is independent of its original") {
  auto original = std::make_unique<reco::id_map<std::string>>();
  original->add("short");
  original->add("a text that is longer than any short string buffer");
  reco::id_map<std::string> copy = *original;
  original.reset();
  CHECK(copy.find("short") == 0);
  CHECK(copy.find("a text that is longer than any short string buffer") == 1);
  CHECK(copy.add("new") == 2);
  reco::id_map<std::string> assigned;
  assigned.add("gone");
  assigned = copy;
  CHECK(assigned.size() == 3);
  CHECK_FALSE(assigned.find("gone"));
  copy.add("newer");
  CHECK(assigned.size() == 3);
  auto& same = assigned;
  assigned = same;
  CHECK(assigned.find("new") == 2);
}

TEST_CASE("a moved map still finds short and long ids") {
  reco::id_map<std::string> map;
  for (int n = 0; n < 100; ++n) map.add(std::to_string(n) + std::string(static_cast<std::size_t>(n % 40), 'y'));
  reco::id_map<std::string> moved = std::move(map);
  reco::id_map<std::string> assigned;
  assigned = std::move(moved);
  CHECK(assigned.size() == 100);
  for (std::int32_t n = 0; n < 100; ++n) CHECK(assigned.find(assigned.id(n)) == n);
}
