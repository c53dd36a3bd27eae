// SPDX-License-Identifier: MIT
#include "splits.hpp"

#include <array>
#include <charconv>
#include <cmath>

#include <reco/base/error.hpp>
#include <reco/data/k_fold.hpp>
#include <reco/data/split_like.hpp>
#include <reco/evaluation/nearest_name.hpp>

namespace {

struct kind {
  std::string_view name;
  bool whole;  ///< a whole number of at least `least`, else a share above 0 and below 1
  double least;
  bool needs_test = false;
};
constexpr kind kinds[] = {{"random", false, 0},         {"random-global", false, 0}, {"kfold", true, 2},
                          {"leave-last", true, 1},      {"last-share", false, 0},    {"time", false, 0},
                          {"like-test", false, 0, true}};

}  // namespace

split_spec parse_split(std::string_view option, std::string_view text) {
  const auto colon = text.find(':');
  const auto name = text.substr(0, colon);
  std::array<std::string_view, std::size(kinds)> names;
  for (std::size_t n = 0; n < names.size(); ++n) names[n] = kinds[n].name;
  for (const auto& k : kinds) {
    if (k.name != name) continue;
    if (k.needs_test && option == "--split")
      throw reco::invalid_argument("--split: like-test draws as a given test part was drawn: --validation takes it");
    const auto number = colon == std::string_view::npos ? std::string_view{} : text.substr(colon + 1);
    double value = 0;
    const auto read = std::from_chars(number.data(), number.data() + number.size(), value);
    const bool is_number = read.ec == std::errc{} && read.ptr == number.data() + number.size();
    if (!is_number ||
        (k.whole ? !(value >= k.least && value <= 1e6 && value == std::floor(value)) : !(value > 0 && value < 1)))
      throw reco::invalid_argument(std::string(option) + ": " + std::string(name) + ": " +
                                   (k.whole ? "a whole number of at least " + std::to_string(static_cast<int>(k.least))
                                            : std::string("a share above 0 and below 1")) +
                                   " was expected, got '" + std::string(number) + "'");
    return {.kind = k.name, .number = value};
  }
  throw reco::invalid_argument(std::string(option) + ": " + reco::no_such_name("split", name, names));
}

std::vector<reco::log_split> split_log(std::span<const reco::event> log, const split_spec& spec, std::uint64_t seed) {
  if (spec.kind == "kfold") return reco::k_fold(log, {.folds = static_cast<int>(spec.number), .seed = seed});
  if (spec.kind == "leave-last") return {reco::leave_last_out(log, {.per_user = static_cast<int>(spec.number)})};
  if (spec.kind == "last-share") return {reco::leave_last_share(log, {.share = spec.number})};
  if (spec.kind == "time") return {reco::time_split(log, {.test_share = spec.number})};
  return {reco::ratio_split(log, {.test_share = spec.number, .per_user = spec.kind == "random", .seed = seed})};
}

reco::log_split validation_split(std::span<const reco::event> train, std::span<const reco::event> test,
                                 std::string_view text, std::uint64_t seed) {
  const auto spec = parse_split("--validation", text);
  if (spec.kind == "like-test") return reco::split_like(train, test, {.test_share = spec.number, .seed = seed});
  return split_log(train, spec, seed).front();
}
