// SPDX-License-Identifier: MIT
#include "shop.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <reco/base/random.hpp>

namespace {

using titles = std::vector<const char*>;

/// What people do, and what they need for it, the most usual first. A product may serve two of them.
const std::vector<titles> pursuits = {
    {"Pour-Over Coffee Dripper", "Paper Filters No. 2", "Ethiopian Coffee Beans", "Gooseneck Kettle",
     "Hand Coffee Grinder", "Digital Kitchen Scale", "Glass Coffee Server"},
    {"Italian Roast Espresso Beans", "Milk Jug 350 ml", "Espresso Tamper", "Knock Box", "Descaling Powder",
     "Hand Coffee Grinder"},
    {"Proofing Basket", "Rye Flour 5 kg", "Dough Scraper", "Cast-Iron Pot", "Digital Kitchen Scale", "Bread Lame",
     "Linen Bread Bag"},
    {"Durum Semolina 5 kg", "Pasta Machine", "Ravioli Stamp", "Pasta Drying Rack", "Dough Scraper", "Nutmeg Grater"},
    {"Peat-Free Compost 20 l", "Tomato Seeds", "Terracotta Pot 24 cm", "Tomato Feed", "Bamboo Canes", "Watering Can",
     "Garden Twine"},
    {"Basil Seeds", "Terracotta Pot 24 cm", "Peat-Free Compost 20 l", "Seed Tray", "Herb Scissors", "Plant Labels"},
    {"Gardening Gloves", "Secateurs", "Rose Feed", "Garden Kneeler", "Sharpening Stone", "Garden Twine"},
    {"Merino Hiking Socks", "Water Bottle 1 l", "Blister Plasters", "Walking Poles", "Day Pack 25 l", "Map Case"},
    {"Two-Person Tent", "Sleeping Mat", "Gas Cartridge", "Camping Stove", "Head Torch", "Down Sleeping Bag",
     "Water Bottle 1 l"},
    {"Swimming Goggles", "Changing Robe", "Tow Float", "Dry Bag 20 l", "Neoprene Gloves", "Bobble Hat"},
    {"Bicycle Lights", "Chain Oil", "Puncture Repair Kit", "Track Pump", "Bicycle Lock", "Panniers"},
    {"Watercolour Pan Set", "Cotton Paper Block", "Sable Brush No. 8", "Masking Fluid", "Travel Easel"},
    {"Fountain Pen", "Blue-Black Ink", "Laid Writing Paper", "Blotting Paper", "Sealing Wax"},
    {"Merino Yarn", "Circular Needles 4 mm", "Stitch Markers", "Row Counter", "Yarn Bowl", "Bobble Hat Pattern"},
    {"Star Chart", "Head Torch", "Binoculars 10 × 50", "Star Atlas", "Camera Tripod", "Moon Filter"},
    {"Sunflower Hearts 2 kg", "Bird Feeder", "Field Guide to Birds", "Nest Box", "Binoculars 10 × 50", "Bird Bath"},
};
const titles beside_the_till = {"Jute Shopping Bag", "Dark Chocolate 70 %", "Beeswax Candle",
                                "Striped Tea Towel", "AA Batteries",        "Gift Card"};

const titles first_names = {"Ada",   "Bela", "Clara", "Davi",  "Elif",  "Femi", "Greta", "Hugo",  "Ines",
                            "Jonas", "Kaya", "Leon",  "Marta", "Nils",  "Olga", "Pia",   "Quinn", "Rosa",
                            "Sven",  "Tara", "Uma",   "Vito",  "Wanda", "Yara", "Zeno"};

bool chance(reco::random_engine& random, std::int64_t percent) { return reco::uniform_index(random, 100) < percent; }

/// One of n, the first twice as likely as the middle one.
std::size_t one_of(reco::random_engine& random, std::size_t n) {
  const auto count = static_cast<std::int64_t>(n);
  return static_cast<std::size_t>(std::min(reco::uniform_index(random, count), reco::uniform_index(random, count)));
}

}  // namespace

reco::event_log make_shop() {
  reco::event_log shop;
  const auto product = [&](const char* title) {
    const auto item = shop.items.add(title);
    if (item == static_cast<std::int32_t>(shop.titles.size())) shop.titles.emplace_back(title);
    return item;
  };
  for (const auto& needs : pursuits)
    for (const auto* title : needs) product(title);
  for (const auto* title : beside_the_till) product(title);

  constexpr std::int32_t customers = 500;
  reco::random_engine random(1);
  for (std::int32_t c = 0; c < customers; ++c) {
    const auto n = static_cast<std::size_t>(c);
    shop.users.add(std::string(first_names[n % first_names.size()]) + ' ' +
                   static_cast<char>('A' + n / first_names.size()) + '.');
    std::vector<std::size_t> does;
    do does.push_back(static_cast<std::size_t>(reco::uniform_index(random, std::ssize(pursuits))));
    while (does.size() < 3 && chance(random, 45));
    const auto orders = 1 + reco::uniform_index(random, 4);
    for (std::int64_t order = 0; order < orders; ++order) {
      std::vector<std::int32_t> basket;
      const auto& needs = pursuits[does[one_of(random, does.size())]];
      do basket.push_back(product(needs[one_of(random, needs.size())]));
      while (basket.size() < 4 && chance(random, 60));
      do {
        if (chance(random, 55)) basket.push_back(product(beside_the_till[one_of(random, beside_the_till.size())]));
      } while (chance(random, 40));
      if (chance(random, 10)) {  // a present
        const auto& other = pursuits[static_cast<std::size_t>(reco::uniform_index(random, std::ssize(pursuits)))];
        basket.push_back(product(other[one_of(random, other.size())]));
      }
      std::sort(basket.begin(), basket.end());
      basket.erase(std::unique(basket.begin(), basket.end()), basket.end());
      for (const auto item : basket) shop.events.push_back({.user = c, .item = item});
    }
  }
  return shop;
}
