// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <reco/base/error.hpp>
#include <reco/metrics/concepts.hpp>

#include "gains.hpp"

/// The parameters behind the point of -m MEASURE.PARAMETERS.
namespace trec {

[[noreturn]] inline void fail(std::string_view measure, std::string_view expected, std::string_view got) {
  throw reco::invalid_argument("-m " + std::string(measure) + ": expected " + std::string(expected) + ", got '" +
                               std::string(got) + "'");
}

inline std::vector<std::string_view> split(std::string_view text) {
  std::vector<std::string_view> parts;
  for (std::size_t begin = 0; begin <= text.size();) {
    const auto end = std::min(text.find(',', begin), text.size());
    parts.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

inline double number(std::string_view name, std::string_view text) {
  double value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  if (read.ec != std::errc{} || read.ptr != text.data() + text.size() || !std::isfinite(value))
    fail(name, "a number", text);
  return value;
}

inline std::vector<double> numbers(std::string_view name, std::string_view text) {
  std::vector<double> out;
  for (const auto part : split(text)) out.push_back(number(name, part));
  return out;
}

/// What a measure is asked with: its parameters, or its defaults.
struct request {
  std::string_view name = {};
  std::string_view parameters = {};  // empty: none given
  double documents = 0;

  /// The name, and what was given behind an underscore.
  [[nodiscard]] std::string full_name() const {
    return parameters.empty() ? std::string(name) : std::string(name) + '_' + std::string(parameters);
  }
  [[nodiscard]] std::vector<double> numbers_or(std::vector<double> defaults) const {
    return parameters.empty() ? std::move(defaults) : numbers(name, parameters);
  }
  /// Ascending, each once.
  [[nodiscard]] std::vector<double> cutoffs_or(std::vector<double> defaults) const {
    auto cutoffs = numbers_or(std::move(defaults));
    std::sort(cutoffs.begin(), cutoffs.end());
    if (std::adjacent_find(cutoffs.begin(), cutoffs.end()) != cutoffs.end()) fail(name, "each cutoff once", parameters);
    return cutoffs;
  }
  /// Ranks: whole numbers from 1, what stands behind a point is cut off.
  [[nodiscard]] std::vector<int> ranks_or(const std::vector<double>& defaults) const {
    std::vector<int> ranks;
    for (const double cutoff : cutoffs_or(defaults)) {
      if (!(cutoff >= 1 && cutoff < reco::whole_list)) fail(name, "cutoffs of at least 1", parameters);
      ranks.push_back(static_cast<int>(cutoff));
    }
    if (std::adjacent_find(ranks.begin(), ranks.end()) != ranks.end()) fail(name, "each cutoff once", parameters);
    return ranks;
  }
  /// Pairs RELEVANCE=GAIN; for `rbp` also p=NUMBER.
  [[nodiscard]] std::pair<gains, double> gains_and_persistence(double persistence) const {
    gains out;
    if (parameters.empty()) return {out, persistence};
    for (const auto pair : split(parameters)) {
      const auto equals = pair.find('=');
      if (equals == std::string_view::npos) fail(name, "pairs RELEVANCE=GAIN", pair);
      const double value = number(name, pair.substr(equals + 1));
      if (pair.substr(0, equals) == "p" && name.starts_with("rbp")) {
        persistence = value;
      } else {
        const double grade = number(name, pair.substr(0, equals));
        if (!(value >= 0)) fail(name, "gains of at least 0", pair);
        out[static_cast<std::int32_t>(grade)] = value;
      }
    }
    return {out, persistence};
  }
};

}  // namespace trec
