// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>

#include "item_similarity/task.hpp"

namespace item_similarity_task {

std::vector<std::vector<reco::scored_item<double>>> textbook(const reco::csr_matrix<float>& x,
                                                             reco::executor_ref executor) {
  // Columns of length 1, by rows and by columns.
  std::vector<double> norm(static_cast<std::size_t>(x.columns()));
  for (const auto i : x.column_ids()) norm[static_cast<std::size_t>(i)] += 1;
  for (auto& n : norm) n = std::sqrt(n);
  std::vector<double> values;
  for (const auto i : x.column_ids()) values.push_back(1 / norm[static_cast<std::size_t>(i)]);
  const reco::csr_matrix<double> by_user(x.columns(), {x.offsets().begin(), x.offsets().end()},
                                         {x.column_ids().begin(), x.column_ids().end()}, values);
  const auto by_item = by_user.transposed();

  std::vector<std::vector<reco::scored_item<double>>> out(static_cast<std::size_t>(x.columns()));
  reco::for_chunks(executor, x.columns(), 64, [&](std::int64_t begin, std::int64_t end) {
    std::vector<double> sums(static_cast<std::size_t>(x.columns()));
    std::vector<std::int32_t> next(static_cast<std::size_t>(x.columns()), -1);  // -1: not in the list
    for (auto i = static_cast<std::int32_t>(begin); i < end; ++i) {
      std::int32_t head = -2;  // the list's end
      const auto users = by_item.row(i);
      for (std::size_t n = 0; n < users.size(); ++n) {
        const auto items = by_user.row(users.columns[n]);
        for (std::size_t m = 0; m < items.size(); ++m) {
          const auto j = static_cast<std::size_t>(items.columns[m]);
          sums[j] += users.values[n] * items.values[m];
          if (next[j] == -1) {
            next[j] = head;
            head = items.columns[m];
          }
        }
      }
      auto& heap = out[static_cast<std::size_t>(i)];  // the worst on top
      heap.reserve(k);
      while (head != -2) {
        const auto j = static_cast<std::size_t>(head);
        const reco::scored_item<double> candidate{head, sums[j]};
        if (head != i) {
          if (std::ssize(heap) < k) {
            heap.push_back(candidate);
            std::push_heap(heap.begin(), heap.end(), reco::better);
          } else if (reco::better(candidate, heap.front())) {
            std::pop_heap(heap.begin(), heap.end(), reco::better);
            heap.back() = candidate;
            std::push_heap(heap.begin(), heap.end(), reco::better);
          }
        }
        head = next[j];
        next[j] = -1;
        sums[j] = 0;
      }
      std::sort_heap(heap.begin(), heap.end(), reco::better);
    }
  });
  return out;
}

}  // namespace item_similarity_task
