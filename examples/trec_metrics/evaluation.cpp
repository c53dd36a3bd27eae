// SPDX-License-Identifier: MIT
#include "evaluation.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <span>

namespace trec {
namespace {

constexpr double least_of_a_geometric_mean = 0.00001;

/// A relevance each: '0' to '9', '>' above, '-' not in the pool, '.' in it and not judged.
std::string relevance_string(const reco::trec_judged& judged, std::size_t length) {
  std::string text;
  for (const auto r : std::span(judged.relevance).first(std::min(length, judged.relevance.size())))
    text += r > 9 ? '>' : r >= 0 ? static_cast<char>('0' + r) : r == reco::trec_judged::not_pooled ? '-' : '.';
  return text;
}

evaluation::topic evaluate_topic(std::string_view id, const reco::trec_judged& judged,
                                 const std::vector<measure>& measures, std::size_t width) {
  evaluation::topic out = {.id = id, .values = std::vector<double>(width)};
  std::span<double> left = out.values;
  for (const auto& m : measures) {
    m.values(judged, left.first(m.names.size()));
    left = left.subspan(m.names.size());
    if (m.string_length > 0) out.strings.push_back(relevance_string(judged, static_cast<std::size_t>(m.string_length)));
  }
  return out;
}

double total(const evaluation& done, summary kind, std::size_t column) {
  const auto topics = static_cast<double>(done.topics.size());
  if (kind == summary::topics) return topics;
  double sum = 0;
  for (const auto& t : done.topics) {
    const double value = t.values[column];
    sum += kind == summary::geometric_mean ? std::log(std::max(value, least_of_a_geometric_mean)) : value;
  }
  if (kind == summary::sum) return sum;
  return kind == summary::mean ? sum / topics : std::exp(sum / topics);
}

void print_line(std::string& out, const std::string& name, std::string_view topic, std::string_view value) {
  out += name;
  if (name.size() < 22) out.append(22 - name.size(), ' ');
  ((((out += '\t') += topic) += '\t') += value) += '\n';
}

std::string number(double value, bool whole) {
  char text[64];
  if (whole) std::snprintf(text, sizeof text, "%lld", static_cast<long long>(value));
  else std::snprintf(text, sizeof text, "%6.4f", value);
  return text;
}

}  // namespace

evaluation evaluate(const reco::trec_qrels& qrels, const reco::trec_run& run, const std::vector<measure>& measures,
                    const evaluation_options& options, reco::executor_ref executor) {
  constexpr std::int64_t topics_at_once = 16;
  evaluation done;
  done.run_name = run.run_name();
  for (const auto& t : run.topics()) done.without_judgments += qrels.find(t.id) == nullptr;

  struct pair {
    const reco::trec_topic<reco::trec_judgment>* judgments;
    reco::trec_topic<reco::trec_document> retrieved;
  };
  std::vector<pair> pairs;
  for (const auto& t : qrels.topics()) {
    if (const auto* const found = run.find(t.id)) pairs.push_back({&t, *found});
    else if (options.complete) pairs.push_back({&t, {.id = t.id}});
    else ++done.without_run;
  }

  std::size_t width = 0;
  for (const auto& m : measures) width += m.names.size();
  done.topics.resize(pairs.size());
  reco::for_chunks(executor, std::ssize(pairs), topics_at_once, [&](std::int64_t begin, std::int64_t end) {
    reco::trec_judge judge(options.judge);
    for (auto n = static_cast<std::size_t>(begin); n < static_cast<std::size_t>(end); ++n)
      done.topics[n] =
          evaluate_topic(pairs[n].judgments->id, judge(pairs[n].retrieved, *pairs[n].judgments), measures, width);
  });
  return done;
}

std::string print(const evaluation& done, const std::vector<measure>& measures, const print_options& options) {
  std::string out;
  if (options.by_topic) {
    for (const auto& t : done.topics) {
      std::size_t column = 0, string = 0;
      for (const auto& m : measures) {
        const bool is_string = m.string_length > 0;
        if (is_string) print_line(out, m.names[0], t.id, '\'' + t.strings[string++] + '\'');
        for (const auto& name : m.names) {
          if (m.by_topic && !is_string) print_line(out, name, t.id, number(t.values[column], m.whole_numbers));
          ++column;
        }
      }
    }
  }
  if (!options.summary) return out;
  std::size_t column = 0;
  for (const auto& m : measures) {
    for (const auto& name : m.names) {
      if (m.total == summary::run) print_line(out, name, "all", done.run_name);
      else if (m.total != summary::none)
        print_line(out, name, "all", number(total(done, m.total, column), m.whole_numbers));
      ++column;
    }
  }
  return out;
}

}  // namespace trec
