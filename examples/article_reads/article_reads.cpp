// SPDX-License-Identifier: MIT
// Writes the reads that article_recommender runs on; corpus/make_reads.hpp says what drives the readers.
//
//     article_reads > reads.csv

#include <chrono>
#include <cstdio>

#include "corpus.hpp"
#include "make_reads.hpp"

int main() {
  const auto articles = corpus::articles();
  const auto made = corpus::make_reads();
  constexpr auto start = std::chrono::sys_days(std::chrono::year(2026) / 1 / 5);
  std::puts("user,article,time,weight");
  for (const auto& r : made.reads) {
    const auto moment = start + std::chrono::seconds(r.time);
    const auto date = std::chrono::floor<std::chrono::days>(moment);
    const std::chrono::year_month_day ymd(date);
    const std::chrono::hh_mm_ss clock(moment - date);
    std::printf("%s,%s,%04d-%02u-%02uT%02d:%02d:%02dZ,%g\n", made.readers[r.reader].name.c_str(),
                articles[r.article].id.c_str(), static_cast<int>(ymd.year()), static_cast<unsigned>(ymd.month()),
                static_cast<unsigned>(ymd.day()), static_cast<int>(clock.hours().count()),
                static_cast<int>(clock.minutes().count()), static_cast<int>(clock.seconds().count()), r.weight);
  }
}
