// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/base/error.hpp"
#include "reco/base/instant.hpp"
#include "reco/metrics/hit_rate.hpp"
#include "reco/metrics/ndcg.hpp"
#include "reco/metrics/reciprocal_rank.hpp"

namespace reco::inline RECO_ABI() {

/// One question of a `prequential` evaluation: what will this user read now?
struct prequential_query {
  std::int64_t event = 0;  ///< the answer's place in the log
  std::int32_t user = 0;   ///< who asks
  std::int32_t item = 0;   ///< the answer
  instant time = {};
  std::int32_t history = 0;  ///< how many events of the user came before: none makes a cold user
  bool reachable = false;    ///< the item had occurred by then; else no list can hold it

  friend bool operator==(const prequential_query&, const prequential_query&) = default;
};

/// Whose queries.
enum class asked_by {
  all,
  warm,  ///< users with a history by then
  cold,  ///< users without
};

/// One value a query, and whose it is: what `bootstrap` needs to draw users.
struct values_by_user {
  std::vector<double> values = {};
  std::vector<std::int32_t> users = {};

  /// 0 of none.
  [[nodiscard]] double mean() const {
    double sum = 0;
    for (const double v : values) sum += v;
    return values.empty() ? 0 : sum / static_cast<double>(values.size());
  }
};

/// How one contender answered.
struct contender_result {
  std::string name = {};
  bool makes_lists = true;
  std::vector<std::int32_t> ranks = {};  ///< of each query's item in its list, from 1; 0: it isn't there
  std::int64_t unanswered = 0;           ///< queries with an empty list; they count 0
  std::int64_t without_vector = 0;       ///< queries for a reachable item that the contender cannot rank
  double learn_seconds = 0;
  double answer_seconds = 0;
};

/// What came out of a `prequential` evaluation: for each query and contender a rank, so that metrics at any cutoff,
/// their intervals and the significance of differences can be computed afterwards.
struct prequential_result {
  std::vector<prequential_query> queries = {};  ///< in the order asked
  std::vector<contender_result> contenders = {};
  bool stopped = false;  ///< by `training::stop`; then only so many have been asked

  /// Queries for an item that nobody had read by then: all contenders miss them.
  [[nodiscard]] std::int64_t unreachable() const {
    std::int64_t count = 0;
    for (const auto& q : queries) count += !q.reachable;
    return count;
  }
  [[nodiscard]] std::int64_t asked(asked_by whose) const {
    std::int64_t count = 0;
    for (const auto& q : queries) count += counts(q, whose);
    return count;
  }
  /// Throws `invalid_argument` listing the names there are.
  [[nodiscard]] const contender_result& of(std::string_view contender) const;

  /// One value a query by `hit_rate`, `ndcg` or `reciprocal_rank`, with the one item relevant. Throws as `of`.
  template <class Metric>
  [[nodiscard]] values_by_user values(std::string_view contender, const Metric& metric,
                                      asked_by whose = asked_by::all) const;

 private:
  [[nodiscard]] static bool counts(const prequential_query& q, asked_by whose) {
    return whose == asked_by::all || (whose == asked_by::warm) == (q.history > 0);
  }
};

/// What a metric makes of a list in which the one relevant item stands at this rank, from 1; 0: nowhere. As the
/// metric itself of such a list, without the list.
[[nodiscard]] inline double value_at_rank(const hit_rate& m, std::int32_t rank) { return rank > 0 && rank <= m.k; }
[[nodiscard]] inline double value_at_rank(const reciprocal_rank& m, std::int32_t rank) {
  return rank > 0 && rank <= m.k ? 1 / static_cast<double>(rank) : 0;
}
/// Of a single relevant item, whatever its gain, the ideal list has it first.
[[nodiscard]] inline double value_at_rank(const ndcg& m, std::int32_t rank) {
  return rank > 0 && rank <= m.k ? 1 / std::log2(static_cast<double>(rank) + 1) : 0;
}

// ---------------------------------------------------------------------------------------------------

inline const contender_result& prequential_result::of(std::string_view contender) const {
  std::string there;
  for (const auto& c : contenders) {
    if (c.name == contender) return c;
    (there += there.empty() ? "" : ", ") += c.name;
  }
  detail::fail_argument("prequential: no contender " + detail::quoted(contender) + "; there are " +
                        (there.empty() ? "none" : there));
}

template <class Metric>
values_by_user prequential_result::values(std::string_view contender, const Metric& metric, asked_by whose) const {
  const auto& ranks = of(contender).ranks;
  values_by_user out;
  for (std::size_t n = 0; n < ranks.size(); ++n) {
    if (!counts(queries[n], whose)) continue;
    out.values.push_back(value_at_rank(metric, ranks[n]));
    out.users.push_back(queries[n].user);
  }
  return out;
}

}  // namespace reco
