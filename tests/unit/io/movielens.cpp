// SPDX-License-Identifier: MIT
#include "reco/io/movielens.hpp"

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/data.hpp"
#include "support/instant.hpp"
#include "support/scratch.hpp"

using namespace reco_test;

namespace {

/// The title of the publisher's movie with this id.
std::string title(const reco::event_log& log, std::string_view id) {
  return log.titles.at(static_cast<std::size_t>(log.items.find(id).value()));
}

std::string text_of(const reco::event_log& log, std::string_view id) {
  return log.texts.at(static_cast<std::size_t>(log.items.find(id).value()));
}

std::map<double, int> histogram(const reco::event_log& log) {
  std::map<double, int> counts;
  for (const auto& e : log.events) ++counts[e.value];
  return counts;
}

std::vector<int> events_per_item(const reco::event_log& log) {
  std::vector<int> counts(static_cast<std::size_t>(log.items.size()));
  for (const auto& e : log.events) ++counts[static_cast<std::size_t>(e.item)];
  return counts;
}

}  // namespace

TEST_CASE("MovieLens 100K: tabs, flags for genres, ISO-8859-1") {
  const scratch_folder folder("ml-100k");
  folder.write("u.data", "196\t242\t3\t881250949\n186\t2\t4\t891717742\n196\t2\t1\t881250950\n");
  folder.write("u.item",
               "2|GoldenEye (1995)|01-Jan-1995||http://x|0|1|1|0|0|0|0|0|0|0|0|0|0|0|0|0|1|0|0\n"
               "242|Mis\xE9rables, \"Les\" (1995)|24-Jan-1997||http://y|0|0|0|0|0|0|0|0|1|0|0|0|0|0|0|0|0|0|0\n"
               "267|unknown||||1|0|0|0|0|0|0|0|0|0|0|0|0|0|0|0|0|0|0\n");
  const auto log = reco::read_movielens(folder.path());
  CHECK(log.events == std::vector<reco::event>{{.user = 0, .item = 1, .value = 3, .time = at(881250949)},
                                               {.user = 1, .item = 0, .value = 4, .time = at(891717742)},
                                               {.user = 0, .item = 0, .value = 1, .time = at(881250950)}});
  CHECK(log.users.id(0) == "196");
  CHECK(log.titles == std::vector<std::string>{"GoldenEye (1995)", "Misérables, \"Les\" (1995)", "unknown"});
  CHECK(log.texts == std::vector<std::string>{"GoldenEye (1995)\nAction, Adventure, Thriller",
                                              "Misérables, \"Les\" (1995)\nDrama", "unknown"});
  CHECK(log.report.rows() == 6);
}

TEST_CASE("MovieLens 1M and 10M: double colons, three or four fields, tags, either encoding") {
  const scratch_folder folder("ml-1m");
  folder.write("movies.dat",
               "1::Toy Story (1995)::Animation|Children's|Comedy\n"
               "73::Mis\xE9rables, Les: Part 1 (1995)::Drama|Musical\n");
  folder.write("ratings-no-timestamp.dat", "1::73::5\n1::1::3\n");
  auto log = reco::read_movielens(folder.path());
  CHECK(log.events == std::vector<reco::event>{{.item = 1, .value = 5}, {.item = 0, .value = 3}});
  CHECK_FALSE(log.has_times());
  CHECK(text_of(log, "1") == "Toy Story (1995)\nAnimation, Children's, Comedy");
  CHECK(title(log, "73") == "Misérables, Les: Part 1 (1995)");

  // The file with times is preferred; tags are taken where they are.
  folder.write("ratings.dat", "1::73::4.5::978300760\n");
  folder.write("tags.dat", "15::1::pixar \"lamp\"::1215184630\n20::1::fun::1188263867\n20::9::x::1188263867\n");
  folder.write("movies.dat", "1::Toy Story (1995)::\n73::Misérables, Les (1995)::(no genres listed)\n");
  log = reco::read_movielens(folder.path());
  CHECK(log.events == std::vector<reco::event>{{.item = 1, .value = 4.5, .time = at(978300760)}});
  CHECK(text_of(log, "1") == "Toy Story (1995)\npixar \"lamp\", fun");
  CHECK(text_of(log, "73") == "Misérables, Les (1995)");
  REQUIRE(log.report.skipped.size() == 1);
  CHECK(log.report.skipped[0].reason == "tag of an item not listed");
  CHECK(log.report.skipped[0].examples == std::vector<std::string>{folder.path("tags.dat").string() + ":3: '9'"});
}

TEST_CASE("MovieLens latest: CSV with header and quotes") {
  const scratch_folder folder("ml-latest");
  folder.write("ratings.csv", "userId,movieId,rating,timestamp\r\n1,31,2.5,1260759144\r\n");
  folder.write("movies.csv",
               "movieId,title,genres\n"
               "11,\"American President, The (1995)\",Comedy|Drama|Romance\n"
               "31,\"\"\"Dangerous\"\" Minds (1995)\",(no genres listed)\n");
  folder.write("tags.csv", "userId,movieId,tag,timestamp\n15,31,\"school, teacher\",1138537770\n");
  const auto log = reco::read_movielens(folder.path());
  CHECK(log.events == std::vector<reco::event>{{.item = 1, .value = 2.5, .time = at(1260759144)}});
  CHECK(log.texts == std::vector<std::string>{"American President, The (1995)\nComedy, Drama, Romance",
                                              "\"Dangerous\" Minds (1995)\nschool, teacher"});
}

TEST_CASE("MovieLens: without a list of movies, titles are ids and tags are taken all the same") {
  const scratch_folder folder("ml");
  folder.write("ratings.csv", "userId,movieId,rating\n1,31,2.5\n1,7,3\n");
  folder.write("tags.csv", "userId,movieId,tag,timestamp\n15,7,school,1138537770\n");
  const auto log = reco::read_movielens(folder.path());
  CHECK(log.titles == std::vector<std::string>{"31", "7"});
  CHECK(log.texts == std::vector<std::string>{"", "school"});
}

TEST_CASE("MovieLens: ratings of movies that are not listed are left out and counted") {
  const scratch_folder folder("ml");
  folder.write("ratings.csv", "userId,movieId,rating\n1,31,2.5\n1,7,3\n");
  folder.write("movies.csv", "movieId,title,genres\n7,Seven,\n7,Sieben,\n");
  const auto log = reco::read_movielens(folder.path());
  CHECK(log.events.size() == 1);
  REQUIRE(log.report.skipped.size() == 2);
  CHECK(log.report.skipped[0].reason == "item listed before");
  CHECK(log.report.skipped[1].reason == "item not listed");
}

TEST_CASE("MovieLens: other ratings and tags in the same form can be named") {
  const scratch_folder folder("ml"), other("ml-tags");
  folder.write("u.item", "1|One|||\n2|Two|||\n");
  folder.write("u1.base", "1\t2\t3\t5\n");
  const auto part = reco::read_movielens(folder.path(), {.ratings = "u1.base"});
  CHECK(part.events == std::vector<reco::event>{{.item = 1, .value = 3, .time = at(5)}});
  CHECK_THROWS_WITH(reco::read_movielens(folder.path()),
                    folder.path("u.data").string() + ": expected a file that can be read, got none");
  other.write("mine", "1\t2\tmine\t5\n");
  const auto tagged = reco::read_movielens(folder.path(), {.ratings = "u1.base", .tags = other.path("mine")});
  CHECK(tagged.texts == std::vector<std::string>{"One", "Two\nmine"});
}

TEST_CASE("MovieLens: what is no such folder, and what is no rating, is named") {
  const scratch_folder folder("ml");
  CHECK_THROWS_WITH(reco::read_movielens(folder.path()),
                    folder.path().string() +
                        ": expected a folder with u.data, ratings.dat or ratings.csv, got a folder without them");
  CHECK_THROWS_WITH(reco::read_movielens(folder.path("none")), EndsWith(", got no folder"));
  folder.write("ratings.csv", "userId,movieId,rating,timestamp\n1,31,2.5,1260759144\n1,31,four,1260759144\n");
  CHECK_THROWS_WITH(reco::read_movielens(folder.path()),
                    folder.path("ratings.csv").string() + ":3:6: expected a number in column 'rating', got 'four'");
  folder.write("ratings.csv", "user,item,rating\n1,31,2.5\n");
  CHECK_THROWS_WITH(
      reco::read_movielens(folder.path()),
      folder.path("ratings.csv").string() + ":1: expected a column 'userId', got the columns 'user', 'item', 'rating'");
  folder.write("ratings.csv", "");
  CHECK_THROWS_WITH(
      reco::read_movielens(folder.path()),
      folder.path("ratings.csv").string() + ": expected a row with the names of the columns, got an empty file");
}

TEST_CASE("MovieLens 100K as published: 943 users, 1,682 movies, 100,000 ratings") {
  RECO_NEEDS_DATA_FOLDER(folder, "ml-100k");
  const auto log = reco::read_movielens(folder);
  CHECK(log.shape() == reco::shape{.users = 943, .items = 1682});
  CHECK(log.events.size() == 100000);
  CHECK(log.users.id(log.events[0].user) == "196");
  CHECK(log.items.id(log.events[0].item) == "242");
  CHECK(log.events[0].value == 3);
  CHECK(log.events[0].time == at(881250949));
  CHECK(title(log, "267") == "unknown");
  CHECK(text_of(log, "2") == "GoldenEye (1995)\nAction, Adventure, Thriller");
  CHECK(histogram(log).size() == 5);
  CHECK(log.report.rows() == 101682);
  CHECK(log.report.rows_skipped() == 0);
  std::size_t beyond_ascii = 0;
  for (const auto& t : log.titles) {
    CHECK(reco::is_utf8(t));
    for (const char c : t) beyond_ascii += static_cast<unsigned char>(c) > 0x7F;
  }
  CHECK(beyond_ascii == 24);  // 12 bytes of ISO-8859-1

  const auto base = reco::read_movielens(folder, {.ratings = "u1.base"});
  CHECK(base.events.size() == 80000);
  CHECK(base.shape().items == 1682);
  const auto counts = events_per_item(base);
  CHECK(std::count(counts.begin(), counts.end(), 0) == 32);  // 1,650 of 1,682 occur
}

TEST_CASE("MovieLens 1M as published: 6,040 users, 3,883 movies, 1,000,209 ratings without times") {
  RECO_NEEDS_DATA_FOLDER(folder, "ml-1m");
  const auto log = reco::read_movielens(folder);
  CHECK(log.shape() == reco::shape{.users = 6040, .items = 3883});
  CHECK(log.events.size() == 1000209);
  CHECK_FALSE(log.has_times());
  CHECK(histogram(log) == std::map<double, int>{{1, 56174}, {2, 107557}, {3, 261197}, {4, 348971}, {5, 226310}});
  const auto counts = events_per_item(log);
  CHECK(std::count(counts.begin(), counts.end(), 0) == 177);
  CHECK(title(log, "73") == "Misérables, Les (1995)");
  CHECK(log.report.rows_skipped() == 0);
}

TEST_CASE("MovieLens latest-small of 2016: 671 users, 9,125 movies, 100,004 ratings, 1,296 tags") {
  RECO_NEEDS_DATA_FOLDER(folder, "ml-latest-small");
  const auto log = reco::read_movielens(folder);
  CHECK(log.shape() == reco::shape{.users = 671, .items = 9125});
  CHECK(log.events.size() == 100004);
  CHECK(log.report.rows() == 9125 + 100004 + 1296);
  CHECK(log.report.rows_skipped() == 0);
  const auto counts = events_per_item(log);
  CHECK(std::count(counts.begin(), counts.end(), 0) == 9125 - 9066);
  CHECK(histogram(log).size() == 10);
  CHECK(title(log, "11") == "American President, The (1995)");
  CHECK_THAT(text_of(log, "339"), ContainsSubstring("sandra 'boring' bullock"));
}

TEST_CASE("MovieLens 10M's tags go with the movies of 1M") {
  RECO_NEEDS_DATA_FOLDER(folder, "ml-1m");
  RECO_NEEDS_DATA(tags, "ml-10m-tags/tags.dat");
  const auto log = reco::read_movielens(folder, {.tags = tags});
  REQUIRE(log.report.files.size() == 3);
  CHECK(log.report.files[2].rows == 95580);
  CHECK_THAT(text_of(log, "1"), StartsWith("Toy Story (1995)\nAnimation, Children's, Comedy\n"));
  CHECK_THAT(text_of(log, "1"), ContainsSubstring("Pixar"));
  REQUIRE(log.report.skipped.size() == 1);
  CHECK(log.report.skipped[0].reason == "tag of an item not listed");
}

TEST_CASE("a folder of tags without ratings names the file that is missing") {
  RECO_NEEDS_DATA_FOLDER(folder, "ml-10m-tags");
  CHECK_THROWS_WITH(reco::read_movielens(folder),
                    (folder / "ratings.dat").string() + ": expected a file that can be read, got none");
}
