// SPDX-License-Identifier: MIT
#pragma once

// One way to write tests for Catch2 2.13 (Debian 12) and 3.x (Ubuntu 24.04, Debian 13). Include this
// header and `using namespace reco_test;`. What differs between the two majors has one name here.
//
// `TEST_CASE`, `TEMPLATE_TEST_CASE`, `SECTION`, `DYNAMIC_SECTION`, `GENERATE`, `CAPTURE`, `INFO` and the
// `CHECK_*` and `REQUIRE_*` families are alike in both. Do not use `BENCHMARK` (2.13 needs its own main
// for it), `SKIP` (3.3 and newer) or Catch's `Contains`: it is ambiguous in 3.x.

#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
#elif __has_include(<catch2/catch.hpp>)
#include <catch2/catch.hpp>
#else
#error "Catch2 2.13 or newer is needed for the tests"
#endif

#include <string>

namespace reco_test {

#if __has_include(<catch2/catch_all.hpp>)
using Catch::Approx;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::Message;
#else
using Catch::Detail::Approx;
inline auto ContainsSubstring(const std::string& text) { return Catch::Matchers::Contains(text); }
using Catch::Matchers::Message;
#endif
using Catch::Matchers::EndsWith;
using Catch::Matchers::Equals;
using Catch::Matchers::Matches;
using Catch::Matchers::Predicate;
using Catch::Matchers::StartsWith;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using Catch::Matchers::WithinULP;

}  // namespace reco_test

/// Ends a test case that cannot run here; CTest then lists it as "Skipped" with the reason.
#if defined(SKIP)
#define RECO_SKIP(reason) SKIP("skipped: " << reason)
#else
#define RECO_SKIP(reason)        \
  do {                           \
    WARN("skipped: " << reason); \
    return;                      \
  } while (false)
#endif
