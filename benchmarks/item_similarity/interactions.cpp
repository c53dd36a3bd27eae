// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <map>

#include "item_similarity/task.hpp"
#include "reco/base/random.hpp"
#include "reco/data/event.hpp"
#include "reco/data/sparse_interactions.hpp"
#include "reco/io/lightgcn.hpp"
#if __has_include(<lzma.h>)
#include "reco/io/xz.hpp"
#endif

namespace item_similarity_task {

namespace {

struct shape_of_data {
  std::int32_t users, items;
  double interactions, mean, stddev, least, most, offset, exponent;  // activity: log-normal, clipped; popularity: Zipf
  std::int32_t clusters;
};

/// Three quarters of what a user has come from four clusters of theirs, the rest from everywhere.
std::vector<reco::event> make(const shape_of_data& s) {
  reco::random_engine random(12);
  std::vector<double> edges = {0};
  std::vector<std::int32_t> order(static_cast<std::size_t>(s.items)), first(static_cast<std::size_t>(s.clusters) + 1);
  for (std::int32_t i = 0; i < s.items; ++i) order[static_cast<std::size_t>(i)] = i;
  reco::shuffle(random, std::span(order));
  // Places r, r + clusters, r + 2 clusters … of the popularity order form a cluster; clusters lie side by side.
  std::vector<std::int32_t> item;
  for (std::int32_t c = 0; c < s.clusters; ++c) {
    first[static_cast<std::size_t>(c)] = static_cast<std::int32_t>(item.size());
    for (std::int32_t r = c; r < s.items; r += s.clusters) {
      item.push_back(order[static_cast<std::size_t>(r)]);
      edges.push_back(edges.back() + std::pow(r + 1 + s.offset, -s.exponent));
    }
  }
  first.back() = s.items;
  const auto draw = [&](double low, double high) {
    const double at = low + reco::uniform_real(random) * (high - low);
    const auto place = std::upper_bound(edges.begin(), edges.end(), at) - edges.begin() - 1;
    return item[static_cast<std::size_t>(std::clamp<std::ptrdiff_t>(place, 0, s.items - 1))];
  };
  std::vector<double> activity;
  double total = 0;
  for (std::int32_t u = 0; u < s.users; ++u) {
    activity.push_back(std::clamp(std::exp(s.mean + s.stddev * reco::normal(random)), s.least, s.most));
    total += activity.back();
  }
  std::vector<reco::event> log;
  std::vector<std::int32_t> mine;
  for (std::int32_t u = 0; u < s.users; ++u) {
    const auto wanted =
        static_cast<std::size_t>(std::max(5.0, 0.8 * activity[static_cast<std::size_t>(u)] / total * s.interactions));
    std::size_t taste[4];
    for (auto& t : taste) t = static_cast<std::size_t>(reco::uniform_index(random, s.clusters));
    mine.clear();
    for (int tries = 0; tries < 8 && mine.size() < wanted; ++tries) {
      for (std::size_t n = mine.size(); n < wanted; ++n) {
        const auto c = taste[reco::uniform_index(random, 4)];
        const bool own = reco::uniform_real(random) < 0.75;
        mine.push_back(
            own ? draw(edges[static_cast<std::size_t>(first[c])], edges[static_cast<std::size_t>(first[c + 1])])
                : draw(0, edges.back()));
      }
      std::sort(mine.begin(), mine.end());
      mine.erase(std::unique(mine.begin(), mine.end()), mine.end());
    }
    for (const auto i : mine) log.push_back({u, i});
  }
  return log;
}

}  // namespace

reco::csr_matrix<float> interactions(const std::string& shape) {
  static std::map<std::string, reco::csr_matrix<float>> made;
  if (const auto at = made.find(shape); at != made.end()) return at->second;
  reco::csr_matrix<float> x;
  if (shape == "gowalla") {
    const char* const root = std::getenv("RECO_DATA_DIR");
    if (root == nullptr) return {};
    const auto folder = std::filesystem::path(root) / "gowalla";
#if __has_include(<lzma.h>)
    const auto data = reco::read_lightgcn(folder, reco::read_file_or_xz);
#else
    const auto data = reco::read_lightgcn(folder);
#endif
    x = reco::sparse_interactions<float>(data.train, data.shape()).by_user();
  } else {
    const shape_of_data s = shape == "ml1m" ? shape_of_data{6040, 3706, 1242711, 4.57, 0.95, 20, 2300, 60, 1.15, 25}
                                            : shape_of_data{52643, 91599, 2984108, 3.4, 0.9, 8, 10000, 400, 0.95, 400};
    x = reco::sparse_interactions<float>(make(s), {s.users, s.items}).by_user();
  }
  return made.emplace(shape, std::move(x)).first->second;
}

}  // namespace item_similarity_task
