// SPDX-License-Identifier: MIT
// Trains rankers on judged documents and judges them on others.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <numeric>
#include <optional>
#include <string>
#include <vector>

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <chrono>

#include <reco/base/error.hpp>
#include <reco/base/thread_pool.hpp>
#include <reco/io/letor.hpp>
#if defined(RECO_EXAMPLES_HAVE_XZ)
#include <reco/io/xz.hpp>
#endif

#include "../support/memory.hpp"
#include "../support/table.hpp"
#include "judging.hpp"
#include "rankers.hpp"
#include "shop_search.hpp"

namespace {

struct settings {
  std::string train = {}, test = {}, valid = {}, csv = {}, plot = {};
  std::vector<std::string> algorithms = {};
  judging how = {};
  tuning tune = {};
  int seeds = 1;
  unsigned threads = 1;
};

/// What there is to learn from and to be judged on.
struct input {
  std::string title = {};
  std::vector<std::string> features = {};  ///< names; empty: numbers
  reco::ranking_data train = {}, test = {};
  std::optional<reco::ranking_data> valid = {};
};

struct contender {
  trained model = {};
  std::vector<figure> figures = {};
  double queries_per_second = 0;
  double peak_mib = 0;
};

input read_input(const settings& asked) {
  if (asked.train.empty()) {
    auto shop = make_shop_search();
    return {"a made-up search in a shop", std::move(shop.features), std::move(shop.train), std::move(shop.test),
            std::move(shop.valid)};
  }
#if defined(RECO_EXAMPLES_HAVE_XZ)
  const reco::file_reader open = reco::read_file_or_xz;
#else
  const reco::file_reader open = reco::read_file;
#endif
  input in{.title = asked.train};
  in.train = reco::read_letor(asked.train, {}, open).data;
  const reco::letor_options as_train{.features = in.train.features()};
  in.test = reco::read_letor(asked.test, as_train, open).data;
  if (!asked.valid.empty()) in.valid = reco::read_letor(asked.valid, as_train, open).data;
  return in;
}

std::string feature_name(const input& in, std::size_t f) {
  return in.features.empty() ? "feature " + std::to_string(f) : in.features[f];
}

void show_data(const settings& asked, const input& in) {
  text::title("Judged documents: " + in.title);
  text::table rows({"part", ">queries", ">documents", ">features", ">nothing relevant"});
  const auto add = [&](const char* part, const reco::ranking_data& d) {
    rows.add({part, text::count(d.queries()), text::count(d.documents()), text::count(d.features()),
              text::count(empty_queries(d))});
  };
  add("train", in.train);
  if (in.valid) add("validation", *in.valid);
  add("test", in.test);
  rows.print();
  const char* const counts = asked.how.empty == reco::nothing_relevant::skip  ? "is skipped"
                             : asked.how.empty == reco::nothing_relevant::one ? "counts 1"
                                                                              : "counts 0";
  std::printf("  A test query with nothing relevant %s; gains are %s; equal scores stay in the order of the file.\n",
              counts, asked.how.gain == reco::ndcg::gain_of::linear ? "the labels" : "2^label - 1");
}

void show_figures(const std::vector<contender>& all) {
  text::title("On the test queries, with 95 % intervals");
  std::vector<std::string> header{"ranker"};
  for (const auto& f : all.front().figures) header.push_back('>' + f.metric + (f.k ? '@' + std::to_string(*f.k) : ""));
  text::table rows(header);
  for (const auto& c : all) {
    std::vector<std::string> row{text::fit(c.model.options, 40)}, interval{""};
    for (const auto& f : c.figures) {
      row.push_back(text::score(f.value.mean));
      interval.push_back(text::score(f.value.low) + ".." + text::score(f.value.high));
    }
    rows.add(std::move(row));
    rows.add(std::move(interval));
  }
  rows.print();
}

/// The ten features that a ranker leans on most, as shares of all it leans on.
void show_importance(const input& in, const contender& c) {
  const auto& weight = c.model.importance;
  std::vector<std::size_t> order(weight.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return weight[a] > weight[b]; });
  const double all = std::accumulate(weight.begin(), weight.end(), 0.0);
  text::title("What " + text::fit(c.model.options, 50) + " leans on");
  text::table rows({"feature", ">share"});
  for (std::size_t n = 0; n < std::min<std::size_t>(10, order.size()) && weight[order[n]] > 0; ++n) {
    char share[16];
    std::snprintf(share, sizeof share, "%.1f %%", 100 * weight[order[n]] / all);
    rows.add({feature_name(in, order[n]), share});
  }
  rows.print();
}

void write_csv(const std::string& file, const std::vector<contender>& all) {
  std::ofstream out(file);
  out << "algorithm,options,metric,k,value,low,high,fit_seconds,users_per_second,peak_mib\n";
  for (const auto& c : all)
    for (const auto& f : c.figures) {
      const auto colon = std::min(c.model.options.find(':'), c.model.options.size());
      const std::string options = c.model.options.substr(std::min(colon + 1, c.model.options.size()));
      char numbers[160];
      std::snprintf(numbers, sizeof numbers, ",%.8f,%.8f,%.8f,%.3f,%.1f,%.1f\n", f.value.mean, f.value.low,
                    f.value.high, c.model.seconds, c.queries_per_second, c.peak_mib);
      out << c.model.options.substr(0, colon) << ",\"" << options << "\"," << f.metric << ','
          << (f.k ? std::to_string(*f.k) : "") << numbers;
    }
  if (!out.flush()) throw reco::invalid_argument("--csv: " + file + " cannot be written");
}

/// NDCG against k, a line a ranker, drawn by gnuplot.
void write_plot(const std::string& file, const std::vector<contender>& all) {
  if (std::system("command -v gnuplot >/dev/null 2>&1") != 0)
    return void(std::fprintf(stderr, "no picture: gnuplot is not found\n"));
  std::FILE* const pipe = popen("gnuplot", "w");
  if (pipe == nullptr) return void(std::fprintf(stderr, "no picture: gnuplot does not start\n"));
  std::string name = file;
  for (std::size_t n = 0; (n = name.find('\'', n)) != std::string::npos; n += 2) name.insert(n, 1, '\'');
  std::fprintf(pipe,
               "set terminal svg size 700,480 noenhanced\nset output '%s'\nset xlabel 'k'\nset ylabel 'NDCG@k'\n"
               "set key outside\n",
               name.c_str());
  std::string lines;
  for (std::size_t c = 0; c < all.size(); ++c) {
    std::fprintf(pipe, "$r%zu << END\n", c);
    for (const auto& f : all[c].figures)
      if (f.metric == "ndcg")
        std::fprintf(pipe, "%d %.8g %.8g %.8g\n", f.k.value_or(0), f.value.mean, f.value.low, f.value.high);
    std::fprintf(pipe, "END\n");
    lines += (lines.empty() ? "plot " : ", ") + ("$r" + std::to_string(c)) +
             " using 1:2:3:4 with yerrorlines title \"" +
             all[c].model.options.substr(0, all[c].model.options.find(':')) + '"';
  }
  std::fprintf(pipe, "%s\n", lines.c_str());
  if (pclose(pipe) != 0) std::fprintf(stderr, "no picture: gnuplot failed\n");
}

/// The algorithms with the options that are best on parts of the training set; says what was chosen.
std::vector<std::string> tune_all(const settings& asked, const reco::ranking_data& train, reco::executor_ref pool) {
  text::title("Options chosen on the training queries, NDCG@10 over " + std::to_string(asked.tune.folds) + " folds, " +
              std::to_string(asked.tune.repeats) + " times");
  std::vector<std::string> out;
  for (const auto& spec : asked.algorithms) {
    if (isatty(2) != 0) std::fprintf(stderr, "\rtuning %s … \033[K", spec.c_str());
    const auto found = tune_ranker(spec, train, asked.tune, pool);
    if (isatty(2) != 0) std::fprintf(stderr, "\r\033[K");
    out.push_back(found ? found->spec : spec);
    if (found)
      std::printf("  %s before, %s with\n    %s\n", text::score(found->ndcg_before).c_str(),
                  text::score(found->ndcg).c_str(), found->spec.c_str());
    else std::printf("  %s leaves no option to choose\n", spec.c_str());
  }
  return out;
}

void run(const settings& asked) {
  const auto in = read_input(asked);
  if (in.test.documents() == 0) throw reco::invalid_argument("--test: there are no documents to judge");
  std::printf("reco: learning to rank\n");
  show_data(asked, in);
  reco::thread_pool pool(asked.threads);
  std::vector<contender> all;
  const peak_memory peak;
  const auto algorithms = asked.tune.trials > 0 ? tune_all(asked, in.train, pool) : asked.algorithms;
  for (const auto& spec : algorithms) {
    if (isatty(2) != 0) std::fprintf(stderr, "\rtraining %s … \033[K", spec.c_str());
    peak.reset();
    contender c{.model = train_ranker(spec, in.train, in.valid ? &*in.valid : nullptr, asked.seeds, pool)};
    const auto start = std::chrono::steady_clock::now();
    std::vector<std::vector<double>> scores;
    for (const auto& run : c.model.scores) scores.push_back(run(in.test.matrix_of_features(), pool));
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count() /
                           static_cast<double>(scores.size());
    c.queries_per_second = in.test.queries() / std::max(seconds, 1e-9);
    c.peak_mib = peak.mib();
    c.figures = judge(in.test, scores, asked.how);
    all.push_back(std::move(c));
  }
  if (isatty(2) != 0) std::fprintf(stderr, "\r\033[K");
  show_figures(all);
  if (asked.seeds > 1) std::printf("  Means of %d seeds, where a ranker draws numbers.\n", asked.seeds);
  show_importance(in, all.back());
  for (const auto& c : all)
    std::fprintf(stderr, "%-20s fitted in %.3f s, %.0f queries/s, peak %.0f MiB\n",
                 text::fit(c.model.options, 20).c_str(), c.model.seconds, c.queries_per_second, c.peak_mib);
  if (!asked.csv.empty()) write_csv(asked.csv, all);
  if (!asked.plot.empty()) write_plot(asked.plot, all);
}

}  // namespace

int main(int argc, char** argv) {
  settings asked;
  std::string empty = "skip", gain = "exp";
  bool list = false;
  CLI::App app(
      "Trains rankers on judged documents (LETOR, SVMlight; F.query beside F has the sizes of queries where there\n"
      "is no qid) and judges them on others. Without arguments: on a made-up search in a shop.");
  app.add_option("--train", asked.train, "Documents to learn from");
  app.add_option("--test", asked.test, "Documents to be judged on");
  app.add_option("--valid", asked.valid, "Documents to stop on: early stopping by NDCG@10");
  app.add_option("--algorithm", asked.algorithms, "NAME[:option=value,…]; may be given several times")->take_all();
  app.add_option("--at", asked.how.at, "Cutoffs of NDCG")
      ->delimiter(',')
      ->check(CLI::Range(1, 1000000))
      ->capture_default_str();
  app.add_option("--empty", empty, "What a query with nothing relevant counts")
      ->check(CLI::IsMember({"skip", "zero", "one"}))
      ->capture_default_str();
  app.add_option("--gain", gain, "What a label is worth: 2^label - 1 or the label")
      ->check(CLI::IsMember({"exp", "linear"}))
      ->capture_default_str();
  app.add_option("--tune", asked.tune.trials,
                 "Choose the options that are not given by this many random trials on folds of the training queries; "
                 "the test is not looked at")
      ->check(CLI::Range(1, 100000));
  app.add_option("--folds", asked.tune.folds, "Folds for --tune")->check(CLI::Range(2, 1000))->capture_default_str();
  app.add_option("--repeats", asked.tune.repeats, "How often --tune parts the queries anew")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  app.add_option("--tune-seed", asked.tune.seed, "Seed of --tune")->capture_default_str();
  app.add_option("--seeds", asked.seeds, "Train with this many seeds and judge by the mean")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  app.add_option("--threads", asked.threads, "Threads; never change the answer")
      ->check(CLI::Range(1, 1024))
      ->capture_default_str();
  app.add_option("--csv", asked.csv, "Write all figures to this file");
  app.add_option("--plot", asked.plot, "Draw NDCG against k into this SVG file (needs gnuplot)");
  app.add_flag("--list", list, "Show every ranker with its options and their defaults");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return app.exit(e) == 0 ? 0 : 2;
  }
  if (list) return std::printf("%s", list_rankers().c_str()) < 0;
  asked.how.empty = empty == "one"    ? reco::nothing_relevant::one
                    : empty == "zero" ? reco::nothing_relevant::zero
                                      : reco::nothing_relevant::skip;
  asked.how.gain = gain == "linear" ? reco::ndcg::gain_of::linear : reco::ndcg::gain_of::exponential;
  std::sort(asked.how.at.begin(), asked.how.at.end());
  if (asked.algorithms.empty()) asked.algorithms = {"best_feature", "pointwise", "listnet", "lambda_mart"};
  try {
    if (asked.train.empty() != asked.test.empty()) throw reco::invalid_argument("--train and --test belong together");
    if (!asked.valid.empty() && asked.train.empty()) throw reco::invalid_argument("--valid needs --train and --test");
    run(asked);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "learning_to_rank: %s\n", e.what());
    return 2;
  }
}
