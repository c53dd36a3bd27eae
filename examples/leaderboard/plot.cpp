// SPDX-License-Identifier: MIT
#include <cstdio>
#include <cstdlib>
#include <string>

#include "report.hpp"

namespace {

std::string quoted(const std::string& s) {
  std::string out = "'";
  for (const char c : s) out += c == '\'' ? std::string("''") : std::string(1, c);
  return out + '\'';
}

std::string number(double x) {
  char buffer[64];
  std::snprintf(buffer, sizeof buffer, "%.8g", x);
  return buffer;
}

double value_of(const contender& c, const std::string& metric, std::optional<int> k) {
  for (const auto& f : c.figures)
    if (f.metric == metric && f.k == k) return f.value;
  return 0;
}

/// One point an algorithm, with its name.
template <class X, class Y>
std::string points(const std::vector<contender>& all, X x, Y y) {
  std::string data;
  for (const auto& c : all)
    if (c.failure.empty()) data += number(x(c)) + ' ' + number(y(c)) + " \"" + c.name + "\"\n";
  return data;
}

}  // namespace

std::string plot(const settings& asked, const std::vector<contender>& all) {
  if (std::system("command -v gnuplot >/dev/null 2>&1") != 0) return "no picture: gnuplot is not found";
  const bool rating = asked.rating();
  const int k = asked.at.front();
  const auto at = rating ? std::optional<int>() : std::optional<int>(k);
  const std::string accuracy = rating ? "rmse" : "ndcg@" + std::to_string(k);
  const auto y = [&](const contender& c) { return value_of(c, rating ? "rmse" : "ndcg", at); };
  std::string script = "set terminal svg size 1200,420 noenhanced\nset output " + quoted(asked.plot) +
                       "\nset multiplot layout 1," + (rating ? "1" : "3") + "\nset offsets graph 0.2,0.2,0.1,0.1\n";
  script += "$times << END\n" +
            points(
                all, [](const contender& c) { return c.fit_seconds; }, y) +
            "END\n";
  script += "set xlabel 'seconds to fit'\nset ylabel " + quoted(accuracy) +
            "\nplot $times using 1:2:3 with labels point pt 7 offset 0,1 notitle\n";
  if (!rating) {
    std::string lines;
    for (std::size_t n = 0; n < all.size(); ++n) {
      if (!all[n].failure.empty()) continue;
      const std::string block = "$recall" + std::to_string(n);
      script += block + " << END\n";
      for (const int depth : asked.at)
        script += std::to_string(depth) + ' ' + number(value_of(all[n], "recall", depth)) + '\n';
      script += "END\n";
      lines += (lines.empty() ? "" : ", ") + block + " with linespoints title " + quoted(all[n].name);
    }
    script += "set xlabel 'k'\nset ylabel 'recall@k'\nset key left top\nplot " + lines + '\n';
    script += "$novelty << END\n" +
              points(
                  all, [&](const contender& c) { return value_of(c, "novelty", at); }, y) +
              "END\nset xlabel 'novelty, bits'\nset ylabel " + quoted(accuracy) +
              "\nplot $novelty using 1:2:3 with labels point pt 7 offset 0,1 notitle\n";
  }
  script += "unset multiplot\n";
  std::FILE* const gnuplot = popen("gnuplot 2>/dev/null", "w");
  if (gnuplot == nullptr) return "no picture: gnuplot does not start";
  std::fwrite(script.data(), 1, script.size(), gnuplot);
  return pclose(gnuplot) == 0 ? "pictures are in " + asked.plot : "no picture: gnuplot failed";
}
