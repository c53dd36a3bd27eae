// SPDX-License-Identifier: MIT
// Writes the reads that `article_recommender` runs on: eight weeks of 160 made-up readers over the built-in
// articles. What drives them, their interests and the topics of the articles, is seen by no recommender.
//
//     article_reads > reads.csv
//
// - A reader has a main interest, a second one, and now and then reads what everybody reads.
// - Two readers in five drift: within some two weeks in the middle both interests give way to new ones.
// - An article is published at some moment, read most while it is fresh, and some are more gripping than
//   others. Near the end three articles are the talk of the town for two days.
// - Weight 1 is an article read to its end, 0.5 one left half-way, which is rare where the interest is real.

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <map>
#include <string>
#include <vector>

#include "corpus.hpp"
#include "reco/base/random.hpp"

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

int main() {
  const auto articles = corpus::articles();
  std::map<std::string, int> topics;
  for (const auto& a : articles) topics.emplace(a.topic, 0);
  int topic_count = 0;
  for (auto& [name, number] : topics) number = topic_count++;

  reco::random_engine fate(seed, 1);
  std::vector<article_life> lives;
  for (const auto& a : articles)
    lives.push_back({.topic = topics[a.topic],
                     .published = -14 + (days + 12) * reco::uniform_real(fate),
                     .grip = std::exp(0.7 * reco::normal(fate))});
  for (const double day : {days - 4.5, days - 3, days - 2}) {
    auto& life = lives[static_cast<std::size_t>(reco::uniform_index(fate, std::ssize(lives)))];
    life.published = day;
    life.talk_from = day;
    life.talk = 60;
  }

  struct read {
    std::int64_t time = 0;
    std::string reader = {};
    std::size_t article = 0;
    double weight = 1;
  };
  std::vector<read> reads;
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
      const auto count = static_cast<int>(std::clamp(26 * std::exp(0.35 * reco::normal(random)), 12.0, 60.0));
      std::vector<double> moments;
      for (int n = 0; n < count; ++n)
        moments.push_back(std::floor(days * reco::uniform_real(random)) + time_of_day(random));
      std::sort(moments.begin(), moments.end());

      std::vector<bool> known(articles.size());
      for (const double day : moments) {
        const int topic = interests.topic_at(day, random);
        std::vector<double> pull(articles.size());
        double total = 0;
        for (const bool any_topic : {topic < 0, true}) {  // a reader who has read all of a topic takes what there is
          for (std::size_t a = 0; a < articles.size(); ++a) {
            const bool again = known[a] && !reco::bernoulli(random, 0.01);
            pull[a] = again || !(any_topic || lives[a].topic == topic) ? 0 : lives[a].pull(day);
            total += pull[a];
          }
          if (total > 0) break;
        }
        const auto chosen = static_cast<std::size_t>(reco::weighted_index(random, pull));
        const bool interested = lives[chosen].topic == topic;
        known[chosen] = true;
        reads.push_back({.time = static_cast<std::int64_t>(day * 86400),
                         .reader = std::string(name) + ' ' + initial + '.',
                         .article = chosen,
                         .weight = reco::bernoulli(random, interested ? 0.9 : 0.4) ? 1 : 0.5});
      }
    }
  }
  std::stable_sort(reads.begin(), reads.end(), [](const read& a, const read& b) { return a.time < b.time; });

  constexpr auto start = std::chrono::sys_days(std::chrono::year(2026) / 1 / 5);
  std::puts("user,article,time,weight");
  for (const auto& r : reads) {
    const auto moment = start + std::chrono::seconds(r.time);
    const auto date = std::chrono::floor<std::chrono::days>(moment);
    const std::chrono::year_month_day ymd(date);
    const std::chrono::hh_mm_ss clock(moment - date);
    std::printf("%s,%s,%04d-%02u-%02uT%02d:%02d:%02dZ,%g\n", r.reader.c_str(), articles[r.article].id.c_str(),
                static_cast<int>(ymd.year()), static_cast<unsigned>(ymd.month()), static_cast<unsigned>(ymd.day()),
                static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()), r.weight);
  }
}
