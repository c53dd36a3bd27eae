// SPDX-License-Identifier: MIT
// A header that does not include config.hpp would declare its names outside the tagged namespace.
// expect: RECO_ABI\(\)
#if !defined(MISTAKE)
#include "reco/base/config.hpp"
#endif

namespace reco::inline RECO_ABI() {
inline constexpr int answer = 42;
}  // namespace reco
