// SPDX-License-Identifier: MIT
// A bound must convert to the field's own type.
// expect: (cannot convert|could not convert|no matching function|no viable conversion)
#include "reco/base/options.hpp"

struct estimator {
  double half_life = 1;
  static constexpr std::string_view name = "estimator";
  static constexpr auto options() {
#if defined(MISTAKE)
    return std::tuple{reco::above("half_life", &estimator::half_life, "0")};
#else
    return std::tuple{reco::above("half_life", &estimator::half_life, 0)};
#endif
  }
};
static_assert(reco::options_are_complete<estimator>);
