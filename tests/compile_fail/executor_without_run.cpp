// SPDX-License-Identifier: MIT
// Only what runs a job for every index is an executor.
// expect: x\.run\(n, job\)
#include "reco/base/executor.hpp"

struct pool {
#if defined(MISTAKE)
  void submit(std::int64_t, reco::indexed_job) const {}
#else
  void run(std::int64_t n, reco::indexed_job job) const { reco::serial_executor{}.run(n, job); }
#endif
};

reco::executor_ref borrow(pool& p) { return reco::executor_ref(p); }
