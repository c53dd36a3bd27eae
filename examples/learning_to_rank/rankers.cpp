// SPDX-License-Identifier: MIT
#include "rankers.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <span>
#include <string_view>
#include <tuple>
#include <utility>

#include <reco/base/error.hpp>
#include <reco/base/options.hpp>
#include <reco/base/random.hpp>
#include <reco/evaluation/search.hpp>
#include <reco/ltr/coordinate_ascent.hpp>
#include <reco/ltr/lambda_mart.hpp>
#include <reco/ltr/listmle.hpp>
#include <reco/ltr/listnet.hpp>
#include <reco/ltr/mean_ndcg.hpp>
#include <reco/ltr/pointwise.hpp>
#include <reco/ltr/ranknet.hpp>

namespace {

/// The feature that ranks the training set best by itself, up or down: what a ranker must beat.
struct best_feature {
  int at = 10;  ///< k of the NDCG that says so

  static constexpr std::string_view name = "best_feature";
  static constexpr auto options() { return std::tuple{reco::at_least("at", &best_feature::at, 1)}; }

  [[nodiscard]] reco::linear_ranker fit(const reco::ranking_data& train) const {
    reco::check_options(*this);
    auto scale = reco::feature_scale::of(train.matrix_of_features());
    const auto x = reco::standardised(train.matrix_of_features(), scale);
    std::vector<double> weights(static_cast<std::size_t>(train.features())), scores(static_cast<std::size_t>(x.rows()));
    double best = -1;
    for (Eigen::Index f = 0; f < x.cols(); ++f) {
      if (x.col(f).isZero(0)) continue;  // constant: it would stand for the order of the file
      for (const double sign : {1.0, -1.0}) {
        Eigen::Map<reco::column<double>>(scores.data(), x.rows()) = sign * x.col(f);
        const double ndcg = reco::mean_ndcg(train, scores, at);
        if (!(ndcg > best)) continue;
        best = ndcg;
        weights.assign(weights.size(), 0);
        weights[static_cast<std::size_t>(f)] = sign;
      }
    }
    return {std::move(scale), std::move(weights)};
  }
};
static_assert(reco::options_are_complete<best_feature>);

using rankers = std::tuple<best_feature, reco::pointwise, reco::ranknet, reco::listnet, reco::listmle,
                           reco::coordinate_ascent, reco::lambda_mart>;

template <class F>
void for_each_ranker(F&& f) {
  std::apply([&](const auto&... e) { (f(e), ...); }, rankers{});
}

auto fit(const reco::lambda_mart& e, const reco::ranking_data& train, const reco::ranking_data* validation,
         reco::executor_ref executor) {
  auto how = e;
  if (validation != nullptr && how.early_stopping == 0) how.early_stopping = 50;
  return how.fit(train, {.validation = validation}, {.executor = executor});
}
template <class E>
auto fit(const E& e, const reco::ranking_data& train, const reco::ranking_data* validation, reco::executor_ref) {
  if constexpr (requires { e.fit(train, validation); }) return e.fit(train, validation);
  else return e.fit(train);
}

/// Of "name:options".
std::string_view options_in(std::string_view spec) {
  return spec.substr(std::min(spec.find(':'), spec.size() - 1) + 1);
}

/// Calls `f` with the ranker that "name:options" stands for.
template <class F>
void with_ranker(std::string_view spec, F&& f) {
  const std::string name(spec.substr(0, spec.find(':')));
  std::string names;
  bool found = false;
  for_each_ranker([&]<class E>(const E&) {
    (names += names.empty() ? "" : ", ") += E::name;
    if (E::name != name) return;
    found = true;
    f(reco::parse_options<E>(options_in(spec)));
  });
  if (!found) throw reco::invalid_argument("no ranker is called '" + name + "'; there are " + names);
}

struct fold {
  reco::ranking_data train = {}, test = {};
};

std::vector<fold> parted(const reco::ranking_data& data, const tuning& how) {
  if (how.folds > data.queries())
    throw reco::invalid_argument("--folds: there are only " + std::to_string(data.queries()) + " queries");
  std::vector<fold> out;
  std::vector<std::int32_t> order(static_cast<std::size_t>(data.queries()));
  std::iota(order.begin(), order.end(), 0);
  reco::random_engine random(how.seed, 1);
  for (int r = 0; r < how.repeats; ++r) {
    reco::shuffle(random, std::span(order));
    for (int f = 0; f < how.folds; ++f) {
      std::vector<std::int32_t> in, rest;
      for (std::size_t n = 0; n < order.size(); ++n)
        (static_cast<int>(n % static_cast<std::size_t>(how.folds)) == f ? in : rest).push_back(order[n]);
      out.push_back({data.select(rest), data.select(in)});
    }
  }
  return out;
}

/// NDCG@10 over the folds after each tree. A fold's mean counts by its queries.
std::vector<double> curve_of(const reco::lambda_mart& e, const std::vector<fold>& folds, reco::executor_ref executor) {
  auto how = e;
  how.early_stopping = 0;
  how.stop_at = 10;
  std::vector<double> sum(static_cast<std::size_t>(e.trees));
  double queries = 0;
  for (const auto& f : folds) {
    const auto model = how.fit(f.train, {.validation = &f.test}, {.executor = executor});
    const auto& loss = model.report().loss;
    const double weight = f.test.queries();
    // A fit that ended early has nothing more to learn: it stays as it is.
    for (std::size_t t = 0; t < sum.size() && !loss.empty(); ++t)
      sum[t] += weight * (1 - loss[std::min(t, loss.size() - 1)]);
    queries += weight;
  }
  for (auto& s : sum) s /= queries;
  return sum;
}

/// What options are worth, NDCG@10 over the folds. Of trees, as many are kept as are best.
double worth(reco::lambda_mart& e, const std::vector<fold>& folds, reco::executor_ref executor) {
  const auto curve = curve_of(e, folds, executor);
  const auto best = std::max_element(curve.begin(), curve.end());
  e.trees = static_cast<std::int32_t>(best - curve.begin()) + 1;
  return *best;
}
template <class E>
double worth(E& e, const std::vector<fold>& folds, reco::executor_ref executor) {
  double sum = 0, queries = 0;
  for (const auto& f : folds) {
    const auto model = fit(e, f.train, nullptr, executor);
    const auto scores = model.predict_all(f.test.matrix_of_features(), executor);
    sum += f.test.queries() * reco::mean_ndcg(f.test, scores, 10);
    queries += f.test.queries();
  }
  return sum / queries;
}

}  // namespace

std::optional<tuned> tune_ranker(const std::string& spec, const reco::ranking_data& train, const tuning& how,
                                 reco::executor_ref executor) {
  std::optional<tuned> out;
  with_ranker(spec, [&]<class E>(const E& base) {
    auto kept = reco::names_given<E>(options_in(spec));
    if constexpr (requires { base.trees; }) kept.push_back("trees");
    bool any = false;
    reco::for_each_option<E>(
        [&](const auto& o) { any |= o.searched && std::find(kept.begin(), kept.end(), o.name) == kept.end(); });
    if (!any) return;
    const auto folds = parted(train, how);
    std::vector<E> tried;
    const auto score = [&](const E& drawn) {
      auto e = drawn;
      const double ndcg = worth(e, folds, executor);
      tried.push_back(e);
      return ndcg;
    };
    const auto found = reco::random_search{.trials = how.trials, .seed = how.seed}.run(base, score, kept);
    out = tuned{.spec = reco::describe(tried[static_cast<std::size_t>(found[0].number)]), .ndcg = found[0].score};
    for (const auto& t : found)
      if (t.number == 0) out->ndcg_before = t.score;
  });
  return out;
}

trained train_ranker(const std::string& spec, const reco::ranking_data& train, const reco::ranking_data* validation,
                     int seeds, reco::executor_ref executor) {
  trained out;
  with_ranker(spec, [&]<class E>(const E& asked) {
    constexpr bool draws = requires(E e) { e.seed; };
    const int runs = draws ? seeds : 1;
    const auto start = std::chrono::steady_clock::now();
    for (int run = 0; run < runs; ++run) {
      auto e = asked;
      if constexpr (draws) e.seed += static_cast<std::uint64_t>(run);
      auto model = fit(e, train, validation, executor);
      const auto importance = model.importance();
      out.importance.resize(importance.size());
      for (std::size_t f = 0; f < importance.size(); ++f) out.importance[f] += importance[f];
      out.scores.push_back([model = std::move(model)](const reco::ranking_features& rows, reco::executor_ref pool) {
        return model.predict_all(rows, pool);
      });
    }
    out.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count() / runs;
    out.options = reco::describe(asked);
  });
  return out;
}

std::string list_rankers() {
  std::string text;
  for_each_ranker([&]<class E>(const E& defaults) {
    text += std::string(E::name) + '\n';
    reco::for_each_option<E>([&](const auto& o) {
      text += "  " + std::string(o.name) + '=' + reco::option_text(defaults, o);
      if constexpr (requires { o.values; }) {
        text += "  one of";
        for (const auto& v : o.values) text += ' ' + std::string(v.first);
      }
      text += '\n';
    });
  });
  return text;
}
