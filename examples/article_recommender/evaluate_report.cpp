// SPDX-License-Identifier: MIT
#include "evaluate_report.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <set>
#include <utility>

#include <reco/base/duration.hpp>
#include <reco/base/error.hpp>
#include <reco/io/time.hpp>
#include <reco/metrics/hit_rate.hpp>
#include <reco/metrics/ndcg.hpp>

#include "../support/table.hpp"

namespace {

using reco::asked_by;

constexpr reco::hit_rate hits{.k = places};
constexpr reco::ndcg gains{.k = places};
constexpr reco::bootstrap draws{.resamples = 1000};

std::string percent(std::int64_t part, std::int64_t all) {
  char buffer[32];
  std::snprintf(buffer, sizeof buffer, "%.1f %%",
                all == 0 ? 0.0 : 100 * static_cast<double>(part) / static_cast<double>(all));
  return buffer;
}

std::string range(const reco::interval& i) { return text::score(i.low) + " … " + text::score(i.high); }
std::string with_sign(double x) {
  const auto t = text::score(x);
  return t[0] == '-' ? "−" + t.substr(1) : "+" + t;
}
std::string signed_range(const reco::interval& i) { return with_sign(i.low) + " … " + with_sign(i.high); }

/// "trending 2h" -> {"trending", "2h"}; {"most_popular", ""}.
std::pair<std::string, std::string> parts_of(const std::string& name) {
  const auto blank = name.find(' ');
  if (blank == std::string::npos) return {name, ""};
  return {name.substr(0, blank), name.substr(blank + 1)};
}

std::string for_people(const std::string& name) {
  auto [family, half_life] = parts_of(name);
  if (family == popular_name) return "most popular";
  if (family == fused_name) family = "profile fused with trending";
  if (family == fallback_name) family = "profile fused with trending, else trending";
  return family + (half_life == "never" ? ", all reads alike" : ", halved every " + half_life);
}

std::int64_t readers(const reco::prequential_result& r, asked_by whose) {
  std::set<std::int32_t> users;
  for (const auto& q : r.queries)
    if ((whose == asked_by::warm) == (q.history > 0)) users.insert(q.user);
  return std::ssize(users);
}

double peak_mib() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

}  // namespace

template <class Metric>
reco::interval report::of(const std::string& name, const Metric& m, asked_by whose) const {
  const auto v = result_.values(name, m, whose);
  return draws.mean_by_user(v.values, v.users, executor_);
}

template <class Metric>
reco::interval report::gain(const std::string& name, const std::string& reference, const Metric& m) const {
  const auto ours = result_.values(name, m, asked_by::warm), theirs = result_.values(reference, m, asked_by::warm);
  return draws.difference_by_user(ours.values, theirs.values, ours.users, executor_);
}

void report::how_it_was_asked(const reco::prequential& rule, std::span<const reco::event> warm_up,
                              const std::string& vectors) const {
  const auto queries = std::ssize(result_.queries);
  const auto warm = result_.asked(asked_by::warm), cold = result_.asked(asked_by::cold);
  text::title("Ask, score, then learn");
  std::printf(
      "  The first %.0f %% of the reads, to %s, warm up. Then every first read of an article by a reader is a\n",
      100 * rule.warm_up, warm_up.empty() ? "none" : reco::format_time(warm_up.back().time).c_str());
  std::printf(
      "  query, asked at its own time: which of the articles read by then will it be? Scored, and only then "
      "learned.\n");
  text::table t({"", ">", ""});
  t.add({"queries", text::count(queries), rule.max_queries > 0 ? "a random sample at most so large" : ""});
  t.add({"warm", text::count(warm),
         "by " + text::plural(readers(result_, asked_by::warm), "reader") + " with a history by then"});
  t.add({"cold", text::count(cold), "by readers without"});
  t.add({"unreachable", text::count(result_.unreachable()),
         percent(result_.unreachable(), queries) + ": nobody had read the article by then; no list can have it"});
  t.add({"without vector", text::count(result_.of(vectors_name).without_vector),
         percent(result_.of(vectors_name).without_vector, queries) + " more: no profile can find the article"});
  t.print();
  std::printf("\n  Vectors: %s\n", vectors.c_str());
}

void report::family(std::string_view title, const std::vector<std::string>& names, const std::string& reference) const {
  if (result_.asked(asked_by::warm) == 0) return;
  text::title(std::string(title) + ": warm readers");
  text::table t({"half-life", ">HR@10", "95 %", ">NDCG@10", "95 %", ">gain in HR@10", "95 %"});
  const auto row = [&](const std::string& name, const std::string& shown) {
    const auto h = of(name, hits, asked_by::warm), g = of(name, gains, asked_by::warm);
    const auto d = gain(name, reference, hits);
    const bool itself = name == reference;
    t.add({shown, text::score(h.mean), range(h), text::score(g.mean), range(g), itself ? "" : with_sign(d.mean),
           itself ? "" : signed_range(d)});
  };
  if (std::find(names.begin(), names.end(), reference) == names.end()) row(reference, for_people(reference));
  for (const auto& name : names) row(name, parts_of(name).second);
  t.print();
}

void report::chosen(const std::vector<std::string>& names) const {
  for (const auto whose : {asked_by::warm, asked_by::cold}) {
    if (result_.asked(whose) == 0) continue;
    text::title(whose == asked_by::warm ? "As chosen: warm readers"
                                        : "As chosen: cold readers, who have read nothing yet");
    text::table t({"", ">HR@10", "95 %", ">NDCG@10", "95 %"});
    for (const auto& name : names) {
      const auto h = of(name, hits, whose), g = of(name, gains, whose);
      t.add({for_people(name), text::score(h.mean), range(h), text::score(g.mean), range(g)});
    }
    t.print();
  }
}

void report::single_split(const reco::prequential_result& at_once, const std::vector<std::string>& names) const {
  const auto queries = std::ssize(at_once.queries);
  text::title("What a single split by time would measure");
  std::printf(
      "  The same queries, all asked when the warm-up ends, as one split into train and test does. %s of them\n",
      percent(at_once.unreachable(), queries).c_str());
  std::printf(
      "  are for articles that nobody had read by then: no list made at that moment can hold them, however good\n"
      "  it is, and the few articles that can be found are yesterday's. %s\n\n",
      2 * at_once.unreachable() > queries ? "Here such a split measures next to nothing."
                                          : "The larger that share, the less such a split measures.");
  text::table t({"all readers", ">HR@10 at the split", ">HR@10 at each read"});
  for (const auto& name : names)
    t.add({for_people(name), text::score(at_once.values(name, hits).mean()),
           text::score(result_.values(name, hits).mean())});
  t.print();
}

void report::write_csv(const std::string& file, const std::string& fused) const {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> out(std::fopen(file.c_str(), "w"), &std::fclose);
  if (!out) throw reco::invalid_argument("--csv: " + file + " cannot be written");
  std::fprintf(out.get(), "algorithm,options,metric,k,value,low,high,fit_seconds,users_per_second,peak_mib\n");
  const double vectors = result_.of(vectors_name).learn_seconds;
  for (const auto& c : result_.contenders) {
    if (!c.makes_lists) continue;
    const auto parts = parts_of(c.name);
    const auto &family = parts.first, &half_life = parts.second;  // bindings that clang lets a lambda see
    const bool has_trend = family == fused_name || family == fallback_name,
               has_vectors = has_trend || family == profile_name;
    const auto options = half_life.empty() ? "" : "half_life=" + half_life + (has_trend ? ',' + fused : "");
    const auto row = [&](const char* metric, const char* suffix, const reco::interval& i) {
      std::fprintf(out.get(), "%s,%s,%s%s,%d,%.6f,%.6f,%.6f,%.6f,%.6f,%.6f\n", family.c_str(),
                   options.find(',') == std::string::npos ? options.c_str() : ('"' + options + '"').c_str(), metric,
                   suffix, places, i.mean, i.low, i.high, c.learn_seconds + (has_vectors ? vectors : 0),
                   static_cast<double>(c.ranks.size()) / std::max(1e-9, c.answer_seconds), peak_mib());
    };
    for (const auto whose : {asked_by::warm, asked_by::cold}) {
      if (result_.asked(whose) == 0) continue;
      const auto* const suffix = whose == asked_by::warm ? "_warm" : "_cold";
      row("hit_rate", suffix, of(c.name, hits, whose));
      row("ndcg", suffix, of(c.name, gains, whose));
    }
  }
}
