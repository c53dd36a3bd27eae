// SPDX-License-Identifier: MIT
// Runs estimators on a data set and prints one table of how good they are, how sure that is, and what they cost.
// Without arguments it runs on a small log that is built in.

#include <algorithm>
#include <cstdio>
#include <exception>
#include <string>
#include <string_view>
#include <vector>

#include <CLI/CLI.hpp>

#include <reco/base/error.hpp>
#include <reco/base/thread_pool.hpp>
#include <reco/evaluation/nearest_name.hpp>

#include "algorithms.hpp"
#include "input.hpp"
#include "report.hpp"
#include "run.hpp"
#include "settings.hpp"
#include "splits.hpp"

namespace {

using names = std::vector<std::string_view>;

/// Throws `reco::invalid_argument` with the nearest of the words there are.
void one_of(const std::string& option, const std::string& kind, const std::string& word, const names& known) {
  if (std::find(known.begin(), known.end(), word) == known.end())
    throw reco::invalid_argument(option + ": " + reco::no_such_name(kind, word, known));
}

void check(const settings& asked, const CLI::App& app) {
  if (const auto extra = app.remaining(); !extra.empty()) {
    const auto options = app.get_options();
    std::vector<std::string> known;
    for (const auto* o : options) known.push_back(o->get_name());
    throw reco::invalid_argument(reco::no_such_name("option", extra.front().substr(0, extra.front().find('=')),
                                                    names(known.begin(), known.end())));
  }
  if (!asked.format.empty() || !asked.train.empty())
    one_of("--format", "format", asked.format, {"movielens", "csv", "lightgcn", "ncf", "sequence", "deskdrop"});
  one_of("--task", "task", asked.task, {"ranking", "rating"});
  one_of("--refit-on", "part", asked.refit_on, {"train", "train+valid"});
  if (!asked.values.empty()) one_of("--values", "way", asked.values, {"binary", "as-is"});
  if (!asked.format.empty() && asked.train.empty()) throw reco::invalid_argument("--format needs --train PATH");
  if (asked.train.empty() && !asked.test.empty()) throw reco::invalid_argument("--test needs --train PATH");
  if (!asked.validation.empty()) (void)parse_split("--validation", asked.validation);
  for (const auto& text : asked.algorithms) (void)algorithms().make(text);
}

int run(settings& asked, bool demo) {
  if (asked.algorithms.empty()) {
    if (!asked.format.empty()) throw reco::invalid_argument("--algorithm NAME is needed; --list shows all there are");
    asked.algorithms = {"most_popular", "trending:half_life=3d", "trending:half_life=1d", "bayesian_average"};
    if (asked.split.empty()) asked.split = "last-share:0.2";
  }
  std::sort(asked.at.begin(), asked.at.end());
  asked.at.erase(std::unique(asked.at.begin(), asked.at.end()), asked.at.end());
  reco::thread_pool pool(asked.threads);
  const auto in = read_input(asked);
  std::printf("reco: a leaderboard\n");
  print_facts(asked, in);
  std::fflush(stdout);
  const auto all = run_all(asked, in, pool);
  print_table(asked, all, !demo);
  if (!asked.csv.empty()) write_file("--csv", asked.csv, csv_of(all));
  if (!asked.plot.empty()) std::printf("\n  %s\n", plot(asked, all).c_str());
  int status = 0;
  for (const auto& c : all) {
    if (c.failure.empty()) continue;
    std::fprintf(stderr, "leaderboard: %s: %s\n", c.name.c_str(), c.failure.c_str());
    status = 2;
  }
  return status;
}

}  // namespace

int main(int argc, char** argv) {
  settings asked;
  double min_value = 0;
  CLI::App app(
      "Runs estimators on a data set and prints one table: accuracy with 95 % intervals, what lies beyond accuracy,\n"
      "seconds, users a second and memory. Without options it runs on a small log that is built in.");
  app.allow_extras();
  app.add_option("--format", asked.format, "movielens, csv, lightgcn, ncf, sequence or deskdrop");
  app.add_option("--train", asked.train,
                 "movielens, lightgcn, deskdrop: the folder; ncf: the prefix of its three files; csv, sequence: the "
                 "file. csv: user, item and maybe value and time, in this order");
  app.add_option("--test", asked.test,
                 "csv, movielens: a file of the same form as --train; without it the log is split");
  app.add_option("--split", asked.split,
                 "random:0.2 (of each user), random-global:0.2, kfold:5, leave-last:N, last-share:0.2, time:0.2");
  app.add_option("--task", asked.task, "ranking or rating")->capture_default_str();
  app.add_option("--values", asked.values,
                 "binary: every row counts 1 (default for ranking); as-is (default for rating)");
  auto* const least = app.add_option("--min-value", min_value, "rows of a smaller value are left out, before all else");
  app.add_option("--k-core", asked.k_core, "leave users and items with fewer than N of each other out, until none is")
      ->check(CLI::Range(0, 1000000));
  app.add_option("--refit-on", asked.refit_on, "sequence: train or train+valid")->capture_default_str();
  app.add_option("--algorithm", asked.algorithms, "NAME or NAME:option=value,option=value; may be given often")
      ->allow_extra_args(false);
  app.add_option(
         "--tune", asked.tune,
         "try N settings of each algorithm, options that are not given drawn from their search ranges, and keep the "
         "best")
      ->check(CLI::Range(0, 1000000));
  app.add_option(
      "--validation", asked.validation,
      "the split of train that --tune looks at: any of --split, or like-test:0.2, in which items are as frequent as "
      "in test; default as --split");
  app.add_option("--at", asked.at, "cutoffs")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->check(CLI::Range(1, 1000000))
      ->capture_default_str();
  app.add_option("--threads", asked.threads, "threads to work with; the answer does not depend on it")
      ->check(CLI::Range(1U, 1024U))
      ->capture_default_str();
  app.add_option("--seed", asked.seed, "of splits, trials and intervals")->capture_default_str();
  app.add_option("--csv", asked.csv, "write the figures to this file");
  app.add_option("--plot", asked.plot, "write pictures to this SVG file, if gnuplot is found");
  app.add_flag("--list", asked.list, "print every algorithm with its options, defaults and ranges");

  try {
    app.parse(argc, argv);
    if (least->count() > 0) asked.min_value = min_value;
    check(asked, app);
    if (asked.list) {
      print_list();
      return 0;
    }
    return run(asked, argc == 1);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "leaderboard: %s\n", error.what());
    return 2;
  }
}
