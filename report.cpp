// SPDX-License-Identifier: MIT
#include "report.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include <reco/evaluation/data_facts.hpp>
#include <reco/io/file.hpp>
#include <reco/metrics/significance.hpp>

#include "../support/table.hpp"

namespace {

std::string number(const char* format, double x) {
  char buffer[64];
  std::snprintf(buffer, sizeof buffer, format, x);
  return buffer;
}

std::string percent(double share) { return number("%.1f %%", 100 * share); }

/// Of which algorithms the figure differs from the best one's, by a paired t test over users with Holm's correction.
std::vector<bool> worse_than_best(const std::vector<result>& results, std::string_view metric, int k) {
  std::vector<bool> out(results.size());
  std::size_t best = 0;
  for (std::size_t n = 0; n < results.size(); ++n)
    if (results[n].find(metric, k)->value > results[best].find(metric, k)->value) best = n;
  const auto& top = results[best].find(metric, k)->of_user;
  if (results.size() < 2 || top.size() < 2) return out;
  std::vector<double> p;
  for (const auto& r : results)
    if (&r != &results[best]) p.push_back(reco::paired_t_test(r.find(metric, k)->of_user, top).p_value);
  const auto adjusted = reco::holm(p);
  for (std::size_t n = 0, i = 0; n < results.size(); ++n)
    if (n != best) out[n] = adjusted[i++] < 0.05;
  return out;
}

std::string quoted_if_needed(const std::string& field) {
  return field.find(',') == std::string::npos ? field : '"' + field + '"';
}

void add_timings(const settings& asked, const result& r, std::vector<std::string>& row) {
  if (!asked.timings) {
    std::fprintf(stderr, "%s: fitted in %.3f s, %.0f users/s, %.0f MiB\n", r.text().c_str(), r.fit_seconds,
                 r.users_per_second, r.peak_mib);
    return;
  }
  row.push_back(number("%.3f", r.fit_seconds));
  row.push_back(text::count(static_cast<std::int64_t>(r.users_per_second)));
  row.push_back(number("%.0f", r.peak_mib));
}

void add_timing_columns(const settings& asked, std::vector<std::string>& header) {
  if (asked.timings) header.insert(header.end(), {">fit s", ">users/s", ">peak MiB"});
}

void print_rating_table(const settings& asked, const std::vector<result>& results) {
  std::vector<std::string> header{"algorithm", ">rmse", "95 %", ">mae", "95 %", ">unpredicted"};
  add_timing_columns(asked, header);
  text::table table(header);
  for (const auto& r : results) {
    std::vector<std::string> row{r.text()};
    for (const auto* metric : {"rmse", "mae"}) {
      const auto& f = *r.find(metric, 0);
      row.push_back(number("%.4f", f.value));
      row.push_back(number("%.4f", f.range->low) + "–" + number("%.4f", f.range->high));
    }
    row.push_back(text::count(static_cast<std::int64_t>(r.find("unpredicted", 0)->value)));
    add_timings(asked, r, row);
    table.add(row);
  }
  table.print();
  std::printf(
      "\n  Predictions are kept within the range of the training ratings; those that rest on nothing are counted\n"
      "  as unpredicted and take part with the model's stand-in. Intervals: bootstrap by user.\n");
}

}  // namespace

void print_facts(const settings& asked, const data_set& data) {
  text::title("Data");
  std::vector<reco::event> all;
  const auto& f = data.folds.front();
  for (const auto part : {f.known(), std::span<const reco::event>(f.test)})
    all.insert(all.end(), part.begin(), part.end());
  const auto whole = reco::facts_of(all);
  std::printf("  %s, %s, %s; density %s, Gini of items %s\n", text::plural(whole.users, "user").c_str(),
              text::plural(whole.items, "item").c_str(), text::plural(whole.pairs, "pair").c_str(),
              number("%.3f %%", 100 * whole.density).c_str(), number("%.3f", whole.gini_of_items).c_str());
  if (data.folds.size() > 1) std::printf("  %zu folds; of the first:\n", data.folds.size());
  std::printf("  train %s, test %s\n", text::plural(std::ssize(f.train), "row").c_str(),
              text::plural(std::ssize(f.test), "row").c_str());
  const bool given = !f.candidates.empty();
  const auto split = reco::facts_of_split(f.known(), f.test, {.at = asked.at, .exclude_seen = !given});
  std::printf("  asked: %s with history, %s without\n", text::plural(split.users_with_history, "user").c_str(),
              text::count(split.users_without_history).c_str());
  std::printf("  test pairs on items not in train: %s of %s, %s\n", text::count(split.pairs_on_new_items).c_str(),
              text::count(split.pairs).c_str(), percent(split.share_on_new_items()).c_str());
  std::printf("  test pairs that are in train as well: %s%s\n", text::count(split.pairs_in_both).c_str(),
              split.pairs_in_both == 0 || asked.rating() ? ""
              : given                                    ? "; they can be hit, candidates are ranked as given"
                      : "; they stay test pairs, but what a user has is not ranked: they cannot be hit");
  if (!asked.rating() && !given) {
    std::string best;
    for (std::size_t n = 0; n < asked.at.size(); ++n)
      best += (n > 0 ? ", " : "") + number("%.4f", split.best_recall[n]) + " at " + std::to_string(asked.at[n]);
    std::printf("  best reachable recall: %s\n", best.c_str());
  }
  if (given) std::printf("  each test row ranks its own candidates, a set: ties by lower index\n");
  for (const auto& note : data.notes) std::printf("  %s\n", note.c_str());
}

void print_table(const settings& asked, const std::vector<result>& results) {
  text::title(asked.rating() ? "Ratings" : "Ranking");
  if (results.empty()) return;
  if (asked.rating()) return print_rating_table(asked, results);
  std::vector<std::string> header{"algorithm"};
  for (const std::string metric : {"recall", "ndcg"})
    for (const int k : asked.at) header.insert(header.end(), {'>' + metric + '@' + std::to_string(k), "95 %"});
  const int k = criterion_cutoff(asked);
  for (const auto* metric : {"hit_rate", "coverage", "gini", "novelty", "diversity"})
    header.push_back('>' + std::string(metric) + '@' + std::to_string(k));
  add_timing_columns(asked, header);
  text::table table(header);
  std::vector<std::vector<bool>> worse;
  for (const auto* metric : {"recall", "ndcg"})
    for (const int at : asked.at) worse.push_back(worse_than_best(results, metric, at));
  for (std::size_t n = 0; n < results.size(); ++n) {
    const auto& r = results[n];
    std::vector<std::string> row{r.text()};
    std::size_t column = 0;
    for (const auto* metric : {"recall", "ndcg"})
      for (const int at : asked.at) {
        const auto& f = *r.find(metric, at);
        row.push_back(number("%.4f", f.value));
        row.push_back(number("%.4f", f.range->low) + "–" + number("%.4f", f.range->high) +
                      (worse[column++][n] ? " *" : ""));
      }
    for (const auto* metric : {"hit_rate", "coverage", "gini", "novelty", "diversity"})
      row.push_back(number("%.4f", r.find(metric, k)->value));
    add_timings(asked, r, row);
    table.add(row);
  }
  table.print();
  std::printf("\n  95 %%: bootstrap by user.%s\n",
              results.size() > 1 ? " *: below the best of the column (paired t test by user, Holm, p < 0.05)." : "");
  for (const auto& r : results)
    if (r.unanswered > 0)
      std::printf("  %s had no answer for %s; they count 0.\n", r.text().c_str(),
                  text::plural(r.unanswered, "question").c_str());
}

void write_results_csv(const std::string& path, const std::vector<result>& results) {
  std::string out = "algorithm,options,metric,k,value,low,high,fit_seconds,users_per_second,peak_mib\n";
  for (const auto& r : results)
    for (const auto& f : r.figures) {
      out += r.name + ',' + quoted_if_needed(r.options) + ',' + f.metric + ',' + (f.k > 0 ? std::to_string(f.k) : "") +
             ',' + number("%.8f", f.value) + ',' + (f.range ? number("%.8f", f.range->low) : "") + ',' +
             (f.range ? number("%.8f", f.range->high) : "") + ',' + number("%.6f", r.fit_seconds) + ',' +
             number("%.3f", r.users_per_second) + ',' + number("%.3f", r.peak_mib) + '\n';
    }
  reco::write_file(path, out);
}

void print_list(const algorithms& all) {
  for (const auto& e : all.all()) {
    std::printf("%s\n", std::string(e.name()).c_str());
    for (const auto& o : e.options())
      std::printf("  %s=%s  (%s%s)\n", o.name.c_str(), o.default_value.c_str(), o.range.c_str(),
                  o.searched.empty() ? "" : ("; tuned over " + o.searched).c_str());
  }
}
