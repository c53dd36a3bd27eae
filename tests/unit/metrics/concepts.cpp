// SPDX-License-Identifier: MIT
#include "reco/metrics/concepts.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

#include "reco/metrics/catalog_coverage.hpp"
#include "reco/metrics/item_popularity.hpp"
#include "reco/metrics/ndcg.hpp"
#include "reco/metrics/novelty.hpp"
#include "reco/metrics/r_precision.hpp"
#include "reco/metrics/recall.hpp"
#include "reco/metrics/user_coverage.hpp"
#include "support/catch.hpp"

namespace {

struct no_name {
  double operator()(const reco::judged_list&) const { return 0; }
};
struct answers_int {
  static constexpr std::string_view name = "int";
  int operator()(const reco::judged_list&) const { return 0; }
};
struct changes {
  static constexpr std::string_view name = "changes";
  double operator()(const reco::judged_list&) { return 0; }
};
static_assert(reco::metric<reco::r_precision> && !reco::metric_at<reco::r_precision>);
static_assert(reco::metric_at<reco::ndcg>);
static_assert(!reco::metric<no_name> && !reco::metric<answers_int> && !reco::metric<changes>);

/// How many items a list has: the simplest list metric.
struct length {
  static constexpr std::string_view name = "length";
  double operator()(const reco::shown_list& list) const { return static_cast<double>(list.items.size()); }
};
static_assert(reco::list_metric<length> && !reco::metric<length> && !reco::list_metric<reco::ndcg>);

/// How many lists there are: the simplest aggregate, and what is left of it without one operation.
struct lists {
  static constexpr std::string_view name = "lists";
  double n = 0;
  void add(const reco::shown_list&) { ++n; }
  void merge(const lists& part) { n += part.n; }
  double value() const { return n; }
};
struct cannot_merge {
  static constexpr std::string_view name = "lists";
  void add(const reco::shown_list&) {}
  double value() const { return 0; }
};
struct value_changes {
  static constexpr std::string_view name = "lists";
  void add(const reco::shown_list&) {}
  void merge(const value_changes&) {}
  double value() { return 0; }
};
static_assert(reco::aggregate_metric<lists> && reco::aggregate_metric<reco::mean_over_lists<length>>);
static_assert(!reco::aggregate_metric<cannot_merge> && !reco::aggregate_metric<value_changes>);

}  // namespace

TEST_CASE("a label is the name and the cutoff, if there is one") {
  CHECK(reco::label(reco::ndcg{.k = 10}) == "ndcg@10");
  CHECK(reco::label(reco::recall{.k = 0}) == "recall@0");
  CHECK(reco::label(reco::ndcg{.k = reco::whole_list}) == "ndcg");
  CHECK(reco::label(reco::r_precision{}) == "r_precision");
  CHECK(reco::label(reco::catalog_coverage(3, 20)) == "coverage@20");
  CHECK(reco::label(reco::user_coverage{}) == "user_coverage");
  CHECK(reco::label(reco::mean_over_lists(reco::novelty{.k = 5})) == "novelty@5");
  CHECK(reco::label(reco::mean_over_lists(length{})) == "length");
}

TEST_CASE("mean_over_lists is a mean, in one piece or merged from parts") {
  const std::vector<std::int32_t> items = {4, 5, 6};
  reco::mean_over_lists<length> whole{length{}}, part{length{}}, rest{length{}};
  CHECK(whole.value() == 0);
  for (const int n : {3, 0, 1, 2}) whole.add({.items = std::span(items).first(static_cast<std::size_t>(n))});
  CHECK(whole.value() == 1.5);
  part.add({.items = items});
  part.add({});
  rest.add({.items = std::span(items).first(1)});
  rest.add({.items = std::span(items).first(2)});
  part.merge(rest);
  CHECK(part.value() == 1.5);
}
