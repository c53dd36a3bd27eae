// SPDX-License-Identifier: MIT
// Where a search for good options looks: inside what the options allow, around the defaults, and at settings that
// can be drawn.
#include "reco/content/bm25.hpp"
#include "reco/content/co_reads.hpp"
#include "reco/content/content_recommender.hpp"
#include "reco/content/latent_semantic_analysis.hpp"
#include "reco/content/taste_profile.hpp"
#include "reco/content/tfidf.hpp"
#include "reco/evaluation/search.hpp"
#include "reco/popularity/bayesian_average.hpp"
#include "reco/popularity/burst.hpp"
#include "reco/popularity/hot_rank.hpp"
#include "reco/popularity/most_popular.hpp"
#include "reco/popularity/trending.hpp"
#include "reco/popularity/wilson.hpp"
#include "support/catch.hpp"

using namespace reco_test;

TEMPLATE_TEST_CASE("search ranges of popularity and content", "", reco::most_popular, reco::trending,
                   reco::bayesian_average, reco::wilson, reco::hacker_news_rank, reco::reddit_hot, reco::burst,
                   reco::content_recommender, reco::taste_profile, reco::bm25, reco::tfidf,
                   reco::latent_semantic_analysis, reco::co_reads) {
  int searched = 0;
  reco::for_each_option<TestType>([&](const auto& o) {
    INFO(o.name);
    if (!o.searched) return;
    ++searched;
    if constexpr (requires { o.search_low; }) {
      const auto preset = TestType{}.*o.member;
      CHECK(o.search_low < o.search_high);
      CHECK((o.low_open ? o.search_low > o.low : o.search_low >= o.low));
      CHECK(o.search_high <= o.high);
      CHECK((o.search_low <= preset && preset <= o.search_high));
    }
  });
  CHECK(searched > 0);

  bool varies = false;
  for (int number = 0; number < 20; ++number) {
    TestType e;
    REQUIRE_NOTHROW(e = reco::drawn(TestType{}, 1, number));  // it checks what it drew
    varies = varies || e != TestType{};
  }
  CHECK(varies);
  CHECK(reco::drawn(TestType{}, 1, 0) == TestType{});
}
