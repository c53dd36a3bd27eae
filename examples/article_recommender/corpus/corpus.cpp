// SPDX-License-Identifier: MIT
#include "corpus.hpp"

#include <algorithm>
#include <cstdint>

#include "embedded.hpp"
#include "reco/base/random.hpp"

namespace corpus {
namespace {

constexpr std::string_view reads_file = "article_reads.out";

/// "# Title", then the text, then an empty line.
void read_topic(std::string_view topic, std::string_view file, std::vector<article>& out) {
  while (!file.empty()) {
    const auto line = file.substr(0, file.find('\n'));
    file.remove_prefix(std::min(file.size(), line.size() + 1));
    if (line.starts_with("# ")) {
      out.push_back({.title = std::string(line.substr(2)), .topic = std::string(topic)});
    } else if (!line.empty() && !out.empty()) {
      auto& text = out.back().text;
      (text += text.empty() ? "" : " ") += line;
    }
  }
}

}  // namespace

std::vector<article> articles() {
  std::vector<article> out;
  for (const auto& [name, text] : embedded::files())
    if (name.ends_with(".txt")) read_topic(name.substr(0, name.size() - 4), text, out);
  reco::random_engine shuffled(252);  // else neighbors in the list would be of one topic
  reco::shuffle(shuffled, std::span(out));
  for (std::size_t n = 0; n < out.size(); ++n) {
    const auto number = std::to_string(n + 1);
    out[n].id = "a" + std::string(3 - std::min<std::size_t>(3, number.size()), '0') + number;
  }
  return out;
}

std::string_view reads() {
  for (const auto& [name, text] : embedded::files())
    if (name == reads_file) return text;
  return {};
}

}  // namespace corpus
