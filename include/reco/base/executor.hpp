// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <concepts>
#include <cstdint>
#include <type_traits>

#include "reco/base/config.hpp"
#include "reco/base/function_ref.hpp"

namespace reco::inline RECO_ABI() {

/// One piece of work: called once for each index in 0..n-1, in any order, from any thread.
using indexed_job = function_ref<void(std::int64_t)>;

/// Runs a job for every index and returns when all have ended. The library starts no threads of its
/// own: a caller who has a pool hands it in, one who has none gets `serial`. Two promises are asked:
/// every index runs exactly once, and an exception thrown by the job reaches the caller.
template <class X>
concept executor = requires(X& x, std::int64_t n, indexed_job job) { x.run(n, job); };

/// The simplest executor: the calling thread, in order.
struct serial_executor {
  void run(std::int64_t n, indexed_job job) const;
};

/// A borrowed executor; empty means serial. Copies are cheap; it must not outlive what it refers to.
class executor_ref {
 public:
  executor_ref() noexcept = default;
  template <class X>
    requires(!std::same_as<std::remove_cv_t<X>, executor_ref>) && executor<X>
  executor_ref(X& x) noexcept;  // NOLINT(google-explicit-constructor): `training{.executor = pool}`

  void run(std::int64_t n, indexed_job job) const;

 private:
  void* self_ = nullptr;
  void (*run_)(void*, std::int64_t, indexed_job) = nullptr;
};

/// Calls `f(begin, end)` over 0..n-1 cut into pieces of `chunk` (the last may be shorter). The cut
/// depends on the size alone, never on the number of threads: that is what makes results the same
/// bits on any number of them. Sums over chunks are added up in chunk order by the caller.
template <class F>
  requires std::invocable<F&, std::int64_t, std::int64_t>
void for_chunks(executor_ref executor, std::int64_t n, std::int64_t chunk, F&& f);

// ---------------------------------------------------------------------------------------------------

inline void serial_executor::run(std::int64_t n, indexed_job job) const {
  for (std::int64_t i = 0; i < n; ++i) job(i);
}

template <class X>
  requires(!std::same_as<std::remove_cv_t<X>, executor_ref>) && executor<X>
executor_ref::executor_ref(X& x) noexcept
    : self_(const_cast<std::remove_cv_t<X>*>(&x)),
      run_([](void* self, std::int64_t n, indexed_job job) { static_cast<X*>(self)->run(n, job); }) {}

inline void executor_ref::run(std::int64_t n, indexed_job job) const {
  if (run_ != nullptr) run_(self_, n, job);
  else serial_executor{}.run(n, job);
}

template <class F>
  requires std::invocable<F&, std::int64_t, std::int64_t>
void for_chunks(executor_ref executor, std::int64_t n, std::int64_t chunk, F&& f) {
  RECO_ASSERT(chunk > 0);
  const std::int64_t chunks = n <= 0 ? 0 : (n - 1) / chunk + 1;
  executor.run(chunks, [&](std::int64_t c) {
    const std::int64_t begin = c * chunk;
    f(begin, begin + std::min(chunk, n - begin));
  });
}

static_assert(executor<serial_executor> && executor<const serial_executor> && executor<executor_ref>);

}  // namespace reco
