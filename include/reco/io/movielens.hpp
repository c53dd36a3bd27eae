// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <iterator>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/base/error.hpp"
#include "reco/data/event_log.hpp"
#include "reco/io/csv.hpp"
#include "reco/io/event_log_builder.hpp"
#include "reco/io/file.hpp"
#include "reco/io/text_encoding.hpp"

namespace reco::inline RECO_ABI() {

struct movielens_options {
  /// Other ratings in the same form, in the folder or anywhere: "u1.base". Empty: all ratings.
  std::filesystem::path ratings = {};
  /// Other tags in the same form: those of MovieLens 10M go with the movies of 1M. Empty: those in the folder.
  std::filesystem::path tags = {};
};

/// Reads a folder of GroupLens' MovieLens data as published:
///
/// | release        | ratings                                   | movies       | tags       |
/// | 100K           | `u.data`                                  | `u.item`     |            |
/// | 1M, 10M        | `ratings.dat`, `ratings-no-timestamp.dat` | `movies.dat` | `tags.dat` |
/// | latest, 20M, … | `ratings.csv`                             | `movies.csv` | `tags.csv` |
///
///     auto log = reco::read_movielens("ml-1m");
///
/// Events are the ratings with their times, if they have any: `ratings.dat` may lack its fourth field. Movies are
/// those of the list, also the ones never rated; the list and the tags may be missing. A movie's text is its title,
/// its genres and its tags, a tag as often as it was given. Titles come out as UTF-8; ids are the publisher's.
/// Ratings and tags of movies that are not listed are left out and counted. Which files there are is looked up on the
/// disk, a packed `NAME.xz` counting for `NAME`; `open` then opens them.
///
/// Harper and Konstan, "The MovieLens Datasets: History and Context", ACM TiiS 5(4), 2015. Throws `parse_error` for a
/// folder that is none of these and for a file that is not what it should be, with its line and column.
[[nodiscard]] event_log read_movielens(const std::filesystem::path& folder, const movielens_options& options = {},
                                       const file_reader& open = read_file);

// ---------------------------------------------------------------------------------------------------

namespace detail {

struct movielens_layout {
  std::array<std::string_view, 2> ratings = {};
  std::string_view movies = {};
  std::string_view tags = {};
  std::string_view separator = {};
};

inline constexpr movielens_layout movielens_layouts[] = {
    {{"u.data", ""}, "u.item", "", "\t"},
    {{"ratings.dat", "ratings-no-timestamp.dat"}, "movies.dat", "tags.dat", "::"},
    {{"ratings.csv", ""}, "movies.csv", "tags.csv", ","},
};

/// The flags at the end of a row of `u.item`.
inline constexpr std::string_view movielens_genres[] = {
    "unknown",     "Action", "Adventure", "Animation", "Children's", "Comedy",  "Crime",
    "Documentary", "Drama",  "Fantasy",   "Film-Noir", "Horror",     "Musical", "Mystery",
    "Romance",     "Sci-Fi", "Thriller",  "War",       "Western"};

inline const movielens_layout& find_movielens_layout(const std::filesystem::path& folder) {
  for (const auto& layout : movielens_layouts)
    for (const auto name : {layout.ratings[0], layout.ratings[1], layout.movies})
      if (file_is_there(folder / name)) return layout;
  std::error_code none;
  throw parse_error({.file = folder.string()}, "a folder with u.data, ratings.dat or ratings.csv",
                    std::filesystem::is_directory(folder, none) ? "a folder without them" : "no folder");
}

/// The files of 100K, 1M and 10M have no header; they get the names that the others have.
inline csv_options movielens_csv(const movielens_layout& layout, std::vector<std::string> columns) {
  const bool has_header = layout.separator == ",";
  if (has_header) columns.clear();
  return {.separator = std::string(layout.separator), .quotes = has_header, .columns = std::move(columns)};
}

inline void add_genre(std::string& genres, std::string_view genre) {
  if (genre == "unknown" || genre == "(no genres listed)") return;
  if (!genres.empty() && !genre.empty()) genres += ", ";
  genres += genre;
}

/// `u.item`: id, title, dates, address, then a flag for each genre.
inline void read_movielens_100k_movies(csv_reader& csv, event_log_builder& log) {
  const auto id = csv.column("movieId"), title = csv.column("title");
  constexpr std::size_t first_flag = 5;
  const auto genres_there = std::min(std::size(movielens_genres), csv.width() - std::min(csv.width(), first_flag));
  while (csv.next()) {
    std::string genres;
    for (std::size_t g = 0; g < genres_there; ++g)
      if (csv[first_flag + g] == "1") add_genre(genres, movielens_genres[g]);
    log.list_item(csv, csv[id], csv[title], genres);
  }
}

/// `movies.dat`, `movies.csv`: id, title, genres with '|' between them.
inline void read_movielens_movies(csv_reader& csv, event_log_builder& log) {
  const auto id = csv.column("movieId"), title = csv.column("title"), genres = csv.column("genres");
  while (csv.next()) {
    std::string text;
    for (std::string_view rest = csv[genres]; !rest.empty();) {
      const auto genre = rest.substr(0, rest.find('|'));
      add_genre(text, genre);
      rest.remove_prefix(std::min(rest.size(), genre.size() + 1));
    }
    log.list_item(csv, csv[id], csv[title], text);
  }
}

inline void read_movielens_ratings(csv_reader& csv, event_log_builder& log) {
  const auto user = csv.column("userId"), movie = csv.column("movieId"), rating = csv.column("rating");
  const auto time = csv.find_column("timestamp");
  log.reserve_events(csv.rows_at_most());
  while (csv.next())
    log.add_event(csv, csv[user], csv[movie], csv.number<double>(rating), time ? csv.time(*time) : instant{});
}

/// All tags of a movie stand on one line of its text.
inline void read_movielens_tags(csv_reader& csv, event_log_builder& log) {
  const auto movie = csv.column("movieId"), tag = csv.column("tag");
  std::vector<std::string> tags(static_cast<std::size_t>(log.log().items.size()));
  while (csv.next()) {
    const auto item = log.log().items.find(csv[movie]);
    if (!item) {
      log.skip(csv, "tag of an item not listed", csv[movie]);
      continue;
    }
    auto& text = tags[static_cast<std::size_t>(*item)];
    (text += text.empty() ? "" : ", ") += csv[tag];
  }
  for (std::size_t i = 0; i < tags.size(); ++i) log.add_words(static_cast<std::int32_t>(i), tags[i]);
}

}  // namespace detail

inline event_log read_movielens(const std::filesystem::path& folder, const movielens_options& options,
                                const file_reader& open) {
  const auto& layout = detail::find_movielens_layout(folder);
  event_log_builder log;
  const auto read = [&](const std::filesystem::path& path, const std::string& text, const csv_options& form,
                        void (&read_rows)(csv_reader&, event_log_builder&)) {
    csv_reader csv(text, path.string(), form);
    read_rows(csv, log);
    log.finish_file(csv);
  };

  if (const auto path = folder / layout.movies; detail::file_is_there(path)) {
    if (layout.movies == "u.item")
      read(path, to_utf8(open(path)), {.separator = "|", .quotes = false, .columns = {"movieId", "title"}},
           detail::read_movielens_100k_movies);
    else
      read(path, to_utf8(open(path)), detail::movielens_csv(layout, {"movieId", "title", "genres"}),
           detail::read_movielens_movies);
  }
  {
    const bool other =
        detail::file_is_there(folder / layout.ratings[1]) && !detail::file_is_there(folder / layout.ratings[0]);
    const auto path = folder / (options.ratings.empty() ? layout.ratings[other] : options.ratings);
    read(path, open(path), detail::movielens_csv(layout, {"userId", "movieId", "rating", "timestamp"}),
         detail::read_movielens_ratings);
  }
  if (const auto path = folder / (options.tags.empty() ? layout.tags : options.tags);
      !options.tags.empty() || detail::file_is_there(path))
    read(path, to_utf8(open(path)), detail::movielens_csv(layout, {"userId", "movieId", "tag", "timestamp"}),
         detail::read_movielens_tags);
  return log.take();
}

}  // namespace reco
