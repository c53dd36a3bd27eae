// SPDX-License-Identifier: MIT
#include "architecture/architecture.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <regex>
#include <set>
#include <utility>

namespace reco_test {

namespace {

// ---- the rules ------------------------------------------------------------------------------------

/// The rooms, layer by layer, lowest first. A header includes its own room and strictly lower layers.
const std::vector<std::set<std::string>> layers = {
    {"base"},
    {"math"},
    {"data"},
    {"model", "knn", "metrics", "rerank"},
    {"popularity", "content", "neighborhood", "factorization", "ltr", "bandit"},
    {"evaluation", "pipeline", "io"},
    {"testing"},
};

/// What reco.hpp leaves out, beside testing/: adapters need more than Eigen, a pool starts threads.
const std::set<std::string> not_in_umbrella = {"reco/base/thread_pool.hpp", "reco/io/safetensors.hpp",
                                               "reco/io/xgboost_model.hpp", "reco/io/xz.hpp",
                                               "reco/knn/faiss_index.hpp",  "reco/knn/hnswlib_index.hpp"};

struct restriction {
  std::set<std::string> names;
  std::set<std::string> rooms;  ///< that may all the same
  std::string why;
};

const std::vector<restriction> restricted_includes = {
    {{"iostream", "print"}, {}, "the library never prints"},
    {{"cstdio", "stdio.h", "fstream", "istream", "ostream", "filesystem"}, {"io"}, "only io reads files"},
    {{"random"}, {}, "distributions differ between standard libraries: use reco/base/random.hpp"},
    {{"regex"}, {}, "it is slow and overflows the stack on long lines"},
    {{"thread", "future"}, {"base", "testing"}, "threads come from the caller's executor"},
    {{"execution"}, {}, "it needs TBB on some machines: take an executor"},
    {{"format", "expected", "source_location", "ranges"}, {}, "g++ 12 or clang 14 lacks it or parts of it"},
};

const std::vector<restriction> restricted_names = {
    {{"cout", "cerr", "clog", "printf", "fprintf", "puts"}, {}, "the library never prints"},
    {{"abort", "exit", "quick_exit", "_Exit", "terminate"}, {}, "the library throws"},
    {{"getenv", "setlocale"}, {}, "the environment belongs to the program"},
    {{"rand", "srand", "random_device", "mt19937"}, {}, "use reco/base/random.hpp"},
};

/// Macros of the compiler and of Eigen: one header looks at them, so that the ABI tag covers them all.
const std::regex compiler_macro("\\b(NDEBUG|EIGEN_[A-Z_]+|__(AVX|SSE|FMA|ARM|FAST_MATH|FINITE_MATH)[A-Z0-9_]*)\\b");
const std::string macro_header = "reco/base/config.hpp";

const std::string namespace_line = "namespace reco::inline RECO_ABI() {";

const std::regex unfinished(
    "\\b(TO"
    "DO|FIX"
    "ME|XX"
    "X|HA"
    "CK)\\b");

// ---- reading --------------------------------------------------------------------------------------

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines = {{}};
  for (const char c : text) {
    if (c == '\n') lines.emplace_back();
    else lines.back() += c;
  }
  if (lines.size() > 1 && lines.back().empty()) lines.pop_back();
  return lines;
}

/// The lines without comments and with empty literals.
std::vector<std::string> code_lines(const std::string& text) {
  static const std::regex token(R"re(//.*|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)')re");
  auto lines = lines_of(text);
  for (auto& line : lines)
    if (line.find("#include") == std::string::npos) line = std::regex_replace(line, token, "''");
  return lines;
}

/// What stands between the quotes or brackets of an #include, with the quote or bracket; else nothing.
std::optional<std::string> included(const std::string& line) {
  static const std::regex include(R"re(^\s*#\s*include\s+(["<][^">]+)[">].*)re");
  std::smatch match;
  if (!std::regex_match(line, match, include)) return std::nullopt;
  return match[1].str();
}

/// "math" of "reco/math/top_k.hpp"; empty for reco/reco.hpp and its like.
std::string room_of(const std::string& header) {
  const auto first = header.find('/');
  const auto last = header.rfind('/');
  return first == last ? "" : header.substr(first + 1, last - first - 1);
}

std::ptrdiff_t layer_of(const std::string& room) {
  const auto layer =
      std::find_if(layers.begin(), layers.end(), [&](const auto& rooms) { return rooms.contains(room); });
  return layer == layers.end() ? -1 : layer - layers.begin();
}

// ---- judging --------------------------------------------------------------------------------------

class complaints {
 public:
  void add(const std::string& file, std::size_t line, const std::string& what) {
    std::string where = file;
    if (line > 0) (where += ':') += std::to_string(line);
    sentences_.push_back(where + ": " + what);
  }
  void add_all(const std::vector<restriction>& rules, const std::string& verb, const std::string& name,
               const std::string& room, const std::string& file, std::size_t line) {
    for (const auto& rule : rules)
      if (rule.names.contains(name) && !rule.rooms.contains(room)) add(file, line, verb + name + ": " + rule.why);
  }
  std::vector<std::string> take() { return std::move(sentences_); }

 private:
  std::vector<std::string> sentences_ = {};
};

void check_edge(const std::string& from, const std::string& to, std::size_t line, complaints& wrong) {
  const std::string room = room_of(from);
  const std::string other = room_of(to);
  if (room.empty()) return;  // reco.hpp and fwd.hpp see all rooms
  if (other.empty()) {
    if (to != "reco/version.hpp" || room != "base") wrong.add(from, line, "no room may include " + to);
  } else if (room != other && layer_of(other) >= layer_of(room)) {
    wrong.add(from, line, "room " + room + " may not include " + to);
  }
}

void check_words(const std::string& header, const std::string& room, const std::string& text, complaints& wrong) {
  static const std::regex word("[A-Za-z_][A-Za-z0-9_]*");
  const auto lines = code_lines(text);
  for (std::size_t l = 0; l < lines.size(); ++l) {
    const auto& line = lines[l];
    if (const auto include = included(line)) {
      wrong.add_all(restricted_includes, "may not include ", include->substr(1), room, header, l + 1);
      continue;
    }
    for (std::sregex_iterator hit(line.begin(), line.end(), word), end; hit != end; ++hit)
      wrong.add_all(restricted_names, "may not use ", hit->str(), room, header, l + 1);
    std::smatch macro;
    if (header != macro_header && std::regex_search(line, macro, compiler_macro))
      wrong.add(header, l + 1, "only " + macro_header + " looks at " + macro.str());
    if (line.starts_with("namespace reco") && line != namespace_line)
      wrong.add(header, l + 1, "expected '" + namespace_line + "'");
  }
}

/// A cycle hides behind #pragma once until someone includes the other header first.
void check_cycles(const std::map<std::string, std::vector<std::string>>& edges, complaints& wrong) {
  std::set<std::string> done;
  std::vector<std::string> path;
  const auto visit = [&](const auto& self, const std::string& header) -> void {
    if (const auto loop = std::find(path.begin(), path.end(), header); loop != path.end()) {
      std::string text;
      for (auto h = loop; h != path.end(); ++h) text += *h + " -> ";
      return wrong.add(header, 0, "includes itself: " + text + header);
    }
    if (done.contains(header) || !edges.contains(header)) return;
    path.push_back(header);
    for (const auto& next : edges.at(header)) self(self, next);
    path.pop_back();
    done.insert(header);
  };
  for (const auto& [header, ignored] : edges) visit(visit, header);
}

void check_umbrella(const file_texts& headers, const std::vector<std::string>& listed, complaints& wrong) {
  const std::string umbrella = "reco/reco.hpp";
  const std::set<std::string> has(listed.begin(), listed.end());
  for (const auto& [header, ignored] : headers) {
    const bool wanted = header != umbrella && room_of(header) != "testing" && !not_in_umbrella.contains(header);
    if (wanted && !has.contains(header)) wrong.add(umbrella, 0, "does not include " + header);
    if (!wanted && has.contains(header)) wrong.add(umbrella, 0, "may not include " + header);
  }
}

}  // namespace

file_texts read_tree(const std::string& folder, const std::string& suffix) {
  namespace fs = std::filesystem;
  file_texts texts;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    const std::string path = entry.path().generic_string();
    if (!entry.is_regular_file() || !path.ends_with(suffix)) continue;
    std::ifstream in(path, std::ios::binary);
    texts[path.substr(folder.size() + 1)] = {std::istreambuf_iterator<char>(in), {}};
  }
  return texts;
}

std::vector<std::string> check_headers(const file_texts& headers) {
  complaints wrong;
  std::map<std::string, std::vector<std::string>> edges;
  for (const auto& [header, text] : headers) {
    const std::string room = room_of(header);
    if (!room.empty() && layer_of(room) < 0) wrong.add(header, 0, "room " + room + " stands in no layer");
    const auto lines = lines_of(text);
    const auto code =
        std::find_if(lines.begin(), lines.end(), [](const auto& line) { return !line.starts_with("//"); });
    if (!lines[0].starts_with("// SPDX-License-Identifier: MIT") || code == lines.end() || *code != "#pragma once")
      wrong.add(header, 1, "begins with '// SPDX-License-Identifier: MIT' and '#pragma once'");
    for (std::size_t l = 0; l < lines.size(); ++l) {
      if (std::regex_search(lines[l], unfinished)) wrong.add(header, l + 1, "is not finished: " + lines[l]);
      const auto include = included(lines[l]);
      if (!include) continue;
      const std::string name = include->substr(1);
      if (include->front() == '<') {
        if (name.starts_with("reco/")) wrong.add(header, l + 1, "write #include \"" + name + "\"");
      } else if (!headers.contains(name)) {
        wrong.add(header, l + 1, "no such header below include/: " + name);
      } else {
        check_edge(header, name, l + 1, wrong);
        edges[header].push_back(name);
      }
    }
    check_words(header, room, text, wrong);
  }
  check_cycles(edges, wrong);
  if (headers.contains("reco/reco.hpp")) check_umbrella(headers, edges["reco/reco.hpp"], wrong);
  return wrong.take();
}

std::vector<std::string> check_tests(const file_texts& tests) {
  static const std::regex test_case(R"re(^\s*(?:TEMPLATE_)?TEST_CASE\w*\(\s*"((?:[^"\\]|\\.)*)".*)re");
  static const std::regex vain(R"re(\b(SUCCEED\(|(?:CHECK|REQUIRE)\((?:true|1)\))|"\[\.)re");
  complaints wrong;
  for (const auto& [file, text] : tests) {
    const auto lines = lines_of(text);
    for (std::size_t l = 0; l < lines.size(); ++l) {
      std::smatch match;
      // CTest finds the test cases as a CMake list: these characters would make it lose some of them.
      if (std::regex_match(lines[l], match, test_case) && match[1].str().find_first_of("[];") != std::string::npos)
        wrong.add(file, l + 1, "the name of a test case may not hold any of [ ] ;");
      if (std::regex_search(lines[l], vain)) wrong.add(file, l + 1, "a test that cannot fail or is never run");
    }
  }
  return wrong.take();
}

}  // namespace reco_test
