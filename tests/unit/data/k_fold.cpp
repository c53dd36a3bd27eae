// SPDX-License-Identifier: MIT
#include "reco/data/k_fold.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "support/catch.hpp"
#include "support/random_log.hpp"

using namespace reco_test;
using Catch::Matchers::Message;

namespace {

std::vector<std::int64_t> sizes(const std::vector<std::int32_t>& numbers, int folds) {
  std::vector<std::int64_t> out(static_cast<std::size_t>(folds));
  for (const auto f : numbers) ++out.at(static_cast<std::size_t>(f));
  return out;
}

std::int64_t difference(const std::vector<std::int64_t>& sizes) {
  const auto [least, most] = std::minmax_element(sizes.begin(), sizes.end());
  return *most - *least;
}

/// The folds of one user's events, in order of arrival.
std::vector<std::int32_t> folds_of(const std::vector<reco::event>& log, const std::vector<std::int32_t>& numbers,
                                   std::int32_t user) {
  std::vector<std::int32_t> out;
  for (std::size_t n = 0; n < log.size(); ++n)
    if (log[n].user == user) out.push_back(numbers[n]);
  return out;
}

}  // namespace

TEST_CASE("folds of all events differ by at most one in size") {
  for (const int events : {2, 3, 7, 100, 101}) {
    const auto log = random_log(1, {.users = 5, .items = 7}, events);
    for (int folds = 2; folds <= std::min(events, 12); ++folds)
      CHECK(difference(sizes(reco::fold_numbers(log, {.folds = folds}), folds)) <= 1);
  }
}

TEST_CASE("folds of each user differ by at most one in size") {
  const auto log = random_log(2, {.users = 9, .items = 7}, 150);
  const auto numbers = reco::fold_numbers(log, {.folds = 4, .per_user = true});
  for (std::int32_t user = 0; user < 9; ++user) CHECK(difference(sizes(folds_of(log, numbers, user), 4)) <= 1);
}

TEST_CASE("single events of many users do not all land in one fold") {
  std::vector<reco::event> log;
  for (std::int32_t user = 0; user < 400; ++user) log.push_back({.user = user});
  for (const auto size : sizes(reco::fold_numbers(log, {.folds = 4, .per_user = true}), 4)) {
    CHECK(size > 60);
    CHECK(size < 140);
  }
}

TEST_CASE("each event is test in exactly one fold, and parts keep the order of arrival") {
  auto log = random_log(3, {.users = 5, .items = 7}, 60);
  for (std::size_t n = 0; n < log.size(); ++n) log[n].value = static_cast<double>(n);  // tells events apart
  for (const bool per_user : {false, true}) {
    const auto splits = reco::k_fold(log, {.folds = 7, .per_user = per_user});
    REQUIRE(splits.size() == 7);
    std::vector<int> tested(log.size());
    const auto by_arrival = [](const reco::event& a, const reco::event& b) { return a.value < b.value; };
    for (const auto& s : splits) {
      CHECK(s.train.size() + s.test.size() == log.size());
      CHECK(std::is_sorted(s.train.begin(), s.train.end(), by_arrival));
      CHECK(std::is_sorted(s.test.begin(), s.test.end(), by_arrival));
      std::vector<int> here(log.size());
      for (const auto& e : s.test)
        ++tested[static_cast<std::size_t>(e.value)], ++here[static_cast<std::size_t>(e.value)];
      for (const auto& e : s.train) CHECK(here[static_cast<std::size_t>(e.value)] == 0);
    }
    CHECK(tested == std::vector<int>(log.size(), 1));
  }
}

TEST_CASE("the same seed gives the same folds, another seed others") {
  const auto log = random_log(4, {.users = 5, .items = 7}, 60);
  for (const bool per_user : {false, true}) {
    const auto once = reco::fold_numbers(log, {.per_user = per_user, .seed = 7});
    CHECK(once == reco::fold_numbers(log, {.per_user = per_user, .seed = 7}));
    CHECK(once != reco::fold_numbers(log, {.per_user = per_user, .seed = 8}));
  }
}

TEST_CASE("per user, folds do not depend on what others did") {
  const auto log = random_log(5, {.users = 6, .items = 7}, 120);
  auto fewer = log;
  std::erase_if(fewer, [](const reco::event& e) { return e.user % 2 == 1; });
  const reco::k_fold_options o{.folds = 3, .per_user = true};
  const auto all = reco::fold_numbers(log, o), part = reco::fold_numbers(fewer, o);
  for (const std::int32_t user : {0, 2, 4}) CHECK(folds_of(log, all, user) == folds_of(fewer, part, user));
}

TEST_CASE("folds that cannot be are an error that names the option") {
  const auto log = random_log(6, {.users = 2, .items = 2}, 3);
  CHECK_THROWS_MATCHES(reco::k_fold(log, {.folds = 1}), reco::invalid_argument,
                       Message("k_fold: folds must be at least 2, got 1"));
  for (const bool per_user : {false, true}) {
    CHECK_THROWS_MATCHES(reco::k_fold(log, {.folds = 4, .per_user = per_user}), reco::invalid_argument,
                         Message("k_fold: folds must be at most the number of events, 3, got 4"));
    CHECK_THROWS_MATCHES(reco::k_fold({}, {.folds = 2, .per_user = per_user}), reco::invalid_argument,
                         Message("k_fold: folds must be at most the number of events, 0, got 2"));
  }
  const std::vector<std::int32_t> short_by_one(2);
  CHECK_THROWS_MATCHES(reco::hold_out_fold(log, short_by_one, 0), reco::invalid_argument,
                       Message("hold_out_fold: fold_of_event must have a number for each of 3 events, got 2"));
}
