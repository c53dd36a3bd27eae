// SPDX-License-Identifier: MIT
#include "reco/base/config.hpp"

#include <string>
#include <type_traits>

#include "reco/base/random.hpp"
#include "support/catch.hpp"

using namespace reco_test;

#define RECO_TEST_TEXT_(x) #x
#define RECO_TEST_TEXT(x) RECO_TEST_TEXT_(x)

static_assert(std::is_same_v<reco::random_engine, reco::RECO_ABI()::random_engine>);

TEST_CASE("the inline namespace spells version and alignment and assert state") {
  const std::string tag = RECO_TEST_TEXT(RECO_ABI());
  CHECK_THAT(tag,
             StartsWith("v" + std::to_string(RECO_VERSION_MAJOR) + "_" + std::to_string(RECO_VERSION_MINOR) + "_"));
  CHECK_THAT(tag, ContainsSubstring("_align" + std::to_string(EIGEN_MAX_ALIGN_BYTES) + "_"));
#if defined(NDEBUG)
  CHECK_THAT(tag, EndsWith("_ndebug"));
#else
  CHECK_THAT(tag, EndsWith("_debug"));
#endif
}

TEST_CASE("the inline namespace spells the widest instructions the compiler may use") {
  const std::string tag = RECO_TEST_TEXT(RECO_ABI());
#if defined(__AVX512F__)
  CHECK_THAT(tag, ContainsSubstring("_avx512_"));
#elif defined(__AVX2__) && defined(__FMA__)
  CHECK_THAT(tag, ContainsSubstring("_avx2_fma_"));
#elif defined(__SSE2__) && !defined(__SSE4_2__)
  CHECK_THAT(tag, ContainsSubstring("_sse2_"));
#else
  CHECK_FALSE(tag.empty());
#endif
}
