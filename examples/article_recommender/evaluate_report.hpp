// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <reco/base/executor.hpp>
#include <reco/data/event.hpp>
#include <reco/evaluation/prequential.hpp>
#include <reco/metrics/confidence.hpp>

/// How long the lists are that are judged.
inline constexpr int places = 10;

inline constexpr const char* vectors_name = "vectors";
inline constexpr const char* popular_name = "most_popular";
inline constexpr const char* trending_name = "trending";
inline constexpr const char* profile_name = "profile";
inline constexpr const char* fused_name = "profile_trending";
inline constexpr const char* fallback_name = "profile_trending_fallback";

/// What an evaluation says, for people and as CSV. Contenders are called "family half-life"; intervals hold the true
/// mean in 95 of 100 cases and draw readers, each with all of their queries.
class report {
 public:
  report(const reco::prequential_result& result, reco::executor_ref executor) : result_(result), executor_(executor) {}

  void how_it_was_asked(const reco::prequential& rule, std::span<const reco::event> warm_up,
                        const std::string& vectors) const;
  /// A row a contender, for readers with a history; beside it what it gains on the reference.
  void family(std::string_view title, const std::vector<std::string>& names, const std::string& reference) const;
  /// Those that were chosen, side by side: for readers with a history, and for readers without.
  void chosen(const std::vector<std::string>& names) const;
  /// The same queries, all asked at the end of the warm-up.
  void single_split(const reco::prequential_result& at_once, const std::vector<std::string>& names) const;
  /// `fused` are the options that all the fused contenders share. Throws `invalid_argument` if it cannot be written.
  void write_csv(const std::string& file, const std::string& fused) const;

 private:
  template <class Metric>
  [[nodiscard]] reco::interval of(const std::string& name, const Metric& m, reco::asked_by whose) const;
  template <class Metric>
  [[nodiscard]] reco::interval gain(const std::string& name, const std::string& reference, const Metric& m) const;

  const reco::prequential_result& result_;
  reco::executor_ref executor_;
};
