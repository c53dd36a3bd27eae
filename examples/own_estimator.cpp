// SPDX-License-Identifier: MIT
// An estimator of your own, whole: recommends what was read last, newest first.
#include <cstdio>
#include <reco/reco.hpp>
#include <reco/testing/check_estimator.hpp>

struct most_recent {
  int min_reads = 1;  ///< items read less often come last

  static constexpr std::string_view name = "most_recent";
  static constexpr auto options() { return std::tuple{reco::at_least("min_reads", &most_recent::min_reads, 1)}; }
  friend bool operator==(const most_recent&, const most_recent&) = default;

  template <reco::sequences D>  // what it needs to know: who read what, and when
  reco::item_scores_model<typename D::scalar> fit(const D& data, const reco::training& = {}) const {
    reco::check_options(*this);
    std::vector<int> reads(static_cast<std::size_t>(data.items()));
    std::vector<typename D::scalar> newest(reads.size());
    for (std::int32_t user = 0; user < data.users(); ++user) {
      const auto timeline = data.timeline(user);
      for (std::size_t n = 0; n < timeline.size(); ++n) {
        const auto item = static_cast<std::size_t>(timeline.items[n]);
        const auto time = static_cast<typename D::scalar>(timeline.times[n].time_since_epoch().count());
        newest[item] = ++reads[item] == 1 ? time : std::max(newest[item], time);
      }
    }
    for (std::size_t item = 0; item < reads.size(); ++item)
      if (reads[item] < min_reads) newest[item] = std::numeric_limits<typename D::scalar>::lowest();
    return reco::item_scores_model<typename D::scalar>(newest);
  }
};
static_assert(reco::options_are_complete<most_recent>);

int main() {
  const auto at = [](int seconds) { return reco::instant(std::chrono::seconds(seconds)); };
  const reco::event log[] = {
      {0, 0, 1, at(10)}, {0, 1, 1, at(40)}, {1, 1, 1, at(20)}, {1, 2, 1, at(30)}, {2, 3, 1, at(50)}};
  const reco::dataset<float> data(log, {.users = 3, .items = 4});

  const auto model = reco::parse_options<most_recent>("min_reads=2").fit(data);
  for (const auto& [item, score] : reco::recommend(model, data.query(2), {.k = 3}))
    std::printf("item %d\n", static_cast<int>(item));

  // The executable definition of an estimator: nothing printed, nothing broken.
  for (const auto& complaint : reco::check_estimator(most_recent{}, data)) std::printf("%s\n", complaint.c_str());
}
