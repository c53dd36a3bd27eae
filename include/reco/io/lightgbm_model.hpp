// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/base/error.hpp"
#include "reco/io/file.hpp"
#include "reco/ltr/tree_ensemble.hpp"

namespace reco::inline RECO_ABI() {

/// Reads a model as LightGBM's `save_model` writes it, in text, from version 2 on.
///
///     const auto trees = reco::read_lightgbm_model("model.txt");
///     const double score = trees.predict(row);          // LightGBM's raw score
///
/// Scores are raw: of a binary objective the logit, of `poisson` the logarithm. LightGBM adds the same leaves in the
/// same order, so scores are equal to the bit for features that are floats (it asks doubles; a float is one without
/// loss, and a threshold is rounded down to a float, which asks the same of floats). Missing values are as there: NaN,
/// 0 where the model was trained so, and NaN taken for 0 where training saw none. Categories are whole numbers; beneath
/// 0 there are none, where LightGBM takes what is above -1 for category 0. Covers are `leaf_count` and
/// `internal_count`, gains `split_gain`; a file without them has covers and gains of 0. The trees of a random forest
/// (`average_output`) are divided by their number, so its scores agree to rounding.
///
/// Throws `parse_error` with the line for whatever is not such a file: one cut short, a key twice or missing, arrays of
/// another length than the leaves ask for, children, features or categories out of range, splits in a circle; and for
/// what is not read: several classes, linear trees. O(bytes).
[[nodiscard]] tree_ensemble read_lightgbm_model(const std::filesystem::path& file, const file_reader& open = read_file);

/// The same of a text in memory; `file` is the name for messages.
[[nodiscard]] tree_ensemble parse_lightgbm_model(std::string_view text, const std::string& file);

// ---------------------------------------------------------------------------------------------------

namespace detail {

/// The greatest float that is not above the number: of floats, both let the same pass with <=.
inline float float_at_most(double value) {
  constexpr float top = std::numeric_limits<float>::max(), infinity = std::numeric_limits<float>::infinity();
  if (value >= static_cast<double>(top)) return value == std::numeric_limits<double>::infinity() ? infinity : top;
  if (value < -static_cast<double>(top)) return -infinity;
  const auto rounded = static_cast<float>(value);
  return static_cast<double>(rounded) > value ? std::nextafter(rounded, -infinity) : rounded;
}

class lightgbm_parser {
 public:
  lightgbm_parser(std::string_view text, const std::string& file) : rest_(text), file_(file) {}

  tree_ensemble read();

 private:
  struct entry {
    std::string_view value = {};
    std::int64_t line = 0;
  };
  using entries = std::map<std::string_view, entry>;

  /// The next line; false at the end of the text. A last line that has no line end is cut short, but may be all there.
  bool next_line();
  /// Lines of key=value up to an empty line; a line without = is a key with an empty value.
  entries read_entries();
  decision_tree read_tree(const entries& block, std::int64_t line);
  void read_categories(const entries& block, std::int64_t line, decision_tree& tree,
                       const std::vector<double>& thresholds);
  /// Throws where the splits are no tree below split 0.
  void check_children(const decision_tree& tree, std::int64_t left_line, std::int64_t right_line) const;

  const entry& need(const entries& block, std::string_view key, std::int64_t line) const;
  template <class T>
  T number(std::string_view key, const entry& e, T low, T high) const;
  /// Numbers from low to high, divided by spaces.
  template <class T>
  std::vector<T> numbers(std::string_view key, const entry& e, std::size_t count, T low, T high) const;
  template <class T>
  T number_of(std::string_view key, std::string_view text, std::int64_t line, T low, T high) const;
  /// The same of a key that may be missing: zeros.
  template <class T>
  std::vector<T> numbers_or_zeros(const entries& block, std::string_view key, std::size_t count, T low, T high) const;
  [[noreturn]] void fail(std::int64_t line, std::string_view expected, std::string_view got) const {
    throw parse_error({.file = file_, .line = line}, expected, got);
  }

  std::string_view rest_;
  const std::string& file_;
  std::string_view line_ = {};
  std::int64_t number_ = 0;  // of line_
  std::int32_t features_ = 0;
};

inline bool lightgbm_parser::next_line() {
  if (rest_.empty()) return false;
  const auto end = rest_.find('\n');
  line_ = rest_.substr(0, end);
  rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
  if (line_.ends_with('\r')) line_.remove_suffix(1);
  ++number_;
  return true;
}

inline lightgbm_parser::entries lightgbm_parser::read_entries() {
  entries out;
  while (next_line() && !line_.empty()) {
    const auto equals = line_.find('=');
    const auto key = line_.substr(0, equals);
    const auto value = equals == std::string_view::npos ? std::string_view{} : line_.substr(equals + 1);
    const auto [place, fresh] = out.emplace(key, entry{value, number_});
    if (!fresh) fail(number_, "each key once", quoted(key) + ", which stands on line " + to_text(place->second.line));
  }
  return out;
}

inline const lightgbm_parser::entry& lightgbm_parser::need(const entries& block, std::string_view key,
                                                           std::int64_t line) const {
  const auto found = block.find(key);
  if (found == block.end()) fail(line, "key '" + std::string(key) + "' in the lines from here on", "none");
  return found->second;
}

template <class T>
T lightgbm_parser::number_of(std::string_view key, std::string_view text, std::int64_t line, T low, T high) const {
  T value{};
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = read.ec == std::errc{} && read.ptr == text.data() + text.size();
  if (!whole || !(value >= low && value <= high))
    fail(line, "a number from " + to_text(low) + " to " + to_text(high) + " in '" + std::string(key) + "'",
         quoted(text));
  return value;
}

template <class T>
T lightgbm_parser::number(std::string_view key, const entry& e, T low, T high) const {
  return number_of(key, e.value, e.line, low, high);
}

template <class T>
std::vector<T> lightgbm_parser::numbers(std::string_view key, const entry& e, std::size_t count, T low, T high) const {
  std::vector<T> out;
  auto text = e.value;
  while (true) {
    text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    if (text.empty()) break;
    const auto end = std::min(text.find(' '), text.size());
    out.push_back(number_of(key, text.substr(0, end), e.line, low, high));
    text.remove_prefix(end);
  }
  if (out.size() != count) fail(e.line, to_text(count) + " numbers in '" + std::string(key) + "'", to_text(out.size()));
  return out;
}

template <class T>
std::vector<T> lightgbm_parser::numbers_or_zeros(const entries& block, std::string_view key, std::size_t count, T low,
                                                 T high) const {
  const auto found = block.find(key);
  return found == block.end() ? std::vector<T>(count) : numbers(key, found->second, count, low, high);
}

inline tree_ensemble lightgbm_parser::read() {
  if (!next_line() || line_ != "tree") fail(1, "a LightGBM model: the line 'tree'", quoted(line_));
  const auto header = read_entries();
  const auto only_one = [&](std::string_view key) {
    if (const auto found = header.find(key); found != header.end()) number<std::int32_t>(key, found->second, 1, 1);
  };
  only_one("num_class");
  only_one("num_tree_per_iteration");
  constexpr auto most = std::numeric_limits<std::int32_t>::max();
  const auto last = need(header, "max_feature_idx", 1);
  features_ = 1 + number<std::int32_t>("max_feature_idx", last, 0, most - 1);

  std::vector<decision_tree> trees;
  while (true) {
    if (!next_line()) fail(number_, "'end of trees'", "the end of the text: the file is cut short");
    if (line_.empty()) continue;
    // Version 2 goes on with the importance of features.
    if (line_ == "end of trees" || line_ == "feature importances:" || line_ == "feature_importances:") break;
    if (line_ != "Tree=" + to_text(trees.size()))
      fail(number_, "'Tree=" + to_text(trees.size()) + "' or 'end of trees'", quoted(line_));
    const auto line = number_;
    trees.push_back(read_tree(read_entries(), line));
  }
  if (const auto sizes = header.find("tree_sizes"); sizes != header.end())
    numbers<std::int64_t>("tree_sizes", sizes->second, trees.size(), 0, std::numeric_limits<std::int64_t>::max());
  if (header.contains("average_output"))
    for (auto& tree : trees)
      for (auto& leaf : tree.leaves) leaf.value /= static_cast<double>(trees.size());
  return {features_, trees};
}

inline decision_tree lightgbm_parser::read_tree(const entries& block, std::int64_t line) {
  constexpr auto most = std::numeric_limits<std::int32_t>::max();
  constexpr double top = std::numeric_limits<double>::max(), infinity = std::numeric_limits<double>::infinity();
  const auto count = number<std::int32_t>("num_leaves", need(block, "num_leaves", line), 1, most);
  if (const auto linear = block.find("is_linear"); linear != block.end())
    number<std::int32_t>("is_linear", linear->second, 0, 0);
  const auto leaves = static_cast<std::size_t>(count), splits = leaves - 1;
  const auto values = numbers<double>("leaf_value", need(block, "leaf_value", line), leaves, -top, top);
  decision_tree tree;
  if (splits == 0) {
    tree.leaves.push_back({values[0], 0});
    return tree;
  }
  const auto leaf_counts = numbers_or_zeros<double>(block, "leaf_count", leaves, 0, top);
  for (std::size_t n = 0; n < leaves; ++n) tree.leaves.push_back({values[n], leaf_counts[n]});

  const auto& left_entry = need(block, "left_child", line);
  const auto& right_entry = need(block, "right_child", line);
  const auto left = numbers<std::int32_t>("left_child", left_entry, splits, -count, count - 2);
  const auto right = numbers<std::int32_t>("right_child", right_entry, splits, -count, count - 2);
  const auto features =
      numbers<std::int32_t>("split_feature", need(block, "split_feature", line), splits, 0, features_ - 1);
  const auto thresholds = numbers<double>("threshold", need(block, "threshold", line), splits, -infinity, infinity);
  const auto types = numbers_or_zeros<std::int32_t>(block, "decision_type", splits, 0, 11);
  const auto gains = numbers_or_zeros<double>(block, "split_gain", splits, -top, top);
  const auto covers = numbers_or_zeros<double>(block, "internal_count", splits, 0, top);
  for (std::size_t n = 0; n < splits; ++n) {
    const auto type = types[n];
    const bool categorical = (type & 1) != 0, default_left = (type & 2) != 0;
    enum { none, zero, nan } const missing = type < 4 ? none : type < 8 ? zero : nan;
    tree_split split{.feature = features[n],
                     .threshold = float_at_most(thresholds[n]),
                     .left = left[n],
                     .right = right[n],
                     .categories = categorical ? 0 : -1,
                     .cover = covers[n]};
    split.gain = static_cast<float>(std::clamp(gains[n], -1e38, 1e38));
    // Where no value was missing in training, NaN is taken for 0. Of categories NaN is none, which goes right.
    if (!categorical) {
      split.missing_left = missing == none ? 0 <= thresholds[n] : default_left;
      split.zero_is_missing = missing == zero;
    }
    tree.splits.push_back(split);
  }
  read_categories(block, line, tree, thresholds);
  check_children(tree, left_entry.line, right_entry.line);
  return tree;
}

/// The threshold of a categorical split is the number of its set; set s is words boundaries[s]..boundaries[s + 1].
inline void lightgbm_parser::read_categories(const entries& block, std::int64_t line, decision_tree& tree,
                                             const std::vector<double>& thresholds) {
  constexpr auto most = std::numeric_limits<std::int32_t>::max();
  const auto sets = number<std::int32_t>("num_cat", need(block, "num_cat", line), 0, most - 1);
  if (sets > 0) {
    const auto& where = need(block, "cat_boundaries", line);
    const auto bounds = numbers<std::int64_t>("cat_boundaries", where, static_cast<std::size_t>(sets) + 1, 0, most);
    if (bounds[0] != 0 || !std::is_sorted(bounds.begin(), bounds.end()))
      fail(where.line, "ascending numbers from 0 in 'cat_boundaries'", quoted(where.value));
    const auto words =
        numbers<std::uint32_t>("cat_threshold", need(block, "cat_threshold", line),
                               static_cast<std::size_t>(bounds.back()), 0, std::numeric_limits<std::uint32_t>::max());
    for (std::size_t s = 0; s + 1 < bounds.size(); ++s)
      tree.category_sets.emplace_back(words.begin() + bounds[s], words.begin() + bounds[s + 1]);
  }
  for (std::size_t n = 0; n < tree.splits.size(); ++n) {
    auto& split = tree.splits[n];
    if (split.categories < 0) continue;
    if (!(thresholds[n] >= 0 && thresholds[n] < sets && thresholds[n] == std::floor(thresholds[n])))
      fail(need(block, "threshold", line).line,
           "the number of one of " + to_text(sets) + " sets of categories for split " + to_text(n),
           to_text(thresholds[n]));
    split.categories = static_cast<std::int32_t>(thresholds[n]);
    split.threshold = 0;
  }
}

inline void lightgbm_parser::check_children(const decision_tree& tree, std::int64_t left_line,
                                            std::int64_t right_line) const {
  const auto splits = tree.splits.size();
  std::vector<char> split_seen(splits), leaf_seen(splits + 1);
  std::vector<std::int32_t> open = {0};
  split_seen[0] = 1;
  const auto reach = [&](std::int32_t node, std::int64_t line) {
    auto& seen = node < 0 ? leaf_seen[static_cast<std::size_t>(~node)] : split_seen[static_cast<std::size_t>(node)];
    if (seen)
      fail(line, "a tree", "child " + to_text(node) + " reached a second time: it has two parents, or a circle");
    seen = 1;
    if (node >= 0) open.push_back(node);
  };
  while (!open.empty()) {
    const auto& split = tree.splits[static_cast<std::size_t>(open.back())];
    open.pop_back();
    reach(split.left, left_line);
    reach(split.right, right_line);
  }
  const auto lost = std::find(split_seen.begin(), split_seen.end(), 0);
  if (lost != split_seen.end())
    fail(left_line, "a tree", "split " + to_text(lost - split_seen.begin()) + ", which is not reached from split 0");
}

}  // namespace detail

inline tree_ensemble parse_lightgbm_model(std::string_view text, const std::string& file) {
  return detail::lightgbm_parser(text, file).read();
}

inline tree_ensemble read_lightgbm_model(const std::filesystem::path& file, const file_reader& open) {
  return parse_lightgbm_model(open(file), file.string());
}

}  // namespace reco
