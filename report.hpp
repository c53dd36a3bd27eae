// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "algorithms.hpp"
#include "data.hpp"
#include "results.hpp"
#include "settings.hpp"

/// What the data are like: above the table, because no figure means anything without it.
void print_facts(const settings& asked, const data_set& data);
void print_table(const settings& asked, const std::vector<result>& results);
/// One row a figure. Throws `reco::error` if the file cannot be written.
void write_results_csv(const std::string& path, const std::vector<result>& results);
/// Every estimator with its options, defaults and ranges.
void print_list(const algorithms& all);
