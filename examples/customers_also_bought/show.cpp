// SPDX-License-Identifier: MIT
#include "show.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <numeric>

#include <reco/model/explain.hpp>
#include <reco/model/recommend.hpp>
#include <reco/model/similar_items.hpp>

#include "../support/table.hpp"

namespace show {
namespace {

std::string title_of(const input& in, std::int32_t item) {
  return text::fit(in.log.titles[static_cast<std::size_t>(item)], 48);
}

std::int32_t had_by(const input& in, std::int32_t item) { return in.had_by[static_cast<std::size_t>(item)]; }

std::string percent(double part, double whole) {
  char buffer[32];
  std::snprintf(buffer, sizeof buffer, "%.0f %%", whole > 0 ? 100 * part / whole : 0.0);
  return buffer;
}

/// Products by how many customers have them.
std::vector<std::int32_t> bestsellers(const input& in, int k) {
  std::vector<std::int32_t> order(static_cast<std::size_t>(in.had.items()));
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return had_by(in, a) > had_by(in, b); });
  order.resize(std::min(order.size(), static_cast<std::size_t>(k)));
  return order;
}

/// Numbers are rounded before they are subtracted: sums are then right on paper, too.
std::int64_t thousandths(double x) { return std::llround(x * 1000); }
std::string number(std::int64_t thousandths) {
  char buffer[32];
  std::snprintf(buffer, sizeof buffer, "%s%.3f", thousandths < 0 ? "−" : "",
                std::abs(static_cast<double>(thousandths)) / 1000);
  return buffer;
}

/// "because you bought X (0.412), Y (0.301) and 3 others (0.180)"
std::string because(const input& in, const reco::explanation<float>& why) {
  constexpr std::size_t most = 2;
  const std::size_t parts = why.because.size();
  std::size_t named = 0;
  while (named < std::min(most, parts) && why.because[named].score > 0) ++named;
  if (named == 0) return "";
  std::string line = "because you " + in.words.did + ' ';
  std::int64_t left = thousandths(static_cast<double>(why.score));
  for (std::size_t n = 0; n < named; ++n) {
    const bool last = n + 1 == parts;
    const auto part = last ? left : thousandths(static_cast<double>(why.because[n].score));
    left -= part;
    line += (n == 0 ? "" : last ? " and " : ", ") + title_of(in, why.because[n].item) + " (" + number(part) + ')';
  }
  if (parts > named)
    line += " and " + text::plural(std::ssize(why.because) - static_cast<std::int64_t>(named), "other") + " (" +
            number(left) + ')';
  return line;
}

}  // namespace

void what_was_bought(const input& in, int k) {
  const auto& w = in.words;
  std::int64_t pairs = 0;
  for (const auto n : in.had_by) pairs += n;
  text::title("What was " + w.did + ": " + in.from);
  std::printf("  %s, %s; each %s %s %.1f of them on average. %s by most:\n\n",
              text::plural(in.had.users(), w.who).c_str(), text::plural(in.had.items(), w.what).c_str(), w.who.c_str(),
              w.did.c_str(), static_cast<double>(pairs) / in.had.users(), w.did == "bought" ? "Bought" : "Liked");
  text::table t({">" + w.who + "s", ">of all", w.what});
  for (const auto item : bestsellers(in, k))
    t.add({text::count(had_by(in, item)), percent(had_by(in, item), in.had.users()), title_of(in, item)});
  t.print();
}

void bought_by_most(const input& in, const measure& counts, std::int32_t item, int k) {
  const auto& w = in.words;
  text::title(text::plural(had_by(in, item), w.who) + ' ' + w.did + " “" + title_of(in, item) +
              "”; what most of them " + w.did + " as well");
  const auto list = reco::similar_items(counts.model, item, {.k = k});
  if (list.empty()) return void(std::printf("  nothing\n"));
  const auto best = bestsellers(in, k);
  text::table t({">" + w.did + " both", ">of these", ">of all", ">by chance", w.what});
  std::size_t same = 0;
  for (const auto& [other, both] : list) {
    same += static_cast<std::size_t>(std::count(best.begin(), best.end(), other));
    const double chance = static_cast<double>(had_by(in, item)) * had_by(in, other) / in.had.users();
    t.add({text::count(static_cast<std::int64_t>(both)), percent(static_cast<double>(both), had_by(in, item)),
           percent(had_by(in, other), in.had.users()), text::score(chance), title_of(in, other)});
  }
  t.print();
  if (same > 0)
    std::printf(
        "\n  %zu of these %zu are among the %zu that are %s most: a plain count names what goes with anything.\n", same,
        list.size(), best.size(), w.did.c_str());
}

void also_bought(const input& in, std::span<const measure> measures, std::int32_t item, int k) {
  const auto& w = in.words;
  struct row {
    std::int32_t item = 0;
    std::vector<int> places = {};  ///< 0: not among the first k
    int points = 0;                ///< of all measures but the first, the plain count
  };
  std::vector<row> rows;
  for (std::size_t m = 0; m < measures.size(); ++m) {
    int place = 0;
    for (const auto& [other, score] : reco::similar_items(measures[m].model, item, {.k = k})) {
      auto at = std::find_if(rows.begin(), rows.end(), [&, o = other](const row& r) { return r.item == o; });
      if (at == rows.end()) at = rows.insert(at, {.item = other, .places = std::vector<int>(measures.size())});
      at->places[m] = ++place;
      if (m > 0) at->points += k + 1 - place;
    }
  }
  if (rows.empty()) return;
  std::stable_sort(rows.begin(), rows.end(), [](const row& a, const row& b) { return a.points > b.points; });

  auto who = w.who + 's';
  who[0] = static_cast<char>(who[0] - 'a' + 'A');
  text::title(who + " who " + w.did + " “" + title_of(in, item) + "” also " + w.did + ": places by measure");
  std::vector<std::string> header;
  for (const auto& m : measures) header.push_back('>' + m.name);
  header.push_back(">" + w.who + "s");
  header.push_back(w.what);
  text::table t(header);
  for (const auto& r : rows) {
    std::vector<std::string> cells;
    for (const auto place : r.places) cells.push_back(place > 0 ? std::to_string(place) : "·");
    cells.push_back(text::count(had_by(in, r.item)));
    cells.push_back(title_of(in, r.item));
    t.add(std::move(cells));
  }
  t.print();
  std::printf("\n");
  for (const auto& m : measures) std::printf("  %s  %s\n", text::pad(m.name, 16).c_str(), m.meaning.c_str());
}

void updated(const input& in, const reco::item_weights_model<float>& before,
             const reco::item_weights_model<float>& after, const reco::item_weights_model<float>& fitted,
             std::int32_t item, int k) {
  const auto& w = in.words;
  text::title("The last tenth of what was " + w.did + " comes in later: item_knn is updated, not fitted again");
  const auto old = reco::similar_items(before, item, {.k = before.items()});
  text::table t({">place before", ">now", ">weight before", ">now", w.what});
  int place = 0;
  for (const auto& [other, weight] : reco::similar_items(after, item, {.k = k})) {
    const auto at = std::find_if(old.begin(), old.end(), [o = other](const auto& s) { return s.item == o; });
    const bool known = at != old.end();
    t.add({known ? std::to_string(at - old.begin() + 1) : "·", std::to_string(++place),
           known ? text::score(static_cast<double>(at->score)) : "·", text::score(static_cast<double>(weight)),
           title_of(in, other)});
  }
  t.print();
  std::printf("\n  Goes with “%s”. All weights are %s those of a model fitted anew.\n", title_of(in, item).c_str(),
              after.weights() == fitted.weights() ? "bit for bit" : "not");
}

void recommended(const input& in, const adviser& model, const std::string& heading, std::span<const std::int32_t> has,
                 int k) {
  text::title(heading);
  constexpr std::size_t named = 8;
  for (const auto item : has.first(std::min(named, has.size()))) std::printf("  has  %s\n", title_of(in, item).c_str());
  if (has.size() > named)
    std::printf("       and %s\n", text::plural(std::ssize(has) - std::int64_t{named}, "other").c_str());
  std::visit(
      [&](const auto& m) {
        const reco::query<float> q{.history = {.items = has}};
        int place = 0;
        for (const auto& [item, score] : reco::recommend(m, q, {.k = k})) {
          if (!(score > 0)) break;  // nothing of the history speaks for it
          const auto why = reco::explain(m, q, item);
          std::printf("  %2d  %s  %s\n", ++place, number(thousandths(static_cast<double>(why.score))).c_str(),
                      title_of(in, item).c_str());
          std::printf("             %s\n", because(in, why).c_str());
        }
        if (place == 0) std::printf("  nothing goes with it\n");
      },
      model);
}

}  // namespace show
