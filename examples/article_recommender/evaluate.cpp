// SPDX-License-Identifier: MIT
#include "evaluate.hpp"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <reco/base/duration.hpp>
#include <reco/base/error.hpp>
#include <reco/evaluation/prequential.hpp>
#include <reco/evaluation/prequential_fusion.hpp>
#include <reco/evaluation/prequential_profile.hpp>
#include <reco/evaluation/prequential_trending.hpp>
#include <reco/io/time.hpp>
#include <reco/metrics/confidence.hpp>

#include "../support/table.hpp"
#include "evaluate_report.hpp"
#include "evaluate_vectors.hpp"

namespace {

using namespace std::chrono_literals;
using reco::asked_by;
using reco::half_life_t;
using contenders = std::vector<reco::contender<float>>;

constexpr half_life_t half_lives[] = {15min, 30min, 1h, 2h, 4h, 8h, 24h, 72h, 168h, 720h, 2880h, reco::never};
constexpr double weights[] = {0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9};

/// What was chosen on the warm-up part.
struct choice {
  half_life_t trend = 0s;
  half_life_t profile = 0s;
  double weight = 0;  ///< of the profile, where it is fused with what is trending
};

std::string name_of(const char* family, half_life_t h) { return std::string(family) + ' ' + reco::duration_text(h); }

reco::online_trending<float> trend(half_life_t h) {
  return reco::online_trending<float>({.half_life = h, .by = reco::popularity_measure::events});
}

/// Makes contenders, all on one set of vectors.
class line_up {
  [[nodiscard]] reco::online_profile<float> taste(half_life_t h) const {
    return reco::online_profile<float>({.half_life = h, .neutral = neutral_}, vectors_);
  }
  [[nodiscard]] auto fusion(half_life_t h, const choice& c) const {
    return reco::online_fusion(taste(h), trend(c.trend), {.weight = c.weight});
  }

 public:
  line_up(const vectors_in_time& source, double neutral) : vectors_(source.make()), neutral_(neutral) {
    all_.emplace_back(vectors_name, vectors_);
  }
  void popular() { all_.emplace_back(popular_name, trend(reco::never)); }
  void trending(half_life_t h) { all_.emplace_back(name_of(trending_name, h), trend(h)); }
  void profile(half_life_t h) { all_.emplace_back(name_of(profile_name, h), taste(h)); }
  void fused(half_life_t h, const choice& c) { all_.emplace_back(name_of(fused_name, h), fusion(h, c)); }
  void with_fallback(half_life_t h, const choice& c) {
    all_.emplace_back(name_of(fallback_name, h), reco::online_fallback(fusion(h, c), trend(c.trend)));
  }
  [[nodiscard]] std::span<reco::contender<float>> all() { return all_; }

 private:
  std::shared_ptr<reco::living_vectors<float>> vectors_;
  double neutral_;
  contenders all_ = {};
};

/// Says on a terminal how far it is.
reco::training watched(const reco::training& how, std::string what) {
  auto out = how;
  if (isatty(STDERR_FILENO))
    out.observer = [what = std::move(what)](const reco::progress& p) {
      std::fprintf(stderr, "\r%s: %d of %d queries\033[K%s", what.c_str(), p.epoch, p.epochs,
                   p.epoch == p.epochs ? "\r\033[K" : "");
    };
  return out;
}

double warm_hits(const reco::prequential_result& r, const std::string& name) {
  return r.values(name, reco::hit_rate{.k = places}, asked_by::warm).mean();
}

/// Of equally good ones the first.
template <class Values, class Name>
auto best_of(const reco::prequential_result& r, const Values& values, Name name) {
  auto best = values[0];
  for (const auto& v : values)
    if (warm_hits(r, name(v)) > warm_hits(r, name(best))) best = v;
  return best;
}

/// The reads of the warm-up, evaluated in the same way, are where everything is chosen.
choice choose(const reco::prequential& rule, std::span<const reco::event> warm_up, reco::shape shape,
              const vectors_in_time& vectors, double neutral, const reco::training& how) {
  choice c;
  line_up first(vectors, neutral);
  for (const auto h : half_lives) {
    first.trending(h);
    first.profile(h);
  }
  const auto by_half_life = rule.evaluate(warm_up, shape, first.all(), watched(how, "choosing half-lives"));
  c.trend = best_of(by_half_life, half_lives, [](half_life_t h) { return name_of(trending_name, h); });
  c.profile = best_of(by_half_life, half_lives, [](half_life_t h) { return name_of(profile_name, h); });

  contenders second;
  const auto shared = vectors.make();
  const auto name = [](double w) { return "weight " + std::to_string(w); };
  second.emplace_back(vectors_name, shared);
  for (const double w : weights)
    second.emplace_back(
        name(w), reco::online_fusion(reco::online_profile<float>({.half_life = c.profile, .neutral = neutral}, shared),
                                     trend(c.trend), {.weight = w}));
  c.weight =
      best_of(rule.evaluate(warm_up, shape, std::span(second), watched(how, "choosing a weight")), weights, name);
  return c;
}

std::vector<reco::event> in_time(std::vector<reco::event> events) {
  std::stable_sort(events.begin(), events.end(), [](const auto& a, const auto& b) { return a.time < b.time; });
  return events;
}

}  // namespace

void evaluate(const settings& asked, const input& in, const reco::training& how) {
  if (!in.has_times)
    throw reco::invalid_argument("--evaluate: the reads have no times, so nobody can say what came before what");
  reco::prequential rule{.refit = asked.refit, .depth = places, .max_queries = asked.max_queries, .seed = asked.seed};
  const auto shape = in.log.shape();
  const auto events = in_time(in.log.events);
  const auto split = reco::time_split(events, {.test_share = 1 - rule.warm_up});
  const auto vectors = make_vectors_in_time(asked, in, how);
  const auto c = choose(rule, split.train, shape, vectors, in.neutral, how);

  line_up field(vectors, in.neutral);
  field.popular();
  for (const auto h : half_lives) field.trending(h);
  for (const auto h : half_lives) field.profile(h);
  for (const auto h : half_lives) field.fused(h, c);
  for (const auto h : half_lives) field.with_fallback(h, c);
  const auto result = rule.evaluate(events, shape, field.all(), watched(how, "asking"));

  line_up frozen(vectors, in.neutral);
  frozen.popular();
  frozen.trending(c.trend);
  frozen.profile(c.profile);
  frozen.profile(reco::never);
  frozen.with_fallback(c.profile, c);
  rule.single_split = true;
  const auto at_once = rule.evaluate(events, shape, frozen.all(), watched(how, "asking at one moment"));

  const report out(result, how.executor);
  out.how_it_was_asked(rule, split.train, vectors.how);
  std::printf(
      "\n  Chosen by the same evaluation of the first %.0f %% of the reads, for the hit rate of warm readers:\n",
      100 * rule.warm_up);
  std::printf("  trending halves every %s, the profile every %s; fused with what is trending the profile weighs %s\n",
              reco::duration_text(c.trend).c_str(), reco::duration_text(c.profile).c_str(),
              text::score(c.weight).c_str());
  if (result.queries.empty()) return std::printf("\n  There was nothing to ask: no first read came later.\n"), void();

  const auto family = [](const char* name) {
    std::vector<std::string> names;
    for (const auto h : half_lives) names.push_back(name_of(name, h));
    return names;
  };
  out.family("Trending, against the most popular", family(trending_name), popular_name);
  out.family("The decayed profile, against the profile that never forgets", family(profile_name),
             name_of(profile_name, reco::never));
  out.family("The profile fused with what is trending, against the one that never forgets", family(fused_name),
             name_of(fused_name, reco::never));
  const auto trend_chosen = name_of(trending_name, c.trend), profile_chosen = name_of(profile_name, c.profile),
             fallback_chosen = name_of(fallback_name, c.profile);
  out.chosen({popular_name, trend_chosen, profile_chosen, name_of(fused_name, c.profile), fallback_chosen});
  out.single_split(at_once,
                   {popular_name, trend_chosen, profile_chosen, name_of(profile_name, reco::never), fallback_chosen});
  if (!asked.csv.empty())
    out.write_csv(asked.csv, "trend_half_life=" + reco::duration_text(c.trend) + ",weight=" + text::score(c.weight));
}
