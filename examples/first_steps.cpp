#include <cstdio>
#include <reco/reco.hpp>

int main() {
  const char* titles[] = {"Mars rover", "Moon base", "Comet landing", "Apple pie", "Plum cake"};
  const reco::embeddings<float> vectors(reco::matrix<float>{{1, 0}, {0.9f, 0.1f}, {0.8f, 0.2f}, {0, 1}, {0.1f, 0.9f}});
  const auto day = [](int n) { return reco::instant(std::chrono::days(n)); };
  const reco::event log[] = {{0, 3, 1, day(1)}, {0, 0, 1, day(9)}, {1, 4, 1, day(8)}, {2, 4, 1, day(9)}};
  const reco::dataset<float> data(log, {.users = 3, .items = 5}, vectors);
  const auto taste = reco::content_recommender{.half_life = std::chrono::days(2)}.fit(data);
  const auto trend = reco::trending{.half_life = std::chrono::days(1)}.fit(data);
  const reco::fallback feed{taste, trend};  // who has read nothing gets what is trending
  for (auto& [item, score] : reco::recommend(feed, data.query(0), {.k = 2}))
    std::printf("%.2f %s\n", score, titles[item]);
  for (auto& [item, score] : reco::recommend(feed, {}, {.k = 2})) std::printf("%.2f %s\n", score, titles[item]);
}
