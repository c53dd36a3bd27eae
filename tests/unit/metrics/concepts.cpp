// SPDX-License-Identifier: MIT
#include "reco/metrics/concepts.hpp"

#include "reco/metrics/ndcg.hpp"
#include "reco/metrics/r_precision.hpp"
#include "reco/metrics/recall.hpp"
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

}  // namespace

TEST_CASE("a label is the name and the cutoff, if there is one") {
  CHECK(reco::label(reco::ndcg{.k = 10}) == "ndcg@10");
  CHECK(reco::label(reco::recall{.k = 0}) == "recall@0");
  CHECK(reco::label(reco::ndcg{.k = reco::whole_list}) == "ndcg");
  CHECK(reco::label(reco::r_precision{}) == "r_precision");
}
