// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include <reco/ltr/ranking_data.hpp>

/// A built-in set, made up on the spot: what a shop knows of the products it found for a search, and what buyers made
/// of them (0 passed over, 1 looked at, 2 put into the basket, 3 bought). What a buyer wants is not linear in the
/// features: a match of the title counts little where nothing is in stock, and a price far from what is usual puts
/// people off in both directions.
struct shop_search {
  std::vector<std::string> features = {};
  reco::ranking_data train = {}, valid = {}, test = {};
};

[[nodiscard]] shop_search make_shop_search();
