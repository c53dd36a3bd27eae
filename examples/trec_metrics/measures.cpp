// SPDX-License-Identifier: MIT
#include "measures.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <reco/base/error.hpp>
#include <reco/metrics/average_precision.hpp>
#include <reco/metrics/bpref.hpp>
#include <reco/metrics/f_measure.hpp>
#include <reco/metrics/hit_rate.hpp>
#include <reco/metrics/ndcg.hpp>
#include <reco/metrics/precision.hpp>
#include <reco/metrics/r_precision.hpp>
#include <reco/metrics/rank_biased_precision.hpp>
#include <reco/metrics/recall.hpp>
#include <reco/metrics/reciprocal_rank.hpp>

#include "gains.hpp"
#include "inferred_precision.hpp"
#include "recall_points.hpp"
#include "request.hpp"

namespace trec {
namespace {

using judged = reco::trec_judged;

const std::vector<double> usual_ranks = {5, 10, 15, 20, 30, 100, 200, 500, 1000};
const std::vector<double> usual_recalls = {0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1};

// ---- kinds of measures

/// One value of a topic.
template <class F>
measure one(const request& r, F value) {
  return {.names = {r.full_name()}, .values = [value](const judged& t, std::span<double> out) { out[0] = value(t); }};
}

/// A number of documents, summed over the topics.
template <class F>
measure count(const request& r, F value) {
  auto m = one(r, [value](const judged& t) { return static_cast<double>(value(t)); });
  m.total = summary::sum;
  m.whole_numbers = true;
  return m;
}

/// One of the library's metrics.
template <class M>
measure binary(const request& r, M metric) {
  return one(r, [metric](const judged& t) { return metric(t.binary); });
}

/// The same at several ranks; `at` makes the value for a rank and a topic.
template <class F>
measure at_ranks(const request& r, const std::vector<double>& defaults, F at) {
  const auto ranks = r.ranks_or(defaults);
  measure m;
  for (const int k : ranks) m.names.push_back(std::string(r.name) + '_' + std::to_string(k));
  m.values = [ranks, at](const judged& t, std::span<double> out) {
    for (std::size_t n = 0; n < ranks.size(); ++n) out[n] = at(ranks[n], t);
  };
  return m;
}

/// A line for each of several shares, "NAME_0.20".
measure at_shares(const request& r, const std::vector<double>& shares) {
  measure m;
  for (const double share : shares) {
    char text[64];
    std::snprintf(text, sizeof text, "_%3.2f", share);
    m.names.push_back(std::string(r.name) + text);
  }
  return m;
}

/// A value of the list of gains.
template <class F>
measure of_gains(const request& r, F value) {
  return one(r, [value, by_grade = r.gains_and_persistence(0).first](const judged& t) {
    return by_grade.empty() ? value(t.graded) : value(with_gains(t.graded, by_grade));
  });
}

measure geometric(measure m) {
  m.total = summary::geometric_mean;
  m.by_topic = false;
  return m;
}

template <class Residual>
measure rank_biased(const request& r, Residual residual) {
  const auto [by_grade, persistence] = r.gains_and_persistence(0.9);
  if (!(persistence > 0 && persistence < 1)) fail(r.name, "a p above 0 and below 1", r.parameters);
  return one(r, [by_grade = by_grade, persistence = persistence, residual](const judged& t) {
    const auto list = by_grade.empty() ? t.graded : with_gains(t.graded, by_grade);
    const double most = list.ideal.empty() ? 1 : std::max(1.0, list.ideal.front());
    return residual(reco::rank_biased_precision{.persistence = persistence, .max_grade = most}, list);
  });
}

std::int64_t places(const judged& t) { return std::ssize(t.relevance); }
std::int64_t hits(const judged& t) { return t.binary.hits(reco::whole_list); }
std::int64_t unjudged(const judged& t, int k) {
  return std::count(t.binary.grade.begin(), t.binary.grade.begin() + static_cast<std::ptrdiff_t>(t.binary.depth(k)),
                    reco::judged_list::unjudged);
}

measure utility(const request& r) {
  const auto p = r.numbers_or({1, -1, 0, 0});
  if (p.size() != 4) fail(r.name, "4 numbers", r.parameters);
  return one(r, [p, documents = r.documents](const judged& t) {
    if (t.relevance.empty()) return 0.0;
    const auto retrieved = static_cast<double>(places(t)), relevant = static_cast<double>(t.binary.relevant()),
               both = static_cast<double>(hits(t));
    return p[0] * both + p[1] * (retrieved - both) + p[2] * (relevant - both) +
           p[3] * (documents + both - retrieved - relevant);
  });
}

measure interpolated(const request& r) {
  const auto recalls = r.cutoffs_or(usual_recalls);
  auto m = at_shares(r, recalls);
  m.values = [recalls](const judged& t, std::span<double> out) {
    const auto best = interpolated_precision(t.binary);
    for (std::size_t n = 0; n < recalls.size(); ++n) out[n] = at_recall(best, recalls[n], t.binary);
  };
  return m;
}

measure eleven_points(const request& r) {
  return one(r, [recalls = r.numbers_or(usual_recalls)](const judged& t) {
    const auto best = interpolated_precision(t.binary);
    double sum = 0;
    for (const double recall : recalls) sum += at_recall(best, recall, t.binary);
    return sum / static_cast<double>(recalls.size());
  });
}

/// Precision at multiples of the number of relevant documents.
measure multiples_of_r(const request& r) {
  const auto multiples = r.cutoffs_or({0.2, 0.4, 0.6, 0.8, 1, 1.2, 1.4, 1.6, 1.8, 2});
  auto m = at_shares(r, multiples);
  m.values = [multiples](const judged& t, std::span<double> out) {
    for (std::size_t n = 0; n < multiples.size(); ++n)
      out[n] = reco::precision{.k = static_cast<int>(multiples[n] * static_cast<double>(t.binary.relevant()) + 0.9)}(
          t.binary);
  };
  return m;
}

measure weighted_f(const request& r) {
  const auto weight = r.numbers_or({1});
  if (weight.size() != 1 || !(weight[0] > 0)) fail(r.name, "one number above 0", r.parameters);
  return binary(r, reco::f_measure{.k = reco::whole_list, .beta = std::sqrt(weight[0])});
}

measure relevances(const request& r) {
  const auto length = r.numbers_or({10});
  if (length.size() != 1 || !(length[0] >= 1 && length[0] < 1e6)) fail(r.name, "one number from 1", r.parameters);
  return {.names = {r.full_name()}, .total = summary::none, .string_length = static_cast<int>(length[0])};
}

measure without_parameters(const request& r, measure m) {
  if (!r.parameters.empty()) fail(r.name, "no parameters", r.parameters);
  return m;
}

// ---- the table of them

struct family {
  std::string_view name = {};
  measure (*make)(const request&) = nullptr;
  bool official = false;
  bool set = false;
};

using reco::whole_list;

// In the order in which trec_eval prints them.
constexpr family families[] = {
    {"runid",
     [](const request& r) {
       return without_parameters(r, {.names = {"runid"}, .total = summary::run, .by_topic = false});
     },
     true, true},
    {"num_q",
     [](const request& r) {
       return without_parameters(
           r, {.names = {"num_q"}, .total = summary::topics, .whole_numbers = true, .by_topic = false});
     },
     true, true},
    {"num_ret", [](const request& r) { return without_parameters(r, count(r, places)); }, true, true},
    {"num_rel",
     [](const request& r) {
       return without_parameters(r, count(r, [](const judged& t) { return t.binary.relevant(); }));
     },
     true, true},
    {"num_rel_ret", [](const request& r) { return without_parameters(r, count(r, hits)); }, true, true},
    {"map", [](const request& r) { return without_parameters(r, binary(r, reco::average_precision{})); }, true},
    {"gm_map", [](const request& r) { return without_parameters(r, geometric(binary(r, reco::average_precision{}))); },
     true},
    {"Rprec", [](const request& r) { return without_parameters(r, binary(r, reco::r_precision{})); }, true},
    {"bpref", [](const request& r) { return without_parameters(r, binary(r, reco::bpref{})); }, true},
    {"recip_rank", [](const request& r) { return without_parameters(r, binary(r, reco::reciprocal_rank{})); }, true},
    {"iprec_at_recall", interpolated, true},
    {"P",
     [](const request& r) {
       return at_ranks(r, usual_ranks, [](int k, const judged& t) { return reco::precision{.k = k}(t.binary); });
     },
     true},
    {"relstring", relevances},
    {"recall",
     [](const request& r) {
       return at_ranks(r, usual_ranks, [](int k, const judged& t) { return reco::recall{.k = k}(t.binary); });
     }},
    {"infAP", [](const request& r) { return without_parameters(r, one(r, inferred_average_precision)); }},
    {"gm_bpref", [](const request& r) { return without_parameters(r, geometric(binary(r, reco::bpref{}))); }},
    {"Rprec_mult", multiples_of_r},
    {"utility", utility, false, true},
    {"11pt_avg", eleven_points},
    {"binG",
     [](const request& r) {
       return without_parameters(r, one(r, [](const judged& t) { return binary_gain(t.binary); }));
     }},
    {"G", [](const request& r) { return of_gains(r, normalized_gain); }},
    {"ndcg", [](const request& r) { return of_gains(r, reco::ndcg{.k = whole_list}); }},
    {"ndcg_rel", [](const request& r) { return of_gains(r, ndcg_at_hits); }},
    {"Rndcg", [](const request& r) { return of_gains(r, ndcg_at_levels); }},
    {"ndcg_cut",
     [](const request& r) {
       return at_ranks(r, usual_ranks, [](int k, const judged& t) { return reco::ndcg{.k = k}(t.graded); });
     }},
    {"map_cut",
     [](const request& r) {
       return at_ranks(r, usual_ranks,
                       [](int k, const judged& t) { return reco::average_precision{.k = k}(t.binary); });
     }},
    {"relative_P",
     [](const request& r) {
       return at_ranks(r, usual_ranks, [](int k, const judged& t) {
         return reco::precision{.k = k, .divide_by = reco::precision::divisor::achievable}(t.binary);
       });
     }},
    {"success",
     [](const request& r) {
       return at_ranks(r, {1, 5, 10}, [](int k, const judged& t) { return reco::hit_rate{.k = k}(t.binary); });
     }},
    {"set_P", [](const request& r) { return without_parameters(r, binary(r, reco::precision{.k = whole_list})); },
     false, true},
    {"set_relative_P",
     [](const request& r) {
       return without_parameters(
           r, binary(r, reco::precision{.k = whole_list, .divide_by = reco::precision::divisor::achievable}));
     },
     false, true},
    {"set_recall", [](const request& r) { return without_parameters(r, binary(r, reco::recall{.k = whole_list})); },
     false, true},
    {"set_map",
     [](const request& r) {
       return without_parameters(r, one(r, [](const judged& t) {
                                   return reco::precision{.k = whole_list}(t.binary) *
                                          reco::recall{.k = whole_list}(t.binary);
                                 }));
     },
     false, true},
    {"set_F", weighted_f, false, true},
    {"num_nonrel_judged_ret",
     [](const request& r) {
       return without_parameters(
           r, count(r, [](const judged& t) { return places(t) - hits(t) - unjudged(t, whole_list); }));
     }},
    {"rbp",
     [](const request& r) { return rank_biased(r, [](const auto& rbp, const auto& list) { return rbp(list); }); }},
    {"rbp_resid",
     [](const request& r) {
       return rank_biased(r, [](const auto& rbp, const auto& list) {
         const bool open =
             std::find(list.grade.begin(), list.grade.end(), reco::judged_list::unjudged) != list.grade.end();
         return open ? rbp.residual(list) : 0.0;  // trec_eval: nothing is open where every place is judged
       });
     }},
    {"unj",
     [](const request& r) {
       return at_ranks(r, {5, 10, 20}, [](int k, const judged& t) { return static_cast<double>(unjudged(t, k)) / k; });
     }},
};

std::string nearest(std::string_view name) {
  const auto distance = [](std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j < row.size(); ++j) row[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
      std::size_t diagonal = std::exchange(row[0], i);
      for (std::size_t j = 1; j <= b.size(); ++j) {
        const auto change = diagonal + (a[i - 1] != b[j - 1] ? 1 : 0);
        diagonal = row[j];
        row[j] = std::min({change, row[j] + 1, row[j - 1] + 1});
      }
    }
    return row.back();
  };
  const auto* best = &families[0];
  for (const auto& f : families)
    if (distance(name, f.name) < distance(name, best->name)) best = &f;
  return std::string(best->name);
}

}  // namespace

std::vector<measure> measures_of(const std::vector<std::string>& arguments, double documents) {
  std::set<std::string_view> wanted;
  std::map<std::string_view, std::string_view> parameters;  // those given first hold
  for (const std::string& argument : arguments) {
    const std::string_view text = argument;
    const auto name = text.substr(0, text.find('.'));
    bool known = false;
    for (const auto& f : families) {
      if (name != f.name && name != "all_trec" && !(name == "official" && f.official) && !(name == "set" && f.set))
        continue;
      known = true;
      wanted.insert(f.name);
    }
    if (!known)
      throw reco::invalid_argument("-m: no measure is called '" + std::string(name) + "'; the nearest is '" +
                                   nearest(name) + "', --help lists all");
    if (name.size() == text.size()) continue;
    if (name.size() + 1 == text.size()) fail(name, "parameters behind the point", "nothing");
    parameters.emplace(name, text.substr(name.size() + 1));
  }
  std::vector<measure> out;
  for (const auto& f : families) {
    if (!wanted.contains(f.name)) continue;
    const auto given = parameters.find(f.name);
    out.push_back(f.make({f.name, given == parameters.end() ? std::string_view() : given->second, documents}));
  }
  return out;
}

std::string measures_offered() {
  std::string text;
  for (const auto& f : families) (text += text.empty() ? "" : " ") += f.name;
  return text;
}

std::string_view measures_not_offered() {
  return "dcg ideal_dcg yaap map_avgjg P_avgjg Rprec_mult_avgjg, and the measures of preferences (prefs_*)";
}

}  // namespace trec
