// SPDX-License-Identifier: MIT
#include "run.hpp"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <exception>
#include <optional>
#include <utility>

#include <reco/base/error.hpp>
#include <reco/data/dataset.hpp>
#include <reco/evaluation/evaluate_ratings.hpp>
#include <reco/metrics/average_precision.hpp>
#include <reco/metrics/catalog_coverage.hpp>
#include <reco/metrics/gini.hpp>
#include <reco/metrics/hit_rate.hpp>
#include <reco/metrics/item_popularity.hpp>
#include <reco/metrics/ndcg.hpp>
#include <reco/metrics/novelty.hpp>
#include <reco/metrics/precision.hpp>
#include <reco/metrics/recall.hpp>
#include <reco/metrics/reciprocal_rank.hpp>
#include <reco/metrics/rmse.hpp>
#include <reco/metrics/significance.hpp>

#include "../support/memory.hpp"
#include "../support/table.hpp"
#include "algorithms.hpp"
#include "splits.hpp"
#include "vectors.hpp"

namespace {

using data_set = reco::dataset<float>;
using clock_type = std::chrono::steady_clock;

double seconds_since(clock_type::time_point start) {
  return std::chrono::duration<double>(clock_type::now() - start).count();
}

/// What is going on, on a terminal only.
class progress {
 public:
  void operator()(const std::string& doing) const {
    if (on_) std::fprintf(stderr, "\r\033[K%s", text::fit(doing, 78).c_str());
  }
  ~progress() {
    if (on_) std::fprintf(stderr, "\r\033[K");
  }

 private:
  bool on_ = isatty(STDERR_FILENO) == 1;
};

/// What has been added up over folds.
struct pooled {
  double fit_seconds = 0, ask_seconds = 0;
  std::int64_t asked = 0, unanswered = 0, unpredicted = 0;
  std::vector<std::string> labels = {};
  std::vector<std::vector<double>> sums = {};  // users × metrics
  std::vector<int> times = {};                 // in how many folds each user was asked
  std::vector<reco::exposure> shown = {};
  std::vector<reco::rated_pair> pairs = {};
};

/// All that is measured in one fold.
class arena {
 public:
  arena(const settings& asked, const input& in, const fold& f, std::optional<reco::embeddings<float>> vectors,
        reco::executor_ref executor)
      : asked_(asked), in_(in), fold_(f), how_{.executor = executor}, train_(f.train, in.shape, vectors) {
    if (!f.history.empty()) history_.emplace(f.history, in.shape, std::move(vectors));
  }

  /// Metrics beyond accuracy are measured too.
  void measure_everything() {
    popularity_.emplace(train_);
    vectors_ = co_read_vectors(fold_.train, in_.shape, how_);
  }

  reco::any_recommender<float> fit(const reco::any_estimator<float>& e) const { return e.fit(train_, how_); }

  reco::evaluation rank(const reco::any_recommender<float>& model, std::span<const reco::any_metric> metrics,
                        std::span<reco::exposure> shown = {}) const {
    return reco::evaluate(model, history_ ? *history_ : train_, fold_.test,
                          {.exclude_seen = in_.exclude_seen, .executor = how_.executor, .candidates = fold_.candidates},
                          metrics, shown);
  }

  reco::rating_evaluation rate(const reco::any_recommender<float>& model) const {
    if (!model.predicts()) throw reco::invalid_argument("it foretells no ratings");
    return reco::evaluate_ratings(model, train_, fold_.test, {.executor = how_.executor});
  }

  std::vector<reco::any_metric> metrics() const {
    std::vector<reco::any_metric> out;
    for (const int k : asked_.at) {
      out.push_back(reco::recall{.k = k});
      out.push_back(reco::ndcg{.k = k});
      out.push_back(reco::hit_rate{.k = k});
      out.push_back(reco::precision{.k = k});
      out.push_back(reco::average_precision{.k = k});
      out.push_back(reco::reciprocal_rank{.k = k});
      out.push_back(reco::novelty{.popularity = &*popularity_, .k = k});
      out.push_back(list_diversity{.vectors = &*vectors_, .k = k});
    }
    return out;
  }

 private:
  const settings& asked_;
  const input& in_;
  const fold& fold_;
  reco::training how_;
  data_set train_;
  std::optional<data_set> history_ = {};
  std::optional<reco::item_popularity> popularity_ = {};
  std::optional<reco::embeddings<float>> vectors_ = {};
};

void add(pooled& to, const reco::evaluation& e, reco::shape shape) {
  to.labels = e.labels;
  to.times.resize(static_cast<std::size_t>(shape.users));
  to.sums.resize(to.times.size());
  for (std::size_t n = 0; n < e.users.size(); ++n) {
    const auto user = static_cast<std::size_t>(e.users[n]);
    to.sums[user].resize(e.labels.size());
    for (std::size_t m = 0; m < e.labels.size(); ++m) to.sums[user][m] += e.values[m][n];
    ++to.times[user];
  }
  to.asked += std::ssize(e.users);
  to.unanswered += e.unanswered;
}

void one_fold(pooled& to, const settings& asked, const input& in, const arena& a, const reco::any_estimator<float>& e) {
  auto start = clock_type::now();
  const auto model = a.fit(e);
  to.fit_seconds += seconds_since(start);
  start = clock_type::now();
  if (asked.rating()) {
    auto rated = a.rate(model);
    to.ask_seconds += seconds_since(start);
    to.asked += std::ssize(rated.pairs);
    to.unpredicted += rated.unpredicted;
    to.pairs.insert(to.pairs.end(), rated.pairs.begin(), rated.pairs.end());
    return;
  }
  if (to.shown.empty())
    for (const int k : asked.at) to.shown.emplace_back(in.shape.items, k);
  const auto metrics = a.metrics();
  const auto result = a.rank(model, metrics, to.shown);
  to.ask_seconds += seconds_since(start);
  add(to, result, in.shape);
}

/// A user's values are the mean of the folds (or test rows) they were asked in.
reco::evaluation by_user(const pooled& p) {
  reco::evaluation out{.labels = p.labels};
  out.values.resize(p.labels.size());
  for (std::size_t u = 0; u < p.times.size(); ++u) {
    if (p.times[u] == 0) continue;
    out.users.push_back(static_cast<std::int32_t>(u));
    for (std::size_t m = 0; m < p.labels.size(); ++m) out.values[m].push_back(p.sums[u][m] / p.times[u]);
  }
  return out;
}

void finish(contender& c, pooled& p, const settings& asked, std::size_t folds, reco::executor_ref executor) {
  c.fit_seconds = p.fit_seconds / static_cast<double>(folds);
  c.users_per_second = p.ask_seconds > 0 ? static_cast<double>(p.asked) / p.ask_seconds : 0;
  c.unanswered = p.unanswered;
  const reco::bootstrap boot{.seed = asked.seed};
  if (asked.rating()) {
    c.errors = reco::errors_by_user(p.pairs);
    const auto i = reco::intervals_of(c.errors, boot, executor);
    c.figures.push_back({.metric = "rmse", .value = i.rmse.mean, .low = i.rmse.low, .high = i.rmse.high});
    c.figures.push_back({.metric = "mae", .value = i.mae.mean, .low = i.mae.low, .high = i.mae.high});
    c.figures.push_back({.metric = "unpredicted", .value = static_cast<double>(p.unpredicted)});
    return;
  }
  c.values = by_user(p);
  const auto intervals = reco::intervals_of(c.values, boot, executor);
  for (std::size_t m = 0; m < intervals.size(); ++m) {
    const auto& label = c.values.labels[m];
    const auto at = label.find('@');
    c.figures.push_back({.metric = label.substr(0, at),
                         .k = std::stoi(label.substr(at + 1)),
                         .value = intervals[m].mean,
                         .low = intervals[m].low,
                         .high = intervals[m].high});
  }
  for (const auto& e : p.shown) {
    c.figures.push_back({.metric = "coverage", .k = e.k, .value = reco::coverage(e.counts)});
    c.figures.push_back({.metric = "gini", .k = e.k, .value = reco::gini(e.counts)});
  }
}

/// The differences between two contenders' users in one figure; nothing where differences mean nothing.
std::optional<double> p_value(const contender& a, const contender& b, std::size_t figure) {
  std::vector<double> x, y;
  if (!a.errors.empty()) {  // the same pairs: a difference of sums over them is one of the mean over pairs
    for (const auto& e : a.errors) x.push_back(figure == 0 ? e.squares : e.absolutes);
    for (const auto& e : b.errors) y.push_back(figure == 0 ? e.squares : e.absolutes);
  } else {
    x = a.values.values[figure];
    y = b.values.values[figure];
  }
  if (x.size() != y.size() || x.size() < 2) return std::nullopt;
  return reco::paired_t_test(x, y).p_value;
}

bool is_accuracy(const std::string& metric) { return metric != "novelty" && metric != "diversity"; }

/// Marks what is significantly worse than the best, metric by metric: paired t test over users, Holm's correction for
/// the number of contenders.
void compare(std::vector<contender>& all, bool rating) {
  std::vector<contender*> ran;
  for (auto& c : all)
    if (c.failure.empty()) ran.push_back(&c);
  if (ran.size() < 2) return;
  const std::size_t figures = rating ? 2 : ran[0]->values.labels.size();
  for (std::size_t m = 0; m < figures; ++m) {
    if (!is_accuracy(ran[0]->figures[m].metric)) continue;
    const auto less = [&](const contender* a, const contender* b) {
      return rating ? a->figures[m].value > b->figures[m].value : a->figures[m].value < b->figures[m].value;
    };
    const contender* const best = *std::max_element(ran.begin(), ran.end(), less);
    std::vector<contender*> others;
    std::vector<double> p;
    for (auto* c : ran) {
      if (c == best) continue;
      if (const auto value = p_value(*best, *c, m)) {
        others.push_back(c);
        p.push_back(*value);
      }
    }
    const auto adjusted = reco::holm(p);
    for (std::size_t n = 0; n < others.size(); ++n) others[n]->figures[m].worse = adjusted[n] < 0.05;
  }
}

/// The best of so many trials on a validation part of train.
void tune(contender& c, const settings& asked, const input& in, const arena& a, const std::string& part,
          const progress& say) {
  const auto& entry = algorithms().find(c.name);
  const std::string given = c.options;
  const int k = asked.at.front();
  const std::vector<reco::any_metric> metric{reco::ndcg{.k = k}};
  double best = -HUGE_VAL, first = 0;
  std::int64_t failed = 0;
  for (std::int64_t n = 0; n < asked.tune; ++n) {
    const auto options = entry.draw(given, asked.seed, n);
    say(c.name + ": trial " + std::to_string(n + 1) + " of " + std::to_string(asked.tune) + ' ' + options);
    double score = -HUGE_VAL;
    try {
      const auto model = a.fit(entry.make(options));
      score = asked.rating() ? -reco::rmse{}(a.rate(model).pairs) : a.rank(model, metric)[metric[0].label()];
    } catch (const reco::numeric_error&) {
      ++failed;  // these options learn nothing finite; others may
    }
    if (n == 0) first = score;
    if (score > best) {
      best = score;
      c.options = options;
    }
  }
  const auto shown = [&](double s) { return text::number(asked.rating() ? -s : s, 4); };
  const std::string metric_name = asked.rating() ? "rmse" : metric[0].label();
  c.tuning = text::plural(asked.tune, "trial") + " on " + part + ": " + metric_name + ' ' + shown(first) +
             " as given, " + shown(best) + " with " + (c.options.empty() ? "the defaults" : c.options);
  if (failed > 0) c.tuning += "; " + text::plural(failed, "trial") + " learned no finite numbers";
  if (in.folds.size() > 1) c.tuning += "; found on the first fold's train and kept for all folds";
}

}  // namespace

std::vector<contender> run_all(const settings& asked, const input& in, reco::executor_ref executor) {
  const progress say;
  const peak_memory memory;
  std::vector<contender> out;
  bool vectors_wanted = false;
  for (const auto& text : asked.algorithms) {
    const auto colon = text.find(':');
    contender c{.name = text.substr(0, colon), .options = colon == std::string::npos ? "" : text.substr(colon + 1)};
    (void)algorithms().make(text);  // a mistake is said before anything runs
    vectors_wanted = vectors_wanted || uses_vectors(c.name);
    out.push_back(std::move(c));
  }
  std::optional<reco::embeddings<float>> vectors;
  if (vectors_wanted && !in.texts.empty()) {
    say("making vectors of the items' texts");
    vectors = text_vectors(in.texts, {.executor = executor});
  }
  const auto guarded = [](contender& c, auto&& work) {
    if (!c.failure.empty()) return;
    try {
      work();
    } catch (const std::exception& error) {
      c.failure = error.what();
    }
  };

  if (asked.tune > 0) {
    fold part;
    std::string said = in.validation_text;
    if (in.validation && asked.validation.empty()) {
      part = {.train = in.validation->train, .test = in.validation->test};
    } else {
      const bool as_split = asked.validation.empty() && !asked.split.empty() && !asked.split.starts_with("kfold");
      said = !asked.validation.empty() ? asked.validation : as_split ? asked.split : "random:0.2";
      auto split = validation_split(in.folds.front().train, in.folds.front().test, said, asked.seed);
      part = {.train = std::move(split.train), .test = std::move(split.test)};
      said += " of train";
    }
    if (part.train.empty() || part.test.empty())
      throw reco::invalid_argument("--validation: " + said + " leaves nothing to tune on");
    const arena a(asked, in, part, vectors, executor);
    for (auto& c : out) guarded(c, [&] { tune(c, asked, in, a, said, say); });
  }

  std::vector<pooled> sums(out.size());
  for (std::size_t f = 0; f < in.folds.size(); ++f) {
    arena a(asked, in, in.folds[f], vectors, executor);
    if (!asked.rating()) a.measure_everything();
    for (std::size_t n = 0; n < out.size(); ++n) {
      guarded(out[n], [&] {
        say(out[n].name + (in.folds.size() > 1 ? ": fold " + std::to_string(f + 1) : std::string(": fit and ask")));
        memory.reset();
        one_fold(sums[n], asked, in, a, algorithms().find(out[n].name).make(out[n].options));
        out[n].peak_mib = std::max(out[n].peak_mib, memory.mib());
      });
    }
  }
  for (std::size_t n = 0; n < out.size(); ++n) {
    say(out[n].name + ": intervals");
    guarded(out[n], [&] { finish(out[n], sums[n], asked, in.folds.size(), executor); });
    sums[n] = {};
  }
  compare(out, asked.rating());
  return out;
}
