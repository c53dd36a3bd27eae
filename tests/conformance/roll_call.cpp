// SPDX-License-Identifier: MIT
// Nobody forgets to check an estimator: what has a `fit(const D& data, ...)` is named in this folder.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <string>

#include "support/catch.hpp"

using namespace reco_test;

namespace {

/// What is fitted on data and makes no lists.
const std::set<std::string> no_recommenders = {"latent_semantic_analysis", "co_reads"};

std::string text_of(const std::string& folder, const std::string& suffix) {
  std::string text;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (!entry.path().string().ends_with(suffix)) continue;
    std::ifstream in(entry.path(), std::ios::binary);
    text.append(std::istreambuf_iterator<char>(in), {});
  }
  return text;
}

std::set<std::string> estimators_in(const std::string& text) {
  static const std::regex definition(R"re(\b([a-z0-9_]+)::fit\(const D& )re");
  std::set<std::string> names;
  for (std::sregex_iterator hit(text.begin(), text.end(), definition), end; hit != end; ++hit) names.insert((*hit)[1]);
  return names;
}

}  // namespace

TEST_CASE("every estimator of the library is checked in this folder") {
  const std::string root = RECO_SOURCE_FOLDER;
  const auto estimators = estimators_in(text_of(root + "/include/reco", ".hpp"));
  const auto checks = text_of(root + "/tests/conformance", ".cpp");
  CHECK(estimators.contains("most_popular"));
  CHECK(estimators.contains("content_recommender"));
  for (const auto& name : estimators) {
    CAPTURE(name);
    CHECK(
        (no_recommenders.contains(name) || checks.find("keeps_its_promises(reco::" + name + "{") != std::string::npos));
  }
  for (const auto& name : no_recommenders) CHECK(estimators.contains(name));
}
