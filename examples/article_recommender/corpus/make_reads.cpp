// SPDX-License-Identifier: MIT
#include "make_reads.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <span>

#include "corpus.hpp"
#include "reco/base/random.hpp"

namespace corpus {
namespace {

constexpr std::uint64_t seed = 2026;
constexpr double days = 56;
constexpr std::array names = {"Ada",  "Bela",   "Carmen", "David", "Edda", "Femi",  "Greta", "Hugo",  "Ines",  "Jonas",
                              "Kaja", "Luc",    "Mira",   "Nils",  "Olga", "Pedro", "Quinn", "Rosa",  "Sven",  "Tala",
                              "Uma",  "Viktor", "Wanda",  "Xenia", "Yuki", "Zoe",   "Amir",  "Bruna", "Ciro",  "Dunja",
                              "Emil", "Flora",  "Goran",  "Hana",  "Ivo",  "Jana",  "Kofi",  "Lena",  "Malik", "Nora"};
constexpr std::array initials = {'B', 'K', 'M', 'S'};

struct article_life {
  int topic = 0;
  double published = 0;  // day
  double grip = 1;       // how much more than others it is read
  double talk_from = days, talk = 0;

  double pull(double day) const {
    if (day < published) return 0;
    const bool talked_about = day >= talk_from && day < talk_from + 2;
    return grip * (0.1 + std::exp2(-(day - published) / 6)) + (talked_about ? talk : 0);
  }
};

struct reader_interests {
  std::array<int, 2> before = {}, after = {};
  double drift_day = 2 * days, drift_speed = 1;

  /// A topic, or -1: whatever everybody reads.
  int topic_at(double day, reco::random_engine& random) const {
    const double share_after = 1 / (1 + std::exp(-(day - drift_day) / drift_speed));
    const auto& now = reco::bernoulli(random, share_after) ? after : before;
    const double x = reco::uniform_real(random);
    return x < 0.6 ? now[0] : x < 0.9 ? now[1] : -1;
  }
};

/// Most reads fall on the morning and the evening.
double time_of_day(reco::random_engine& random) {
  const bool morning = reco::bernoulli(random, 0.35);
  const double hour = morning ? 7.5 + 1.2 * reco::normal(random) : 20 + 2 * reco::normal(random);
  return std::clamp(hour, 0.0, 23.99) / 24;
}

}  // namespace

made_reads make_reads() {
  const auto all = articles();
  std::map<std::string, int> topics;
  for (const auto& a : all) topics.emplace(a.topic, 0);
  int topic_count = 0;
  for (auto& [name, number] : topics) number = topic_count++;

  reco::random_engine fate(seed, 1);
  std::vector<article_life> lives;
  for (const auto& a : all)
    lives.push_back({.topic = topics[a.topic],
                     .published = -14 + (days + 12) * reco::uniform_real(fate),
                     .grip = std::exp(0.7 * reco::normal(fate))});
  for (const double day : {days - 4.5, days - 3, days - 2}) {
    auto& life = lives[static_cast<std::size_t>(reco::uniform_index(fate, std::ssize(lives)))];
    life.published = day;
    life.talk_from = day;
    life.talk = 60;
  }

  made_reads made;
  std::uint64_t stream = 2;
  for (const char initial : initials) {
    for (const char* const name : names) {
      reco::random_engine random(seed, stream++);
      std::vector<int> order(static_cast<std::size_t>(topic_count));
      for (std::size_t t = 0; t < order.size(); ++t) order[t] = static_cast<int>(t);
      reco::shuffle(random, std::span(order));
      reader_interests interests{.before = {order[0], order[1]}, .after = {order[2], order[3]}};
      if (reco::bernoulli(random, 0.4)) {
        interests.drift_day = 22 + 18 * reco::uniform_real(random);
        interests.drift_speed = 2 + 2 * reco::uniform_real(random);
      }
      const auto reader = made.readers.size();
      made.readers.push_back({.name = std::string(name) + ' ' + initial + '.', .drifts = interests.drift_day < days});
      const auto count = static_cast<int>(std::clamp(26 * std::exp(0.35 * reco::normal(random)), 12.0, 60.0));
      std::vector<double> moments;
      for (int n = 0; n < count; ++n)
        moments.push_back(std::floor(days * reco::uniform_real(random)) + time_of_day(random));
      std::sort(moments.begin(), moments.end());

      std::vector<bool> known(all.size());
      for (const double day : moments) {
        const int topic = interests.topic_at(day, random);
        std::vector<double> pull(all.size());
        double total = 0;
        for (const bool any_topic : {topic < 0, true}) {  // a reader who has read all of a topic takes what there is
          for (std::size_t a = 0; a < all.size(); ++a) {
            const bool again = known[a] && !reco::bernoulli(random, 0.01);
            pull[a] = again || !(any_topic || lives[a].topic == topic) ? 0 : lives[a].pull(day);
            total += pull[a];
          }
          if (total > 0) break;
        }
        const auto chosen = static_cast<std::size_t>(reco::weighted_index(random, pull));
        const bool interested = lives[chosen].topic == topic;
        known[chosen] = true;
        made.reads.push_back({.time = static_cast<std::int64_t>(day * 86400),
                              .reader = reader,
                              .article = chosen,
                              .weight = reco::bernoulli(random, interested ? 0.9 : 0.4) ? 1 : 0.5});
      }
    }
  }
  std::stable_sort(made.reads.begin(), made.reads.end(), [](const auto& a, const auto& b) { return a.time < b.time; });
  return made;
}

}  // namespace corpus
