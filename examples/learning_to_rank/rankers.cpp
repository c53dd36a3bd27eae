// SPDX-License-Identifier: MIT
#include "rankers.hpp"

#include <chrono>
#include <cmath>
#include <span>
#include <string_view>
#include <tuple>
#include <utility>

#include <reco/base/error.hpp>
#include <reco/base/options.hpp>
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

}  // namespace

trained train_ranker(const std::string& spec, const reco::ranking_data& train, const reco::ranking_data* validation,
                     reco::executor_ref executor) {
  const auto colon = std::min(spec.find(':'), spec.size());
  const std::string name = spec.substr(0, colon), options = spec.substr(std::min(colon + 1, spec.size()));
  trained out;
  std::string names;
  for_each_ranker([&]<class E>(const E&) {
    (names += names.empty() ? "" : ", ") += E::name;
    if (E::name != name) return;
    const auto e = reco::parse_options<E>(options);
    const auto start = std::chrono::steady_clock::now();
    auto model = fit(e, train, validation, executor);
    out.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    out.options = reco::describe(e);
    out.importance = model.importance();
    out.scores = [model = std::move(model)](const reco::ranking_features& rows, reco::executor_ref pool) {
      return model.predict_all(rows, pool);
    };
  });
  if (!out.scores) throw reco::invalid_argument("no ranker is called '" + name + "'; there are " + names);
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
