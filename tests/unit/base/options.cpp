// SPDX-License-Identifier: MIT
#include "reco/base/options.hpp"

#include <chrono>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "support/catch.hpp"

using namespace reco_test;
using namespace std::chrono_literals;

namespace {

enum class solver { direct, iterative, none_of_these };

/// One field of each kind an option may have.
struct everything {
  int factors = 64;
  double regularization = 0.1;
  float alpha = 1;
  bool center = true;
  reco::half_life_t half_life = 36h;
  std::chrono::seconds window = 24h;
  std::uint64_t seed = 0;
  solver method = solver::direct;

  static constexpr std::string_view name = "everything";
  static constexpr auto options() {
    return std::tuple{
        reco::at_least("factors", &everything::factors, 1),
        reco::above("regularization", &everything::regularization, 0),
        reco::between("alpha", &everything::alpha, 0, 2),
        reco::any_value("center", &everything::center),
        reco::above("half_life", &everything::half_life, 0s),
        reco::at_least("window", &everything::window, 1s),
        reco::any_value("seed", &everything::seed),
        reco::one_of("method", &everything::method, {{"direct", solver::direct}, {"iterative", solver::iterative}})};
  }
  friend bool operator==(const everything&, const everything&) = default;
};
static_assert(reco::options_are_complete<everything>);

/// The mistake that `options_are_complete` is for.
struct one_forgotten {
  int factors = 64;
  double regularization = 0.1;

  static constexpr std::string_view name = "one_forgotten";
  static constexpr auto options() { return std::tuple{reco::at_least("factors", &one_forgotten::factors, 1)}; }
};
static_assert(reco::has_options<one_forgotten> && !reco::options_are_complete<one_forgotten>);

struct nothing {
  static constexpr std::string_view name = "nothing";
  static constexpr auto options() { return std::tuple{}; }
};
static_assert(reco::options_are_complete<nothing>);

struct nameless {
  static constexpr auto options() { return std::tuple{}; }
};
static_assert(!reco::has_options<nameless> && !reco::has_options<int>);

void check(const everything& e) { reco::check_options(e); }
everything parse(std::string_view text) { return reco::parse_options<everything>(text); }

}  // namespace

TEST_CASE("the defaults are in range and are what an empty text gives") {
  CHECK_NOTHROW(check({}));
  CHECK(parse("") == everything{});
}

TEST_CASE("a field out of its range is named with the bound and the value") {
  const auto message = [](const everything& e, const std::string& text) {
    CHECK_THROWS_MATCHES(check(e), reco::invalid_argument, Message(text));
  };
  message({.factors = 0}, "everything: factors must be at least 1, got 0");
  message({.factors = -5}, "everything: factors must be at least 1, got -5");
  message({.regularization = 0}, "everything: regularization must be above 0, got 0");
  message({.regularization = -0.5}, "everything: regularization must be above 0, got -0.5");
  message({.alpha = 2.5F}, "everything: alpha must be at most 2, got 2.5");
  message({.alpha = -1}, "everything: alpha must be at least 0, got -1");
  message({.half_life = 0s}, "everything: half_life must be above 0s, got 0s");
  message({.half_life = -3h}, "everything: half_life must be above 0s, got -3h");
  message({.window = 0s}, "everything: window must be at least 1s, got 0s");
  message({.method = solver::none_of_these},
          "everything: method must be one of its named values, got an unnamed value");
}

TEST_CASE("the bounds themselves are in range unless they are excluded") {
  CHECK_NOTHROW(check({.factors = 1}));
  CHECK_NOTHROW(check({.alpha = 0}));
  CHECK_NOTHROW(check({.alpha = 2}));
  CHECK_NOTHROW(check({.window = 1s}));
  CHECK_NOTHROW(check({.regularization = std::numeric_limits<double>::denorm_min()}));
  CHECK_NOTHROW(check({.half_life = reco::never}));
}

TEST_CASE("a number that is not finite is out of every range") {
  constexpr double inf = std::numeric_limits<double>::infinity();
  CHECK_THROWS_WITH(check({.regularization = std::nan("")}), "everything: regularization must be above 0, got nan");
  CHECK_THROWS_WITH(check({.regularization = inf}),
                    "everything: regularization must be at most 1.7976931348623157e+308, got inf");
  CHECK_THROWS_WITH(check({.alpha = std::nanf("")}), "everything: alpha must be at least 0, got nan");
  CHECK_THROWS_WITH(check({.half_life = reco::half_life_t(std::nan(""))}),
                    "everything: half_life must be above 0s, got nans");
}

TEST_CASE("the first field out of range is the one that is named") {
  CHECK_THROWS_WITH(check({.factors = 0, .regularization = -1}), "everything: factors must be at least 1, got 0");
}

TEST_CASE("every kind of option is read from text") {
  const auto e = parse(
      "factors=8,regularization=1e-3,alpha=0.5,center=false,half_life=3d,window=2w,seed=18446744073709551615,"
      "method=iterative");
  CHECK(e == everything{.factors = 8,
                        .regularization = 1e-3,
                        .alpha = 0.5F,
                        .center = false,
                        .half_life = 72h,
                        .window = 336h,
                        .seed = 18446744073709551615U,
                        .method = solver::iterative});
  CHECK(parse("center=1").center);
  CHECK_FALSE(parse("center=0").center);
  CHECK(parse("half_life=never").half_life == reco::never);
  CHECK(parse("factors=3,factors=4").factors == 4);
}

TEST_CASE("text that is no value is quoted with what was expected") {
  const auto message = [](const std::string& text, const std::string& expected) {
    CHECK_THROWS_MATCHES(parse(text), reco::invalid_argument, Message(expected));
  };
  message("factors=many", "everything: factors must be a whole number, got 'many'");
  message("factors=1.5", "everything: factors must be a whole number, got '1.5'");
  message("factors=", "everything: factors must be a whole number, got ''");
  message("factors= 3", "everything: factors must be a whole number, got ' 3'");
  message("factors=99999999999", "everything: factors must be a whole number, got '99999999999'");
  message("seed=-1", "everything: seed must be a whole number, got '-1'");
  message("alpha=x", "everything: alpha must be a number, got 'x'");
  message("center=yes", "everything: center must be true or false, got 'yes'");
  message("half_life=soon", "everything: half_life must be a duration such as 36h, got 'soon'");
  message("window=1.5", "everything: window must be a duration such as 36h, got '1.5'");
  message("method=fast", "everything: method must be one of direct, iterative, got 'fast'");
  message("factors=a=b", "everything: factors must be a whole number, got 'a=b'");
}

TEST_CASE("text that is no list of options is refused") {
  const auto message = [](const std::string& text, const std::string& expected) {
    CHECK_THROWS_MATCHES(parse(text), reco::invalid_argument, Message(expected));
  };
  message("factors", "everything: options are written name=value, got 'factors'");
  message(",", "everything: options are written name=value, got ''");
  message("factors=1,", "everything: options are written name=value, got ''");
  message("factors=1,,seed=2", "everything: options are written name=value, got ''");
  message("factor=1",
          "everything: no option 'factor'; it has factors, regularization, alpha, center, half_life, window, seed, "
          "method");
  CHECK_THROWS_WITH(reco::parse_options<nothing>("a=1"), "nothing: no option 'a'; it has none");
}

TEST_CASE("the names that a text gives values to stand in its order") {
  using names = std::vector<std::string_view>;
  CHECK(reco::names_given<everything>("seed=2,factors=,any=x=y") == names{"seed", "factors", "any"});
  CHECK(reco::names_given<everything>("").empty());
  CHECK_THROWS_WITH(reco::names_given<everything>("seed=2,factors"),
                    "everything: options are written name=value, got 'factors'");
}

TEST_CASE("what is read is checked against the ranges") {
  CHECK_THROWS_WITH(parse("factors=0"), "everything: factors must be at least 1, got 0");
  CHECK_THROWS_WITH(parse("half_life=-1h"), "everything: half_life must be above 0s, got -1h");
  CHECK_THROWS_WITH(parse("regularization=nan"), "everything: regularization must be above 0, got nan");
}

TEST_CASE("a value that cannot be set leaves the field as it was") {
  everything e{.factors = 5, .method = solver::iterative};
  CHECK_THROWS(reco::set_option(e, "factors", "x"));
  CHECK_THROWS(reco::set_option(e, "method", "x"));
  CHECK_THROWS(reco::set_option(e, "half_life", "x"));
  CHECK_THROWS(reco::set_option(e, "center", "x"));
  CHECK(e == everything{.factors = 5, .method = solver::iterative});
}

TEST_CASE("a description names what differs from the defaults") {
  CHECK(reco::describe(everything{}) == "everything");
  CHECK(reco::describe(everything{.factors = 8}) == "everything:factors=8");
  CHECK(reco::describe(everything{.regularization = 0.25, .center = false, .half_life = 48h}) ==
        "everything:regularization=0.25,center=false,half_life=2d");
  CHECK(reco::describe(everything{.method = solver::iterative}) == "everything:method=iterative");
}

TEST_CASE("a description reads back as the same options") {
  const std::vector<everything> all = {
      {.factors = 1, .regularization = 1e-300, .alpha = 0.1F},
      {.regularization = 1.0 / 3, .half_life = reco::half_life_t(1.0 / 7)},
      {.center = false, .half_life = reco::never, .window = 61s, .seed = 12345678901234567890U},
      {.half_life = reco::half_life_t(1e20), .method = solver::iterative},
  };
  for (const auto& e : all) {
    const auto text = reco::describe(e);
    CAPTURE(text);
    CHECK(parse(std::string_view(text).substr(text.find(':') + 1)) == e);
  }
}

TEST_CASE("options are listed in the order of their declaration") {
  std::vector<std::string> names;
  reco::for_each_option<everything>([&](const auto& o) { names.emplace_back(o.name); });
  CHECK(names == std::vector<std::string>{"factors", "regularization", "alpha", "center", "half_life", "window", "seed",
                                          "method"});
}

TEST_CASE("an option says where a search for good values looks, and only then is searched") {
  constexpr auto plain = reco::at_least("factors", &everything::factors, 1);
  STATIC_REQUIRE(!plain.searched);
  constexpr auto factors = plain.search(16, 256, reco::search_scale::logarithmic);
  STATIC_REQUIRE(factors.searched);
  STATIC_REQUIRE((factors.search_low == 16 && factors.search_high == 256));
  STATIC_REQUIRE(factors.scale == reco::search_scale::logarithmic);
  STATIC_REQUIRE((factors.low == 1 && factors.name == "factors"));  // what is allowed stays what it was
  constexpr auto method = reco::one_of("method", &everything::method, {{"direct", solver::direct}});
  STATIC_REQUIRE((!method.searched && method.search().searched));
}
