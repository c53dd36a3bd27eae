// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/base/error.hpp"
#include "reco/base/executor.hpp"
#include "reco/base/fit_report.hpp"
#include "reco/data/history_view.hpp"
#include "reco/data/query.hpp"
#include "reco/data/ranked_list.hpp"
#include "reco/data/request.hpp"
#include "reco/math/csr_matrix.hpp"
#include "reco/math/matrix.hpp"
#include "reco/math/top_k.hpp"
#include "reco/math/vector_block.hpp"
#include "reco/model/concepts.hpp"
#include "reco/model/explanation.hpp"
#include "reco/model/recommend.hpp"

namespace reco::inline RECO_ABI() {

/// What a graph filter is made of; see `graph_filter` for the letters.
template <class T>
struct graph_filter_parts {
  csr_matrix<T> by_user = {};  ///< R: users × items
  csr_matrix<T> by_item = {};  ///< R'
  matrix<T> into = {};         ///< D_i^-b V: items × factors
  matrix<T> out_of = {};       ///< β D_i^b V
  T sharpening_step = 0;       ///< T/K
  int sharpening_steps = 0;    ///< K; 0: none
  bool low_pass_late = false;
};

/// A linear filter of histories. Answers from a query's history, known user or not; items it does not know are passed
/// over. Copies share the parts.
template <class T>
class graph_filter_model {
 public:
  using scalar = T;

  graph_filter_model() : parts_(std::make_shared<const graph_filter_parts<T>>()) {}
  explicit graph_filter_model(graph_filter_parts<T> parts, fit_report report = {})
      : parts_(std::make_shared<const graph_filter_parts<T>>(std::move(parts))), report_(std::move(report)) {}

  [[nodiscard]] std::int32_t items() const noexcept { return parts_->by_user.columns(); }
  [[nodiscard]] bool can_answer(const query<T>& q) const;
  void scores(const query<T>& q, std::span<T> out) const;
  /// Each list as `recommend` gives it, to the last bit.
  [[nodiscard]] std::vector<ranked_list<T>> recommend_all(std::span<const query<T>> queries, const request& r,
                                                          executor_ref executor) const;
  [[nodiscard]] explanation<T> explain(const query<T>& q, std::int32_t item) const;
  /// What the filter makes of a history of this item alone: the scores above 0.
  [[nodiscard]] ranked_list<T> similar(std::int32_t item, const request& r) const;

  [[nodiscard]] std::int32_t factors() const noexcept { return static_cast<std::int32_t>(parts_->into.cols()); }
  [[nodiscard]] const fit_report& report() const noexcept { return report_; }

 private:
  template <int Registers>
  vector_block<T, Registers> filter(std::span<const history_view<T>> histories) const;

  std::shared_ptr<const graph_filter_parts<T>> parts_;
  fit_report report_ = {};
};

// ---------------------------------------------------------------------------------------------------

template <class T>
bool graph_filter_model<T>::can_answer(const query<T>& q) const {
  for (const auto item : q.history.items)
    if (item < 0) detail::fail_range("history: item", item, items());
  return std::any_of(q.history.items.begin(), q.history.items.end(), [&](auto item) { return item < items(); });
}

/// The scores of up to `width` histories.
template <class T>
template <int Registers>
vector_block<T, Registers> graph_filter_model<T>::filter(std::span<const history_view<T>> histories) const {
  // r: histories, x: items, y: users, z: factors, each × width
  const auto& [by_user, by_item, into, out_of, step, steps, late] = *parts_;
  using block = vector_block<T, Registers>;
  RECO_ASSERT(histories.size() <= block::width);
  block x(items()), y(by_user.rows()), z(factors());
  for (std::size_t h = 0; h < histories.size(); ++h)  // y <- R r, z <- V' D^-b r: few items each
    for (std::size_t n = 0; n < histories[h].size(); ++n) {
      const auto item = histories[h].items[n];
      if (item < 0) detail::fail_range("history: item", item, items());
      if (item >= items()) continue;
      const T value = histories[h].value(n);
      const auto users = by_item.row(item);
      for (std::size_t m = 0; m < users.size(); ++m) y(users.columns[m], h) += value * users.values[m];
      for (std::int32_t f = 0; f < factors(); ++f) z(f, h) += value * into(item, f);
    }
  add_product(T(0), T(1), by_item, y, x);  // x <- R' y = r P
  if (!late) add_product(out_of, z, x);    // x <- x + β l
  for (int n = 0; n < steps; ++n) {        // x <- x - T/K x P
    add_product(T(0), T(1), by_user, x, y);
    add_product(T(1), -step, by_item, y, x);
  }
  if (late) add_product(out_of, z, x);
  return x;
}

template <class T>
void graph_filter_model<T>::scores(const query<T>& q, std::span<T> out) const {
  const auto x = filter<1>({&q.history, 1});
  for (std::int32_t i = 0; i < items(); ++i) out[static_cast<std::size_t>(i)] = x(i, 0);
}

template <class T>
std::vector<ranked_list<T>> graph_filter_model<T>::recommend_all(std::span<const query<T>> queries, const request& r,
                                                                 executor_ref executor) const {
  check_request(r);
  constexpr int registers = 4;
  constexpr std::int64_t chunk = vector_block<T, registers>::width;
  std::vector<ranked_list<T>> out(queries.size());
  for_chunks(executor, std::ssize(queries), chunk, [&](std::int64_t begin, std::int64_t end) {
    std::vector<history_view<T>> histories;
    for (auto n = begin; n < end; ++n) histories.push_back(queries[static_cast<std::size_t>(n)].history);
    const auto x = filter<registers>(histories);
    std::vector<T> scores(static_cast<std::size_t>(items()));
    for (auto n = begin; n < end; ++n) {
      const auto& q = queries[static_cast<std::size_t>(n)];
      if (!can_answer(q)) continue;
      for (std::int32_t i = 0; i < items(); ++i)
        scores[static_cast<std::size_t>(i)] = x(i, static_cast<std::size_t>(n - begin));
      out[static_cast<std::size_t>(n)] = select<T>(scores, q, r);
    }
  });
  return out;
}

template <class T>
explanation<T> graph_filter_model<T>::explain(const query<T>& q, std::int32_t item) const {
  detail::check_index("explain: item", item, items());
  constexpr int registers = 4;
  constexpr std::size_t width = vector_block<T, registers>::width;
  const auto& history = q.history;
  explanation<T> why;
  std::vector<scored_item<T>> because;
  for (std::size_t begin = 0; begin < history.size(); begin += width) {  // the filter is linear: item by item
    const auto count = std::min(width, history.size() - begin);
    std::vector<history_view<T>> alone;
    for (std::size_t n = begin; n < begin + count; ++n)
      alone.push_back({.items = history.items.subspan(n, 1),
                       .values = history.values.empty() ? history.values : history.values.subspan(n, 1)});
    const auto x = filter<registers>(alone);
    for (std::size_t n = 0; n < count; ++n) {
      const T say = x(item, n);
      if (say == 0) continue;
      why.score += say;
      because.push_back({history.items[begin + n], say});
    }
  }
  why.because = ranked_list<T>::best_of(std::move(because));
  return why;
}

template <class T>
ranked_list<T> graph_filter_model<T>::similar(std::int32_t item, const request& r) const {
  detail::check_index("similar_items: item", item, items());
  const query<T> alone{.history = {.items = {&item, 1}}};
  std::vector<T> all(static_cast<std::size_t>(items()));
  scores(alone, std::span(all));
  // Seen are the items of the history: the item itself.
  const auto list = select<T>(all, alone, {.k = r.k, .exclude = r.exclude, .only = r.only});
  std::vector<scored_item<T>> positive;
  std::copy_if(list.begin(), list.end(), std::back_inserter(positive), [](const auto& s) { return s.score > 0; });
  return ranked_list<T>::best_of(std::move(positive));
}

static_assert(scorer<graph_filter_model<float>> && explains<graph_filter_model<double>>);

}  // namespace reco
