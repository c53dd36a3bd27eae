// SPDX-License-Identifier: MIT
// Runs algorithms on a data set and prints one table: accuracy at several cutoffs with intervals, what lies beyond
// accuracy, and what it costs.

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

#include <reco/base/thread_pool.hpp>

#include "algorithms.hpp"
#include "data.hpp"
#include "report.hpp"
#include "results.hpp"
#include "settings.hpp"
#include "splits.hpp"

namespace {

void say_progress(const std::string& what) {
  if (isatty(STDERR_FILENO)) std::fprintf(stderr, "\r%s\033[K", what.c_str());
}

std::vector<reco::any_estimator<float>> make_all(const settings& asked) {
  std::vector<reco::any_estimator<float>> out;
  for (const auto& text : asked.algorithms) {
    const auto& known = all_algorithms().find(reco::split_description(text).first);
    if (asked.rating() && !known.predicts())
      throw reco::invalid_argument(std::string(known.name()) + " foretells no ratings: it is for --task ranking");
    out.push_back(all_algorithms().make(text));
  }
  if (out.empty()) throw reco::invalid_argument("--algorithm NAME is needed; --list says which there are");
  return out;
}

/// 0, or 2 if an algorithm could not be run.
int run(const settings& asked) {
  const auto estimators = make_all(asked);  // what is misspelt is said before anything is read
  reco::thread_pool pool(asked.threads);
  say_progress("reading ...");
  const auto data = read_data(asked);
  say_progress("");
  print_facts(asked, data);
  std::fflush(stdout);
  const bool vectors = std::any_of(estimators.begin(), estimators.end(),
                                   [](const auto& e) { return e.name() == "content_recommender"; });
  const contest contest(asked, data.folds, data, vectors, pool);
  std::vector<result> results;
  int status = 0;
  for (std::size_t n = 0; n < estimators.size(); ++n) {
    say_progress(estimators[n].text() + " (" + std::to_string(n + 1) + " of " + std::to_string(estimators.size()) +
                 ") ...");
    try {
      results.push_back(contest.run(estimators[n]));
    } catch (const reco::error& failure) {  // the others are still worth their table
      say_progress("");
      std::fprintf(stderr, "leaderboard: %s: %s\n", estimators[n].text().c_str(), failure.what());
      status = 2;
    }
  }
  say_progress("");
  print_table(asked, results);
  if (!asked.csv.empty()) write_results_csv(asked.csv, results);
  return status;
}

void demo(settings& asked) {
  asked.format = "built-in";
  asked.split = "random:0.2";
  asked.algorithms = {"most_popular", "most_popular:by=mean,min_count=5"};
  asked.at = {10, 20};
  asked.timings = false;
  std::printf("reco: a leaderboard, on data made up for the purpose; --help says how to run it on yours\n");
}

}  // namespace

int main(int argc, char** argv) {
  settings asked;
  bool list = false;
  CLI::App app(
      "Runs algorithms on a data set and prints one table: accuracy at several cutoffs with 95 % intervals, beyond\n"
      "accuracy, and cost. Without options it runs on synthetic data.");
  app.add_option(
         "--format", asked.format,
         "of the data: movielens (a folder, or a file of ratings in one), csv (user, item and maybe value and\n"
         "time; comma, tab, semicolon or ::), lightgcn (a folder of train.txt and test.txt), ncf (the prefix of\n"
         ".train.rating, .test.rating, .test.negative), sequence (user item item ...), deskdrop (a folder)")
      ->check(CLI::IsMember({"movielens", "csv", "lightgcn", "ncf", "sequence", "deskdrop"}));
  app.add_option("--train", asked.train, "the data, or their training part");
  app.add_option("--test", asked.test, "csv, movielens, deskdrop: the test part, in the same format");
  app.add_option("--split", asked.split,
                 "divide --train: random:SHARE (of each user, rounded up, at least one), random-global:SHARE,\n"
                 "kfold:FOLDS (over rows), leave-last:N, last-share:SHARE (of each user, by time), time:SHARE");
  app.add_option("--task", asked.task, "ranking or rating")
      ->check(CLI::IsMember({"ranking", "rating"}))
      ->capture_default_str();
  app.add_option("--values", asked.values, "binary: every kept row counts 1 (default for ranking); as-is (for rating)")
      ->check(CLI::IsMember({"binary", "as-is"}));
  app.add_option("--min-value", asked.min_value, "leave out rows of less, before --values");
  app.add_option("--k-core", asked.k_core, "keep users with N items and items with N users, again and again")
      ->check(CLI::NonNegativeNumber);
  app.add_option("--refit-on", asked.refit_on,
                 "sequence: train, or train+valid to fit on the last but one item as well")
      ->check(CLI::IsMember({"train", "train+valid"}))
      ->capture_default_str();
  app.add_option("--algorithm", asked.algorithms, "NAME[:option=value,...]; may be repeated")->allow_extra_args(false);
  app.add_option("--at", asked.at, "cutoffs")->delimiter(',')->check(CLI::PositiveNumber)->capture_default_str();
  app.add_option("--threads", asked.threads, "no figure but the timings depends on it")
      ->check(CLI::Range(1U, 1024U))
      ->capture_default_str();
  app.add_option("--seed", asked.seed, "of splits, intervals and trials")->capture_default_str();
  app.add_option("--csv", asked.csv, "write every figure to a file");
  app.add_flag("--list", list, "print every algorithm with its options, defaults and ranges");

  try {
    app.parse(argc, argv);
    if (list) {
      print_list(all_algorithms());
      return 0;
    }
    if (argc == 1) demo(asked);
    else if (asked.format.empty()) throw reco::invalid_argument("--format and --train say what to read; see --help");
    std::sort(asked.at.begin(), asked.at.end());
    asked.at.erase(std::unique(asked.at.begin(), asked.at.end()), asked.at.end());
    return run(asked);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "leaderboard: %s\n", error.what());
    return 2;
  }
}
