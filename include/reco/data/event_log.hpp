// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/base/function_ref.hpp"
#include "reco/data/embeddings.hpp"
#include "reco/data/event.hpp"
#include "reco/data/id_map.hpp"

namespace reco::inline RECO_ABI() {

/// A file and how many rows were read of it, header and empty lines apart.
struct imported_file {
  std::string file = {};
  std::int64_t rows = 0;
};

/// The rows that were left out for one reason.
struct skipped_rows {
  std::string reason = {};  ///< "item read but not listed"
  std::int64_t rows = 0;
  std::vector<std::string> examples = {};  ///< the first three: "reads.csv:17: 'a9'"
};

/// What a reader read, and what it left out and why: nothing is lost in silence. Rows that cannot be
/// understood at all are not here, they are a `parse_error`.
struct import_report {
  std::vector<imported_file> files = {};
  std::vector<skipped_rows> skipped = {};  ///< in the order in which the reasons first arose

  /// Counts one row. `example` says which; it is called for the first three of a reason.
  void skip(std::string_view reason, function_ref<std::string()> example);
  [[nodiscard]] std::int64_t rows() const;
  [[nodiscard]] std::int64_t rows_skipped() const;
};

/// What a reader returns: who did what with what, in indices, and what the outside world calls them.
///
///     auto log  = reco::read_movielens("ml-1m");
///     auto data = reco::dataset<float>(log.events, log.shape());
///     log.titles[0];                          // "Toy Story (1995)"
///     log.users.find("4169");                 // the index of the publisher's user 4169
///
/// Where the data has a list of items, the items are those of the list, in its order, read or not; else
/// those of the events, first come, first index.
struct event_log {
  std::vector<event> events = {};  ///< in the order of the file, which need not be that of time
  id_map<std::string> users = {};
  id_map<std::string> items = {};
  std::vector<std::string> titles = {};           ///< of each item; its id where no title is known
  std::vector<std::string> texts = {};            ///< title and all other words known of each item, or empty
  std::optional<embeddings<float>> vectors = {};  ///< of each item, where the data brings them
  import_report report = {};

  /// Every user and item the ids know.
  [[nodiscard]] reco::shape shape() const noexcept { return {.users = users.size(), .items = items.size()}; }
  /// Does any event have a time? Data without times has 1970 everywhere. O(events).
  [[nodiscard]] bool has_times() const;
  /// Does any item have words? O(items).
  [[nodiscard]] bool has_texts() const;
};

// ---------------------------------------------------------------------------------------------------

inline void import_report::skip(std::string_view reason, function_ref<std::string()> example) {
  constexpr std::size_t examples = 3;
  auto entry = std::find_if(skipped.begin(), skipped.end(), [&](const auto& s) { return s.reason == reason; });
  if (entry == skipped.end()) entry = skipped.insert(entry, {.reason = std::string(reason)});
  ++entry->rows;
  if (entry->examples.size() < examples) entry->examples.push_back(example());
}

inline std::int64_t import_report::rows() const {
  std::int64_t sum = 0;
  for (const auto& f : files) sum += f.rows;
  return sum;
}

inline std::int64_t import_report::rows_skipped() const {
  std::int64_t sum = 0;
  for (const auto& s : skipped) sum += s.rows;
  return sum;
}

inline bool event_log::has_times() const {
  return std::any_of(events.begin(), events.end(), [](const event& e) { return e.time != instant{}; });
}

inline bool event_log::has_texts() const {
  return std::any_of(texts.begin(), texts.end(), [](const std::string& text) { return !text.empty(); });
}

}  // namespace reco
