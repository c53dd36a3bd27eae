// SPDX-License-Identifier: MIT
#include "reco/evaluation/search.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <set>
#include <string_view>
#include <tuple>
#include <vector>

#include "support/catch.hpp"

using Catch::Matchers::Message;
using namespace reco_test;

namespace {

enum class kind { a, b, c };

struct knobs {
  double rate = 0.5;
  int size = 4;
  int depth = 2;
  bool on = false;
  kind which = kind::b;
  int fixed = 7;

  static constexpr std::string_view name = "knobs";
  static constexpr auto options() {
    return std::tuple{reco::above("rate", &knobs::rate, 0).search(0.001, 10, reco::search_scale::logarithmic),
                      reco::at_least("size", &knobs::size, 1).search(2, 5),
                      reco::at_least("depth", &knobs::depth, 1).search(1, 256, reco::search_scale::logarithmic),
                      reco::any_value("on", &knobs::on).search(false, true),
                      reco::one_of("which", &knobs::which, {{"a", kind::a}, {"b", kind::b}, {"c", kind::c}}).search(),
                      reco::at_least("fixed", &knobs::fixed, 0)};
  }
  friend bool operator==(const knobs&, const knobs&) = default;
};

double closeness(const knobs& k) { return -std::abs(std::log(k.rate / 0.1)) - std::abs(k.size - 3); }

}  // namespace

TEST_CASE("draws keep to the ranges, reach all of them, and leave other options alone") {
  const knobs base{.fixed = 3};
  CHECK(reco::drawn(base, 5, 0) == base);
  std::set<int> sizes, whiches;
  int below_tenth = 0, shallow = 0, on = 0;
  constexpr int trials = 2000;
  for (int n = 1; n <= trials; ++n) {
    const auto k = reco::drawn(base, 5, n);
    REQUIRE((k.rate >= 0.001 && k.rate <= 10));
    REQUIRE((k.depth >= 1 && k.depth <= 256));
    REQUIRE(k.fixed == 3);
    sizes.insert(k.size);
    whiches.insert(static_cast<int>(k.which));
    below_tenth += k.rate < 0.1;
    shallow += k.depth < 16;
    on += k.on;
  }
  CHECK(sizes == std::set<int>{2, 3, 4, 5});
  CHECK(whiches.size() == 3);
  CHECK(std::abs(below_tenth - trials / 2) < 120);  // half of the orders of magnitude; sd 22
  CHECK(std::abs(shallow - trials / 2) < 150);
  CHECK(std::abs(on - trials / 2) < 120);
}

TEST_CASE("a draw depends on seed and number alone and has four digits") {
  CHECK(reco::drawn(knobs{}, 5, 9) == reco::drawn(knobs{}, 5, 9));
  CHECK_FALSE(reco::drawn(knobs{}, 5, 9) == reco::drawn(knobs{}, 6, 9));
  CHECK_FALSE(reco::drawn(knobs{}, 5, 9) == reco::drawn(knobs{}, 5, 8));
  for (int n = 1; n < 50; ++n) {
    const auto text = reco::detail::to_text(reco::drawn(knobs{}, 5, n).rate);
    std::size_t digits = 0;
    bool leading = true;
    for (const char c : text.substr(0, text.find('e'))) {
      leading = leading && (c == '0' || c == '.');
      digits += !leading && c != '.';
    }
    INFO(text);
    CHECK(digits <= 4);
  }
}

TEST_CASE("draws spread evenly over a range, whatever else is drawn") {
  // Dimension 0 has base 2: of 16 successive trials one falls into each sixteenth, a quarter of an order of magnitude.
  const std::uint64_t seed = GENERATE(0U, 3U);
  std::set<int> sixteenths;
  for (int n = 16; n < 32; ++n)
    sixteenths.insert(static_cast<int>(4 * (std::log10(reco::drawn(knobs{}, seed, n).rate) + 3)));
  CHECK(sixteenths.size() == 16);
}

TEST_CASE("options to keep stay as they are, and the others are drawn as if there were no more") {
  using names = std::vector<std::string_view>;
  const knobs base{.rate = 2, .size = 3, .which = kind::c};
  const names kept = {"rate", "which"};
  for (int n = 1; n <= 50; ++n) {
    const auto k = reco::drawn(base, 5, n, kept);
    CHECK(k.rate == 2);
    CHECK(k.which == kind::c);
    // `size` has dimension 0 now.
    CHECK(k.size == 2 + static_cast<int>(4 * reco::halton(5, 0, static_cast<std::uint64_t>(n))));
  }
  for (const auto& t : reco::random_search{.trials = 5}.run(base, closeness, kept)) CHECK(t.options.rate == 2);
  for (const auto& t : reco::grid_search{.steps = 2}.run(base, closeness, kept)) CHECK(t.options.which == kind::c);
  CHECK(reco::grid_points(base, 5, kept).size() == 4 * 5 * 2);
  const auto halved = reco::successive_halving{.trials = 4}.run(
      base, [](const knobs& k, double) { return closeness(k); }, kept);
  for (const auto& t : halved) CHECK(t.options.rate == 2);

  CHECK_THROWS_MATCHES(
      reco::drawn(base, 5, 1, names{"sise"}), reco::invalid_argument,
      Message("knobs: no option 'sise'; did you mean 'size'? There are: rate, size, depth, on, which, fixed"));
  CHECK_THROWS_AS(reco::grid_points(base, 2, names{""}), reco::invalid_argument);
}

TEST_CASE("random search tries its base first and sorts by score, ties by number") {
  std::vector<knobs> tried;
  const auto found = reco::random_search{.trials = 40, .seed = 2}.run(knobs{}, [&](const knobs& k) {
    tried.push_back(k);
    return std::round(closeness(k));
  });
  REQUIRE(tried.size() == 40);
  REQUIRE(found.size() == 40);
  CHECK(tried[0] == knobs{});
  for (std::size_t n = 0; n < found.size(); ++n) {
    CHECK(found[n].options == tried[static_cast<std::size_t>(found[n].number)]);
    if (n == 0) continue;
    CHECK((found[n - 1].score > found[n].score ||
           (found[n - 1].score == found[n].score && found[n - 1].number < found[n].number)));
  }
  const auto fewer = reco::random_search{.trials = 10, .seed = 2}.run(knobs{}, closeness);
  for (const auto& t : fewer) CHECK(t.options == tried[static_cast<std::size_t>(t.number)]);
}

TEST_CASE("a score that is no number is the worst") {
  const auto found = reco::random_search{.trials = 3}.run(
      knobs{}, [n = 0](const knobs&) mutable { return n++ == 0 ? std::numeric_limits<double>::quiet_NaN() : -1e300; });
  CHECK(found.back().number == 0);
  CHECK(std::isinf(found.back().score));
}

TEST_CASE("a grid crosses all values with the ends of each range among them") {
  const auto points = reco::grid_points(knobs{}, 5);
  // 5 rates, 4 sizes of 2..5, 5 depths, on and off, 3 kinds
  CHECK(points.size() == 5 * 4 * 5 * 2 * 3);
  CHECK(points.front() == knobs{.rate = 0.001, .size = 2, .depth = 1, .on = false, .which = kind::a});
  CHECK(points[1].which == kind::b);
  CHECK(points.back() == knobs{.rate = 10, .size = 5, .depth = 256, .on = true, .which = kind::c});
  std::set<double> rates;
  for (const auto& p : points) rates.insert(p.rate);
  CHECK(rates == std::set<double>{0.001, 0.01, 0.1, 1, 10});
  for (std::size_t n = 1; n < points.size(); ++n) REQUIRE_FALSE(points[n] == points[n - 1]);
}

TEST_CASE("grid search finds the best point and refuses a grid that is too large") {
  const auto found = reco::grid_search{.steps = 5}.run(knobs{}, closeness);
  CHECK(found.front().options.rate == 0.1);
  CHECK(found.front().options.size == 3);
  CHECK(found.size() == 601);  // the base is no point of the grid
  CHECK_THROWS_AS((reco::grid_search{.steps = 5, .most_trials = 599}.run(knobs{}, closeness)), reco::invalid_argument);
}

TEST_CASE("successive halving gives the best third three times as much, until one has all") {
  std::vector<double> shares;
  const auto found = reco::successive_halving{.trials = 9, .seed = 4}.run(knobs{}, [&](const knobs& k, double share) {
    shares.push_back(share);
    return closeness(k);
  });
  REQUIRE(shares.size() == 9 + 3 + 1);
  for (std::size_t n = 0; n < 9; ++n) CHECK(shares[n] == Approx(1.0 / 9));
  for (std::size_t n = 9; n < 12; ++n) CHECK(shares[n] == Approx(1.0 / 3));
  CHECK(shares[12] == 1);
  // The score does not depend on the share here, so that the best of all wins.
  const auto all = reco::random_search{.trials = 9, .seed = 4}.run(knobs{}, closeness);
  CHECK(found.front().number == all.front().number);
  CHECK(found.front().share == 1);
  for (std::size_t n = 1; n < found.size(); ++n) CHECK(found[n - 1].share >= found[n].share);
}

TEST_CASE("a search of one trial is its base with everything") {
  const auto found =
      reco::successive_halving{.trials = 1}.run(knobs{}, [](const knobs&, double share) { return share; });
  REQUIRE(found.size() == 1);
  CHECK(found[0].score == 1);
  CHECK_THROWS_AS((reco::random_search{.trials = 0}.run(knobs{}, closeness)), reco::invalid_argument);
  CHECK_THROWS_AS((reco::random_search{}.run(knobs{.rate = 0}, closeness)), reco::invalid_argument);
}
