// SPDX-License-Identifier: MIT
#include "input.hpp"

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <utility>

#include <reco/base/error.hpp>
#include <reco/io/deskdrop.hpp>
#include <reco/io/events_csv.hpp>
#include <reco/io/file.hpp>
#include <reco/io/movielens.hpp>
#if defined(RECO_EXAMPLES_HAVE_XZ)
#include <reco/io/xz.hpp>
#endif

#include "corpus.hpp"

namespace {

/// Files may be packed by xz where the program was built with it.
reco::file_reader opener() {
#if defined(RECO_EXAMPLES_HAVE_XZ)
  return reco::read_file_or_xz;
#else
  return reco::read_file;
#endif
}

reco::event_log built_in() {
  reco::event_log articles;
  for (auto& a : corpus::articles()) {
    articles.items.add(a.id);
    articles.texts.push_back(a.title + '\n' + a.text);
    articles.titles.push_back(std::move(a.title));
  }
  const auto from_memory = [](const std::filesystem::path&) { return std::string(corpus::reads()); };
  return reco::read_events_csv("built-in reads", {}, std::move(articles), from_memory);
}

reco::event_log read_log(const settings& asked) {
  if (asked.format == "built-in") return built_in();
  if (asked.format == "movielens") return reco::read_movielens(asked.path, {}, opener());
  if (asked.format == "deskdrop") return reco::read_deskdrop(asked.path, {}, opener());
  std::optional<reco::event_log> articles;
  if (!asked.articles.empty()) articles = reco::read_items_csv(asked.articles, {}, opener());
  return reco::read_events_csv(asked.reads, {}, std::move(articles), opener());
}

/// "Heat (1995)" says 1995 in its title: without this, films of one year would lie near each other.
void drop_years(reco::event_log& log) {
  for (auto& text : log.texts) {
    const auto end = std::min(text.find('\n'), text.size());
    const bool year =
        end >= 6 && text[end - 1] == ')' && text[end - 6] == '(' &&
        std::all_of(text.begin() + static_cast<std::ptrdiff_t>(end - 5),
                    text.begin() + static_cast<std::ptrdiff_t>(end - 1), [](char c) { return c >= '0' && c <= '9'; });
    if (year) text.erase(end - 6, 6);
  }
}

std::string where_from(const settings& asked, const reco::event_log& log) {
  if (asked.format == "built-in") return "built in";
  if (asked.format == "csv" && !asked.articles.empty()) return asked.articles;
  if (log.has_texts()) return asked.path;
  return "no list of articles: those that were read";
}

}  // namespace

input read_input(const settings& asked) {
  input in{.log = read_log(asked)};
  if (asked.format == "movielens") drop_years(in.log);
  auto& events = in.log.events;
  if (events.empty()) throw reco::invalid_argument("there are no reads to learn from");
  in.articles_from = where_from(asked, in.log);
  in.neutral = asked.format == "movielens" ? 2.5 : 0;
  in.has_times = in.log.has_times();
  if (asked.now && !in.has_times) throw reco::invalid_argument("--now: the reads have no times");
  in.now = asked.now.value_or(std::max_element(events.begin(), events.end(), [](const auto& a, const auto& b) {
                                return a.time < b.time;
                              })->time);
  in.later = static_cast<std::int64_t>(std::erase_if(events, [&](const reco::event& e) { return e.time > in.now; }));
  if (events.empty()) throw reco::invalid_argument("--now: every read is later than " + reco::instant_text(in.now));
  return in;
}
