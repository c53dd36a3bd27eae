// SPDX-License-Identifier: MIT
#include "reco/evaluation/registry.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <tuple>
#include <vector>

#include "reco/model/item_scores_model.hpp"
#include "support/catch.hpp"

using namespace reco_test;

namespace {

enum class shade { light, dark };

/// An option of each kind.
struct paint {
  double depth = 2.5;
  int coats = 3;
  bool matt = false;
  std::chrono::duration<double> drying = std::chrono::hours(2);
  shade tone = shade::dark;
  double share = 0.5;

  static constexpr std::string_view name = "paint";
  static constexpr auto options() {
    return std::tuple{reco::above("depth", &paint::depth, 0).search(0.1, 10, reco::search_scale::logarithmic),
                      reco::at_least("coats", &paint::coats, 1).search(1, 9),
                      reco::any_value("matt", &paint::matt).search(false, true),
                      reco::above("drying", &paint::drying, reco::half_life_t(0)),
                      reco::one_of("tone", &paint::tone, {{"light", shade::light}, {"dark", shade::dark}}).search(),
                      reco::between("share", &paint::share, 0, 1)};
  }
  friend bool operator==(const paint&, const paint&) = default;

  template <reco::interactions D>
  reco::item_scores_model<typename D::scalar> fit(const D& data, const reco::training& = {}) const {
    return reco::item_scores_model<typename D::scalar>(
        std::vector<typename D::scalar>(static_cast<std::size_t>(data.items()), static_cast<float>(depth)));
  }
};
struct wood {
  int rings = 1;
  static constexpr std::string_view name = "wood";
  static constexpr auto options() { return std::tuple{reco::at_least("rings", &wood::rings, 1)}; }
  friend bool operator==(const wood&, const wood&) = default;
  template <reco::interactions D>
  reco::item_scores_model<typename D::scalar> fit(const D& data, const reco::training& = {}) const {
    return paint{}.fit(data);
  }
};

}  // namespace

TEST_CASE("an estimator is made from its name and options, and fits") {
  const auto e = reco::make_estimator<float, wood, paint>("paint:coats=5,depth=4");
  CHECK(e.name() == "paint");
  CHECK(e.text() == "paint:depth=4,coats=5");
  const std::vector<reco::event> log{{.user = 0, .item = 1}};
  const auto list = reco::recommend(e.fit(reco::dataset<float>(log, {.users = 1, .items = 2})), {}, {.k = 1});
  CHECK(list[0].score == 4.0F);
  CHECK(reco::make_estimator<double, wood, paint>("wood").text() == "wood");
  CHECK((wood{.rings = 2} != wood{} && paint{} == paint{}));  // estimators are values that can be compared
}

TEST_CASE("unknown names and options get the nearest that there is") {
  using namespace std::string_literals;
  const auto all = reco::registry_of<float, wood, paint>();
  const auto complaint = [&](const std::string& text) -> std::string {
    try {
      (void)all.make(text);
    } catch (const reco::invalid_argument& error) {
      return error.what();
    }
    return "none";
  };
  CHECK(complaint("pant") == "no estimator 'pant'; did you mean 'paint'? There are: wood, paint");
  CHECK(complaint("paint:coats=2,coat=3") ==
        "paint: no option 'coat'; did you mean 'coats'? There are: depth, coats, matt, drying, tone, share");
  CHECK(complaint("paint:coats=0") == "paint: coats must be at least 1, got 0");
  CHECK(complaint("paint:coats=many") == "paint: coats must be a whole number, got 'many'");
  CHECK(complaint("paint:coats") == "paint: options are written name=value, got 'coats'");
  CHECK(complaint("wood:") == "none");
  CHECK(complaint("") == "no estimator ''; did you mean 'wood'? There are: wood, paint");
}

TEST_CASE("two estimators of one name are refused") {
  CHECK_THROWS_AS((reco::registry_of<float, wood, wood>()), reco::invalid_argument);
}

TEST_CASE("the list tells default, range and search range of every option") {
  const std::vector<reco::option_info> told = {{"depth", "2.5", "above 0", "0.1..10 logarithmic"},
                                               {"coats", "3", "at least 1", "1..9"},
                                               {"matt", "false", "true | false", "false..true"},
                                               {"drying", "2h", "above 0s", ""},
                                               {"tone", "dark", "light | dark", "all"},
                                               {"share", "0.5", "0..1", ""}};
  CHECK(reco::options_of<paint>() == told);
  CHECK(reco::registry_of<float, paint>().entries()[0].options == told);
}

TEST_CASE("trials of a registered estimator are those of the search, as text") {
  const auto entry = reco::registered<float>::of<paint>();
  CHECK(entry.draw("share=0.25", 7, 0) == "share=0.25");
  const auto text = entry.draw("share=0.25", 7, 3);
  const std::vector<std::string_view> kept = {"share"};
  CHECK(reco::parse_options<paint>(text) == reco::drawn(paint{.share = 0.25}, 7, 3, kept));
  CHECK(text.find("share=0.25") != std::string::npos);
  for (int trial = 0; trial < 10; ++trial)  // what is named is not searched
    CHECK(entry.draw("tone=light", 7, trial).find("tone=light") != std::string::npos);
}
