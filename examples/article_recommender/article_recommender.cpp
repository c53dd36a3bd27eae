// SPDX-License-Identifier: MIT
// A whole recommender in one program: articles become vectors, a reader's recent reads weigh more than old ones,
// the nearest neighbors of that taste are recommended with the reason why, and a reader with no history
// gets what is trending.

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <limits>
#include <string>

#include <CLI/CLI.hpp>

#include <reco/base/thread_pool.hpp>
#include <reco/content/content_recommender.hpp>
#include <reco/data/dataset.hpp>
#include <reco/io/time.hpp>
#include <reco/popularity/most_popular.hpp>
#include <reco/popularity/trending.hpp>

#include "evaluate.hpp"
#include "input.hpp"
#include "settings.hpp"
#include "show.hpp"
#include "vectors.hpp"

namespace {

/// Says on standard error how long each step took, and on a terminal which one is under way.
class step_clock {
 public:
  template <class F>
  auto operator()(const char* what, F&& f) {
    if (isatty(STDERR_FILENO)) std::fprintf(stderr, "\r%s ...\033[K", what);
    const auto start = std::chrono::steady_clock::now();
    auto result = f();
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    if (isatty(STDERR_FILENO)) std::fputs("\r\033[K", stderr);
    steps_ += (steps_.empty() ? "" : ", ") + std::string(what) + ' ' + seconds(took.count());
    return result;
  }
  void report(unsigned threads) const {
    std::fprintf(stderr, "%s (%u thread%s)\n", steps_.c_str(), threads, threads == 1 ? "" : "s");
  }

 private:
  static std::string seconds(double s) {
    char buffer[32];
    std::snprintf(buffer, sizeof buffer, "%.3f s", s);
    return buffer;
  }
  std::string steps_ = {};
};

std::int32_t reader_to_show(const settings& asked, const input& in, const std::vector<double>& drift) {
  if (asked.user) {
    if (const auto user = in.log.users.find(*asked.user)) return *user;
    throw reco::invalid_argument("--user: no reader is called '" + *asked.user + "'; there are " +
                                 std::to_string(in.log.users.size()) + ", the first is '" + in.log.users.id(0) + "'");
  }
  // Of all readers of enough articles the one who stayed most faithful.
  std::int32_t steady = 0;
  for (std::int32_t u = 0; u < std::ssize(drift); ++u) {
    const auto& d = drift[static_cast<std::size_t>(u)];
    const auto& best = drift[static_cast<std::size_t>(steady)];
    if (d >= 0 && (best < 0 || d < best)) steady = u;
  }
  return steady;
}

void run(const settings& asked) {
  reco::thread_pool pool(asked.threads);
  const reco::training how{.executor = pool};
  step_clock timed;

  const input in = timed("reading", [&] { return read_input(asked); });
  if (asked.evaluate) {
    std::printf("reco: an article recommender, evaluated\n");
    show::what_was_read(in);
    timed("evaluating", [&] {
      evaluate(asked, in, how);
      return 0;
    });
    return timed.report(asked.threads);
  }
  const auto made = timed("vectors", [&] { return make_vectors(asked, in, how); });
  const auto& vectors = made.first;
  const auto data = timed("data", [&] { return reco::dataset<float>(in.log.events, in.log.shape(), vectors); });
  const show::models models = timed("models", [&] {
    return show::models{
        .taste = reco::content_recommender{.half_life = asked.half_life, .neutral = in.neutral}.fit(vectors, how),
        .undecayed = reco::content_recommender{.half_life = reco::never, .neutral = in.neutral}.fit(vectors, how),
        .trend = in.has_times ? reco::trending{.half_life = asked.trend_half_life,
                                               .by = reco::popularity_measure::events,
                                               .now = in.now}
                                    .fit(data, how)
                              : reco::most_popular{}.fit(data, how),
    };
  });

  std::vector<double> drift;
  for (std::int32_t u = 0; u < data.users(); ++u) drift.push_back(show::drift_of(data, models, u, in.now));
  const auto reader = reader_to_show(asked, in, drift);
  const auto drifted = static_cast<std::int32_t>(std::max_element(drift.begin(), drift.end()) - drift.begin());

  std::printf("reco: an article recommender\n");
  show::what_was_read(in);
  show::how_vectors_were_made(made.second, in, models.taste);
  timed("recommending", [&] {
    show::one_reader(asked, in, data, models, reader);
    return 0;
  });
  if (in.has_times && drift[static_cast<std::size_t>(drifted)] > 0.05 && !asked.user)
    show::drifted_reader(asked, in, data, models, drifted);
  show::new_reader(asked, in, data, models);
  timed.report(asked.threads);
}

/// Durations and times as the library reads them.
struct duration_option {
  reco::half_life_t& value;
  void operator()(const std::string& text) const {
    if (!reco::parse_duration(text, value) || !(value.count() > 0))
      throw CLI::ValidationError("a duration above 0 such as 36h, 3d or never was expected, got '" + text + "'");
  }
};

/// Every file that is named must be one that is read.
void check_sources(const settings& asked) {
  const bool csv = asked.format == "csv", folder = asked.format == "deskdrop" || asked.format == "movielens";
  if (csv && asked.reads.empty()) throw reco::invalid_argument("--format csv needs --reads FILE");
  if (folder && asked.path.empty()) throw reco::invalid_argument("--format " + asked.format + " needs --path FOLDER");
  if (!csv && !asked.reads.empty())
    throw reco::invalid_argument("--reads: --format " + asked.format + " has reads of its own");
  if (!csv && !asked.articles.empty()) throw reco::invalid_argument("--articles needs --reads FILE");
  if (!folder && !asked.path.empty()) throw reco::invalid_argument("--path needs --format deskdrop or movielens");
  if (!asked.csv.empty() && !asked.evaluate) throw reco::invalid_argument("--csv needs --evaluate");
}

}  // namespace

int main(int argc, char** argv) {
  settings asked;
  CLI::App app(
      "Recommends articles: to a reader what lies nearest to their taste, in which recent reads weigh more, and to a\n"
      "new reader what is trending. Without options it runs on 252 articles and 4,419 reads that are built in.");
  app.add_option("--format", asked.format, "where articles and reads come from")
      ->check(CLI::IsMember({"built-in", "csv", "deskdrop", "movielens"}))
      ->capture_default_str();
  app.add_option("--reads", asked.reads, "csv: file with the columns user, article and, if known, time and weight");
  app.add_option(
      "--articles", asked.articles,
      "csv: file with the columns id and, if known, title, text and embedding; without it articles are called "
      "by their ids");
  app.add_option("--path", asked.path, "deskdrop, movielens: the folder with the publisher's files");
  app.add_option("--embed", asked.embed,
                 "what vectors are made of: text, or co-reads (who read the same), or given (they came with the "
                 "articles or in --embeddings); by default the last of these that the data allow, text before co-reads")
      ->check(CLI::IsMember({"text", "co-reads", "given"}));
  app.add_option("--embeddings", asked.embeddings,
                 "a .npy or .fvecs file with a row for each article, in the order of the list of articles");
  app.add_option("--dimensions", asked.dimensions,
                 "how many numbers a vector made here has (default: by the number of articles)")
      ->check(CLI::Range(1, 4096));
  app.add_option("--user", asked.user, "the reader to recommend to (default: one is chosen)");
  app.add_option("--k", asked.k, "how many articles to recommend")->check(CLI::Range(1, 1000))->capture_default_str();
  app.add_option_function<std::string>("--half-life", duration_option{asked.half_life},
                                       "after what time a read weighs half: 36h, 3d, 2w, never [7d]");
  app.add_option_function<std::string>("--trend-half-life", duration_option{asked.trend_half_life},
                                       "after what time a read counts half for what is trending [2d]");
  app.add_option_function<std::string>(
      "--now",
      [&](const std::string& text) {
        asked.now = reco::parse_time(text);
        if (!asked.now)
          throw CLI::ValidationError("expected " + std::string(reco::time_formats) + ", got '" + text + "'");
      },
      "the moment of asking; later reads are left out (default: the newest read)");
  app.add_option("--threads", asked.threads, "threads to work with; the answer does not depend on it")
      ->check(CLI::Range(1U, 1024U))
      ->capture_default_str();
  app.add_flag("--evaluate", asked.evaluate,
               "say how good the recommendations are: ask before every first read of the last fifth, then learn it");
  app.add_option_function<std::string>("--refit", duration_option{asked.refit},
                                       "evaluate: after what time of the log vectors are learned anew [1d]");
  app.add_option("--max-queries", asked.max_queries, "evaluate: ask no more than so many, drawn at random; 0: all")
      ->check(CLI::Range(std::int64_t{0}, std::numeric_limits<std::int64_t>::max()))
      ->capture_default_str();
  app.add_option("--seed", asked.seed, "evaluate: of the random draw of queries")->capture_default_str();
  app.add_option("--csv", asked.csv, "evaluate: write every figure and its interval to this file as well");

  try {
    app.parse(argc, argv);
    if (asked.format == "built-in" && !asked.reads.empty()) asked.format = "csv";
    check_sources(asked);
    run(asked);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "article_recommender: %s\n", error.what());
    return 2;
  }
}
