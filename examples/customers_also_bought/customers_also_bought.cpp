// SPDX-License-Identifier: MIT
// "Customers who bought this also bought", by several measures side by side, and what to recommend to a customer,
// old or new, with reasons that add up.

#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <span>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include <reco/base/error.hpp>
#include <reco/base/thread_pool.hpp>
#include <reco/neighborhood/co_occurrence.hpp>
#include <reco/neighborhood/ease.hpp>
#include <reco/neighborhood/item_knn.hpp>
#include <reco/neighborhood/slim.hpp>

#include "input.hpp"
#include "settings.hpp"
#include "show.hpp"

namespace {

void progress(const char* what) {
  if (isatty(STDERR_FILENO) != 0) std::fprintf(stderr, "\r%s\033[K", what);
}

/// With both exponents 0.5, a plain cosine: what everybody buys gets no more say than the rest. The default, 0.35 for
/// the item that is scored, finds more of what people buy next, and bags and chocolate are among it.
reco::item_knn cosine() { return {.user_exponent = 0.5, .source_exponent = 0.5, .target_exponent = 0.5}; }

std::vector<show::measure> fit_measures(const input& in, const reco::training& how) {
  using reco::association, reco::co_occurrence;
  const auto many = in.words.who + 's';
  return {{"count", "how many " + many + " have both", co_occurrence{.measure = association::count}.fit(in.had, how)},
          {"lift", "that, over how many would by chance and 5 more, which hold back what is rare",
           co_occurrence{.measure = association::lift, .damping = 5}.fit(in.had, how)},
          {"likelihood ratio", "how sure it is that they go together more often than by chance",
           co_occurrence{.measure = association::log_likelihood}.fit(in.had, how)},
          {"Swing", "pairs of " + many + " with both; pairs that have little else in common say more",
           co_occurrence{.measure = association::swing}.fit(in.had, how)},
          {"item_knn", "cosine; " + many + " who have much say less", cosine().fit(in.had, how)}};
}

show::adviser fit_adviser(const std::string& name, const input& in, const reco::training& how) {
  if (name == "ease") return reco::ease{}.fit(in.had, how);
  if (name == "slim") return reco::slim{}.fit(in.had, how);
  return cosine().fit(in.had, how);
}

/// Neither bought by everybody nor by nobody.
std::int32_t usual_item(const input& in) {
  std::vector<std::int32_t> order;
  for (std::int32_t item = 0; item < in.had.items(); ++item) order.push_back(item);
  std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) {
    return in.had_by[static_cast<std::size_t>(a)] > in.had_by[static_cast<std::size_t>(b)];
  });
  return order[order.size() / 10];
}

/// The first who has about a handful.
std::int32_t usual_customer(const input& in) {
  std::int32_t best = 0;
  const auto off = [&](std::int32_t user) { return std::abs(std::ssize(in.had.of(user).items) - 6); };
  for (std::int32_t user = 0; user < in.had.users(); ++user)
    if (off(user) < off(best)) best = user;
  return best;
}

void run(settings asked) {
  reco::thread_pool pool(asked.threads);
  const reco::training how{.executor = pool};
  progress("reading …");
  const auto in = read_input(asked);
  if (asked.movielens.empty()) {
    if (asked.item.empty()) asked.item = "Proofing Basket";
    if (asked.customer.empty()) asked.customer = "Greta B.";
    if (asked.basket.empty()) asked.basket = {"Head Torch", "Bird Feeder"};
  }
  const auto item = asked.item.empty() ? usual_item(in) : find_item(in, "--item", asked.item);
  const auto customer = asked.customer.empty() ? usual_customer(in) : find_customer(in, asked.customer);
  progress("counting what goes with what …");
  const auto measures = fit_measures(in, how);
  progress(("fitting " + asked.model + " …").c_str());
  const auto model = fit_adviser(asked.model, in, how);
  progress("");

  std::printf("reco: customers also bought\n");
  show::what_was_bought(in, asked.k);
  show::bought_by_most(in, measures.front(), item, asked.k);
  show::also_bought(in, measures, item, asked.k);

  // Orders come in all day long.
  const std::span<const reco::event> all(in.log.events), fresh = all.last((all.size() + 9) / 10);
  const reco::sparse_interactions<float> so_far(all.first(all.size() - fresh.size()), in.log.shape(),
                                                reco::repeats::max);
  const auto before = cosine().fit(so_far, how);
  show::updated(in, before, cosine().updated(before, in.had, fresh, how), measures.back().model, item, asked.k);

  const auto& name = in.log.users.id(customer);
  const auto has = in.had.of(customer).items;
  const auto called = asked.movielens.empty() ? name : in.words.who + ' ' + name;
  show::recommended(in, model, "Recommended to " + called + " by " + asked.model, has, asked.k);

  // Whoever comes for the first time has a basket; the model is not fitted again.
  std::vector<std::int32_t> basket;
  for (const auto& part : asked.basket) basket.push_back(find_item(in, "--basket", part));
  if (basket.empty()) basket.push_back(item);
  std::sort(basket.begin(), basket.end());
  basket.erase(std::unique(basket.begin(), basket.end()), basket.end());
  show::recommended(in, model, "Recommended to somebody new, by what is in the basket; nothing is fitted again", basket,
                    asked.k);
}

}  // namespace

int main(int argc, char** argv) {
  settings asked;
  CLI::App app(
      "What customers who bought a product also bought, by several measures, and what to recommend to them, with the\n"
      "reasons. Without options: in a small shop for house and garden that is built in.");
  app.add_option("--movielens", asked.movielens, "A folder of MovieLens data: movies and who liked them (4 stars, 5)");
  app.add_option("--item", asked.item, "Part of a title: what goes with it?");
  app.add_option("--customer", asked.customer, "Who is recommended to: a name in the shop, a number in MovieLens");
  app.add_option("--basket", asked.basket, "Part of a title that a new customer has; may be given several times")
      ->take_all()
      ->allow_extra_args(false);
  app.add_option("--model", asked.model, "What recommends")
      ->check(CLI::IsMember({"item_knn", "ease", "slim"}))
      ->capture_default_str();
  app.add_option("--k", asked.k, "How long lists are")->check(CLI::Range(1, 1000))->capture_default_str();
  app.add_option("--threads", asked.threads, "Threads; never change the answer")
      ->check(CLI::Range(1U, 1024U))
      ->capture_default_str();
  try {
    app.parse(argc, argv);
    run(asked);
  } catch (const CLI::ParseError& e) {
    return app.exit(e) == 0 ? 0 : 2;
  } catch (const std::exception& e) {
    progress("");
    std::fprintf(stderr, "customers_also_bought: %s\n", e.what());
    return 2;
  }
}
