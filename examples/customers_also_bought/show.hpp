// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include <reco/model/dense_item_weights_model.hpp>
#include <reco/model/item_weights_model.hpp>

#include "input.hpp"

namespace show {

/// A way to say what goes with what, as a column of the table.
struct measure {
  std::string name = {}, meaning = {};
  reco::item_weights_model<float> model = {};
};

/// The models whose reasons add up: `item_knn` and `slim` keep a few weights an item, `ease` all.
using adviser = std::variant<reco::item_weights_model<float>, reco::dense_item_weights_model<float>>;

void what_was_bought(const input& in, int k);

/// By how many have both: beside it how many would have both by chance.
void bought_by_most(const input& in, const measure& counts, std::int32_t item, int k);

/// The places that each measure gives to what any of them has among its first k.
void also_bought(const input& in, std::span<const measure> measures, std::int32_t item, int k);

/// What goes with an item by a model before the last events came in, and after; `fitted` is the model of them all.
void updated(const input& in, const reco::item_weights_model<float>& before,
             const reco::item_weights_model<float>& after, const reco::item_weights_model<float>& fitted,
             std::int32_t item, int k);

/// What a customer has, and what they are recommended, with the reasons.
void recommended(const input& in, const adviser& model, const std::string& heading, std::span<const std::int32_t> has,
                 int k);

}  // namespace show
