// SPDX-License-Identifier: MIT
#include "input.hpp"

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <utility>

#include <reco/base/error.hpp>
#include <reco/io/file.hpp>
#include <reco/io/movielens.hpp>
#if defined(RECO_EXAMPLES_HAVE_XZ)
#include <reco/io/xz.hpp>
#endif

#include "shop.hpp"

namespace {

/// Files may be packed by xz where the program was built with it.
reco::file_reader opener() {
#if defined(RECO_EXAMPLES_HAVE_XZ)
  return reco::read_file_or_xz;
#else
  return reco::read_file;
#endif
}

constexpr double liked = 4;  // stars

std::string lower(std::string_view s) {
  std::string out(s);
  for (auto& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

}  // namespace

input read_input(const settings& asked) {
  input in;
  if (asked.movielens.empty()) {
    in = {.log = make_shop(), .from = "made up and built in", .words = {"customer", "bought", "product"}};
  } else {
    in = {.log = reco::read_movielens(asked.movielens, {}, opener()),
          .from = asked.movielens + ", ratings of 4 and more",
          .words = {"viewer", "liked", "movie"}};
    std::erase_if(in.log.events, [](const reco::event& e) { return e.value < liked; });
    for (auto& e : in.log.events) e.value = 1;
  }
  if (in.log.events.empty()) throw reco::invalid_argument("--movielens: no movie was rated 4 or more");
  in.had = reco::sparse_interactions<float>(in.log.events, in.log.shape(), reco::repeats::max);
  in.had_by.resize(static_cast<std::size_t>(in.had.items()));
  for (std::int32_t u = 0; u < in.had.users(); ++u)
    for (const auto item : in.had.of(u).items) ++in.had_by[static_cast<std::size_t>(item)];
  return in;
}

std::int32_t find_item(const input& in, const std::string& option, const std::string& part) {
  const auto wanted = lower(part);
  std::int32_t found = -1;
  for (std::int32_t item = 0; item < in.had.items(); ++item) {
    const auto title = lower(in.log.titles[static_cast<std::size_t>(item)]);
    if (title == wanted) return item;
    if (title.find(wanted) == std::string::npos) continue;
    if (found < 0 || in.had_by[static_cast<std::size_t>(item)] > in.had_by[static_cast<std::size_t>(found)])
      found = item;
  }
  if (found < 0)
    throw reco::invalid_argument(option + ": no " + in.words.what + " has '" + part + "' in its title; there are " +
                                 std::to_string(in.had.items()) + ", the first is '" + in.log.titles.front() + "'");
  return found;
}

std::int32_t find_customer(const input& in, const std::string& name) {
  if (const auto user = in.log.users.find(name)) return *user;
  throw reco::invalid_argument("--customer: no " + in.words.who + " is called '" + name + "'; there are " +
                               std::to_string(in.log.users.size()) + ", the first is '" + in.log.users.id(0) + "'");
}
