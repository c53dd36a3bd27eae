// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "reco/base/config.hpp"
#include "reco/base/error.hpp"
#include "reco/io/file.hpp"
#include "reco/ltr/tree_ensemble.hpp"

/// Models of XGBoost. Needs nlohmann_json: link `reco::xgboost_model`. Not part of `reco.hpp`.

namespace reco::inline RECO_ABI() {

/// Reads a model as XGBoost's `save_model("model.json")` writes it, from version 1.6 on, as JSON. UBJSON
/// (`model.ubj`) is not read, nor is the binary format of before: load such a model in XGBoost and save it as JSON.
///
///     const auto trees = reco::read_xgboost_model("model.json");
///     const double score = trees.predict(row);          // XGBoost's margin (output_margin=True)
///
/// Scores are margins: of a logistic objective the log odds, of `count:poisson` the logarithm; the base score is made
/// one as XGBoost makes it. XGBoost adds floats and we doubles, so scores agree to the rounding of floats. All trees
/// count, those after `best_iteration` too. Boosters `gbtree` and `dart`, whose weights go into the leaves; splits on
/// categories. A missing value is NaN and goes the way its split says; what XGBoost was given as an absent entry of a
/// sparse row is NaN here (`ranking_features` has an option for what is absent). Covers are `sum_hessian`, gains
/// `loss_changes`.
///
/// Throws `parse_error` with line and column for what is no JSON, and with the way to the value
/// (learner/gradient_booster/model/trees/3/left_children/0) for what is no such model: keys that are missing, arrays of
/// another length than nodes, children, features or categories out of range, nodes in a circle; and for what is not
/// read: several classes or targets, `gblinear`, objectives whose base score we do not know. O(bytes).
[[nodiscard]] tree_ensemble read_xgboost_model(const std::filesystem::path& file, const file_reader& open = read_file);

/// The same of a text in memory; `file` is the name for messages.
[[nodiscard]] tree_ensemble parse_xgboost_model(std::string_view text, const std::string& file);

// ---------------------------------------------------------------------------------------------------

namespace detail {

/// A value in a JSON document that knows where it stands.
class json_place {
 public:
  json_place(const nlohmann::json& value, const std::string& file, std::string way = {})
      : value_(&value), file_(&file), way_(std::move(way)) {}

  [[nodiscard]] bool has(const char* key) const { return value_->is_object() && value_->contains(key); }
  [[nodiscard]] json_place at(const char* key) const {
    if (!value_->is_object()) fail("an object", shown());
    const auto found = value_->find(key);
    if (found == value_->end()) fail("key '" + std::string(key) + "'", "none");
    return {*found, *file_, way_.empty() ? key : way_ + '/' + key};
  }
  [[nodiscard]] std::size_t size() const {
    if (!value_->is_array()) fail("an array", shown());
    return value_->size();
  }
  [[nodiscard]] json_place at(std::size_t n) const { return {(*value_)[n], *file_, way_ + '/' + to_text(n)}; }
  [[nodiscard]] const std::string& text() const {
    if (!value_->is_string()) fail("a string", shown());
    return value_->get_ref<const std::string&>();
  }
  /// A number, or a string that holds one: XGBoost writes parameters so.
  template <class T>
  [[nodiscard]] T number(T low, T high) const {
    const auto* value = value_;
    nlohmann::json from_text;
    if (value->is_string()) {
      from_text = nlohmann::json::parse(value->get_ref<const std::string&>(), nullptr, false);
      value = &from_text;
    }
    double d = std::numeric_limits<double>::quiet_NaN();
    if (value->is_number()) d = value->get<double>();
    else if (value->is_boolean()) d = value->get<bool>() ? 1 : 0;
    const bool whole = std::is_floating_point_v<T> || d == std::floor(d);
    if (!whole || !(d >= static_cast<double>(low) && d <= static_cast<double>(high)))
      fail((std::is_floating_point_v<T> ? "a number from " : "a whole number from ") + to_text(low) + " to " +
               to_text(high),
           shown());
    return static_cast<T>(d);
  }
  /// An array of so many numbers.
  template <class T>
  [[nodiscard]] std::vector<T> numbers(std::size_t count, T low, T high) const {
    if (size() != count) fail("an array of " + to_text(count), to_text(size()) + " values");
    std::vector<T> out;
    for (std::size_t n = 0; n < count; ++n) out.push_back(at(n).number(low, high));
    return out;
  }
  [[nodiscard]] std::string shown() const { return *value_ == "?" ? "'NaN'" : detail::quoted(value_->dump()); }
  [[noreturn]] void fail(const std::string& expected, std::string_view got) const {
    throw parse_error({.file = *file_}, expected + (way_.empty() ? " at the top" : " in " + way_), got);
  }

 private:
  const nlohmann::json* value_;
  const std::string* file_;
  std::string way_;
};

/// XGBoost writes NaN where a split asks for categories, which JSON does not have: such a number becomes a string of
/// the same length, so that places stay.
inline std::string without_nan(std::string_view text) {
  std::string out(text);
  bool inside = false;  // of a string
  for (std::size_t n = 0; n < out.size(); ++n) {
    if (inside && out[n] == '\\') ++n;
    else if (out[n] == '"') inside = !inside;
    else if (!inside && out.compare(n, 3, "NaN") == 0) out.replace(n, 3, "\"?\"");
    if (!inside && out.compare(n, 3, "\"?\"") == 0) n += 2;
  }
  return out;
}

inline nlohmann::json parse_xgboost_json(std::string_view text, const std::string& file) {
  if (text.starts_with("binf") || (text.starts_with('{') && text.size() > 1 &&
                                   (text[1] == 'L' || text[1] == 'i' || text[1] == '#' || text[1] == '$')))
    throw parse_error({.file = file, .line = 1, .column = 1}, "a model saved as JSON",
                      "XGBoost's UBJSON or binary format");
  try {
    return nlohmann::json::parse(without_nan(text));
  } catch (const nlohmann::json::parse_error& e) {
    const auto at = std::min(e.byte > 0 ? e.byte - 1 : 0, text.size());
    const auto before = text.substr(0, at);
    const auto line_begin = before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
    throw parse_error({.file = file,
                       .line = 1 + std::count(before.begin(), before.end(), '\n'),
                       .column = static_cast<std::int64_t>(at - line_begin) + 1},
                      "an XGBoost model in JSON",
                      at == text.size() ? "the end of the text: the file is cut short" : quoted(text.substr(at, 20)));
  }
}

/// The margin that XGBoost makes of a base score, or what says that it does so for this objective.
inline double xgboost_margin(const json_place& objective, const json_place& base_score) {
  constexpr double top = std::numeric_limits<float>::max();
  const auto& name = objective.text();
  const auto is_one_of = [&](std::initializer_list<std::string_view> names) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  if (is_one_of({"binary:logistic", "reg:logistic", "binary:logitraw"})) {
    const auto p = static_cast<double>(static_cast<float>(base_score.number(0.0, 1.0)));
    if (p <= 0 || p >= 1) base_score.fail("a number between 0 and 1", base_score.shown());
    return -std::log(1 / p - 1);
  }
  if (is_one_of({"count:poisson", "reg:gamma", "reg:tweedie", "survival:cox", "survival:aft"}))
    return std::log(base_score.number(1e-45, top));
  if (is_one_of({"rank:ndcg", "rank:map", "rank:pairwise", "reg:squarederror", "reg:linear", "reg:squaredlogerror",
                 "reg:pseudohubererror", "reg:absoluteerror", "binary:hinge"}))
    return base_score.number(-top, top);
  objective.fail("an objective of one score a row", objective.shown());
}

/// A tree is walked from its root: nodes that were pruned away are not reached. `weight`: of the tree.
inline decision_tree read_xgboost_tree(const json_place& at, std::int32_t features, double weight) {
  constexpr double top = std::numeric_limits<float>::max();
  const auto count = at.at("tree_param").at("num_nodes").number<std::int32_t>(1, (1 << 30) - 1);
  const auto deleted = at.at("tree_param").at("num_deleted").number<std::int32_t>(0, count - 1);
  const auto nodes = static_cast<std::size_t>(count);
  const auto left = at.at("left_children").numbers<std::int32_t>(nodes, -1, count - 1);
  const auto right = at.at("right_children").numbers<std::int32_t>(nodes, -1, count - 1);
  const auto covers = at.at("sum_hessian").numbers<double>(nodes, -top, top);
  const auto gains = at.at("loss_changes").numbers<double>(nodes, -top, top);
  const auto left_by_default = at.at("default_left").numbers<std::int32_t>(nodes, 0, 1);
  const auto indices = at.at("split_indices"), conditions = at.at("split_conditions");
  for (const auto& array : {indices, conditions})
    if (array.size() != nodes) array.fail("an array of " + to_text(nodes), to_text(array.size()) + " values");

  // Sets of categories, by node: those categories go right.
  std::vector<std::int32_t> set_of(nodes, -1);
  std::vector<std::vector<std::uint32_t>> sets;
  if (at.has("categories_nodes")) {
    const auto count_of = at.at("categories_nodes").size(), all = at.at("categories").size();
    const auto owners = at.at("categories_nodes").numbers<std::int32_t>(count_of, 0, count - 1);
    const auto begins = at.at("categories_segments").numbers<std::int64_t>(count_of, 0, static_cast<std::int64_t>(all));
    const auto sizes = at.at("categories_sizes").numbers<std::int64_t>(count_of, 0, static_cast<std::int64_t>(all));
    const auto values = at.at("categories").numbers<std::int32_t>(all, 0, (1 << 24) - 1);
    for (std::size_t s = 0; s < count_of; ++s) {
      if (begins[s] + sizes[s] > static_cast<std::int64_t>(all))
        at.at("categories_sizes").at(s).fail("a part of " + to_text(all) + " categories", to_text(sizes[s]));
      std::vector<std::uint32_t> bits;
      for (auto n = begins[s]; n < begins[s] + sizes[s]; ++n) {
        const auto c = static_cast<std::size_t>(values[static_cast<std::size_t>(n)]);
        bits.resize(std::max(bits.size(), c / 32 + 1));
        bits[c / 32] |= 1U << (c % 32);
      }
      set_of[static_cast<std::size_t>(owners[s])] = static_cast<std::int32_t>(sets.size());
      sets.push_back(std::move(bits));
    }
  }
  const auto types =
      at.has("split_type") ? at.at("split_type").numbers<std::int32_t>(nodes, 0, 1) : std::vector<std::int32_t>(nodes);

  // First the number of each node: splits and leaves are counted apart, from the root on.
  decision_tree tree;
  std::vector<std::size_t> order = {0};  // of splits and leaves alike, parents first
  std::vector<std::int32_t> number(nodes);
  std::vector<char> seen(nodes);
  seen[0] = 1;
  std::int32_t splits = 0, leaves = 0;
  const auto reach = [&](std::size_t parent, const char* side, std::int32_t child) {
    const auto fail = [&](const std::string& got) {
      at.at(side).at(parent).fail("a child that no other node has", got);
    };
    if (child < 0) fail("none, though there is another child");
    if (seen[static_cast<std::size_t>(child)])
      fail("node " + to_text(child) + ", reached a second time: it has two parents, or a circle");
    seen[static_cast<std::size_t>(child)] = 1;
    order.push_back(static_cast<std::size_t>(child));
  };
  for (std::size_t n = 0; n < order.size(); ++n) {
    const auto node = order[n];
    const bool is_leaf = left[node] < 0 && right[node] < 0;
    number[node] = is_leaf ? ~leaves++ : splits++;
    if (is_leaf) continue;
    reach(node, "left_children", left[node]);
    reach(node, "right_children", right[node]);
  }
  if (order.size() + static_cast<std::size_t>(deleted) != nodes)
    at.fail("all but " + to_text(deleted) + " of " + to_text(nodes) + " nodes below node 0", to_text(order.size()));

  for (const auto node : order) {
    if (number[node] < 0) {
      tree.leaves.push_back({conditions.at(node).number(-top, top) * weight, covers[node]});
      continue;
    }
    tree_split split{.feature = indices.at(node).number<std::int32_t>(0, features - 1),
                     .left = number[static_cast<std::size_t>(left[node])],
                     .right = number[static_cast<std::size_t>(right[node])],
                     .missing_left = left_by_default[node] != 0,
                     .gain = static_cast<float>(gains[node]),
                     .cover = covers[node]};
    if (types[node] == 0) {
      // x < t is x <= the float before t.
      split.threshold = std::nextafter(static_cast<float>(conditions.at(node).number(-top, top)),
                                       -std::numeric_limits<float>::infinity());
    } else {
      if (set_of[node] < 0)
        at.at("categories_nodes").fail("node " + to_text(node) + ", which asks for categories", "none");
      // Here those in the set go left.
      split.categories = set_of[node];
      std::swap(split.left, split.right);
      split.missing_left = !split.missing_left;
    }
    tree.splits.push_back(split);
  }
  tree.category_sets = std::move(sets);
  return tree;
}

}  // namespace detail

inline tree_ensemble parse_xgboost_model(std::string_view text, const std::string& file) {
  const auto json = detail::parse_xgboost_json(text, file);
  const detail::json_place top(json, file);
  const auto learner = top.at("learner"), parameters = learner.at("learner_model_param");
  const auto features = parameters.at("num_feature").number<std::int32_t>(0, (1 << 30));
  (void)parameters.at("num_class").number<std::int32_t>(0, 1);
  if (parameters.has("num_target")) (void)parameters.at("num_target").number<std::int32_t>(0, 1);
  const double base = detail::xgboost_margin(learner.at("objective").at("name"), parameters.at("base_score"));

  auto booster = learner.at("gradient_booster");
  const auto kind = booster.at("name");
  if (kind.text() != "gbtree" && kind.text() != "dart") kind.fail("'gbtree' or 'dart'", kind.shown());
  const bool dart = kind.text() == "dart";
  const auto model = (dart ? booster.at("gbtree") : booster).at("model"), trees = model.at("trees");
  const auto count = static_cast<std::size_t>(
      model.at("gbtree_model_param").at("num_trees").number<std::int32_t>(0, std::numeric_limits<std::int32_t>::max()));
  if (trees.size() != count)
    trees.fail("an array of " + detail::to_text(count), detail::to_text(trees.size()) + " values");
  (void)model.at("tree_info").numbers<std::int32_t>(count, 0, 0);  // of which class
  constexpr double most = std::numeric_limits<float>::max();
  const auto weights = dart ? booster.at("weight_drop").numbers<double>(count, -most, most) : std::vector(count, 1.0);
  std::vector<decision_tree> out;
  for (std::size_t t = 0; t < count; ++t) out.push_back(detail::read_xgboost_tree(trees.at(t), features, weights[t]));
  return {features, out, base};
}

inline tree_ensemble read_xgboost_model(const std::filesystem::path& file, const file_reader& open) {
  return parse_xgboost_model(open(file), file.string());
}

}  // namespace reco
