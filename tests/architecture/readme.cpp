// SPDX-License-Identifier: MIT
// What the README shows is what the examples are and print.
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "support/catch.hpp"

using namespace reco_test;

namespace {

std::string read(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  REQUIRE(in.is_open());
  return {std::istreambuf_iterator<char>(in), {}};
}

/// What stands in the fence below the line `<!-- name -->`.
std::string block_of(const std::string& readme, const std::string& name) {
  const auto marker = readme.find("<!-- " + name + " -->\n```");
  REQUIRE(marker != std::string::npos);
  const auto begin = readme.find('\n', readme.find("```", marker)) + 1;
  return readme.substr(begin, readme.find("```\n", begin) - begin);
}

}  // namespace

TEST_CASE("the programs and outputs in the README are those of the examples") {
  const std::filesystem::path root(RECO_SOURCE_FOLDER);
  const auto readme = read(root / "README.md");
  for (const std::string name :
       {"examples/first_steps.cpp", "examples/first_steps.out", "examples/own_estimator.cpp"}) {
    CAPTURE(name);
    CHECK(block_of(readme, name) == read(root / name));
  }
  const std::string part_of = "examples/customers_also_bought/customers_also_bought.out";
  CHECK_THAT(read(root / part_of), ContainsSubstring(block_of(readme, part_of)));
}
