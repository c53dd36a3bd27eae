// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <reco/data/event_log.hpp>
#include <reco/data/sparse_interactions.hpp>

#include "settings.hpp"

/// What it is called: "customers" who "bought" "products", or "viewers" who "liked" "movies".
struct wording {
  std::string who = {}, did = {}, what = {};
};

/// Who has what, and what it is called.
struct input {
  reco::event_log log = {};  ///< names and titles
  std::string from = {};
  reco::sparse_interactions<float> had = {};  ///< customers × products: 1 for each that was bought at least once
  std::vector<std::int32_t> had_by = {};      ///< of each product, how many customers
  wording words = {};
};

/// The shop, or MovieLens' ratings of 4 and more. Throws `invalid_argument` where nothing is left.
input read_input(const settings& asked);

/// The product whose title has the text in it, in whatever case; of several the one that is called just so, else the
/// one most customers have. Throws `invalid_argument` if there is none, beginning with `option`.
std::int32_t find_item(const input& in, const std::string& option, const std::string& part);

/// Throws `invalid_argument`.
std::int32_t find_customer(const input& in, const std::string& name);
