// SPDX-License-Identifier: MIT
#include "architecture/architecture.hpp"

#include "support/catch.hpp"

using namespace reco_test;
using sentences = std::vector<std::string>;

namespace {

/// A header that keeps every rule, with `body` inside.
std::string header(const std::string& body) { return "// SPDX-License-Identifier: MIT\n#pragma once\n" + body; }

const std::string folder = RECO_SOURCE_FOLDER;

}  // namespace

TEST_CASE("every header of the library keeps the architecture") {
  const auto headers = read_tree(folder + "/include", ".hpp");
  CHECK(headers.contains("reco/base/config.hpp"));
  CHECK(headers.contains("reco/reco.hpp"));
  CHECK(check_headers(headers) == sentences{});
}

TEST_CASE("every test of the library can fail and is found by CTest") {
  auto tests = read_tree(folder + "/tests", ".cpp");
  CHECK(tests.erase("architecture/test.cpp") == 1);  // quotes what it forbids
  CHECK(check_tests(tests) == sentences{});
}

TEST_CASE("a tree that keeps the rules is not complained about") {
  CHECK(check_headers({{"reco/version.hpp", header("")},
                       {"reco/base/config.hpp", header("#include \"reco/version.hpp\"\n#if defined(NDEBUG)\n#endif\n")},
                       {"reco/math/a.hpp", header("#include <cmath>\n#include \"reco/base/config.hpp\"\n"
                                                  "namespace reco::inline RECO_ABI() {\n}\n")},
                       {"reco/math/b.hpp", header("#include \"reco/math/a.hpp\"\n// exit, abort; 'getenv'\n")},
                       {"reco/io/csv.hpp", header("#include <fstream>\n#include \"reco/math/b.hpp\"\n")},
                       {"reco/testing/check.hpp", header("#include \"reco/io/csv.hpp\"\n")},
                       {"reco/reco.hpp", header("#include \"reco/version.hpp\"\n#include \"reco/base/config.hpp\"\n"
                                                "#include \"reco/math/a.hpp\"\n#include \"reco/math/b.hpp\"\n"
                                                "#include \"reco/io/csv.hpp\"\n")}}) == sentences{});
}

TEST_CASE("a room includes strictly lower layers only") {
  const auto edge = [](const std::string& from, const std::string& to) {
    return check_headers({{from, header("#include \"" + to + "\"\n")}, {to, header("")}});
  };
  CHECK(edge("reco/popularity/a.hpp", "reco/knn/b.hpp") == sentences{});
  CHECK(edge("reco/math/a.hpp", "reco/data/b.hpp") ==
        sentences{"reco/math/a.hpp:3: room math may not include reco/data/b.hpp"});
  CHECK(edge("reco/knn/a.hpp", "reco/model/b.hpp") ==
        sentences{"reco/knn/a.hpp:3: room knn may not include reco/model/b.hpp"});
  CHECK(edge("reco/content/a.hpp", "reco/popularity/b.hpp") ==
        sentences{"reco/content/a.hpp:3: room content may not include reco/popularity/b.hpp"});
  CHECK(edge("reco/io/a.hpp", "reco/testing/b.hpp") ==
        sentences{"reco/io/a.hpp:3: room io may not include reco/testing/b.hpp"});
  CHECK(edge("reco/data/a.hpp", "reco/reco.hpp")[0] == "reco/data/a.hpp:3: no room may include reco/reco.hpp");
  CHECK(edge("reco/attic/a.hpp", "reco/base/b.hpp")[0] == "reco/attic/a.hpp: room attic stands in no layer");
}

TEST_CASE("an include names a header of ours from the root") {
  CHECK(check_headers({{"reco/base/a.hpp", header("#include \"b.hpp\"\n")}}) ==
        sentences{"reco/base/a.hpp:3: no such header below include/: b.hpp"});
  CHECK(check_headers({{"reco/base/a.hpp", header("#include <reco/base/b.hpp>\n")}, {"reco/base/b.hpp", header("")}}) ==
        sentences{"reco/base/a.hpp:3: write #include \"reco/base/b.hpp\""});
}

TEST_CASE("headers of one room that include one another are named in order") {
  CHECK(check_headers({{"reco/base/a.hpp", header("#include \"reco/base/b.hpp\"\n")},
                       {"reco/base/b.hpp", header("#include \"reco/base/a.hpp\"\n")}}) ==
        sentences{"reco/base/a.hpp: includes itself: reco/base/a.hpp -> reco/base/b.hpp -> reco/base/a.hpp"});
}

TEST_CASE("a header says its licence and guards itself") {
  const std::string licence = "// SPDX-License-Identifier: MIT";
  CHECK(check_headers({{"reco/base/a.hpp", licence + " AND Unicode-3.0\n// Made by a program.\n#pragma once\n"}}) ==
        sentences{});
  for (const std::string& text : {std::string(), std::string("#pragma once\n"), licence + "\n", licence + "\nint x;\n"})
    CHECK(check_headers({{"reco/base/a.hpp", text}}) ==
          sentences{"reco/base/a.hpp:1: begins with '" + licence + "' and '#pragma once'"});
}

TEST_CASE("the library does not print, end the program or read the environment") {
  const auto complaint = [](const std::string& room, const std::string& line) {
    return check_headers({{"reco/" + room + "/a.hpp", header(line + "\n")}});
  };
  CHECK(complaint("data", "#include <iostream>") ==
        sentences{"reco/data/a.hpp:3: may not include iostream: the library never prints"});
  CHECK(complaint("data", "#include <cstdio>") ==
        sentences{"reco/data/a.hpp:3: may not include cstdio: only io reads files"});
  CHECK(complaint("io", "#include <cstdio>") == sentences{});
  CHECK(complaint("data", "std::cout << 1;") ==
        sentences{"reco/data/a.hpp:3: may not use cout: the library never prints"});
  CHECK(complaint("io", "if (bad) std::abort();  // why") ==
        sentences{"reco/io/a.hpp:3: may not use abort: the library throws"});
  CHECK(complaint("io", "auto x = std::getenv(\"HOME\");") ==
        sentences{"reco/io/a.hpp:3: may not use getenv: the environment belongs to the program"});
  CHECK(complaint("math", "fail(\"std::abort\"); exit_early();") == sentences{});
  CHECK(complaint("math", "#if __AVX2__") ==
        sentences{"reco/math/a.hpp:3: only reco/base/config.hpp looks at __AVX2__"});
  CHECK(complaint("math", "#define EIGEN_DONT_ALIGN") ==
        sentences{"reco/math/a.hpp:3: only reco/base/config.hpp looks at EIGEN_DONT_ALIGN"});
  CHECK(complaint("math", "namespace reco {") ==
        sentences{"reco/math/a.hpp:3: expected 'namespace reco::inline RECO_ABI() {'"});
  CHECK(complaint("math",
                  "// TO"
                  "DO: more") == sentences{"reco/math/a.hpp:3: is not finished: // TO"
                                           "DO: more"});
}

TEST_CASE("reco.hpp includes every header but the optional ones") {
  const std::string pool = "reco/base/thread_pool.hpp";
  CHECK(check_headers({{"reco/reco.hpp", header("")}, {"reco/base/a.hpp", header("")}, {pool, header("")}}) ==
        sentences{"reco/reco.hpp: does not include reco/base/a.hpp"});
  CHECK(check_headers({{"reco/reco.hpp", header("#include \"" + pool + "\"\n")}, {pool, header("")}}) ==
        sentences{"reco/reco.hpp: may not include reco/base/thread_pool.hpp"});
}

TEST_CASE("tests that cannot fail or that CTest would lose are complained about") {
  CHECK(check_tests({{"a.cpp", "TEST_CASE(\"a value in 0..1\", \"[tag]\") { CHECK(x); }\n"}}) == sentences{});
  CHECK(check_tests({{"a.cpp", "TEST_CASE(\"a value in [0, 1)\") {\n"}}) ==
        sentences{"a.cpp:1: the name of a test case may not hold any of [ ] ;"});
  for (const std::string line : {"  SUCCEED();", "CHECK(true);", "REQUIRE(true);", "TEST_CASE(\"a\", \"[.]\") {"})
    CHECK(check_tests({{"a.cpp", line}}) == sentences{"a.cpp:1: a test that cannot fail or is never run"});
}
