// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// What the command line asked for.
struct settings {
  std::string format = {};      ///< empty: the log that is built in
  std::string train = {};       ///< a file, a folder or a prefix, as the format has it
  std::string test = {};        ///< a file; empty: the log is split
  std::string split = {};       ///< empty: random:0.2 where a split is needed
  std::string validation = {};  ///< of train, for tuning; empty: as `split`, or what the format has
  std::string task = "ranking";
  std::string values = {};  ///< binary, as-is; empty: by the task
  std::string refit_on = "train";
  std::optional<double> min_value = {};
  int k_core = 0;
  std::vector<std::string> algorithms = {};
  int tune = 0;  ///< trials; 0: none
  std::vector<int> at = {10, 20, 50, 100};
  unsigned threads = 1;
  std::uint64_t seed = 0;
  std::string csv = {};
  std::string plot = {};
  bool list = false;

  bool rating() const { return task == "rating"; }
};
