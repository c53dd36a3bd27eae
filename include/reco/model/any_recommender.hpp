// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <cstdint>
#include <memory>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/base/error.hpp"
#include "reco/base/executor.hpp"
#include "reco/base/fit_report.hpp"
#include "reco/data/query.hpp"
#include "reco/data/ranked_list.hpp"
#include "reco/data/request.hpp"
#include "reco/model/concepts.hpp"
#include "reco/model/prediction.hpp"
#include "reco/model/recommend.hpp"

namespace reco::inline RECO_ABI() {

/// Any model, chosen while the program runs. Copies share one immutable model. The price is one indirect call
/// a query (or a batch of them), never one a score.
///
///     std::vector<reco::any_recommender<float>> models{reco::most_popular{}.fit(data), reco::trending{}.fit(data)};
template <class T>
class any_recommender {
 public:
  using scalar = T;

  template <class M>
    requires(!std::same_as<std::remove_cvref_t<M>, any_recommender>) && recommender<std::remove_cvref_t<M>> &&
            std::same_as<typename std::remove_cvref_t<M>::scalar, T>
  any_recommender(M&& model)  // NOLINT(google-explicit-constructor): a model is one
      : self_(std::make_shared<const holder<std::remove_cvref_t<M>>>(std::forward<M>(model))) {}

  [[nodiscard]] std::int32_t items() const { return self_->items(); }
  [[nodiscard]] bool can_answer(const query<T>& q) const { return self_->can_answer(q); }
  [[nodiscard]] ranked_list<T> recommend(const query<T>& q, const request& r) const { return self_->recommend(q, r); }
  [[nodiscard]] std::vector<ranked_list<T>> recommend_all(std::span<const query<T>> queries, const request& r,
                                                          executor_ref executor) const {
    return self_->recommend_all(queries, r, executor);
  }
  /// Whether the model foretells ratings.
  [[nodiscard]] bool predicts() const { return self_->predicts(); }
  /// Throws `invalid_argument` if the model does not foretell ratings, else as the model.
  [[nodiscard]] prediction<T> predict(const query<T>& q, std::int32_t item) const { return self_->predict(q, item); }
  /// The report of the model's fit; an empty one if it has none.
  [[nodiscard]] const fit_report& report() const { return self_->report(); }

 private:
  struct interface {
    interface() = default;
    interface(const interface&) = delete;
    interface& operator=(const interface&) = delete;
    virtual ~interface() = default;
    virtual std::int32_t items() const = 0;
    virtual bool can_answer(const query<T>& q) const = 0;
    virtual ranked_list<T> recommend(const query<T>& q, const request& r) const = 0;
    virtual std::vector<ranked_list<T>> recommend_all(std::span<const query<T>> queries, const request& r,
                                                      executor_ref executor) const = 0;
    virtual bool predicts() const = 0;
    virtual prediction<T> predict(const query<T>& q, std::int32_t item) const = 0;
    virtual const fit_report& report() const = 0;
  };

  template <class M>
  struct holder final : interface {
    M model;

    explicit holder(M m) : model(std::move(m)) {}
    std::int32_t items() const override { return model.items(); }
    bool can_answer(const query<T>& q) const override { return model.can_answer(q); }
    ranked_list<T> recommend(const query<T>& q, const request& r) const override {
      return reco::recommend(model, q, r);
    }
    std::vector<ranked_list<T>> recommend_all(std::span<const query<T>> queries, const request& r,
                                              executor_ref executor) const override {
      return reco::recommend_all(model, queries, r, executor);
    }
    bool predicts() const override { return predicts_ratings<M>; }
    prediction<T> predict(const query<T>& q, std::int32_t item) const override {
      if constexpr (predicts_ratings<M>) return model.predict(q, item);
      else detail::fail_argument("any_recommender: this model foretells no ratings");
    }
    const fit_report& report() const override {
      static const fit_report none;
      if constexpr (requires { model.report(); }) return model.report();
      else return none;
    }
  };

  std::shared_ptr<const interface> self_;
};

static_assert(lists<any_recommender<float>> && lists<any_recommender<double>>);

}  // namespace reco
