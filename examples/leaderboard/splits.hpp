// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <reco/data/event.hpp>
#include <reco/data/split.hpp>

/// "random:0.2" and the like, understood.
struct split_spec {
  std::string_view kind = {};
  double number = 0;  ///< a share, or a whole number of folds or events
};

/// Throws `reco::invalid_argument`, naming the option and the nearest split there is.
split_spec parse_split(std::string_view option, std::string_view text);

/// One split, or one a fold.
std::vector<reco::log_split> split_log(std::span<const reco::event> log, const split_spec& spec, std::uint64_t seed);

/// What `--validation` makes of train: any split but in several folds, of which it is the first; or "like-test:0.2",
/// drawn as test was.
reco::log_split validation_split(std::span<const reco::event> train, std::span<const reco::event> test,
                                 std::string_view text, std::uint64_t seed);
