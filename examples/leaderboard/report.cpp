// SPDX-License-Identifier: MIT
#include "report.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include <reco/base/error.hpp>
#include <reco/evaluation/data_facts.hpp>

#include "../support/table.hpp"
#include "algorithms.hpp"

namespace {

using text::number;

std::string percent(double share) { return number(100 * share, 1) + " %"; }

/// Rows and columns in their form for machines: RFC 4180.
std::string cell(const std::string& s) {
  if (s.find_first_of(",\"\n") == std::string::npos) return s;
  std::string out = "\"";
  for (const char c : s) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + '"';
}

const figure* find(const contender& c, const std::string& metric, std::optional<int> k) {
  for (const auto& f : c.figures)
    if (f.metric == metric && f.k == k) return &f;
  return nullptr;
}

/// "0.0416 ±0.0012*"
std::string with_interval(const figure* f) {
  if (f == nullptr) return "";
  if (!f->low) return number(f->value, 4);
  return number(f->value, 4) + " ±" + number(std::max(f->value - *f->low, *f->high - f->value), 4) +
         (f->worse ? "*" : " ");
}

std::string name_of(const contender& c) { return c.options.empty() ? c.name : c.name + ':' + c.options; }

std::vector<std::string> cost(const contender& c) {
  return {number(c.fit_seconds, c.fit_seconds < 10 ? 3 : 1), text::count(std::llround(c.users_per_second)),
          text::count(std::llround(c.peak_mib))};
}

void add_cost_columns(std::vector<std::string>& header, bool rating) {
  header.insert(header.end(), {">fit s", rating ? ">ratings/s" : ">users/s", ">peak MiB"});
}

void legend(const settings& asked, bool with_times) {
  std::printf("\n  ± the wider half of a 95 %% interval: bootstrap over users, 1,000 resamples\n");
  std::printf("  * worse than the best of its column: paired t test over users, p < 0.05 after Holm\n");
  if (asked.rating()) {
    std::printf("  unpredicted: ratings the model could not foretell; its stand-in for them is in rmse and mae\n");
  } else {
    std::printf("  map divides by all that is relevant; precision by k; ndcg's ideal list holds min(k, relevant)\n");
    std::printf("  novelty: mean bits of surprise, -log2 of the share of users who had the item\n");
    std::printf("  diversity: mean of 1 - cosine of the items of a list, by who took them in train\n");
  }
  if (with_times)
    std::printf("  peak MiB: the most memory the whole process held, data included, while this algorithm ran\n");
}

}  // namespace

void print_facts(const settings& asked, const input& in) {
  text::title("The data");
  for (const auto& note : in.notes) std::printf("  %s\n", note.c_str());
  const auto& f = in.folds.front();
  if (in.folds.size() > 1) std::printf("  %zu folds; what follows is of the first\n", in.folds.size());
  const auto train = reco::facts_of(f.train);
  const auto split =
      reco::facts_of_split(f.known(), f.test, {.at = asked.at, .exclude_seen = in.exclude_seen && !asked.rating()});
  text::table table({"", ">"});
  const auto row = [&](const char* what, std::string value) { table.add({what, std::move(value)}); };
  row("users", text::count(in.shape.users));
  row("items", text::count(in.shape.items));
  row("train events", text::count(train.events));
  row("train pairs", text::count(train.pairs));
  row("density of train", percent(train.density));
  row("test pairs", text::count(split.pairs));
  row("test users with history", text::count(split.users_with_history));
  row("test users without history", text::count(split.users_without_history));
  row("test pairs on items not in train", percent(split.share_on_new_items()));
  row("train pairs on the top 1 % of items", percent(split.train_on_popular));
  row("test pairs on the top 1 % of items", percent(split.test_on_popular));
  row("pairs in train and in test", text::count(split.pairs_in_both));
  if (!asked.rating())
    for (std::size_t n = 0; n < asked.at.size(); ++n)
      table.add({"best reachable recall@" + std::to_string(asked.at[n]), number(split.best_recall[n], 4)});
  table.print();
  if (split.pairs_in_both > 0 && in.exclude_seen && !asked.rating())
    std::printf(
        "  What a user had in train is not recommended: pairs in both parts count as test pairs and are missed.\n");
  if (!in.exclude_seen)
    std::printf("  Each test row is ranked among its own set of candidates, training items included.\n");
}

void print_table(const settings& asked, const std::vector<contender>& all, bool with_times) {
  text::title(asked.rating() ? "Ratings" : "The leaderboard");
  std::vector<std::string> header;
  if (asked.rating()) header = {"algorithm", ">rmse", ">mae", ">unpredicted"};
  else
    header = {"algorithm", ">k",   ">recall",   ">ndcg", ">hit_rate", ">precision",
              ">map",      ">mrr", ">coverage", ">gini", ">novelty",  ">diversity"};
  if (with_times) add_cost_columns(header, asked.rating());
  text::table table(header);
  for (const auto& c : all) {
    if (!c.failure.empty()) continue;
    const auto costs = cost(c);
    if (asked.rating()) {
      std::vector<std::string> row{name_of(c), with_interval(find(c, "rmse", {})), with_interval(find(c, "mae", {})),
                                   text::count(std::llround(find(c, "unpredicted", {})->value))};
      if (with_times) row.insert(row.end(), costs.begin(), costs.end());
      table.add(std::move(row));
      continue;
    }
    for (std::size_t n = 0; n < asked.at.size(); ++n) {
      const int k = asked.at[n];
      std::vector<std::string> row{n == 0 ? name_of(c) : "", std::to_string(k)};
      for (const char* metric : {"recall", "ndcg", "hit_rate", "precision", "map", "mrr"})
        row.push_back(with_interval(find(c, metric, k)));
      for (const char* metric : {"coverage", "gini"}) row.push_back(number(find(c, metric, k)->value, 4));
      row.push_back(number(find(c, "novelty", k)->value, 2));
      row.push_back(number(find(c, "diversity", k)->value, 3));
      if (with_times && n == 0) row.insert(row.end(), costs.begin(), costs.end());
      else if (with_times) row.insert(row.end(), 3, "");
      table.add(std::move(row));
    }
  }
  table.print();
  legend(asked, with_times);
  for (const auto& c : all) {
    if (!c.tuning.empty()) std::printf("\n  %s: %s\n", c.name.c_str(), c.tuning.c_str());
    if (c.unanswered > 0)
      std::printf("\n  %s: no answer to %s, who count 0\n", name_of(c).c_str(),
                  text::plural(c.unanswered, "user").c_str());
  }
  std::fflush(stdout);
  if (!with_times)
    for (const auto& c : all)
      std::fprintf(stderr, "%s: %.3f s to fit, %.0f users/s, %.0f MiB at most\n", name_of(c).c_str(), c.fit_seconds,
                   c.users_per_second, c.peak_mib);
}

void print_list() {
  for (const auto& e : algorithms().entries()) {
    std::printf("%s\n", std::string(e.name).c_str());
    text::table table({"option", "default", "range", "searched"});
    for (const auto& o : e.options) table.add({o.name, o.preset, o.range, o.searched.empty() ? "-" : o.searched});
    table.print();
    std::printf("\n");
  }
}

std::string csv_of(const std::vector<contender>& all) {
  std::string out = "algorithm,options,metric,k,value,low,high,fit_seconds,users_per_second,peak_mib\n";
  const auto bound = [](const std::optional<double>& x) { return x ? number(*x, 8) : std::string(); };
  for (const auto& c : all)
    for (const auto& f : c.figures)
      out += c.name + ',' + cell(c.options) + ',' + f.metric + ',' + (f.k ? std::to_string(*f.k) : "") + ',' +
             number(f.value, 8) + ',' + bound(f.low) + ',' + bound(f.high) + ',' + number(c.fit_seconds, 6) + ',' +
             number(c.users_per_second, 3) + ',' + number(c.peak_mib, 3) + '\n';
  return out;
}

void write_file(const std::string& option, const std::string& file, const std::string& text) {
  std::FILE* const out = std::fopen(file.c_str(), "wb");
  const bool opened = out != nullptr;
  const bool written = opened && std::fwrite(text.data(), 1, text.size(), out) == text.size();
  const bool closed = opened && std::fclose(out) == 0;
  if (!written || !closed) throw reco::invalid_argument(option + ": " + file + " cannot be written");
}
