// SPDX-License-Identifier: MIT
// The program's own code.
#include "../../examples/trec_metrics/evaluation.cpp"
