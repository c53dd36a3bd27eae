// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/base/executor.hpp"

namespace reco::inline RECO_ABI() {

/// A ready-made executor: worker threads that live as long as the pool, joined by the caller.
///
/// `thread_pool(4)` works with four threads: three of its own and the one that calls `run`.
/// `run` may be called from several threads at once and from inside a job (nested): the caller always
/// helps with its own work, so nothing waits for a worker that will never come. If jobs throw, the rest
/// of the run is skipped and the exception of the lowest index that threw is rethrown to the caller.
///
///     reco::thread_pool pool(2);
///     auto model = reco::latent_semantic_analysis{}.fit(data, {.executor = pool});
class thread_pool {
 public:
  /// `threads` counts the caller; 0 takes as many as the machine has.
  explicit thread_pool(unsigned threads = 0);
  thread_pool(const thread_pool&) = delete;
  thread_pool& operator=(const thread_pool&) = delete;
  ~thread_pool();

  [[nodiscard]] unsigned threads() const noexcept { return static_cast<unsigned>(workers_.size()) + 1; }
  void run(std::int64_t n, indexed_job job);

 private:
  struct batch;  // one call of run
  void work();

  std::mutex mutex_ = {};
  std::condition_variable wake_ = {};
  std::deque<batch*> open_ = {};  // batches with indices not yet handed out
  bool closing_ = false;
  std::vector<std::thread> workers_ = {};
};

// ---------------------------------------------------------------------------------------------------

struct thread_pool::batch {
  std::int64_t n;
  indexed_job job;
  std::atomic<std::int64_t> next{0};
  std::atomic<bool> failed{false};
  std::mutex mutex = {};
  std::condition_variable done = {};
  int helpers = 0;  // workers inside this batch; guarded by the pool's mutex
  std::int64_t failed_index = 0;
  std::exception_ptr failure = {};

  void take_all() {
    for (std::int64_t i; !failed.load(std::memory_order_relaxed) && (i = next.fetch_add(1)) < n;) {
      try {
        job(i);
      } catch (...) {
        const std::lock_guard lock(mutex);
        if (!failure || i < failed_index) {
          failure = std::current_exception();
          failed_index = i;
        }
        failed = true;
      }
    }
  }
};

inline thread_pool::thread_pool(unsigned threads) {
  if (threads == 0) threads = std::max(1U, std::thread::hardware_concurrency());
  workers_.reserve(threads - 1);
  for (unsigned t = 1; t < threads; ++t) workers_.emplace_back([this] { work(); });
}

inline thread_pool::~thread_pool() {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
  }
  wake_.notify_all();
  for (auto& worker : workers_) worker.join();
}

inline void thread_pool::run(std::int64_t n, indexed_job job) {
  if (n <= 0) return;
  if (n == 1 || workers_.empty()) return serial_executor{}.run(n, job);
  batch b{.n = n, .job = job};
  {
    const std::lock_guard lock(mutex_);
    open_.push_back(&b);
  }
  wake_.notify_all();
  b.take_all();
  std::unique_lock lock(mutex_);
  std::erase(open_, &b);  // from here on no worker can enter
  b.done.wait(lock, [&] { return b.helpers == 0; });
  lock.unlock();
  if (b.failure) std::rethrow_exception(b.failure);
}

inline void thread_pool::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait(lock, [&] { return closing_ || !open_.empty(); });
    if (open_.empty()) return;  // closing
    batch* b = open_.front();
    ++b->helpers;
    lock.unlock();
    b->take_all();
    lock.lock();
    std::erase(open_, b);  // all its indices are handed out
    if (--b->helpers == 0) b->done.notify_one();
  }
}

static_assert(executor<thread_pool>);

}  // namespace reco
