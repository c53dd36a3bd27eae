// SPDX-License-Identifier: MIT
#include "reco/io/deskdrop.hpp"

#include <chrono>
#include <limits>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "support/catch.hpp"
#include "support/data.hpp"
#include "support/instant.hpp"
#include "support/scratch.hpp"

using namespace reco_test;

namespace {

// In the publisher's form; the rows are made up.
const std::string interactions =
    "timestamp,eventType,contentId,personId,sessionId,userAgent,userRegion,userCountry\n"
    "1465413032,VIEW,-3499919498720038879,-8845298781299428018,1264196770339959068,,,\n"
    "1465412560,LIKE,8890720798209849691,-1032019229384696495,3621737643587579081,\"Mozilla/5.0 (X11; Linux), "
    "like\",NY,US\n"
    "1465412561,BOOKMARK,8890720798209849691,-8845298781299428018,3621737643587579081,,NY,US\n"
    "1465412562,FOLLOW,8890720798209849691,-8845298781299428018,3621737643587579081,,NY,US\n"
    "1465412563,COMMENT CREATED,310515487419366995,-8845298781299428018,3621737643587579081,,NY,US\n"
    "1465412564,SHARE,310515487419366995,-8845298781299428018,3621737643587579081,,NY,US\n";

const std::string articles =
    "timestamp,eventType,contentId,authorPersonId,authorSessionId,authorUserAgent,authorRegion,authorCountry,"
    "contentType,url,title,text,lang\n"
    "1459192779,CONTENT SHARED,8890720798209849691,1,2,,,,HTML,http://x,\"Said \"\"no\"\"\",\"Two\nlines, quoted\",en\n"
    "1459192780,CONTENT SHARED,-3499919498720038879,1,2,,,,HTML,http://y,Um título,Texto,pt\n"
    "1459192790,CONTENT REMOVED,8890720798209849691,1,2,,,,HTML,http://x,Gone,Gone,en\n";

}  // namespace

TEST_CASE("DeskDrop: types of events weigh differently, and unknown ones are left out and counted") {
  const scratch_folder folder("deskdrop");
  folder.write("users_interactions.csv", interactions);
  const auto log = reco::read_deskdrop(folder.path());
  CHECK(log.events == std::vector<reco::event>{{.user = 0, .item = 0, .value = 1, .time = at(1465413032)},
                                               {.user = 1, .item = 1, .value = 2, .time = at(1465412560)},
                                               {.user = 0, .item = 1, .value = 2.5, .time = at(1465412561)},
                                               {.user = 0, .item = 1, .value = 3, .time = at(1465412562)},
                                               {.user = 0, .item = 2, .value = 4, .time = at(1465412563)}});
  CHECK(log.users.id(0) == "-8845298781299428018");
  CHECK(log.titles[2] == "310515487419366995");
  CHECK_FALSE(log.has_texts());
  REQUIRE(log.report.skipped.size() == 1);
  CHECK(log.report.skipped[0].reason == "unknown type of event");
  CHECK(log.report.skipped[0].examples ==
        std::vector<std::string>{folder.path("users_interactions.csv").string() + ":7: 'SHARE'"});
}

TEST_CASE("DeskDrop: weights can be chosen, and a type that weighs 0 is left out and counted") {
  const scratch_folder folder("deskdrop");
  folder.write("users_interactions.csv", interactions);
  const auto log = reco::read_deskdrop(folder.path(), {.view = 0, .like = 7});
  CHECK(log.events.size() == 4);
  CHECK(log.events[0].value == 7);
  REQUIRE(log.report.skipped.size() == 2);
  CHECK(log.report.skipped[0].reason == "type of event that weighs 0");
  CHECK(log.report.skipped[0].rows == 1);

  CHECK_THROWS_WITH(reco::read_deskdrop(folder.path(), {.like = -1}), "deskdrop: like must be at least 0, got -1");
  const double nan = std::numeric_limits<double>::quiet_NaN(), infinity = std::numeric_limits<double>::infinity();
  CHECK_THROWS_WITH(reco::read_deskdrop(folder.path(), {.view = nan}), "deskdrop: view must be at least 0, got nan");
  CHECK_THROWS_AS(reco::read_deskdrop(folder.path(), {.comment = infinity}), reco::invalid_argument);
}

TEST_CASE("DeskDrop: the list of articles gives titles and texts, the first row of an article counts") {
  const scratch_folder folder("deskdrop");
  folder.write("users_interactions.csv", interactions);
  folder.write("shared_articles.csv", articles);
  const auto log = reco::read_deskdrop(folder.path());
  CHECK(log.titles == std::vector<std::string>{"Said \"no\"", "Um título"});
  CHECK(log.texts == std::vector<std::string>{"Said \"no\"\nTwo\nlines, quoted", "Um título\nTexto"});
  CHECK(log.events.size() == 4);
  std::map<std::string, std::int64_t> skipped;
  for (const auto& s : log.report.skipped) skipped[s.reason] = s.rows;
  CHECK(skipped == std::map<std::string, std::int64_t>{
                       {"item listed before", 1}, {"item not listed", 1}, {"unknown type of event", 1}});
  CHECK(log.report.rows() == 9);
}

TEST_CASE("DeskDrop: what is missing or broken is named") {
  const scratch_folder folder("deskdrop");
  CHECK_THROWS_WITH(reco::read_deskdrop(folder.path()),
                    folder.path("users_interactions.csv").string() + ": expected a file that can be read, got none");
  folder.write("users_interactions.csv", "timestamp,contentId,personId\n1,2,3\n");
  CHECK_THROWS_WITH(reco::read_deskdrop(folder.path()),
                    folder.path("users_interactions.csv").string() +
                        ":1: expected a column 'eventType', got the columns 'timestamp', 'contentId', 'personId'");
}

TEST_CASE("DeskDrop: 72,312 events of 1,895 employees with 2,987 articles") {
  RECO_NEEDS_DATA_FOLDER(folder, "deskdrop");
  const auto log = reco::read_deskdrop(folder);
  CHECK(log.shape() == reco::shape{.users = 1895, .items = 2987});
  CHECK(log.events.size() == 72312);
  CHECK(log.report.rows() == 72312);
  CHECK(log.report.rows_skipped() == 0);

  std::map<double, int> by_value;
  std::set<std::pair<std::int32_t, std::int32_t>> pairs;
  auto first = log.events[0].time, last = first;
  for (const auto& e : log.events) {
    ++by_value[e.value];
    pairs.emplace(e.user, e.item);
    first = std::min(first, e.time);
    last = std::max(last, e.time);
  }
  CHECK(by_value == std::map<double, int>{{1, 61086}, {2, 5745}, {2.5, 2463}, {3, 1407}, {4, 1611}});
  CHECK(pairs.size() == 40710);
  CHECK(std::chrono::floor<std::chrono::days>(first) == std::chrono::sys_days(std::chrono::year(2016) / 3 / 14));
  CHECK(std::chrono::floor<std::chrono::days>(last) == std::chrono::sys_days(std::chrono::year(2017) / 2 / 28));
}
