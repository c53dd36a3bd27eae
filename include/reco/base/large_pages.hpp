// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <memory>

#if defined(__linux__)
#include <sys/mman.h>
#endif

#include "reco/base/config.hpp"

namespace reco::inline RECO_ABI() {
namespace detail {

/// Asks the system to back memory that nobody has written to yet by pages of 2 MiB, where it can: the first touch of
/// each small page of hundreds of megabytes can take longer than what they are for. No promise, no effect elsewhere.
inline void prefer_large_pages([[maybe_unused]] void* memory, [[maybe_unused]] std::size_t bytes) noexcept {
#if defined(__linux__) && defined(MADV_HUGEPAGE)
  constexpr std::size_t page = std::size_t{1} << 21;
  void* begin = memory;
  if (std::align(page, page, begin, bytes) != nullptr) madvise(begin, bytes / page * page, MADV_HUGEPAGE);
#endif
}

}  // namespace detail
}  // namespace reco
