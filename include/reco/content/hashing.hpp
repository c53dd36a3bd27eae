// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <tuple>

#include "reco/base/config.hpp"
#include "reco/base/options.hpp"
#include "reco/base/random.hpp"
#include "reco/content/text_counts.hpp"
#include "reco/content/tokenizer.hpp"

namespace reco::inline RECO_ABI() {

/// A 64-bit hash, the same on every machine: FNV-1a (Fowler, Noll and Vo) over the bytes, then the finaliser of
/// MurmurHash3 (Appleby), without which the high bits of short texts hardly differ. A seed gives another hash.
/// Not for secrets: collisions can be made on purpose.
[[nodiscard]] constexpr std::uint64_t hash_text(std::string_view text, std::uint64_t seed = 0) noexcept;

/// Token counts without a vocabulary: a token counts in the column its hash says, with a sign its hash says.
///
///     row[column(t)] += sign(t)  for each token t
///
/// Weinberger, Dasgupta, Langford, Smola and Attenberg ("Feature hashing for large scale multitask learning", 2009).
/// Tokens that share a column cancel each other on average, so that a dot product of two rows is, over all seeds,
/// the dot product of the texts' counts: no bias, and a variance that falls as 1 / features.
///
///     const reco::hashing_vectorizer words{.tokenizer = {.stop_words = reco::english_stop_words}};
///     const auto counts = words.count_all<float>(articles).counts;       // articles × features
///
/// For streams and for collections whose vocabulary does not fit: nothing is learned, no token is unknown. Columns
/// have no names, so nothing can be explained by them. Not for BM25 while `signs` is on.
struct hashing_vectorizer {
  reco::tokenizer tokenizer = {};
  std::int32_t features = 1 << 18;  ///< columns, >= 1; need not be a power of two
  bool signs = true;                ///< off: all count as +1, and shared columns make texts look alike
  std::uint64_t seed = 0;

  [[nodiscard]] constexpr std::int32_t column(std::string_view token) const noexcept;
  /// 1 or -1.
  [[nodiscard]] constexpr std::int32_t sign(std::string_view token) const noexcept;

  /// The counts of a text; columns where they cancel out are left out. Throws `invalid_argument` for an option out of
  /// range.
  template <class T = float>
  [[nodiscard]] counted_text<T> count(std::string_view text) const;
  /// The same for many texts: documents × features.
  template <class T = float, texts D>
  [[nodiscard]] counted_texts<T> count_all(const D& documents) const;

  static constexpr std::string_view name = "hashing_vectorizer";
  /// All but the tokenizer's.
  static constexpr auto options() {
    return std::tuple{at_least("features", &hashing_vectorizer::features, 1),
                      any_value("signs", &hashing_vectorizer::signs), any_value("seed", &hashing_vectorizer::seed)};
  }
  friend bool operator==(const hashing_vectorizer&, const hashing_vectorizer&) = default;

 private:
  // The highest bits choose the column, the lowest one the sign: neither says anything about the other.
  [[nodiscard]] static constexpr std::int32_t column_of(std::uint64_t hash, std::int32_t features) noexcept {
    return static_cast<std::int32_t>(detail::multiply_wide(hash, static_cast<std::uint64_t>(features)).first);
  }
  [[nodiscard]] static constexpr std::int32_t sign_of(std::uint64_t hash) noexcept { return (hash & 1) == 0 ? 1 : -1; }
  [[nodiscard]] auto token_at() const {
    return [this](std::string_view token) {
      const auto hash = hash_text(token, seed);
      return detail::counted_token{.column = column_of(hash, features), .amount = signs ? sign_of(hash) : 1};
    };
  }
};

// Every field but the tokenizer can be set by name.
static_assert(std::tuple_size_v<decltype(hashing_vectorizer::options())> + 1 ==
              detail::count_fields<hashing_vectorizer>());

// ---------------------------------------------------------------------------------------------------

constexpr std::uint64_t hash_text(std::string_view text, std::uint64_t seed) noexcept {
  std::uint64_t hash = 0xCBF29CE484222325U ^ seed;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3U;
  hash = (hash ^ hash >> 33) * 0xFF51AFD7ED558CCDU;
  hash = (hash ^ hash >> 33) * 0xC4CEB9FE1A85EC53U;
  return hash ^ hash >> 33;
}

constexpr std::int32_t hashing_vectorizer::column(std::string_view token) const noexcept {
  return column_of(hash_text(token, seed), features);
}

constexpr std::int32_t hashing_vectorizer::sign(std::string_view token) const noexcept {
  return signs ? sign_of(hash_text(token, seed)) : 1;
}

template <class T>
counted_text<T> hashing_vectorizer::count(std::string_view text) const {
  check_options(*this);
  return detail::count_text<T>(tokenizer, text, token_at());
}

template <class T, texts D>
counted_texts<T> hashing_vectorizer::count_all(const D& documents) const {
  check_options(*this);
  detail::check_tokenizer(tokenizer);
  return detail::count_texts<T>(tokenizer, documents, features, token_at());
}

}  // namespace reco
