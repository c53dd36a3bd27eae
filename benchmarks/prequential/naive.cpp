// SPDX-License-Identifier: MIT
// The plain loop on one thread: every item that was read before gets a score, and a partial sort finds the ten best.
// Decayed counts are kept by item with the moment they stand for; a profile is summed up anew.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <vector>

#include "prequential/replay.hpp"
#include "reco/data/ranked_list.hpp"

namespace replay {

namespace {

using seconds = std::chrono::duration<double>;

struct decayed {
  double count = 0;
  reco::instant at = {};

  double now(reco::instant moment) const {
    return count * std::exp2(-seconds(moment - at).count() / 3600 / trend_hours);
  }
};

struct read {
  std::int32_t item;
  reco::instant at;
};

/// Whether the item is in the list of the ten best among those that others had read and the reader had not.
template <class Score>
bool hit(std::int32_t wanted, const std::vector<std::int64_t>& popular, const std::vector<bool>& seen, Score score) {
  std::vector<reco::scored_item<double>> list;
  for (std::size_t i = 0; i < popular.size(); ++i)
    if (popular[i] > 0 && !seen[i]) list.push_back({static_cast<std::int32_t>(i), static_cast<double>(score(i))});
  const auto end = list.begin() + std::min<std::ptrdiff_t>(depth, std::ssize(list));
  std::partial_sort(list.begin(), end, list.end(), reco::better);
  return std::any_of(list.begin(), end, [&](const auto& s) { return s.item == wanted; });
}

}  // namespace

hits by_plain_loop(const news& data) {
  const auto items = static_cast<std::size_t>(data.shape.items);
  std::vector<std::int64_t> popular(items);
  std::vector<decayed> trending(items);
  std::vector<std::vector<read>> of(static_cast<std::size_t>(data.shape.users));
  const reco::matrix<float> vectors = data.vectors.rows().rowwise().normalized();
  const auto first = static_cast<std::size_t>(std::llround(warm_up * static_cast<double>(data.events.size())));
  hits out;
  std::vector<bool> seen(items);
  for (std::size_t n = 0; n < data.events.size(); ++n) {
    const auto& e = data.events[n];
    auto& reads = of[static_cast<std::size_t>(e.user)];
    const auto mark = [&](bool value) {
      for (const auto& r : reads) seen[static_cast<std::size_t>(r.item)] = value;
    };
    mark(true);
    if (n >= first && !seen[static_cast<std::size_t>(e.item)]) {
      ++out.queries;
      out.popular += hit(e.item, popular, seen, [&](std::size_t i) { return popular[i]; });
      out.trending += hit(e.item, popular, seen, [&](std::size_t i) { return trending[i].now(e.time); });
      reco::column<float> taste = reco::column<float>::Zero(vectors.cols());
      for (const auto& r : reads)
        taste += static_cast<float>(std::exp2(-seconds(e.time - r.at).count() / 3600 / taste_hours)) *
                 vectors.row(r.item).transpose();
      const auto nearness = [&](std::size_t i) { return vectors.row(static_cast<Eigen::Index>(i)).dot(taste); };
      if (!reads.empty()) out.profile += hit(e.item, popular, seen, nearness);
    }
    mark(false);
    const auto i = static_cast<std::size_t>(e.item);
    ++popular[i];
    trending[i] = {trending[i].now(e.time) + 1, e.time};
    reads.push_back({e.item, e.time});
  }
  return out;
}

}  // namespace replay
