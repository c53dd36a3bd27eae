// SPDX-License-Identifier: MIT
#pragma once

#include <reco/base/training.hpp>

#include "input.hpp"
#include "settings.hpp"

/// How good the recommendations are: lives through the reads in the order of time, asks for a list before every first
/// read of an article, and prints what came out; also as CSV where the settings name a file. Throws `reco::error` with
/// a message for people, also where the reads have no times.
void evaluate(const settings& asked, const input& in, const reco::training& how);
