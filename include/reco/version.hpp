// SPDX-License-Identifier: MIT
#pragma once

// The one place where the version stands; CMake reads it from here.
#define RECO_VERSION_MAJOR 0
#define RECO_VERSION_MINOR 1
#define RECO_VERSION_PATCH 0
