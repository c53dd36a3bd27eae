// SPDX-License-Identifier: MIT
#include "reco/ltr/histogram.hpp"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "reco/base/random.hpp"
#include "reco/base/thread_pool.hpp"
#include "support/catch.hpp"

using namespace reco_test;

TEST_CASE("sums of packed gradients are sums of both parts") {
  const std::int64_t gradients[] = {5, -7, 2147483647, -2147483648, 0};
  const std::uint32_t hessians[] = {4000000000U, 1, 0, 2, 200000000U};
  for (const auto a : gradients)
    for (const auto h : hessians) {
      const auto s = reco::pack_gradient(a, h);
      CHECK(reco::gradient_of(s) == a);
      CHECK(reco::hessian_of(s) == h);
      const auto sum = s + reco::pack_gradient(-a / 2, h / 16);
      CHECK(reco::gradient_of(sum) == a - a / 2);
      CHECK(reco::hessian_of(sum) == h + h / 16);
      CHECK(sum - s == reco::pack_gradient(-a / 2, h / 16));
    }
}

TEST_CASE("quantised gradients keep the sums of any rows to a millionth, on any number of threads", "[concurrent]") {
  reco::random_engine random(1);
  std::vector<float> g, h;
  for (int i = 0; i < 50000; ++i) {
    g.push_back(static_cast<float>(reco::normal(random)));
    h.push_back(static_cast<float>(reco::uniform_real(random)));
  }
  reco::quantised_gradients q, again;
  reco::quantise(g, h, q);
  double sum_g = 0, sum_h = 0, all_g = 0, all_h = 0;
  reco::gradient_sum sum = 0, all = 0;
  for (std::size_t i = 0; i < g.size(); ++i) {
    CHECK(std::abs(reco::gradient_of(q.of[i]) * q.gradient_unit - double{g[i]}) <= q.gradient_unit);
    all_g += std::abs(double{g[i]});
    all_h += double{h[i]};
    all += q.of[i];
    if (i % 3 != 0) continue;
    sum += q.of[i];
    sum_g += double{g[i]};
    sum_h += double{h[i]};
  }
  CHECK_THAT(reco::gradient_of(sum) * q.gradient_unit, WithinAbs(sum_g, 1e-6 * all_g));
  CHECK_THAT(reco::hessian_of(sum) * q.hessian_unit, WithinAbs(sum_h, 1e-6 * all_h));
  CHECK(reco::hessian_of(all) > 4200000000U);  // the units are as small as fit
  for (const unsigned threads : {1U, 2U, 5U}) {
    reco::thread_pool pool(threads);
    reco::quantise(g, h, again, pool);
    CHECK(again.of == q.of);
  }
  // All of one sign: the sum itself comes near the limit.
  for (auto& v : g) v = -std::abs(v);
  reco::quantise(g, h, q);
  reco::gradient_sum negative = 0;
  for (const auto s : q.of) negative += s;
  CHECK(reco::gradient_of(negative) < -2147000000);
  std::vector<float> zeros(10, 0.0F);
  reco::quantise(zeros, zeros, q);
  CHECK(q.of == std::vector<reco::gradient_sum>(10, 0));
}

TEST_CASE("histograms are the sums written out, for all rows and for some") {
  constexpr std::size_t width = reco::feature_bins::width, most = reco::feature_bins::most_bins;
  reco::random_engine random(3);
  for (const std::size_t rows : {0U, 1U, 7U, 23U, 24U, 25U, 1000U}) {
    std::vector<std::uint8_t> group(rows * width);
    for (auto& b : group) b = static_cast<std::uint8_t>(reco::uniform_index(random, 256));
    std::vector<std::uint32_t> some;
    std::vector<reco::gradient_sum> all, of_some;
    for (std::size_t i = 0; i < rows; ++i) {
      all.push_back(reco::pack_gradient(reco::uniform_index(random, 2001) - 1000, static_cast<std::uint32_t>(i)));
      if (!reco::bernoulli(random, 0.6)) continue;
      some.push_back(static_cast<std::uint32_t>(i));
      of_some.push_back(all.back());
    }
    std::vector<reco::gradient_sum> naive(width * most), naive_some(width * most), got(width * most),
        got_some(width * most);
    for (std::size_t i = 0; i < rows; ++i)
      for (std::size_t k = 0; k < width; ++k) naive[k * most + group[i * width + k]] += all[i];
    for (std::size_t n = 0; n < some.size(); ++n)
      for (std::size_t k = 0; k < width; ++k) naive_some[k * most + group[some[n] * width + k]] += of_some[n];
    reco::add_to_histograms(group.data(), {}, all, got.data());
    reco::add_to_histograms(group.data(), some, of_some, got_some.data());
    CHECK(got == naive);
    if (!some.empty()) CHECK(got_some == naive_some);
  }
}
