// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <mutex>
#include <utility>

#include "reco/base/config.hpp"

namespace reco::inline RECO_ABI() {

/// A slot for an immutable value that is replaced as a whole while others read it: a server's model,
/// swapped after a refit. Readers hold what they loaded for as long as they like.
///
///     reco::snapshot<model> current(first);
///     auto m = current.load();       // any thread
///     current.store(next);           // any thread
///
/// A lock is held for the copy of one pointer only. (`std::atomic<std::shared_ptr>` of libstdc++ does
/// the same behind a spin lock that thread sanitizers cannot see.)
template <class T>
class snapshot {
 public:
  snapshot() = default;
  explicit snapshot(T value) : value_(std::make_shared<const T>(std::move(value))) {}

  /// The newest value; null before the first store.
  [[nodiscard]] std::shared_ptr<const T> load() const {
    const std::lock_guard lock(mutex_);
    return value_;
  }
  void store(T value) {
    auto next = std::make_shared<const T>(std::move(value));
    {
      const std::lock_guard lock(mutex_);
      value_.swap(next);
    }
  }  // the old value, if this was its last holder, dies here, outside the lock

 private:
  mutable std::mutex mutex_ = {};
  std::shared_ptr<const T> value_ = {};
};

}  // namespace reco
