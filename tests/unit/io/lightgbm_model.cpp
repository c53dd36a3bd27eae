// SPDX-License-Identifier: MIT
#include "reco/io/lightgbm_model.hpp"

#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "reco/ltr/tree_shap.hpp"
#include "support/catch.hpp"
#include "support/memory_files.hpp"
#include "support/ranking.hpp"

using namespace reco_test;

namespace {

constexpr float infinity = std::numeric_limits<float>::infinity();

/// Tree 0: x0 <= 0.1 (NaN is 0: left) ? (x1 <= -2, NaN or 0 on the right ? 1 : 2) : (x2 <= 1.5, NaN left ? 4 : 8).
/// Tree 1: x2 in {1, 34} ? 100 : (x0 in {0}, so from 0 to below 1 ? 200 : 300). Tree 2: 1000.
std::string lightgbm_text() {
  return "tree\n"                               // 1
         "version=v4\n"                         // 2
         "num_class=1\n"                        // 3
         "num_tree_per_iteration=1\n"           // 4
         "label_index=0\n"                      // 5
         "max_feature_idx=2\n"                  // 6
         "objective=lambdarank\n"               // 7
         "feature_names=age price shop\n"       // 8
         "feature_infos=[0:1] [-9:9] 0:1:34\n"  // 9
         "tree_sizes=400 400 90\n"              // 10
         "\n"                                   // 11
         "Tree=0\n"                             // 12
         "num_leaves=4\n"                       // 13
         "num_cat=0\n"                          // 14
         "split_feature=0 1 2\n"                // 15
         "split_gain=30 20.5 10\n"              // 16
         "threshold=0.1 -2 1.5\n"               // 17
         "decision_type=2 4 10\n"               // 18
         "left_child=1 -1 -3\n"                 // 19
         "right_child=2 -2 -4\n"                // 20
         "leaf_value=1 2 4 8\n"                 // 21
         "leaf_weight=1 1 1 1\n"                // 22
         "leaf_count=10 20 30 40\n"             // 23
         "internal_value=0 0 0\n"               // 24
         "internal_weight=0 0 0\n"              // 25
         "internal_count=100 30 70\n"           // 26
         "is_linear=0\n"                        // 27
         "shrinkage=0.1\n"                      // 28
         "\n"                                   // 29
         "\n"                                   // 30
         "Tree=1\n"                             // 31
         "num_leaves=3\n"                       // 32
         "num_cat=2\n"                          // 33
         "split_feature=2 0\n"                  // 34
         "split_gain=5 4\n"                     // 35
         "threshold=1 0\n"                      // 36
         "decision_type=1 9\n"                  // 37
         "left_child=-1 -2\n"                   // 38
         "right_child=1 -3\n"                   // 39
         "leaf_value=100 200 300\n"             // 40
         "leaf_count=50 25 25\n"                // 41
         "internal_count=100 50\n"              // 42
         "cat_boundaries=0 1 3\n"               // 43
         "cat_threshold=1 2 4\n"                // 44
         "is_linear=0\n"                        // 45
         "shrinkage=0.1\n"                      // 46
         "\n"                                   // 47
         "\n"                                   // 48
         "Tree=2\n"                             // 49
         "num_leaves=1\n"                       // 50
         "num_cat=0\n"                          // 51
         "split_feature=\n"                     // 52
         "leaf_value=1000\n"                    // 53
         "shrinkage=1\n"                        // 54
         "\n"                                   // 55
         "\n"                                   // 56
         "end of trees\n"                       // 57
         "\n"                                   // 58
         "feature_importances:\nage=2\n\nparameters:\n[boosting: gbdt]\nend of parameters\n";
}

/// The model with the text `from`, which stands there, made `to`.
std::string lightgbm_text(const std::string& from, const std::string& to) {
  auto text = lightgbm_text();
  const auto at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

double lightgbm_score(const std::string& text, std::vector<float> row) {
  return reco::parse_lightgbm_model(text, "m.txt").predict(row);
}

/// What is wrong with a text: "line: expected, got".
std::string lightgbm_complaint(const std::string& text) {
  try {
    (void)reco::parse_lightgbm_model(text, "m.txt");
  } catch (const reco::parse_error& e) {
    CHECK(e.file() == "m.txt");
    return std::to_string(e.line()) + ": expected " + e.expected() + ", got " + e.got();
  }
  return "nothing";
}

}  // namespace

TEST_CASE("a LightGBM model scores rows as worked by hand") {
  CHECK(lightgbm_score(lightgbm_text(), {0, -2, 1}) == 1 + 100 + 1000);
  CHECK(lightgbm_score(lightgbm_text(), {0, -1.5F, 34}) == 2 + 100 + 1000);
  CHECK(lightgbm_score(lightgbm_text(), {1.5F, 0, 2}) == 8 + 300 + 1000);
  CHECK(lightgbm_score(lightgbm_text(), {1.5F, 0, 1.5F}) == 4 + 100 + 1000);  // category 1, cut to a whole number
  CHECK(lightgbm_score(lightgbm_text(), {0, 3, 33}) == 2 + 200 + 1000);
  const auto trees = reco::parse_lightgbm_model(lightgbm_text(), "m.txt");
  CHECK(trees.features() == 3);
  CHECK(trees.trees() == 3);
  CHECK(trees.importance() == std::vector<double>{34, 20.5, 15});
  // The covers are those of the file: (10 + 40 + 120 + 320) / 100 + (5000 + 5000 + 7500) / 100 + 1000.
  CHECK_THAT(reco::tree_shap(trees).expected(), WithinRel(4.9 + 175 + 1000, 1e-14));
}

TEST_CASE("missing values go where LightGBM sends them") {
  // x0: no kind of missing: NaN is 0, and 0 <= 0.1.
  CHECK(lightgbm_score(lightgbm_text(), {not_a_number, -2, 2}) == 1 + 300 + 1000);
  CHECK(lightgbm_score(lightgbm_text("threshold=0.1", "threshold=-0.1"), {not_a_number, 0, 2}) == 8 + 300 + 1000);
  // x1: zero is missing, and so is NaN; right.
  CHECK(lightgbm_score(lightgbm_text("0.1 -2 1.5", "0.1 2 1.5"), {0, 0, 2}) == 2 + 200 + 1000);
  CHECK(lightgbm_score(lightgbm_text("0.1 -2 1.5", "0.1 2 1.5"), {0, not_a_number, 2}) == 2 + 200 + 1000);
  CHECK(lightgbm_score(lightgbm_text("0.1 -2 1.5", "0.1 2 1.5"), {0, 1e-30F, 2}) == 1 + 200 + 1000);
  // x2: NaN is missing and goes left; as a category it is in no set.
  CHECK(lightgbm_score(lightgbm_text(), {1.5F, 0, not_a_number}) == 4 + 300 + 1000);
  CHECK(lightgbm_score(lightgbm_text(), {1.5F, 0, -3}) == 4 + 300 + 1000);
  CHECK(lightgbm_score(lightgbm_text(), {1.5F, 0, 1e9F}) == 8 + 300 + 1000);
}

TEST_CASE("a threshold between two floats parts them, and one beyond all floats parts off infinity") {
  const float below = 0.1F > 0.1 ? std::nextafter(0.1F, 0.0F) : 0.1F;  // 0.1 lies between these
  CHECK(lightgbm_score(lightgbm_text(), {below, -2, 2}) == 1 + 200 + 1000);
  CHECK(lightgbm_score(lightgbm_text(), {std::nextafter(below, 1.0F), 0, 2}) == 8 + 200 + 1000);
  const double top = static_cast<double>(std::numeric_limits<float>::max());
  for (const double t : {0.0, 0.1, -0.1, 1e-46, -1e-46, 1e300, -1e300, top, -top, 1.0, 16777217.0, -16777217.0}) {
    const float f = reco::detail::float_at_most(t);
    CHECK(static_cast<double>(f) <= t);
    CHECK((f == infinity || static_cast<double>(std::nextafter(f, infinity)) > t));
  }
  CHECK(reco::detail::float_at_most(std::numeric_limits<double>::infinity()) == infinity);
  CHECK(reco::detail::float_at_most(-std::numeric_limits<double>::infinity()) == -infinity);
}

TEST_CASE("a LightGBM file is read with CRLF, with the end of version 2, and from a file") {
  std::string crlf;
  for (const char c : lightgbm_text()) crlf += c == '\n' ? std::string("\r\n") : std::string(1, c);
  CHECK(lightgbm_score(crlf, {0, -2, 1}) == 1101);
  CHECK(lightgbm_score(lightgbm_text("end of trees", "feature importances:"), {0, -2, 1}) == 1101);
  const auto trees = reco::read_lightgbm_model("m.txt", memory_files({{"m.txt", lightgbm_text()}}));
  CHECK(trees.predict(std::vector<float>{0, -2, 1}) == 1101);
}

TEST_CASE("the trees of a random forest are averaged") {
  CHECK_THAT(lightgbm_score(lightgbm_text("version=v4\n", "version=v4\naverage_output\n"), {0, -2, 1}),
             WithinRel(1101 / 3.0, 1e-15));
}

TEST_CASE("what is wrong with a LightGBM file is said with its line") {
  CHECK(lightgbm_complaint("") == "1: expected a LightGBM model: the line 'tree', got ''");
  CHECK(lightgbm_complaint("{\"learner\":{}}") ==
        "1: expected a LightGBM model: the line 'tree', got '{\"learner\":{}}'");
  CHECK(lightgbm_complaint(lightgbm_text("num_class=1", "num_class=3")) ==
        "3: expected a number from 1 to 1 in 'num_class', got '3'");
  CHECK(lightgbm_complaint(lightgbm_text("max_feature_idx=2\n", "")) ==
        "1: expected key 'max_feature_idx' in the lines from here on, got none");
  CHECK(lightgbm_complaint(lightgbm_text("Tree=1", "Tree=2")) ==
        "31: expected 'Tree=1' or 'end of trees', got 'Tree=2'");
  CHECK(lightgbm_complaint(lightgbm_text("400 400 90", "400 400")) == "10: expected 3 numbers in 'tree_sizes', got 2");
  CHECK(lightgbm_complaint(lightgbm_text("num_leaves=4", "num_leaves=5")) ==
        "21: expected 5 numbers in 'leaf_value', got 4");
  CHECK(lightgbm_complaint(lightgbm_text("num_leaves=4", "num_leaves=0")) ==
        "13: expected a number from 1 to 2147483647 in 'num_leaves', got '0'");
  CHECK(lightgbm_complaint(lightgbm_text("split_gain=30 20.5 10", "split_gain=30 20.5")) ==
        "16: expected 3 numbers in 'split_gain', got 2");
  CHECK(lightgbm_complaint(lightgbm_text("split_gain=", "num_cat=")) ==
        "16: expected each key once, got 'num_cat', which stands on line 14");
  CHECK(lightgbm_complaint(lightgbm_text("split_feature=0 1 2", "split_feature=0 3 2")) ==
        "15: expected a number from 0 to 2 in 'split_feature', got '3'");
  CHECK(lightgbm_complaint(lightgbm_text("-2 1.5", "nan 1.5")) ==
        "17: expected a number from -inf to inf in 'threshold', got 'nan'");
  CHECK(lightgbm_complaint(lightgbm_text("decision_type=2", "decision_type=12")) ==
        "18: expected a number from 0 to 11 in 'decision_type', got '12'");
  CHECK(lightgbm_complaint(lightgbm_text("-2 -4\n", "-2 -5\n")) ==
        "20: expected a number from -4 to 2 in 'right_child', got '-5'");
  CHECK(lightgbm_complaint(lightgbm_text("left_child=1", "left_child=3")) ==
        "19: expected a number from -4 to 2 in 'left_child', got '3'");
  CHECK(lightgbm_complaint(lightgbm_text("left_child=1", "left_child=2")) ==
        "20: expected a tree, got child 2 reached a second time: it has two parents, or a circle");
  CHECK(lightgbm_complaint(lightgbm_text("1 -1 -3", "1 0 -3")) ==
        "19: expected a tree, got child 0 reached a second time: it has two parents, or a circle");
  CHECK(lightgbm_complaint(lightgbm_text("leaf_value=1 2 4 8", "leaf_value=1 inf 4 8")).find("21: ") == 0);
  CHECK(lightgbm_complaint(lightgbm_text("leaf_value=1 2 4 8", "leaf_value=1 2x 4 8")).find("got '2x'") !=
        std::string::npos);
  CHECK(lightgbm_complaint(lightgbm_text("is_linear=0", "is_linear=1")) ==
        "27: expected a number from 0 to 0 in 'is_linear', got '1'");
  CHECK(lightgbm_complaint(lightgbm_text("threshold=1 0", "threshold=2 0")) ==
        "36: expected the number of one of 2 sets of categories for split 0, got 2");
  CHECK(lightgbm_complaint(lightgbm_text("threshold=1 0", "threshold=0.5 0")).find("36: ") == 0);
  CHECK(lightgbm_complaint(lightgbm_text("cat_boundaries=0 1 3", "cat_boundaries=0 4 3")) ==
        "43: expected ascending numbers from 0 in 'cat_boundaries', got '0 4 3'");
  CHECK(lightgbm_complaint(lightgbm_text("cat_boundaries=0 1 3", "cat_boundaries=0 1 4")) ==
        "44: expected 4 numbers in 'cat_threshold', got 3");
  CHECK(lightgbm_complaint(lightgbm_text("cat_boundaries=", "cat_bound=")) ==
        "31: expected key 'cat_boundaries' in the lines from here on, got none");
}

TEST_CASE("a LightGBM file cut short anywhere before the end of its trees is an error") {
  const auto text = lightgbm_text();
  const auto end = text.find("end of trees") + 12;
  for (std::size_t size = 0; size < text.size(); ++size)
    REQUIRE((lightgbm_complaint(text.substr(0, size)) == "nothing") == (size >= end));
}

TEST_CASE("a LightGBM file with a byte changed is an error or a model that scores") {
  const auto text = lightgbm_text();
  int models = 0, errors = 0;
  const std::vector<std::vector<float>> rows = {{0, 0, 0}, {1, 1, 1}, {not_a_number, -5, 34}, {9, not_a_number, 1e9F}};
  for (std::size_t at = 0; at < text.find("end of trees"); ++at)
    for (const char c : std::string("0379-. =\nx")) {
      auto changed = text;
      changed[at] = c;
      try {
        const auto trees = reco::parse_lightgbm_model(changed, "m.txt");
        ++models;
        if (trees.features() > 100) continue;
        for (auto row : rows) {
          row.resize(static_cast<std::size_t>(trees.features()));
          REQUIRE(std::isfinite(trees.predict(row)));
        }
      } catch (const reco::parse_error&) {
        ++errors;
      }
    }
  CHECK(models > 1000);
  CHECK(errors > 1000);
}
