// SPDX-License-Identifier: MIT
// Each input concept of data/ from both sides: the smallest type that models it, and that type less one operation or
// with one operation made almost right, which must not.
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <span>

#include "reco/data/dataset.hpp"
#include "reco/data/dense_interactions.hpp"
#include "reco/data/interactions.hpp"
#include "reco/data/item_features.hpp"
#include "reco/data/item_vectors.hpp"
#include "reco/data/sequences.hpp"

namespace {

/// What is taken away from a type, or made almost right.
enum class flaw {
  none,
  no_scalar,
  no_size,         ///< users(), or items() of what has no users
  size_wide,       ///< another integer: would be cut short in silence
  no_second_size,  ///< items(), dimension(), features()
  second_size_wide,
  no_access,  ///< of(), timeline(), vector(), features_of()
  access_not_const,
  access_other_scalar,
  access_by_copy,  ///< an owning result: its spans would dangle
};
constexpr flaw flaws[] = {flaw::no_scalar,        flaw::no_size,   flaw::size_wide,        flaw::no_second_size,
                          flaw::second_size_wide, flaw::no_access, flaw::access_not_const, flaw::access_other_scalar,
                          flaw::access_by_copy};

template <flaw F>
struct scalar_of {
  using scalar = float;
};
template <>
struct scalar_of<flaw::no_scalar> {};

struct owner {};

// The four members stand in one macro because only their names differ: the size, the other size, the access and its
// result.
#define RECO_MINIMAL(type, size, second_size, access, result)                                           \
  template <flaw F>                                                                                     \
  struct type : scalar_of<F> {                                                                          \
    std::int32_t size() const                                                                           \
      requires(F != flaw::no_size && F != flaw::size_wide);                                             \
    std::int64_t size() const                                                                           \
      requires(F == flaw::size_wide);                                                                   \
    std::int32_t second_size() const                                                                    \
      requires(F != flaw::no_second_size && F != flaw::second_size_wide);                               \
    std::int64_t second_size() const                                                                    \
      requires(F == flaw::second_size_wide);                                                            \
    result<float> access(std::int32_t) const                                                            \
      requires(F != flaw::no_access && F != flaw::access_not_const && F != flaw::access_other_scalar && \
               F != flaw::access_by_copy);                                                              \
    result<float> access(std::int32_t)                                                                  \
      requires(F == flaw::access_not_const);                                                            \
    result<double> access(std::int32_t) const                                                           \
      requires(F == flaw::access_other_scalar);                                                         \
    owner access(std::int32_t) const                                                                    \
      requires(F == flaw::access_by_copy);                                                              \
  }

template <class T>
using vector_of = std::span<const T>;

RECO_MINIMAL(minimal_interactions, users, items, of, reco::history_view);
RECO_MINIMAL(minimal_sequences, users, items, timeline, reco::history_view);
RECO_MINIMAL(minimal_item_vectors, items, dimension, vector, vector_of);
RECO_MINIMAL(minimal_item_features, items, features, features_of, reco::sparse_row);

static_assert(reco::interactions<minimal_interactions<flaw::none>>);
static_assert(reco::sequences<minimal_sequences<flaw::none>>);
static_assert(reco::item_vectors<minimal_item_vectors<flaw::none>>);
static_assert(reco::item_features<minimal_item_features<flaw::none>>);

template <std::size_t N = 0>
constexpr bool each_flaw_is_noticed() {
  if constexpr (N == std::size(flaws)) {
    return true;
  } else {
    constexpr flaw f = flaws[N];
    static_assert(!reco::interactions<minimal_interactions<f>>);
    static_assert(!reco::sequences<minimal_sequences<f>>);
    static_assert(!reco::item_vectors<minimal_item_vectors<f>>);
    static_assert(!reco::item_features<minimal_item_features<f>>);
    return each_flaw_is_noticed<N + 1>();
  }
}
static_assert(each_flaw_is_noticed());

// The inputs cannot be confused: what models one models no other.
static_assert(!reco::sequences<minimal_interactions<flaw::none>>);
static_assert(!reco::interactions<minimal_sequences<flaw::none>>);
static_assert(!reco::item_features<minimal_item_vectors<flaw::none>>);
static_assert(!reco::item_vectors<minimal_item_features<flaw::none>>);

// And the library's own types.
template <class D>
constexpr int inputs = (reco::interactions<D> ? 1 : 0) + (reco::sequences<D> ? 2 : 0) +
                       (reco::item_vectors<D> ? 4 : 0) + (reco::item_features<D> ? 8 : 0);
static_assert(inputs<reco::sparse_interactions<float>> == 1 && inputs<reco::dense_interactions<double>> == 1);
static_assert(inputs<reco::event_sequences<float>> == 2);
static_assert(inputs<reco::embeddings<float>> == 4);
static_assert(inputs<reco::feature_rows<double>> == 8);
static_assert(inputs<reco::dataset<float>> == 15 && inputs<const reco::dataset<double>> == 15);
static_assert(inputs<reco::dataset<float>&> == 0);  // concepts are asked of values, not of references
static_assert(inputs<int> == 0);

}  // namespace
