// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/base/executor.hpp"
#include "reco/base/training.hpp"
#include "reco/data/event.hpp"
#include "reco/data/history_view.hpp"
#include "reco/data/query.hpp"
#include "reco/data/ranked_list.hpp"

namespace reco::inline RECO_ABI() {

/// Learns a log event by event, in the order of time. `before` is what the event's user did until then, oldest
/// first. Two members may be added:
///
///     refit(past, how)    learns anew from everything so far; called after the warm-up and then every period
///     settle()            nothing that was asked is unanswered: a good moment to put memory in order
template <class M>
concept online_learner =
    requires(M& m, const event& e, const history_view<typename M::scalar>& before) { m.learn(e, before); };

/// A learner that can be asked at any moment between two events. It is asked in two steps, so that lists can be made
/// many at once and by many threads, though what is learned meanwhile must not touch them:
///
///     ask(query, k)              -> snapshot: all that the list depends on and that learning may change
///     answer(asked, k, executor) -> the list of each: the k best of the items learned so far when it was asked,
///                                   less those of the query's history; empty where there is nothing to say
///
/// A query's history and session stay where they are until it is answered. `refit` and `settle` come only when
/// nothing is unanswered; between ask and answer there is `learn` alone.
///
/// A member `knows(item)` says whether there is anything to rank an item by: those that lack it are counted.
template <class M>
concept online_recommender =
    online_learner<M> && requires(const M& m, const query<typename M::scalar>& q, int k,
                                  std::span<const typename M::snapshot> asked, executor_ref executor) {
      { m.ask(q, k) } -> std::same_as<typename M::snapshot>;
      { m.answer(asked, k, executor) } -> std::same_as<std::vector<ranked_list<typename M::scalar>>>;
    };

/// An online recommender with a name, chosen while the program runs; or a mere learner that several of them share,
/// held by a `std::shared_ptr`, which is learned and refitted in its place among them.
///
///     std::vector<reco::contender<float>> all;
///     all.emplace_back("trending", reco::online_trending<float>({.half_life = std::chrono::hours(6)}));
///
/// It is used up by an evaluation: it has learned.
template <class T>
class contender {
 public:
  using scalar = T;

  template <online_learner M>
    requires std::same_as<typename M::scalar, T>
  contender(std::string name, M model) : name_(std::move(name)), self_(std::make_unique<holder<M>>(std::move(model))) {}
  template <online_learner M>
    requires std::same_as<typename M::scalar, T>
  contender(std::string name, std::shared_ptr<M> model)
      : contender(std::move(name), shared_learner<M>{std::move(model)}) {}

  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  /// False for a mere learner.
  [[nodiscard]] bool makes_lists() const { return self_->makes_lists(); }
  void learn(const event& e, const history_view<T>& before) { self_->learn(e, before); }
  void refit(std::span<const event> past, const training& how) { self_->refit(past, how); }
  void settle() { self_->settle(); }
  /// True where the model does not say.
  [[nodiscard]] bool knows(std::int32_t item) const { return self_->knows(item); }
  /// Notes the question; a mere learner doesn't.
  void ask(const query<T>& q, int k) { self_->ask(q, k); }
  /// The lists of all questions since the last answer, in their order.
  [[nodiscard]] std::vector<ranked_list<T>> answer(int k, executor_ref executor) { return self_->answer(k, executor); }

 private:
  struct interface {
    interface() = default;
    interface(const interface&) = delete;
    interface& operator=(const interface&) = delete;
    virtual ~interface() = default;
    virtual bool makes_lists() const = 0;
    virtual void learn(const event& e, const history_view<T>& before) = 0;
    virtual void refit(std::span<const event> past, const training& how) = 0;
    virtual void settle() = 0;
    virtual bool knows(std::int32_t item) const = 0;
    virtual void ask(const query<T>& q, int k) = 0;
    virtual std::vector<ranked_list<T>> answer(int k, executor_ref executor) = 0;
  };
  template <class M>
  struct shared_learner;
  template <class M>
  struct holder;

  std::string name_;
  std::unique_ptr<interface> self_;
};

// ---------------------------------------------------------------------------------------------------

namespace detail {

/// The optional members, where there are any.
template <class M>
void refit_if_wanted(M& m, std::span<const event> past, const training& how) {
  if constexpr (requires { m.refit(past, how); }) m.refit(past, how);
}
template <class M>
void settle_if_wanted(M& m) {
  if constexpr (requires { m.settle(); }) m.settle();
}
template <class M>
bool knows_or_does_not_say(const M& m, std::int32_t item) {
  if constexpr (requires { m.knows(item); }) return m.knows(item);
  else return true;
}

}  // namespace detail

template <class T>
template <class M>
struct contender<T>::shared_learner {
  using scalar = T;
  std::shared_ptr<M> model;

  void learn(const event& e, const history_view<T>& before) { model->learn(e, before); }
  void refit(std::span<const event> past, const training& how) { detail::refit_if_wanted(*model, past, how); }
  void settle() { detail::settle_if_wanted(*model); }
  bool knows(std::int32_t item) const { return detail::knows_or_does_not_say(std::as_const(*model), item); }
};

template <class T>
template <class M>
struct contender<T>::holder final : interface {
  struct nothing {};
  static auto snapshot_of() {
    if constexpr (online_recommender<M>) return std::vector<typename M::snapshot>();
    else return nothing();
  }

  M model;
  decltype(snapshot_of()) asked = {};

  explicit holder(M m) : model(std::move(m)) {}
  bool makes_lists() const override { return online_recommender<M>; }
  void learn(const event& e, const history_view<T>& before) override { model.learn(e, before); }
  void refit(std::span<const event> past, const training& how) override { detail::refit_if_wanted(model, past, how); }
  void settle() override { detail::settle_if_wanted(model); }
  bool knows(std::int32_t item) const override { return detail::knows_or_does_not_say(model, item); }
  void ask(const query<T>& q, int k) override {
    if constexpr (online_recommender<M>) asked.push_back(std::as_const(model).ask(q, k));
  }
  std::vector<ranked_list<T>> answer(int k, executor_ref executor) override {
    if constexpr (online_recommender<M>) {
      auto lists = std::as_const(model).answer(std::span<const typename M::snapshot>(asked), k, executor);
      asked.clear();
      return lists;
    } else {
      return {};
    }
  }
};

}  // namespace reco
