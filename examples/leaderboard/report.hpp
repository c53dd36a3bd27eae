// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "input.hpp"
#include "run.hpp"
#include "settings.hpp"

/// What the data is like, before anybody is asked.
void print_facts(const settings& asked, const input& in);

/// The table. `with_times`: seconds, users a second and memory are columns, else they go to the error stream.
void print_table(const settings& asked, const std::vector<contender>& all, bool with_times);

/// Every estimator with its options.
void print_list();

/// algorithm,options,metric,k,value,low,high,fit_seconds,users_per_second,peak_mib
std::string csv_of(const std::vector<contender>& all);

/// Writes the text, or throws `reco::invalid_argument` naming the option.
void write_file(const std::string& option, const std::string& file, const std::string& text);

/// Draws the pictures with gnuplot. What became of it, for people.
std::string plot(const settings& asked, const std::vector<contender>& all);
