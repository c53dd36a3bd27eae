// SPDX-License-Identifier: MIT
#pragma once

#include <cassert>

#include <Eigen/Core>

#include "reco/version.hpp"

/// The one header that looks at the compiler's and Eigen's macros.
///
/// Every name of the library lives in `namespace reco::inline RECO_ABI()`, an inline namespace that
/// spells version, instruction set, alignment and assert state, such as `v0_1_avx512_align64_ndebug`.
/// Eigen's memory layout depends on all of them: two files of one program compiled with different
/// `-march` would share objects they lay out differently and crash. With the tag they fail to link.
/// The macro is function-like so that a file which forgot this include does not compile.

#if defined(__FAST_MATH__) || (defined(__FINITE_MATH_ONLY__) && __FINITE_MATH_ONLY__)
#error "reco: compile without -ffast-math and -ffinite-math-only: they remove the checks for NaN"
#endif

#if EIGEN_VERSION_AT_LEAST(3, 4, 0)
#else
#error "reco: Eigen 3.4 or newer is needed"
#endif

#if defined(__AVX512F__)
#define RECO_ISA avx512
#elif defined(__AVX2__) && defined(__FMA__)
#define RECO_ISA avx2_fma
#elif defined(__AVX2__)
#define RECO_ISA avx2
#elif defined(__AVX__)
#define RECO_ISA avx
#elif defined(__SSE4_2__)
#define RECO_ISA sse4
#elif defined(__SSE2__)
#define RECO_ISA sse2
#elif defined(__ARM_NEON)
#define RECO_ISA neon
#else
#define RECO_ISA scalar
#endif

#if defined(NDEBUG)
#define RECO_ASSERT_STATE ndebug
#else
#define RECO_ASSERT_STATE debug
#endif

#define RECO_ABI_JOIN_(major, minor, isa, align, state) v##major##_##minor##_##isa##_align##align##_##state
#define RECO_ABI_JOIN(major, minor, isa, align, state) RECO_ABI_JOIN_(major, minor, isa, align, state)
#define RECO_ABI() \
  RECO_ABI_JOIN(RECO_VERSION_MAJOR, RECO_VERSION_MINOR, RECO_ISA, EIGEN_MAX_ALIGN_BYTES, RECO_ASSERT_STATE)

/// A precondition inside a kernel that callers of the public interface cannot break.
#define RECO_ASSERT(condition) assert(condition)
