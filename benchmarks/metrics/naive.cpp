// SPDX-License-Identifier: MIT
#include "metrics/queries.hpp"

namespace {

void naive(benchmark::State& state) { metrics::measure(state, metrics::naive); }
BENCHMARK(naive)->Apply(metrics::sizes);

}  // namespace
