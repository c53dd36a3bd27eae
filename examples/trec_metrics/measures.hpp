// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <reco/io/trec_judge.hpp>

namespace trec {

/// How the values of the topics become the one of "all".
enum class summary {
  mean,
  sum,
  geometric_mean,  ///< of values of at least 0.00001
  topics,          ///< how many topics there are
  run,             ///< the name of the run
  none,            ///< it has none
};

/// Some lines of the output that are computed together: P has one for each cutoff.
struct measure {
  std::vector<std::string> names = {};  ///< as printed
  summary total = summary::mean;
  bool whole_numbers = false;
  bool by_topic = true;  ///< is it printed for each topic too?
  /// A value for each name.
  std::function<void(const reco::trec_judged&, std::span<double>)> values = [](const auto&, auto) {};
  int string_length = 0;  ///< above 0: a string of so many relevances and no value
};

/// The measures that these arguments of -m name, NAME or NAME.PARAMETERS, in trec_eval's order; `official`, `set` and
/// `all_trec` name several. `documents` is the size of the collection, for `utility`. Throws `reco::invalid_argument`.
std::vector<measure> measures_of(const std::vector<std::string>& arguments, double documents);

/// The names that can be asked for, and those of trec_eval that cannot, for the help.
std::string measures_offered();
std::string_view measures_not_offered();

}  // namespace trec
