// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <filesystem>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include "reco/base/config.hpp"
#include "reco/base/options.hpp"
#include "reco/data/event_log.hpp"
#include "reco/io/csv.hpp"
#include "reco/io/event_log_builder.hpp"
#include "reco/io/file.hpp"

namespace reco::inline RECO_ABI() {

/// What each type of event weighs: how much interest it shows. 0 leaves the type out. The defaults are those of the
/// publisher's tutorial ("Recommender Systems in Python 101", G. Moreira, Kaggle 2017).
struct deskdrop_options {
  double view = 1;        ///< VIEW
  double like = 2;        ///< LIKE
  double bookmark = 2.5;  ///< BOOKMARK
  double follow = 3;      ///< FOLLOW
  double comment = 4;     ///< COMMENT CREATED

  static constexpr std::string_view name = "deskdrop";
  static constexpr auto options() {
    return std::tuple{at_least("view", &deskdrop_options::view, 0), at_least("like", &deskdrop_options::like, 0),
                      at_least("bookmark", &deskdrop_options::bookmark, 0),
                      at_least("follow", &deskdrop_options::follow, 0),
                      at_least("comment", &deskdrop_options::comment, 0)};
  }
  friend bool operator==(const deskdrop_options&, const deskdrop_options&) = default;
};
static_assert(options_are_complete<deskdrop_options>);

/// Reads CI&T DeskDrop, "Articles sharing and reading": what employees did with the articles shared among them.
///
///     auto log = reco::read_deskdrop("deskdrop", {.view = 1, .like = 3});
///
/// `users_interactions.csv` gives the events, with their weight as value; the same user and article recur. Types of
/// events that are not known or weigh 0 are left out and counted. `shared_articles.csv`, where it stands in the
/// folder, gives titles and texts: an article may have several rows (shared, removed, shared again), the first of
/// them counts, and events of articles without a row are left out and counted. Without that file titles are ids. Ids
/// are the publisher's. Which files there are is looked up on the disk, a packed `NAME.xz` counting for `NAME`.
///
/// Throws `invalid_argument` for a weight below 0 or not finite, and `parse_error` with line and column.
[[nodiscard]] event_log read_deskdrop(const std::filesystem::path& folder, const deskdrop_options& weights = {},
                                      const file_reader& open = read_file);

// ---------------------------------------------------------------------------------------------------

inline event_log read_deskdrop(const std::filesystem::path& folder, const deskdrop_options& weights,
                               const file_reader& open) {
  check_options(weights);
  event_log_builder log;
  if (const auto path = folder / "shared_articles.csv"; detail::file_is_there(path)) {
    const std::string text = open(path);
    csv_reader csv(text, path.string());
    const auto id = csv.column("contentId"), title = csv.column("title"), words = csv.column("text");
    while (csv.next()) log.list_item(csv, csv[id], csv[title], csv[words]);
    log.finish_file(csv);
  }

  const auto path = folder / "users_interactions.csv";
  const std::string text = open(path);
  csv_reader csv(text, path.string());
  const auto time = csv.column("timestamp"), type = csv.column("eventType");
  const auto item = csv.column("contentId"), user = csv.column("personId");
  const std::array<std::pair<std::string_view, double>, 5> types = {{{"VIEW", weights.view},
                                                                     {"LIKE", weights.like},
                                                                     {"BOOKMARK", weights.bookmark},
                                                                     {"FOLLOW", weights.follow},
                                                                     {"COMMENT CREATED", weights.comment}}};
  log.reserve_events(csv.rows_at_most());
  while (csv.next()) {
    const auto known = std::find_if(types.begin(), types.end(), [&](const auto& t) { return t.first == csv[type]; });
    if (known == types.end()) log.skip(csv, "unknown type of event", csv[type]);
    else if (known->second == 0) log.skip(csv, "type of event that weighs 0", csv[type]);
    else log.add_event(csv, csv[user], csv[item], known->second, csv.time(time));
  }
  log.finish_file(csv);
  return log.take();
}

}  // namespace reco
