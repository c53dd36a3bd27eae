// SPDX-License-Identifier: MIT
// An executor is borrowed: a temporary would be gone when the work begins.
// expect: thread_pool
#include "reco/base/thread_pool.hpp"
#include "reco/base/training.hpp"

reco::training two_threads(reco::thread_pool& pool) {
#if defined(MISTAKE)
  static_cast<void>(pool);
  return {.executor = reco::thread_pool(2)};
#else
  return {.executor = pool};
#endif
}
