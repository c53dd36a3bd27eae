// SPDX-License-Identifier: MIT
#pragma once

#include <reco/data/event_log.hpp>

/// A made-up shop for house and garden: customers come back for what they do (bread, tents, watercolours), and
/// whatever they came for, many take a candle or chocolate from beside the till. One event a product of an order,
/// the value 1; the same wherever it is compiled.
reco::event_log make_shop();
