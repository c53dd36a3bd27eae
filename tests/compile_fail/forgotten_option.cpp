// SPDX-License-Identifier: MIT
// A field that is not declared as an option would never be checked, parsed or printed.
// expect: static.assert(ion)? failed
#include "reco/base/options.hpp"

struct estimator {
  double regularization = 1;
#if defined(MISTAKE)
  double forgotten = 2;
#endif
  static constexpr std::string_view name = "estimator";
  static constexpr auto options() { return std::tuple{reco::above("regularization", &estimator::regularization, 0)}; }
};
static_assert(reco::options_are_complete<estimator>);
