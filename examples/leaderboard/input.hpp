// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <reco/data/event.hpp>
#include <reco/data/split.hpp>

#include "settings.hpp"

/// What is learned from and what is asked, once.
struct fold {
  std::vector<reco::event> train = {};
  std::vector<reco::event> history = {};  ///< what users are asked with, where that is more than `train`; else empty
  std::vector<reco::event> test = {};
  std::vector<std::vector<std::int32_t>> candidates = {};  ///< of each test event; empty: all items

  const std::vector<reco::event>& known() const { return history.empty() ? train : history; }
};

/// The data, read, filtered and split.
struct input {
  std::vector<fold> folds = {};
  reco::shape shape = {};
  std::vector<std::string> texts = {};             ///< of each item, if there are any
  std::optional<reco::log_split> validation = {};  ///< of the first fold's train, where the format has one of its own
  std::string validation_text = {};
  bool exclude_seen = true;
  std::vector<std::string> notes = {};  ///< how it was read, and what was left out
};

/// Throws `reco::error` with a message for people.
input read_input(const settings& asked);

/// A small log for a first look: 300 users, 150 items that come and go.
std::vector<reco::event> demo_log();
