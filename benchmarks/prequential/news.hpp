// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "reco/base/random.hpp"
#include "reco/data/embeddings.hpp"
#include "reco/data/event.hpp"
#include "reco/math/matrix.hpp"

/// Synthetic news. Articles are published evenly over the days, each on one topic, with an appeal of its own, and lose
/// half of it every twelve hours. A reader has two topics, which change once; they read something on the first in 60 of
/// 100 cases, on the second in 25, and else anything. Vectors are a topic's direction and noise of equal length.
struct news {
  std::vector<reco::event> events = {};  ///< in the order of time
  reco::embeddings<float> vectors = {};
  reco::shape shape = {};
};

struct news_options {
  std::int32_t readers = 200000;
  std::int32_t articles = 20000;
  std::int64_t reads = 6000000;
  int days = 60;
  int topics = 40;
  int dimension = 64;
  std::uint64_t seed = 1;
};

inline news make_news(const news_options& o) {
  using reco::uniform_index;
  reco::random_engine random(o.seed);
  const auto articles = static_cast<std::size_t>(o.articles), readers = static_cast<std::size_t>(o.readers);
  const auto topic = [&] { return static_cast<std::size_t>(uniform_index(random, o.topics)); };
  const auto unit = [&] {
    reco::column<float> v(o.dimension);
    for (auto& x : v) x = static_cast<float>(reco::normal(random));
    return reco::column<float>(v.normalized());
  };

  std::vector<reco::column<float>> direction;
  for (int t = 0; t < o.topics; ++t) direction.push_back(unit());
  std::vector<std::size_t> topic_of(articles);
  std::vector<double> appeal(articles);
  reco::matrix<float> rows(o.articles, o.dimension);
  for (std::size_t a = 0; a < articles; ++a) {
    topic_of[a] = topic();
    appeal[a] = std::exp(reco::normal(random));
    rows.row(static_cast<Eigen::Index>(a)) = (direction[topic_of[a]] + unit()).transpose();
  }
  struct reader {
    std::size_t first[2], second[2];  // topics, before and after the change
    std::int64_t change;              // in reads of all
  };
  std::vector<reader> of(readers);
  for (auto& r : of) r = {{topic(), topic()}, {topic(), topic()}, uniform_index(random, o.reads)};

  const std::int64_t hours = std::int64_t{24} * o.days;
  std::vector<std::vector<std::int32_t>> on(static_cast<std::size_t>(o.topics));  // published, by topic
  std::vector<std::vector<double>> up_to(on.size());                              // their weights, added up
  std::int64_t hour = -1, published = 0;
  news out{.events = {}, .vectors = reco::embeddings<float>(rows), .shape = {o.readers, o.articles}};
  out.events.reserve(static_cast<std::size_t>(o.reads));
  for (std::int64_t n = 0; n < o.reads; ++n) {
    const std::int64_t second = n * hours * 3600 / o.reads;
    if (second / 3600 != hour) {  // what is new, and how all have aged
      hour = second / 3600;
      const auto published_at = [&](std::int64_t a) { return a * hours / o.articles; };
      for (; published < o.articles && published_at(published) <= hour; ++published)
        on[topic_of[static_cast<std::size_t>(published)]].push_back(static_cast<std::int32_t>(published));
      for (std::size_t t = 0; t < on.size(); ++t) {
        up_to[t].clear();
        double sum = 0;
        for (const auto a : on[t]) {
          const auto age = static_cast<double>(hour - published_at(a));
          up_to[t].push_back(sum += appeal[static_cast<std::size_t>(a)] * std::exp2(-age / 12));
        }
      }
    }
    const double who = reco::uniform_real(random);  // some read much more than others
    const auto u = static_cast<std::int32_t>(who * who * static_cast<double>(o.readers));
    const auto& r = of[static_cast<std::size_t>(u)];
    const std::size_t now = n >= r.change;
    const double what = reco::uniform_real(random);
    std::size_t t = what < 0.6 ? r.first[now] : what < 0.85 ? r.second[now] : topic();
    while (on[t].empty()) t = topic();
    const auto pick = std::upper_bound(up_to[t].begin(), up_to[t].end(), reco::uniform_real(random) * up_to[t].back());
    const auto place = std::min<std::ptrdiff_t>(pick - up_to[t].begin(), std::ssize(on[t]) - 1);
    out.events.push_back({.user = u,
                          .item = on[t][static_cast<std::size_t>(place)],
                          .time = reco::instant(std::chrono::seconds(second))});
  }
  return out;
}
