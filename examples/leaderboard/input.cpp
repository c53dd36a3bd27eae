// SPDX-License-Identifier: MIT
#include "input.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <utility>

#include <reco/base/error.hpp>
#include <reco/base/random.hpp>
#include <reco/data/event_log.hpp>
#include <reco/data/filter.hpp>
#include <reco/data/published_split.hpp>
#include <reco/evaluation/nearest_name.hpp>
#include <reco/io/deskdrop.hpp>
#include <reco/io/events_csv.hpp>
#include <reco/io/lightgcn.hpp>
#include <reco/io/movielens.hpp>
#include <reco/io/ncf.hpp>
#include <reco/io/sequence.hpp>
#if defined(RECO_EXAMPLES_HAVE_XZ)
#include <reco/io/xz.hpp>
#endif

#include "../support/table.hpp"
#include "splits.hpp"

namespace {

std::string read(const std::filesystem::path& path) {
#if defined(RECO_EXAMPLES_HAVE_XZ)
  return reco::read_file_or_xz(path);
#else
  return reco::read_file(path);
#endif
}

/// What a reader gave: one log, or two parts of one numbering.
struct raw {
  std::vector<reco::event> train = {};
  std::vector<reco::event> test = {};
  bool is_split = false;
  std::vector<std::vector<std::int32_t>> candidates = {};
  std::vector<std::string> texts = {};
  reco::shape shape = {};
  reco::import_report report = {};
};

raw of_log(reco::event_log log) {
  raw out{.train = std::move(log.events), .shape = log.shape(), .report = std::move(log.report)};
  if (log.has_texts()) out.texts = std::move(log.texts);
  return out;
}

raw of_split(reco::published_split split) {
  const auto shape = split.shape();
  return {.train = std::move(split.train),
          .test = std::move(split.test),
          .is_split = true,
          .candidates = std::move(split.candidates),
          .shape = shape,
          .report = std::move(split.report)};
}

raw read_raw(const settings& asked) {
  const std::filesystem::path train(asked.train), test(asked.test);
  const reco::events_csv_options columns{.by_position = true};
  if (asked.format.empty()) {
    raw out{.train = demo_log()};
    out.shape = reco::shape_of(out.train);
    return out;
  }
  if (asked.format == "lightgcn") return of_split(reco::read_lightgcn(train, read));
  if (asked.format == "ncf") return of_split(reco::read_ncf(train, read));
  if (asked.format == "sequence") return of_log(reco::read_sequences(train, read));
  if (asked.format == "deskdrop") return of_log(reco::read_deskdrop(train, {}, read));
  if (!asked.test.empty()) return of_split(reco::read_split_csv(train, test, columns, read));
  if (asked.format == "movielens" && std::filesystem::is_directory(train))
    return of_log(reco::read_movielens(train, {}, read));
  return of_log(reco::read_events_csv(train, columns, {}, read));
}

/// Only what `keep` wants, and of the candidates those of the test events that stay.
template <class Keep>
void filter(raw& in, Keep keep) {
  std::erase_if(in.train, [&](const reco::event& e) { return !keep(e); });
  std::size_t left = 0;
  for (std::size_t n = 0; n < in.test.size(); ++n) {
    if (!keep(in.test[n])) continue;
    if (!in.candidates.empty() && left != n) in.candidates[left] = std::move(in.candidates[n]);
    in.test[left++] = in.test[n];
  }
  in.test.resize(left);
  if (!in.candidates.empty()) in.candidates.resize(left);
}

std::vector<reco::event> both_parts(const raw& in) {
  auto all = in.train;
  all.insert(all.end(), in.test.begin(), in.test.end());
  return all;
}

/// The k-core of both parts together.
void keep_core(raw& in, int k) {
  const auto core = reco::min_count_filter(both_parts(in), {.items_per_user = k, .users_per_item = k});
  std::vector<bool> users(static_cast<std::size_t>(in.shape.users)), items(static_cast<std::size_t>(in.shape.items));
  for (const auto& e : core.events) {
    users[static_cast<std::size_t>(e.user)] = true;
    items[static_cast<std::size_t>(e.item)] = true;
  }
  filter(in, [&](const reco::event& e) {
    return users[static_cast<std::size_t>(e.user)] && items[static_cast<std::size_t>(e.item)];
  });
}

/// Leaves out the users and items that no event mentions: nobody can be asked about them.
void close_gaps(raw& in) {
  auto all = reco::compact(both_parts(in));
  in.shape = all.shape();
  in.test.assign(all.events.begin() + std::ssize(in.train), all.events.end());
  all.events.resize(in.train.size());
  in.train = std::move(all.events);
  if (in.texts.empty()) return;
  std::vector<std::string> texts;
  for (const auto item : all.items) texts.push_back(std::move(in.texts[static_cast<std::size_t>(item)]));
  in.texts = std::move(texts);
}

void check(const settings& asked) {
  const auto refuse = [](const std::string& why) { throw reco::invalid_argument(why); };
  const bool fixed = asked.format == "lightgcn" || asked.format == "ncf" || asked.format == "sequence";
  if (fixed && !asked.split.empty()) refuse("--split: " + asked.format + " data is split as it is");
  if (!asked.test.empty() && (fixed || asked.format == "deskdrop"))
    refuse("--test: " + asked.format + " data has everything in --train");
  if (!asked.test.empty() && !asked.split.empty()) refuse("--split: there is a --test already");
  if (asked.format == "ncf" && asked.k_core > 0) refuse("--k-core: the candidates of ncf data are given");
  if (asked.rating() && (asked.format == "lightgcn" || asked.format == "sequence"))
    refuse("--task rating: " + asked.format + " data has no ratings");
  if (asked.format != "sequence" && asked.refit_on != "train")
    refuse("--refit-on: only sequence data has a validation part");
}

/// Last item test, the one before it validation, both asked with all that came earlier.
void split_sequences(const settings& asked, raw& in, input& out) {
  auto last = reco::leave_last_out(in.train);
  auto before = reco::leave_last_out(last.train);
  fold f{.test = std::move(last.test)};
  if (asked.refit_on == "train") {
    f.history = std::move(last.train);
    f.train = before.train;
  } else {
    f.train = std::move(last.train);
  }
  out.folds.push_back(std::move(f));
  out.validation = std::move(before);
  out.validation_text = "each user's last item but one";
  out.notes.push_back("each user's last item is test; models are fitted on " +
                      std::string(asked.refit_on == "train" ? "all but the last two, and asked with all but the last"
                                                            : "all but the last"));
}

void split_input(const settings& asked, raw& in, input& out) {
  if (in.is_split) {
    out.folds.push_back(
        {.train = std::move(in.train), .test = std::move(in.test), .candidates = std::move(in.candidates)});
    return;
  }
  if (asked.format == "sequence") return split_sequences(asked, in, out);
  const std::string text = asked.split.empty() ? "random:0.2" : asked.split;
  const auto spec = parse_split("--split", text);
  const bool times =
      std::any_of(in.train.begin(), in.train.end(), [](const auto& e) { return e.time != reco::instant{}; });
  const bool by_time = spec.kind == "leave-last" || spec.kind == "last-share" || spec.kind == "time";
  out.notes.push_back("split " + text + (by_time && !times ? "; no times: the order of the rows stands for them" : ""));
  for (auto& part : split_log(in.train, spec, asked.seed))
    out.folds.push_back({.train = std::move(part.train), .test = std::move(part.test)});
}

}  // namespace

std::vector<reco::event> demo_log() {
  constexpr std::int32_t users = 300, items = 150, groups = 5, days = 60;
  reco::random_engine random(2024);
  const auto below = [&](std::int64_t n) { return static_cast<std::int32_t>(reco::uniform_index(random, n)); };
  std::vector<reco::event> log;
  for (std::int32_t day = 0; day < days; ++day) {
    for (int n = 0; n < 120; ++n) {
      const auto user = below(users);
      // An item of the user's own group four times in five, and one that is new these days twice in three.
      const auto fresh = day * items / days;
      const auto near = std::max(0, std::min(items - 1, fresh - 20 + std::min(below(40), below(40))));
      const auto any = std::min(below(items), below(items));
      auto item = below(3) < 2 ? near : any;
      if (below(5) < 4) item = std::min(items - groups, item / groups * groups) + user % groups;
      const bool again =
          std::any_of(log.begin(), log.end(), [&](const auto& e) { return e.user == user && e.item == item; });
      if (again) continue;
      log.push_back({.user = user,
                     .item = item,
                     .value = 1.0 + std::min(4, below(3) + (item % groups == user % groups ? 2 : 0)),
                     .time = reco::instant(std::chrono::days(20000 + day) + std::chrono::seconds(n * 600))});
    }
  }
  return log;
}

input read_input(const settings& asked) {
  check(asked);
  if (!asked.split.empty()) (void)parse_split("--split", asked.split);  // said before anything is read
  raw in = read_raw(asked);
  input out;
  for (const auto& file : in.report.files) out.notes.push_back(file.file + ": " + text::plural(file.rows, "row"));
  for (const auto& s : in.report.skipped)
    out.notes.push_back("left out: " + text::count(s.rows) + ' ' + s.reason + ", such as " +
                        (s.examples.empty() ? std::string() : s.examples.front()));
  if (asked.min_value) filter(in, [&](const reco::event& e) { return e.value >= *asked.min_value; });
  if (asked.k_core > 0) keep_core(in, asked.k_core);
  const bool binary = asked.values.empty() ? !asked.rating() : asked.values == "binary";
  if (binary)
    for (auto* part : {&in.train, &in.test})
      for (auto& e : *part) e.value = 1;
  if (asked.format != "ncf") close_gaps(in);  // candidates may be items without an event
  out.shape = in.shape;
  out.texts = std::move(in.texts);
  out.exclude_seen = in.candidates.empty();
  split_input(asked, in, out);
  for (const auto& f : out.folds) {
    if (f.train.empty()) throw reco::invalid_argument("there is nothing to learn from: train has no events");
    if (f.test.empty()) throw reco::invalid_argument("there is nothing to ask: test has no events");
  }
  return out;
}
