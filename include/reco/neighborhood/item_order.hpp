// SPDX-License-Identifier: MIT
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/math/top_k.hpp"

namespace reco::inline RECO_ABI() {
namespace detail {

/// Sorts short lists of different items of one catalog by item: a bit and a score for each item, and a look at the bits
/// that are set.
template <class T>
class item_order {
 public:
  explicit item_order(std::size_t items) : bits_((items + 63) / 64), words_((bits_.size() + 63) / 64), scores_(items) {}

  void sort(std::span<scored_item<T>> list) {
    for (const auto& s : list) {
      const auto i = static_cast<std::size_t>(s.item);
      bits_[i / 64] |= std::uint64_t{1} << (i % 64);
      words_[i / 4096] |= std::uint64_t{1} << (i / 64 % 64);
      scores_[i] = s.score;
    }
    auto next = list.begin();
    for (std::size_t v = 0; v < words_.size(); ++v)
      for (auto& words = words_[v]; words != 0; words &= words - 1) {
        const auto w = v * 64 + static_cast<std::size_t>(std::countr_zero(words));
        for (auto& word = bits_[w]; word != 0; word &= word - 1) {
          const auto i = w * 64 + static_cast<std::size_t>(std::countr_zero(word));
          *next++ = {static_cast<std::int32_t>(i), scores_[i]};
        }
      }
  }

 private:
  std::vector<std::uint64_t> bits_, words_;  // bit n of words_: bits_[n] has any
  std::vector<T> scores_;
};

}  // namespace detail
}  // namespace reco
