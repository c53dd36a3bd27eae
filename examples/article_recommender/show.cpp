// SPDX-License-Identifier: MIT
#include "show.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include <numeric>
#include <string_view>

#include <reco/base/duration.hpp>
#include <reco/io/time.hpp>
#include <reco/model/explain.hpp>
#include <reco/model/fallback.hpp>
#include <reco/model/recommend.hpp>
#include <reco/model/similar_items.hpp>

#include "../support/table.hpp"

namespace show {
namespace {

constexpr std::size_t title_width = 48;

/// "5 min", "3 h", "12 d", "8 wk", "3 yr": the largest unit of which there are at least two.
std::string age(std::chrono::seconds s) {
  struct unit {
    std::int64_t seconds;
    const char* name;
  };
  constexpr unit units[] = {{31557600, "yr"}, {604800, "wk"}, {86400, "d"}, {3600, "h"}, {60, "min"}};
  for (const auto& [seconds, name] : units)
    if (s.count() >= 2 * seconds) return text::count(s.count() / seconds) + ' ' + name;
  return "just now";
}

std::string capital(std::string s) {
  if (!s.empty() && s[0] >= 'a' && s[0] <= 'z') s[0] = static_cast<char>(s[0] - 'a' + 'A');
  return s;
}

std::string percent(double share) {
  const double x = 100 * share;
  if (x > 0 && x < 0.1) return "< 0.1 %";
  char buffer[32];
  std::snprintf(buffer, sizeof buffer, "%.1f %%", x);
  return buffer;
}

/// Readers of most data sets are numbers.
std::string name_of(const input& in, std::int32_t user) {
  const auto& id = in.log.users.id(user);
  return id.find_first_not_of("-0123456789") == std::string::npos ? "reader " + id : id;
}

std::string title_of(const input& in, std::int32_t item, std::size_t width = title_width) {
  return text::fit(in.log.titles[static_cast<std::size_t>(item)], width);
}

/// Three digits as they are printed; what is left of a sum is then right on paper, too.
std::int64_t thousandths(double x) { return std::llround(x * 1000); }
std::string signed_score(double x) { return (x < 0 ? "−" : "+") + text::score(std::abs(x)); }

/// "+0.31 Title, +0.22 Title and +0.20 from 12 others", adding up to the score as printed.
void print_because(const input& in, const reco::explanation<float>& why) {
  constexpr std::size_t named = 2;
  std::int64_t left = thousandths(static_cast<double>(why.score));
  std::string line;
  std::size_t shown = 0;
  for (const auto& part : why.because) {
    if (shown == named || part.score <= 0) break;
    left -= thousandths(static_cast<double>(part.score));
    std::printf("%s%s  %s\n", shown == 0 ? "        because you read   " : "                           ",
                signed_score(static_cast<double>(part.score)).c_str(), title_of(in, part.item).c_str());
    ++shown;
  }
  const auto others = static_cast<std::int64_t>(why.because.size() - shown);
  if (others > 0)
    std::printf("                           %s  from %s\n", signed_score(static_cast<double>(left) / 1000).c_str(),
                text::plural(others, "other article").c_str());
}

}  // namespace

double drift_of(const reco::dataset<float>& data, const models& m, std::int32_t user, reco::instant now) {
  constexpr std::size_t enough = 12;
  if (data.of(user).size() < enough) return -1;
  const auto q = data.query(user, now);
  if (!m.taste.can_answer(q) || !m.undecayed.can_answer(q)) return -1;
  return 1 - static_cast<double>(m.taste.profile(q).dot(m.undecayed.profile(q)));
}

void what_was_read(const input& in) {
  text::title("What was read");
  text::table t({"", ">", ""});
  std::vector<bool> seen(static_cast<std::size_t>(in.log.items.size()));
  for (const auto& e : in.log.events) seen[static_cast<std::size_t>(e.item)] = true;
  const auto read = std::count(seen.begin(), seen.end(), true);
  t.add({"articles", text::count(in.log.items.size()),
         in.articles_from + (read < in.log.items.size() ? "; " + text::count(read) + " of them were read" : "")});
  t.add({"readers", text::count(in.log.users.size()), ""});
  std::string span;
  if (!in.log.events.empty() && in.has_times) {
    const auto [first, last] = std::minmax_element(in.log.events.begin(), in.log.events.end(),
                                                   [](const auto& a, const auto& b) { return a.time < b.time; });
    span = "from " + reco::format_time(first->time) + " to " + reco::format_time(last->time);
  }
  t.add({"reads", text::count(std::ssize(in.log.events)), span});
  for (const auto& skipped : in.log.report.skipped)
    t.add({"left out", text::count(skipped.rows), skipped.reason + ", such as " + skipped.examples.front()});
  if (in.later > 0) t.add({"left out", text::count(in.later), "reads later than " + reco::format_time(in.now)});
  if (in.log.report.skipped.empty() && in.later == 0) t.add({"left out", "0", ""});
  t.print();
}

void how_vectors_were_made(const std::vector<std::string>& steps, const input& in, const taste_model& model) {
  text::title("How articles became vectors");
  for (const auto& step : steps) std::printf("  %s\n", step.c_str());
  // The article with the nearest neighbor of all shows best what "near" means here.
  std::int32_t example = -1;
  float nearest = -2;
  const std::int32_t looked_at = std::min<std::int32_t>(in.log.items.size(), 500);
  for (std::int32_t i = 0; i < looked_at; ++i) {
    const auto l = reco::similar_items(model, i, {.k = 3});
    if (l.size() == 3 && l[2].score > nearest && l[0].score < 0.999F) {
      nearest = l[2].score;
      example = i;
    }
  }
  if (example < 0) return;
  std::printf("  For example, nearest to “%s”:\n", title_of(in, example, 70).c_str());
  text::table t({"", ">cosine", "article"});
  for (const auto& [item, score] : reco::similar_items(model, example, {.k = 3}))
    t.add({"", text::score(static_cast<double>(score)), title_of(in, item)});
  t.print();
}

void one_reader(const settings& asked, const input& in, const reco::dataset<float>& data, const models& m,
                std::int32_t user) {
  const auto name = name_of(in, user);
  const auto q = data.query(user, in.now);
  text::title(capital(name) + " has read " + text::plural(std::ssize(data.of(user).items), "article") + "; these last");
  const auto shares = reco::taste_coefficients(
      reco::taste_profile{.half_life = asked.half_life, .neutral = in.neutral}, q.session, in.now,
      [&](std::int32_t i) { return !reco::as_column(m.taste.embedding(i)).isZero(0); });
  text::table reads({"when", ">age", ">weight", ">share of taste", "article"});
  constexpr std::size_t shown = 8;
  for (std::size_t n = q.session.size(); n-- > 0 && n + shown >= q.session.size();) {
    const auto time = q.session.times[n];
    reads.add({in.has_times ? reco::format_time(time) : "", in.has_times ? age(in.now - time) : "",
               text::score(static_cast<double>(q.session.values[n])), percent(shares[n]),
               title_of(in, q.session.items[n])});
  }
  reads.print();

  const reco::fallback feed{m.taste, m.trend};
  const auto [list, source] = feed.recommend_from(q, {.k = asked.k});
  const char* const why = source == 0              ? ", nearest to that taste first"
                          : list.empty()           ? ""
                          : !m.taste.can_answer(q) ? ": no read has a vector, so what is trending"
                                                   : ": no other article has a vector, so what is trending";
  text::title("Recommended for " + name + why);
  int rank = 0;
  for (const auto& [item, score] : list) {
    std::printf("  %2d  %s  %s\n", ++rank, text::score(static_cast<double>(score)).c_str(),
                title_of(in, item, 60).c_str());
    if (source == 0) print_because(in, reco::explain(m.taste, q, item));
  }
  if (list.empty()) std::printf("  nothing is left to recommend\n");
}

void drifted_reader(const settings& asked, const input& in, const reco::dataset<float>& data, const models& m,
                    std::int32_t user) {
  const auto name = name_of(in, user);
  const auto q = data.query(user, in.now);
  text::title(capital(name) + "'s interests drifted");
  const std::size_t n = q.session.size(), few = std::min<std::size_t>(4, n / 2);
  text::table reads({"first reads", "last reads"});
  for (std::size_t i = 0; i < few; ++i)
    reads.add({title_of(in, q.session.items[i]), title_of(in, q.session.items[n - few + i])});
  reads.print();
  const auto now = reco::recommend(m.taste, q, {.k = asked.k}), ever = reco::recommend(m.undecayed, q, {.k = asked.k});
  const auto both = std::count_if(now.begin(), now.end(), [&](const auto& s) {
    return std::any_of(ever.begin(), ever.end(), [&](const auto& o) { return o.item == s.item; });
  });
  std::printf("\n  Recommended with and without decay; %s in both lists:\n\n",
              both == 0   ? "no article stands"
              : both == 1 ? "one article stands"
                          : (text::plural(both, "article") + " stand").c_str());
  text::table t({">#", "a read counts half after " + reco::duration_text(asked.half_life), "all reads count alike"});
  for (std::size_t i = 0; i < std::max(now.size(), ever.size()); ++i)
    t.add({std::to_string(i + 1), i < now.size() ? title_of(in, now[i].item) : "",
           i < ever.size() ? title_of(in, ever[i].item) : ""});
  t.print();
}

void new_reader(const settings& asked, const input& in, const reco::dataset<float>& data, const models& m) {
  text::title(in.has_times ? "A new reader gets what is trending" : "A new reader gets what is popular");
  std::vector<std::int64_t> reads(static_cast<std::size_t>(data.items()));
  for (const auto& e : in.log.events) ++reads[static_cast<std::size_t>(e.item)];
  const auto ever = [&](std::int32_t item) { return text::count(reads[static_cast<std::size_t>(item)]); };
  const reco::fallback feed{m.taste, m.trend};
  text::table t(in.has_times
                    ? std::vector<std::string>{">#",
                                               ">reads, halved every " + reco::duration_text(asked.trend_half_life),
                                               ">ever", "article"}
                    : std::vector<std::string>{">#", ">reads", "article"});
  int rank = 0;
  for (const auto& [item, score] : reco::recommend(feed, {.now = in.now}, {.k = asked.k})) {
    const auto number = std::to_string(++rank);
    if (in.has_times) t.add({number, text::score(static_cast<double>(score)), ever(item), title_of(in, item)});
    else t.add({number, ever(item), title_of(in, item)});
  }
  t.print();
}

}  // namespace show
