// SPDX-License-Identifier: MIT
#include "reco/io/xgboost_model.hpp"

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/memory_files.hpp"
#include "support/ranking.hpp"

using namespace reco_test;

namespace {

/// Tree 0: x0 < 0.5 ? (x1 < -1 ? 1 : 2) : 4, missing left, right. Node 2 and what was below it (5, 6) were pruned.
/// Tree 1: x2 in {1, 34} goes right, to 20; all else, and what is no category, left, to 10; missing right.
std::string xgboost_text() {
  return R"({"learner": {
  "gradient_booster": {
    "model": {
      "gbtree_model_param": {"num_parallel_tree": "1", "num_trees": "2", "size_leaf_vector": "0"},
      "tree_info": [0, 0],
      "trees": [
        {"default_left": [1, 0, 0, 0, 0, 1, 1], "id": 0,
         "left_children": [1, 3, -1, -1, -1, -1, -1], "right_children": [2, 4, -1, -1, -1, -1, -1],
         "loss_changes": [30, 20.5, 0, 0, 0, 0, 0], "sum_hessian": [100, 60, 40, 20, 40, 0, 0],
         "split_conditions": [5E-1, -1E0, 4E0, 1E0, 2E0, 0, 0],
         "split_indices": [0, 1, 0, 0, 0, 2147483647, 2147483647],
         "tree_param": {"num_deleted": "2", "num_nodes": "7"}},
        {"categories": [1, 34], "categories_nodes": [0], "categories_segments": [0], "categories_sizes": [2],
         "default_left": [false, false, false], "id": 1,
         "left_children": [1, -1, -1], "right_children": [2, -1, -1],
         "loss_changes": [15, 0, 0], "sum_hessian": [100, 60, 40],
         "split_conditions": [NaN, 10, 20], "split_indices": [2, 0, 0], "split_type": [1, 0, 0],
         "tree_param": {"num_deleted": "0", "num_nodes": "3"}}
      ]
    },
    "name": "gbtree"
  },
  "learner_model_param": {"base_score": "5E-1", "num_class": "0", "num_feature": "3", "num_target": "1"},
  "objective": {"name": "rank:ndcg"}
 },
 "version": [1, 7, 4]
})";
}

/// The model with the text `from`, which stands there, made `to`.
std::string xgboost_text(const std::string& from, const std::string& to) {
  auto text = xgboost_text();
  const auto at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

double xgboost_score(const std::string& text, std::vector<float> row) {
  return reco::parse_xgboost_model(text, "m.json").predict(row);
}

/// The score of no feature above its split: base + 1 + 10.
double base_of(const std::string& text) { return xgboost_score(text, {0, -2, 0}) - 11; }

/// What is wrong with a text: "expected, got", with the line and column before it where there are any.
std::string xgboost_complaint(const std::string& text) {
  try {
    (void)reco::parse_xgboost_model(text, "m.json");
  } catch (const reco::parse_error& e) {
    CHECK(e.file() == "m.json");
    const auto place = e.line() == 0 ? "" : std::to_string(e.line()) + ":" + std::to_string(e.column()) + ": ";
    return place + "expected " + e.expected() + ", got " + e.got();
  }
  return "nothing";
}

const std::string tree = "learner/gradient_booster/model/trees/";

}  // namespace

TEST_CASE("an XGBoost model scores rows as worked by hand") {
  CHECK(xgboost_score(xgboost_text(), {0, -2, 0}) == 0.5 + 1 + 10);
  CHECK(xgboost_score(xgboost_text(), {0, -1, 1}) == 0.5 + 2 + 20);  // -1 < -1 is false
  CHECK(xgboost_score(xgboost_text(), {std::nextafter(0.5F, 0.0F), std::nextafter(-1.0F, -2.0F), 34}) == 0.5 + 1 + 20);
  CHECK(xgboost_score(xgboost_text(), {0.5F, 0, 2}) == 0.5 + 4 + 10);
  CHECK(xgboost_score(xgboost_text(), {7, 0, 34.5F}) == 0.5 + 4 + 20);  // category 34, cut to a whole number
  const auto trees = reco::parse_xgboost_model(xgboost_text(), "m.json");
  CHECK(trees.features() == 3);
  CHECK(trees.trees() == 2);
  CHECK(trees.base_score() == 0.5);
  CHECK(trees.importance() == std::vector<double>{30, 20.5, 15});
  CHECK(trees.splits_of(0)[0].cover == 100);
  CHECK(reco::read_xgboost_model("m.json", memory_files({{"m.json", xgboost_text()}}))
            .predict(std::vector<float>{7, 0, 1}) == 24.5);
}

TEST_CASE("missing values and values that are no category go where XGBoost sends them") {
  CHECK(xgboost_score(xgboost_text(), {not_a_number, -2, 0}) == 0.5 + 1 + 10);
  CHECK(xgboost_score(xgboost_text(), {0, not_a_number, 0}) == 0.5 + 2 + 10);
  CHECK(xgboost_score(xgboost_text(), {0, -2, not_a_number}) == 0.5 + 1 + 20);
  CHECK(xgboost_score(xgboost_text("[false, false", "[true, false"), {0, -2, not_a_number}) == 0.5 + 1 + 10);
  for (const float none : {-1.0F, -0.5F, 3.0F, 1000.0F, 1e9F})
    CHECK(xgboost_score(xgboost_text(), {0, -2, none}) == 0.5 + 1 + 10);
}

TEST_CASE("the base score becomes a margin as its objective says") {
  const auto with = [](const std::string& objective) { return base_of(xgboost_text("rank:ndcg", objective)); };
  CHECK(with("reg:squarederror") == 0.5);
  CHECK_THAT(with("binary:logistic"), WithinAbs(0, 1e-14));
  CHECK_THAT(with("count:poisson"), WithinRel(std::log(0.5), 1e-14));
  auto text = xgboost_text("rank:ndcg", "binary:logistic");
  text.replace(text.find("5E-1\", \"num_class"), 4, "3E-1");
  CHECK_THAT(base_of(text), WithinRel(std::log(0.3 / 0.7), 1e-6));  // 0.3 as a float
}

TEST_CASE("the weights of dropped trees go into the leaves") {
  auto text = xgboost_text("\"model\": {", "\"weight_drop\": [0.5, 2], \"gbtree\": {\"model\": {");
  text.replace(text.find("\"name\": \"gbtree\""), 16, "\"name\": \"gbtree\"}, \"name\": \"dart\"");
  CHECK(xgboost_score(text, {0, -2, 0}) == 0.5 + 0.5 * 1 + 2 * 10);
  CHECK(xgboost_complaint(text.replace(text.find("[0.5, 2]"), 8, "[0.5]")) ==
        "expected an array of 2 in learner/gradient_booster/weight_drop, got 1 values");
}

TEST_CASE("what is not read is said") {
  CHECK(xgboost_complaint(xgboost_text("\"num_class\": \"0\"", "\"num_class\": \"3\"")) ==
        "expected a whole number from 0 to 1 in learner/learner_model_param/num_class, got '\"3\"'");
  CHECK(xgboost_complaint(xgboost_text("\"num_target\": \"1\"", "\"num_target\": \"2\"")) ==
        "expected a whole number from 0 to 1 in learner/learner_model_param/num_target, got '\"2\"'");
  CHECK(xgboost_complaint(xgboost_text("[0, 0]", "[0, 1]")) ==
        "expected a whole number from 0 to 0 in learner/gradient_booster/model/tree_info/1, got '1'");
  CHECK(xgboost_complaint(xgboost_text("\"name\": \"gbtree\"", "\"name\": \"gblinear\"")) ==
        "expected 'gbtree' or 'dart' in learner/gradient_booster/name, got '\"gblinear\"'");
  CHECK(xgboost_complaint(xgboost_text("rank:ndcg", "multi:softprob")) ==
        "expected an objective of one score a row in learner/objective/name, got '\"multi:softprob\"'");
  const auto ubjson = "1:1: expected a model saved as JSON, got XGBoost's UBJSON or binary format";
  CHECK(xgboost_complaint(std::string("{L\0\0\0\0\0\0\0\7learner{", 19)) == ubjson);
  CHECK(xgboost_complaint("binf\1\2\3") == ubjson);
}

TEST_CASE("what is no JSON is said with line and column") {
  const auto cut_short = "expected an XGBoost model in JSON, got the end of the text: the file is cut short";
  CHECK(xgboost_complaint("") == std::string("1:1: ") + cut_short);
  CHECK(xgboost_complaint(xgboost_text().substr(0, xgboost_text().find("\"tree_info\""))) ==
        std::string("5:7: ") + cut_short);
  CHECK(xgboost_complaint(xgboost_text().substr(0, xgboost_text().size() - 1)) == std::string("27:1: ") + cut_short);
  CHECK(xgboost_complaint(xgboost_text("[0, 0]", "[0; 0]")) ==
        "5:22: expected an XGBoost model in JSON, got '; 0],\\n      \"trees\":'");
  CHECK(xgboost_complaint("tree\nversion=v4\n") == "1:3: expected an XGBoost model in JSON, got 'ee\\nversion=v4\\n'");
  CHECK(xgboost_complaint("[1, 2]") == "expected an object at the top, got '[1,2]'");
  CHECK(xgboost_complaint("{\"learner\": \"a \\\" NaN\"}") == "expected an object in learner, got '\"a \\\" NaN\"'");
}

TEST_CASE("values that cannot be are said with the way to them") {
  CHECK(xgboost_complaint(xgboost_text("\"learner\"", "\"lerner\"")) == "expected key 'learner' at the top, got none");
  CHECK(xgboost_complaint(xgboost_text("\"num_feature\": \"3\"", "\"num_feature\": \"x\"")) ==
        "expected a whole number from 0 to 1073741824 in learner/learner_model_param/num_feature, got '\"x\"'");
  CHECK(xgboost_complaint(xgboost_text("\"num_trees\": \"2\"", "\"num_trees\": \"3\"")) ==
        "expected an array of 3 in learner/gradient_booster/model/trees, got 2 values");
  CHECK(xgboost_complaint(xgboost_text("\"base_score\": \"5E-1\"", "\"base_score\": []")) ==
        "expected a number from -3.4028234663852886e+38 to 3.4028234663852886e+38 in "
        "learner/learner_model_param/base_score, got '[]'");
  auto certain = xgboost_text("rank:ndcg", "binary:logistic");
  certain.replace(certain.find("5E-1\", \"num_class"), 4, "1E-0");
  CHECK(xgboost_complaint(certain) ==
        "expected a number between 0 and 1 in learner/learner_model_param/base_score, got '\"1E-0\"'");
  CHECK(xgboost_complaint(xgboost_text("\"left_children\": [1, 3,", "\"left_children\": [1, 7,")) ==
        "expected a whole number from -1 to 6 in " + tree + "0/left_children/1, got '7'");
  CHECK(xgboost_complaint(xgboost_text("\"left_children\": [1, 3,", "\"left_children\": [1, 0,")) ==
        "expected a child that no other node has in " + tree +
            "0/left_children/1, got node 0, reached a second time: it has two parents, or a circle");
  CHECK(xgboost_complaint(xgboost_text("\"right_children\": [2, 4,", "\"right_children\": [2, 2,")) ==
        "expected a child that no other node has in " + tree +
            "0/right_children/1, got node 2, reached a second time: it has two parents, or a circle");
  CHECK(xgboost_complaint(xgboost_text("\"right_children\": [2, 4,", "\"right_children\": [2, -1,")) ==
        "expected a child that no other node has in " + tree +
            "0/right_children/1, got none, though there is another child");
  CHECK(xgboost_complaint(xgboost_text("\"num_deleted\": \"2\"", "\"num_deleted\": \"1\"")) ==
        "expected all but 1 of 7 nodes below node 0 in " + tree + "0, got 5");
  CHECK(xgboost_complaint(xgboost_text("\"left_children\": [1, 3,", "\"left_children\": [1, \"a\",")) ==
        "expected a whole number from -1 to 6 in " + tree + "0/left_children/1, got '\"a\"'");
  CHECK(xgboost_complaint(xgboost_text("\"left_children\": [1, 3,", "\"left_children\": [1, 1.5,")) ==
        "expected a whole number from -1 to 6 in " + tree + "0/left_children/1, got '1.5'");
  CHECK(xgboost_complaint(xgboost_text("\"left_children\": [1, 3, -1, -1, -1, -1, -1]", "\"left_children\": 5")) ==
        "expected an array in " + tree + "0/left_children, got '5'");
  CHECK(xgboost_complaint(
            xgboost_text("\"split_indices\": [0, 1, 0, 0, 0, 2147483647, 2147483647]", "\"split_indices\": [0, 1]")) ==
        "expected an array of 7 in " + tree + "0/split_indices, got 2 values");
  CHECK(xgboost_complaint(xgboost_text("\"split_indices\": [0, 1,", "\"split_indices\": [0, 3,")) ==
        "expected a whole number from 0 to 2 in " + tree + "0/split_indices/1, got '3'");
  CHECK(xgboost_complaint(xgboost_text("[5E-1, -1E0", "[NaN, -1E0"))
            .ends_with("in " + tree + "0/split_conditions/0, got 'NaN'"));
  CHECK(xgboost_complaint(xgboost_text("4E0, 1E0", "4E0, 1E60"))
            .ends_with("in " + tree + "0/split_conditions/3, got '1e+60'"));
  CHECK(xgboost_complaint(xgboost_text("\"split_type\": [1", "\"split_type\": [2")) ==
        "expected a whole number from 0 to 1 in " + tree + "1/split_type/0, got '2'");
  CHECK(xgboost_complaint(xgboost_text("\"categories_nodes\": [0]", "\"categories_nodes\": [1]")) ==
        "expected node 0, which asks for categories in " + tree + "1/categories_nodes, got none");
  CHECK(xgboost_complaint(xgboost_text("\"categories_sizes\": [2]", "\"categories_sizes\": [3]")) ==
        "expected a whole number from 0 to 2 in " + tree + "1/categories_sizes/0, got '3'");
  CHECK(xgboost_complaint(xgboost_text("\"categories_segments\": [0]", "\"categories_segments\": [1]")) ==
        "expected a part of 2 categories in " + tree + "1/categories_sizes/0, got 2");
  CHECK(xgboost_complaint(xgboost_text("[1, 34]", "[1, -34]")) ==
        "expected a whole number from 0 to 16777215 in " + tree + "1/categories/1, got '-34'");
}

TEST_CASE("wherever a model is cut short, that is an error and nothing worse") {
  const auto text = xgboost_text();
  for (std::size_t n = 0; n < text.size(); n += 7)
    CHECK_THROWS_AS(reco::parse_xgboost_model(text.substr(0, n), "m.json"), reco::parse_error);
}

TEST_CASE("an XGBoost model with a byte changed is an error or a model that scores") {
  const auto text = xgboost_text();
  int models = 0, errors = 0;
  for (std::size_t at = 0; at < text.size(); ++at)
    for (const char c : std::string("09-.\"]x")) {
      auto changed = text;
      changed[at] = c;
      try {
        const auto trees = reco::parse_xgboost_model(changed, "m.json");
        ++models;
        if (trees.features() > 100) continue;
        for (const float x : {0.0F, 1.0F, 34.0F, not_a_number}) {
          const std::vector<float> row(static_cast<std::size_t>(trees.features()), x);
          REQUIRE(std::isfinite(trees.predict(row)));
        }
      } catch (const reco::parse_error&) {
        ++errors;
      }
    }
  CHECK(models > 500);
  CHECK(errors > 1000);
  CHECK_THROWS_AS(reco::parse_xgboost_model(std::string(100000, '['), "m.json"), reco::parse_error);
}
