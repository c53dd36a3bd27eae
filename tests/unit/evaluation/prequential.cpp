// SPDX-License-Identifier: MIT
#include "reco/evaluation/prequential.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "reco/base/random.hpp"
#include "reco/base/thread_pool.hpp"
#include "reco/content/co_reads.hpp"
#include "reco/data/sparse_interactions.hpp"
#include "reco/evaluation/prequential_fusion.hpp"
#include "reco/evaluation/prequential_profile.hpp"
#include "reco/evaluation/prequential_refit.hpp"
#include "reco/evaluation/prequential_trending.hpp"
#include "reco/evaluation/prequential_vectors.hpp"
#include "reco/popularity/most_popular.hpp"
#include "support/catch.hpp"
#include "support/instant.hpp"
#include "support/random_log.hpp"

using namespace reco_test;
using namespace std::chrono_literals;
using ranks = std::vector<std::int32_t>;
using field = std::vector<reco::contender<float>>;
using living = reco::living_vectors<float>;

namespace {

reco::online_trending<float> trend(reco::half_life_t h) {
  return reco::online_trending<float>({.half_life = h, .by = reco::popularity_measure::events});
}

constexpr std::int32_t A = 0, B = 1, C = 2, D = 3;

/// Ten events; the last of them arrived first. Three share a second.
const reco::event ten[] = {
    {2, D, 1, at(80)},                                                           // 10th
    {0, A, 1, at(10)}, {1, A, 1, at(20)}, {1, B, 1, at(30)}, {2, C, 1, at(40)},  // these warm up
    {0, B, 1, at(50)}, {3, C, 1, at(60)}, {0, D, 1, at(60)}, {1, D, 1, at(60)},  // D is new
    {0, B, 1, at(70)},                                                           // again: not asked
};
constexpr reco::shape four{.users = 4, .items = 4};

std::shared_ptr<living> vectors_of_ten() {  // D has none
  return std::make_shared<living>(
      living::given(reco::embeddings<float>(reco::matrix<float>{{1, 0}, {0.8F, 0.6F}, {0.6F, 0.8F}, {0, 0}})));
}

std::shared_ptr<living> co_read_vectors(reco::half_life_t fold_in) {
  return std::make_shared<living>(
      [](std::span<const reco::event> past, const reco::training& how) {
        return reco::co_reads{.dimensions = 6}
            .fit(reco::sparse_interactions<float>(past, reco::shape_of(past)), how)
            .embeddings();
      },
      false, reco::taste_profile{.half_life = fold_in});
}

/// One of each kind.
field all_kinds() {
  field all;
  const auto vectors = co_read_vectors(20s);
  const auto profile = [&](reco::half_life_t h) { return reco::online_profile<float>({.half_life = h}, vectors); };
  all.emplace_back("vectors", vectors);
  all.emplace_back("popular", trend(reco::never));
  all.emplace_back("trending", trend(8s));
  all.emplace_back("profile", profile(10s));
  all.emplace_back("fused", reco::online_fusion(profile(10s), trend(8s), {.weight = 0.4}));
  all.emplace_back("fallback", reco::online_fallback(profile(10s), trend(8s)));
  all.emplace_back("refitted", reco::refitted<float>(reco::most_popular{}));
  return all;
}

/// Reads of items that come into being one by one and are read mostly when they are new.
std::vector<reco::event> news(std::uint64_t seed, std::int64_t count, std::int32_t users, std::int32_t items) {
  reco::random_engine random(seed);
  std::vector<reco::event> log;
  for (std::int64_t n = 0; n < count; ++n) {
    const auto newest = 1 + n * (items - 1) / count;
    const auto age = std::min({reco::uniform_index(random, newest + 1), reco::uniform_index(random, newest + 1),
                               reco::uniform_index(random, newest + 1)});
    log.push_back({.user = static_cast<std::int32_t>(reco::uniform_index(random, users)),
                   .item = static_cast<std::int32_t>(newest - age),
                   .value = reco::bernoulli(random, 0.1) ? -1.0 : 1.0,
                   .time = at(static_cast<int>(n * 60 / count))});  // many share a second
  }
  return log;
}

std::map<std::string, ranks> ranks_of(const reco::prequential_result& r) {
  std::map<std::string, ranks> out;
  for (const auto& c : r.contenders) out[c.name] = c.ranks;
  return out;
}

/// Always says D.
struct clairvoyant {
  using scalar = float;
  using snapshot = int;
  void learn(const reco::event&, const reco::history_view<float>&) {}
  int ask(const reco::query<float>&, int) const { return 0; }
  std::vector<reco::ranked_list<float>> answer(std::span<const int> asked, int, reco::executor_ref) const {
    return {asked.size(), reco::ranked_list<float>::best_of({{D, 1}})};
  }
};

}  // namespace

TEST_CASE("prequential: a log of ten events, every rank worked out by hand") {
  field all;
  const auto vectors = vectors_of_ten();
  all.emplace_back("vectors", vectors);
  all.emplace_back("popular", trend(reco::never));
  all.emplace_back("trending", trend(10s));
  all.emplace_back("profile", reco::online_profile<float>({.half_life = reco::never}, vectors));
  const auto r = reco::prequential{.warm_up = 0.4}.evaluate(ten, four, std::span(all));

  using q = reco::prequential_query;
  CHECK(r.queries ==
        std::vector<q>{{.event = 5, .user = 0, .item = B, .time = at(50), .history = 1, .reachable = true},
                       {.event = 6, .user = 3, .item = C, .time = at(60), .history = 0, .reachable = true},
                       {.event = 7, .user = 0, .item = D, .time = at(60), .history = 2, .reachable = false},
                       {.event = 8, .user = 1, .item = D, .time = at(60), .history = 2, .reachable = true},
                       {.event = 0, .user = 2, .item = D, .time = at(80), .history = 1, .reachable = true}});
  CHECK(r.unreachable() == 1);
  CHECK(r.asked(reco::asked_by::all) == 5);
  CHECK(r.asked(reco::asked_by::warm) == 4);
  CHECK(r.asked(reco::asked_by::cold) == 1);

  // B=1 C=1 (A is read) | A=2 B=2 C=1 | D has not occurred | C=2 D=1 | B=3 A=2 D=2
  CHECK(r.of("popular").ranks == ranks{1, 3, 0, 2, 3});
  // C 1/2, B 1/4 | B 5/8, C 1/4, A 3/32 | - | C 5/4, D 1 | B 21/32, D 1/2, A 3/128
  CHECK(r.of("trending").ranks == ranks{2, 2, 0, 2, 2});
  // A's neighbors: B .8, C .6 | no history | - | near A + B: D 1 (its reader had read the same), C .82 |
  // near C: B .96, D .82, A .6
  CHECK(r.of("profile").ranks == ranks{1, 0, 0, 1, 2});
  CHECK(r.of("profile").unanswered == 1);
  CHECK(r.of("profile").without_vector == 0);
  CHECK(r.of("popular").unanswered == 0);
  CHECK_FALSE(r.of("vectors").makes_lists);
  CHECK(r.of("vectors").ranks.empty());

  const auto hits = r.values("popular", reco::hit_rate{.k = 2});
  CHECK(hits.values == std::vector<double>{1, 0, 0, 1, 0});
  CHECK(hits.users == std::vector<std::int32_t>{0, 3, 0, 1, 2});
  CHECK(r.values("popular", reco::hit_rate{.k = 3}, reco::asked_by::cold).values == std::vector<double>{1});
  CHECK_THAT(r.values("popular", reco::reciprocal_rank{}).mean(), WithinRel((1 + 1. / 3 + 1. / 2 + 1. / 3) / 5, 1e-15));
  CHECK_THAT(r.values("popular", reco::ndcg{.k = 2}, reco::asked_by::warm).mean(),
             WithinRel((1 + 1 / std::log2(3.0)) / 4, 1e-15));
}

TEST_CASE("prequential: a rank beyond the depth is not found") {
  field all;
  all.emplace_back("popular", trend(reco::never));
  CHECK(reco::prequential{.warm_up = 0.4, .depth = 2}.evaluate(ten, four, std::span(all)).of("popular").ranks ==
        ranks{1, 0, 0, 2, 0});
}

TEST_CASE("prequential: one split asks everything at its end, learns nothing, and cannot reach what is new") {
  field all;
  all.emplace_back("popular", trend(reco::never));
  all.emplace_back("trending", trend(10s));
  const auto r = reco::prequential{.warm_up = 0.4, .single_split = true}.evaluate(ten, four, std::span(all));
  CHECK(r.queries.size() == 5);
  CHECK(r.unreachable() == 3);  // D, three times
  CHECK(r.of("popular").ranks == ranks{1, 3, 0, 0, 0});
  CHECK(r.of("trending").ranks == ranks{2, 1, 0, 0, 0});  // C 1, B 1/2, A 3/8
  CHECK(r.queries[2].history == 1);                       // B was read after the split
}

TEST_CASE("prequential: refitted models know what came before their period, histories go on") {
  // Refits at 50 (which begins the first period of 15 seconds), at 65 (before the event of 70) and at 80.
  field all;
  all.emplace_back("popular", reco::refitted<float>(reco::most_popular{}));
  const auto r = reco::prequential{.warm_up = 0.4, .refit = 15s}.evaluate(ten, four, std::span(all));
  // of A=2 B=1 C=1 throughout the first period; D is not yet in the model of the 4th query
  CHECK(r.of("popular").ranks == ranks{1, 3, 0, 0, 3});
  const auto once = reco::prequential{.warm_up = 0.4, .refit = reco::never}.evaluate(ten, four, std::span(all));
  CHECK(once.of("popular").ranks == ranks{1, 3, 0, 0, 0});
}

TEST_CASE("prequential: every contender answers as if made anew from all that came before") {
  const auto seed = 71U;
  CAPTURE(seed);
  const std::int32_t users = 25, items = 60;
  const auto log = news(seed, 1500, users, items);  // in the order of time
  auto all = all_kinds();
  const auto rule = reco::prequential{.warm_up = 0.5, .refit = 7s, .depth = 60};
  const auto r = rule.evaluate(log, {users, items}, std::span(all));
  REQUIRE(r.queries.size() > 400);

  std::int64_t found = 0, exact = 0, folded = 0;
  std::size_t fitted_before = 750;
  const auto period = [&](std::size_t n) { return (log[n].time - log[750].time) / 7s; };
  const auto fit = co_read_vectors(20s);
  for (std::size_t asked = 0; asked < r.queries.size(); ++asked) {
    const auto& q = r.queries[asked];
    const auto now = static_cast<std::size_t>(q.event);
    for (auto n = fitted_before + 1; n <= now; ++n)
      if (period(n) > period(n - 1)) fitted_before = n;
    const std::span<const reco::event> past(log.data(), now);
    std::set<std::int32_t> occurred, seen;
    std::vector<double> count(60), decayed(60), count_then(60);
    for (std::size_t n = 0; n < now; ++n) {
      const auto i = static_cast<std::size_t>(log[n].item);
      occurred.insert(log[n].item);
      if (log[n].user == q.user) seen.insert(log[n].item);
      ++count[i];
      decayed[i] += std::exp2(-std::chrono::duration<double>(q.time - log[n].time) / 8s);
      if (n < fitted_before) ++count_then[i];
    }
    CHECK(q.reachable == occurred.contains(q.item));
    // Ranks of the item by scores, and how far they may be off where scores are all but equal.
    const auto check_rank = [&](const std::string& name, const std::vector<double>& score, double slack) {
      CAPTURE(name, asked);
      const auto rank = r.of(name).ranks[asked];
      const auto target = score[static_cast<std::size_t>(q.item)];
      if (!occurred.contains(q.item) || !std::isfinite(target)) {
        CHECK(rank == 0);
        return;
      }
      std::int32_t least = 1, most = 1;
      for (const auto i : occurred) {
        if (i == q.item || seen.contains(i)) continue;
        const double s = score[static_cast<std::size_t>(i)];
        const bool near = std::abs(s - target) <= slack;
        const bool tie = slack == 0 && s == target;  // exact: by lower item
        least += tie ? i < q.item : s > target && !near;
        most += tie ? i < q.item : s > target || near;
      }
      CHECK(rank >= least);
      CHECK(rank <= most);
      ++found;
      exact += least == most;
    };
    check_rank("popular", count, 0);
    check_rank("trending", decayed, 1e-12);
    auto at_fit = count_then;
    for (std::size_t i = 0; i < 60; ++i)
      if (count_then[i] == 0) at_fit[i] = -INFINITY;
    check_rank("refitted", at_fit, 0);

    // The vectors of the last fit, and the tastes of readers since.
    living vectors(*fit);
    for (std::size_t n = 0; n < fitted_before; ++n) vectors.learn(log[n], {});
    vectors.refit(past.first(fitted_before), {});
    std::vector<reco::column<double>> vector(60, reco::column<double>::Zero(6));
    std::set<std::int32_t> by_fit;
    for (std::int32_t i = 0; i < items; ++i) {
      if (!vectors.knows(i)) continue;
      by_fit.insert(i);
      vector[static_cast<std::size_t>(i)] = reco::as_column(vectors.vector(i)).cast<double>();
    }
    const auto taste = [&](std::int32_t user, std::size_t until, double half_life) {
      reco::column<double> sum = reco::column<double>::Zero(6);
      for (std::size_t n = 0; n < until; ++n) {
        if (log[n].user != user) continue;
        const double age = std::chrono::duration<double>(log[until].time - log[n].time).count();
        sum += (log[n].value > 0 ? 1 : -0.25) * std::exp2(-age / half_life) *
               vector[static_cast<std::size_t>(log[n].item)];
      }
      return sum;
    };
    std::vector<reco::column<double>> folds(60, reco::column<double>::Zero(6));
    for (auto n = fitted_before; n < now; ++n) {
      const auto item = log[n].item;
      if (by_fit.contains(item) || log[n].value < 0) continue;
      bool before = false;
      for (std::size_t m = 0; m < n; ++m) before |= log[m].user == log[n].user && log[m].item == item;
      const auto p = taste(log[n].user, n, 20);
      if (before || p.norm() < 1e-9) continue;
      auto& fold = folds[static_cast<std::size_t>(item)];
      fold += p.normalized();
      vector[static_cast<std::size_t>(item)] = fold.normalized();
      ++folded;
    }
    const auto profile = taste(q.user, now, 10);
    std::vector<double> cosine(60, -INFINITY);
    for (std::size_t i = 0; i < 60; ++i)
      if (vector[i].norm() > 0.5 && profile.norm() > 1e-9) cosine[i] = profile.normalized().dot(vector[i]);
    check_rank("profile", cosine, 1e-5);
    const bool answered = profile.norm() > 1e-9;
    CHECK(r.of("fallback").ranks[asked] == r.of(answered ? "profile" : "trending").ranks[asked]);
  }
  CHECK(folded > 1000);
  CHECK(found > 1200);
  CHECK(exact > found * 9 / 10);
}

TEST_CASE("prequential: the future never changes an answer") {
  const auto seed = 72U;
  CAPTURE(seed);
  auto log = news(seed, 900, 20, 50);
  const auto rule = reco::prequential{.warm_up = 0.4, .refit = 5s, .depth = 50};
  auto all = all_kinds();
  const auto before = rule.evaluate(log, {20, 50}, std::span(all));
  reco::random_engine random(seed);
  for (const std::size_t cut : {361U, 500U, 777U}) {
    auto other = log;
    std::vector<reco::event> future(other.begin() + static_cast<std::ptrdiff_t>(cut), other.end());
    reco::shuffle(random, std::span(future));
    for (std::size_t n = cut; n < other.size(); ++n) {  // who and what are shuffled, when is not
      const auto time = other[n].time;
      other[n] = future[n - cut];
      other[n].time = time;
    }
    auto others = all_kinds();
    const auto after = rule.evaluate(other, {20, 50}, std::span(others));
    std::size_t same = 0;
    while (same < before.queries.size() && before.queries[same].event < static_cast<std::int64_t>(cut)) ++same;
    REQUIRE(std::equal(before.queries.begin(), before.queries.begin() + static_cast<std::ptrdiff_t>(same),
                       after.queries.begin()));
    for (const auto& c : before.contenders) {
      if (!c.makes_lists) continue;
      CAPTURE(c.name, cut);
      CHECK(std::equal(c.ranks.begin(), c.ranks.begin() + static_cast<std::ptrdiff_t>(same),
                       after.of(c.name).ranks.begin()));
    }
  }
}

TEST_CASE("prequential: the same bits on any number of threads", "[concurrent]") {
  const auto log = news(73, 2500, 30, 80);
  const auto rule = reco::prequential{.refit = 9s};
  auto all = all_kinds();
  const auto expected = ranks_of(rule.evaluate(log, {30, 80}, std::span(all)));
  for (const unsigned threads : {1U, 2U, 5U}) {
    reco::thread_pool pool(threads);
    auto again = all_kinds();
    CHECK(ranks_of(rule.evaluate(log, {30, 80}, std::span(again), {.executor = pool})) == expected);
  }
}

TEST_CASE("prequential: the order of arrival matters where times are equal, and nowhere else") {
  const reco::event first[] = {{0, 0, 1, at(0)}, {0, 1, 1, at(5)}, {1, 1, 1, at(5)}};
  const reco::event second[] = {{1, 1, 1, at(5)}, {0, 0, 1, at(0)}, {0, 1, 1, at(5)}};
  const auto ranks_in = [](std::span<const reco::event> log) {
    field all;
    all.emplace_back("popular", trend(reco::never));
    const auto r = reco::prequential{.warm_up = 0.1}.evaluate(log, {2, 2}, std::span(all));
    std::vector<std::pair<std::int32_t, bool>> who;
    for (const auto& q : r.queries) who.emplace_back(q.user, q.reachable);
    return who;
  };
  using who = std::vector<std::pair<std::int32_t, bool>>;
  CHECK(ranks_in(first) == who{{0, false}, {1, true}});
  CHECK(ranks_in(second) == who{{1, false}, {0, true}});
}

TEST_CASE("prequential: a sample of the queries is answered as among all, and each query is as likely to be in it") {
  const auto log = news(74, 400, 10, 40);
  auto everything = all_kinds();
  const auto all = reco::prequential{}.evaluate(log, {10, 40}, std::span(everything));
  std::map<std::int64_t, std::int32_t> rank_of;
  for (std::size_t n = 0; n < all.queries.size(); ++n) rank_of[all.queries[n].event] = all.of("fused").ranks[n];
  std::map<std::int64_t, int> drawn;
  constexpr int samples = 300;
  const std::int64_t wanted = 10;
  for (std::uint64_t seed = 0; seed < samples; ++seed) {
    const auto rule = reco::prequential{.max_queries = wanted, .seed = seed};
    field one;
    one.emplace_back("popular", trend(reco::never));
    const auto r = rule.evaluate(log, {10, 40}, std::span(one));
    REQUIRE(std::ssize(r.queries) == wanted);
    for (const auto& q : r.queries) ++drawn[q.event];
    if (seed < 3) {
      auto kinds = all_kinds();
      const auto sampled = rule.evaluate(log, {10, 40}, std::span(kinds));
      CHECK(sampled.queries == r.queries);
      for (std::size_t n = 0; n < sampled.queries.size(); ++n)
        CHECK(sampled.of("fused").ranks[n] == rank_of.at(sampled.queries[n].event));
    }
  }
  CHECK(drawn.size() == all.queries.size());
  const double share = static_cast<double>(wanted) / static_cast<double>(all.queries.size());
  const double error = std::sqrt(share * (1 - share) * samples);
  for (const auto& [event, count] : drawn) CHECK(std::abs(count - share * samples) < 5 * error);
  auto kinds = all_kinds();
  const auto more = reco::prequential{.max_queries = 10000, .seed = 5}.evaluate(log, {10, 40}, std::span(kinds));
  CHECK(more.queries == all.queries);
}

TEST_CASE("prequential: empty logs, nothing but warm-up, no warm-up, no contender") {
  auto all = all_kinds();
  const auto nothing = reco::prequential{}.evaluate<float>({}, {}, std::span(all));
  CHECK(nothing.queries.empty());
  CHECK(nothing.values("popular", reco::hit_rate{}).mean() == 0);
  CHECK(nothing.contenders.size() == all.size());

  auto kinds = all_kinds();
  const auto warm = reco::prequential{.warm_up = 1}.evaluate(ten, four, std::span(kinds));
  CHECK(warm.queries.empty());
  CHECK(warm.of("trending").ranks.empty());

  auto others = all_kinds();
  const auto from_start = reco::prequential{.warm_up = 0}.evaluate(ten, four, std::span(others));
  CHECK(from_start.queries.size() == 8);  // of ten events one is a repeat, and the first of all warms up

  CHECK(reco::prequential{.warm_up = 0.4}.evaluate<float>(ten, four, {}).queries.size() == 5);
}

TEST_CASE("prequential: users that come late, and a depth larger than the catalog") {
  const reco::event log[] = {{0, 0, 1, at(0)}, {0, 1, 1, at(1)}, {5, 1, 1, at(2)}, {5, 0, 1, at(3)}};
  auto all = all_kinds();
  const auto r = reco::prequential{.warm_up = 0.5, .depth = 1000}.evaluate(log, {6, 2}, std::span(all));
  CHECK(r.of("popular").ranks == ranks{2, 1});
  CHECK(r.of("trending").ranks == ranks{1, 1});
  CHECK(r.of("profile").ranks == ranks{0, 1});
  CHECK(r.asked(reco::asked_by::cold) == 1);
}

TEST_CASE("prequential: who lists what had not occurred is found out") {
  field all;
  all.emplace_back("sibyl", clairvoyant{});
  CHECK_THROWS_MATCHES(reco::prequential{.warm_up = 0.4}.evaluate(ten, four, std::span(all)), reco::invalid_argument,
                       Message("prequential: 'sibyl' lists item 3, which had not occurred by then"));
}

TEST_CASE("prequential: a stop leaves the rest unasked, and the observer hears how far it is") {
  const auto log = news(75, 6000, 200, 60);
  std::stop_source source;
  int heard = 0;
  field all;
  all.emplace_back("popular", trend(reco::never));
  const auto r = reco::prequential{.warm_up = 0.2}.evaluate(log, {200, 60}, std::span(all),
                                                            {.observer =
                                                                 [&](const reco::progress& p) {
                                                                   ++heard;
                                                                   CHECK(p.epoch <= p.epochs);
                                                                   source.request_stop();
                                                                 },
                                                             .stop = source.get_token()});
  CHECK(heard == 1);
  CHECK(r.stopped);
  CHECK(r.queries.size() == 512);
  CHECK(r.of("popular").ranks.size() == 512);
}

TEST_CASE("prequential: options out of range and bad events are named") {
  field all;
  const auto run = [&](const reco::prequential& p, std::span<const reco::event> log) {
    return p.evaluate(log, four, std::span(all));
  };
  CHECK_THROWS_WITH(run({.warm_up = 1.5}, ten), "prequential: warm_up must be at most 1, got 1.5");
  CHECK_THROWS_WITH(run({.refit = 0s}, ten), "prequential: refit must be above 0s, got 0s");
  CHECK_THROWS_WITH(run({.depth = 0}, ten), "prequential: depth must be at least 1, got 0");
  CHECK_THROWS_WITH(run({.max_queries = -1}, ten), "prequential: max_queries must be at least 0, got -1");
  const reco::event outside[] = {{.user = 4}};
  CHECK_THROWS_AS(run({}, outside), std::out_of_range);
  CHECK_THROWS_WITH(reco::prequential_result{}.of("x"), "prequential: no contender 'x'; there are none");
}
