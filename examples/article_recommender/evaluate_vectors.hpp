// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <reco/base/training.hpp>
#include <reco/evaluation/prequential_vectors.hpp>

#include "input.hpp"
#include "settings.hpp"

/// How vectors come about when no future may go into them: a fresh start each time it is called.
struct vectors_in_time {
  std::function<std::shared_ptr<reco::living_vectors<float>>()> make = {};
  std::string how = {};  ///< for people
};
vectors_in_time make_vectors_in_time(const settings& asked, const input& in, const reco::training& how);
