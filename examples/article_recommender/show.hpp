// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <reco/content/content_recommender.hpp>
#include <reco/data/dataset.hpp>
#include <reco/model/item_scores_model.hpp>

#include "input.hpp"
#include "settings.hpp"

/// The sections of what the program prints. Numbers have at most four digits: more would be noise.
namespace show {

using taste_model = reco::content_model<float>;
using trend_model = reco::item_scores_model<float>;

struct models {
  taste_model taste;  ///< recent reads weigh more
  taste_model undecayed;
  trend_model trend;
};

void what_was_read(const input& in);
void how_vectors_were_made(const std::vector<std::string>& steps, const input& in, const taste_model& model);
void one_reader(const settings& asked, const input& in, const reco::dataset<float>& data, const models& m,
                std::int32_t user);
void drifted_reader(const settings& asked, const input& in, const reco::dataset<float>& data, const models& m,
                    std::int32_t user);
void new_reader(const settings& asked, const input& in, const reco::dataset<float>& data, const models& m);

/// How far two ways to weigh reads see a reader apart: 1 - cosine of the decayed and the undecayed profile; below 0
/// for a reader of too few reads to tell.
double drift_of(const reco::dataset<float>& data, const models& m, std::int32_t user, reco::instant now);

}  // namespace show
