// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <numeric>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/base/error.hpp"
#include "reco/base/executor.hpp"
#include "reco/base/large_pages.hpp"
#include "reco/io/file.hpp"
#include "reco/io/trec_columns.hpp"

namespace reco::inline RECO_ABI() {

/// The name of a document: a view of the bytes of its file, with their hash, so that to look a name up, no byte of
/// it is read again. Two names are equal if their bytes are, and are ordered by their bytes.
class trec_name {
 public:
  trec_name() noexcept = default;
  explicit trec_name(std::string_view text) noexcept;

  [[nodiscard]] std::string_view text() const noexcept { return {data_, size_}; }
  [[nodiscard]] std::uint32_t hash() const noexcept { return hash_; }
  friend bool operator==(const trec_name& a, const trec_name& b) noexcept {
    return a.hash_ == b.hash_ && a.text() == b.text();
  }

 private:
  const char* data_ = "";
  std::uint32_t size_ = 0;
  std::uint32_t hash_ = 0;
};

/// A row of a file of judgments ("qrels"): how relevant a document is to the topic. Below 0: it is in the pool of
/// documents to be judged, but was not judged.
struct trec_judgment {
  trec_name docno = {};
  std::int32_t relevance = 0;
};

/// A row of a run: a document that a system retrieved.
struct trec_document {
  trec_name docno = {};
  double score = 0;
};

/// The rows of one topic (a query).
template <class Row>
struct trec_topic {
  std::string_view id = {};
  std::span<const Row> rows = {};
};

namespace detail {
template <class Row>
struct trec_contents;
}

/// What stood in a file of the TREC evaluation: topics, ordered by the bytes of their ids, and their rows, without
/// repeats. Immutable; copies share the bytes of the file, and views live as long as one of them.
template <class Row>
class trec_file {
 public:
  trec_file() = default;
  explicit trec_file(std::shared_ptr<const detail::trec_contents<Row>> contents) : contents_(std::move(contents)) {}

  [[nodiscard]] std::span<const trec_topic<Row>> topics() const noexcept;
  /// The topic of that id; null if there is none.
  [[nodiscard]] const trec_topic<Row>* find(std::string_view id) const noexcept;
  /// How many rows there are in all topics together.
  [[nodiscard]] std::int64_t rows() const noexcept;
  /// The name in the last row of a run; empty for judgments.
  [[nodiscard]] std::string_view run_name() const noexcept;

 private:
  std::shared_ptr<const detail::trec_contents<Row>> contents_ = {};
};

using trec_qrels = trec_file<trec_judgment>;  ///< the rows of a topic: in the order of the file
using trec_run = trec_file<trec_document>;    ///< the rows of a topic: score descending, equal scores docno descending

/// Reads judgments, `topic iteration docno relevance` a row; the iteration is passed over.
///
///     const auto qrels = reco::read_trec_qrels("qrels.txt");
///     const auto run = reco::read_trec_run("run.txt", pool);
///     for (const auto& topic : run.topics()) use(topic, qrels.find(topic.id));      // io/trec_judge.hpp joins them
///
/// Columns stand between blanks and tabs, any number of them; rows end with LF or CRLF, the last one also with the
/// file. Empty rows and rows that begin with '#' are passed over. The rows of a topic need not stand together.
///
/// Throws `parse_error` with line and column: too few or too many columns, a relevance that is no whole number, a
/// document judged twice for a topic, a control character, a file without a row. Work: O(bytes), one pass; the file is
/// cut into pieces of a megabyte, which `executor` may read at once, and the result does not depend on it. Memory: the
/// bytes of the file and 24 for each row.
[[nodiscard]] trec_qrels read_trec_qrels(const std::filesystem::path& path, executor_ref executor = {},
                                         const file_reader& read = read_file);

/// Reads a run, `topic Q0 docno rank score run` a row. What stands behind the sixth column is passed over, and so are
/// Q0 and the rank: documents are ordered by score descending, equal scores by the bytes of docno descending, as
/// trec_eval (version 10) does. Scores are read as double; infinite ones are allowed.
///
/// Errors and cost as for `read_trec_qrels`; a score that is NaN or no number is one. O(n log n) for the topics that do
/// not yet stand in order.
[[nodiscard]] trec_run read_trec_run(const std::filesystem::path& path, executor_ref executor = {},
                                     const file_reader& read = read_file);

/// The same from bytes in memory; `file` is the name for messages.
[[nodiscard]] trec_qrels parse_trec_qrels(std::string text, const std::string& file, executor_ref executor = {});
[[nodiscard]] trec_run parse_trec_run(std::string text, const std::string& file, executor_ref executor = {});

// ---------------------------------------------------------------------------------------------------

namespace detail {

/// Multiply and fold, eight bytes at a time; the last eight may overlap those before.
inline std::uint32_t trec_hash(std::string_view text) noexcept {
  constexpr std::uint64_t odd = 0x9e3779b97f4a7c15;
  constexpr std::size_t width = 8;
  const auto mix = [](std::uint64_t h, std::uint64_t word) {
    h = (h ^ word) * odd;
    return h ^ (h >> 32);
  };
  const char* p = text.data();
  std::uint64_t h = text.size();
  if (text.size() >= width) {
    const char* const last = p + text.size() - width;
    for (; p < last; p += width) h = mix(h, load_eight(p));
    h = mix(h, load_eight(last));
  } else {
    std::uint64_t word = 0;
    for (const char c : text) word = word << 8 | static_cast<unsigned char>(c);
    h = mix(h, word);
  }
  return static_cast<std::uint32_t>((h * odd) >> 32);
}

/// Memory for so many rows, none of them written to yet.
template <class Row>
class trec_rows {
  static_assert(std::is_trivially_copyable_v<Row> && std::is_trivially_destructible_v<Row>);

 public:
  trec_rows() = default;
  explicit trec_rows(std::size_t rows) : memory_(std::allocator<Row>().allocate(rows), {rows}) {
    prefer_large_pages(memory_.get(), rows * sizeof(Row));
  }
  [[nodiscard]] Row* data() const noexcept { return memory_.get(); }

 private:
  struct release {
    std::size_t rows = 0;
    void operator()(Row* memory) const noexcept { std::allocator<Row>().deallocate(memory, rows); }
  };
  std::unique_ptr<Row, release> memory_ = {};
};

template <class Row>
struct trec_contents {
  std::string text = {};
  trec_rows<Row> rows = {};                     // in the order of the file, with gaps where pieces end
  std::vector<std::vector<Row>> gathered = {};  // of the topics that do not stand together
  std::vector<trec_topic<Row>> topics = {};
  std::int64_t count = 0;
  std::string_view run_name = {};
};

/// Finds a row by the name of its document: an open table of twice as many places as rows, each with the hash beside
/// the number of the row, so that only equal hashes cost a look at the row.
template <class Row>
class trec_row_table {
 public:
  /// Keeps no row, has room for so many.
  void clear(std::size_t rows) {
    places_.assign(std::bit_ceil(2 * rows + 1), place{});
    mask_ = places_.size() - 1;
  }
  [[nodiscard]] const Row* find(const trec_name& docno) const noexcept { return places_[place_of(docno)].row; }
  /// Null, or the row of that name that was there before.
  const Row* insert(const Row& row) noexcept {
    auto& at = places_[place_of(row.docno)];
    if (at.row != nullptr) return at.row;
    at = {row.docno.hash(), &row};
    return nullptr;
  }

 private:
  struct place {
    std::uint32_t hash = 0;
    const Row* row = nullptr;
  };
  [[nodiscard]] std::size_t place_of(const trec_name& docno) const noexcept {
    std::size_t n = docno.hash() & mask_;
    while (places_[n].row != nullptr && !(places_[n].hash == docno.hash() && places_[n].row->docno == docno))
      n = (n + 1) & mask_;
    return n;
  }
  std::vector<place> places_ = {};
  std::size_t mask_ = 0;
};

/// What a row holds, and how it is read from the line in which `in` stands behind the topic.
inline void read_trec_row(trec_cursor& in, trec_judgment& row, std::string_view&) {
  constexpr std::string_view columns = "4 columns, topic iteration docno relevance";
  in.column(columns, 2);
  row.docno = trec_name(in.column(columns, 3));
  const auto text = in.column(columns, 4);
  const char* const begin = text.data() + (text.size() > 1 && text[0] == '+' && text[1] != '-' ? 1 : 0);
  const auto read = std::from_chars(begin, text.data() + text.size(), row.relevance);
  if (read.ec != std::errc{} || read.ptr != text.data() + text.size()) [[unlikely]]
    in.fail(text.data(), "a whole number as relevance", quoted(text));
  if (const auto more = in.column_or_end(); !more.empty()) in.fail(more.data(), columns, "another, " + quoted(more));
}

inline void read_trec_row(trec_cursor& in, trec_document& row, std::string_view& run_name) {
  constexpr std::string_view columns = "6 columns, topic Q0 docno rank score run";
  in.column(columns, 2);
  row.docno = trec_name(in.column(columns, 3));
  in.column(columns, 4);
  const auto text = in.column(columns, 5);
  const char* const begin = text.data() + (text.size() > 1 && text[0] == '+' && text[1] != '-' ? 1 : 0);
  const auto read = std::from_chars(begin, text.data() + text.size(), row.score);
  if (read.ec != std::errc{} || read.ptr != text.data() + text.size() || std::isnan(row.score)) [[unlikely]]
    in.fail(text.data(), "a number as score", quoted(text));
  run_name = in.column(columns, 6);
  in.skip_line();
}

/// Rows begin..end-1 are of one topic.
template <class Row>
struct trec_stretch {
  std::string_view topic = {};
  Row* begin = nullptr;
  Row* end = nullptr;
};

/// The lines that begin in one piece of the file.
template <class Row>
struct trec_piece {
  const char* begin = nullptr;
  const char* end = nullptr;
  std::vector<trec_stretch<Row>> stretches = {};
  std::string_view run_name = {};
};

/// Writes the rows of a piece to `at` and the following ones; that many lines are room enough.
template <class Row>
void read_trec_piece(trec_piece<Row>& piece, std::string_view text, const std::string& file, Row* at) {
  trec_cursor in(text, file, piece.begin, piece.end);
  std::string_view topic;
  while (in.next_row()) {
    if (!in.skip_column(topic)) {
      topic = in.column_or_end();
      piece.stretches.push_back({topic, at, at});
    }
    Row& row = *std::construct_at(at++);
    read_trec_row(in, row, piece.run_name);
    piece.stretches.back().end = at;
  }
}

/// As trec_eval orders them.
inline bool stands_before(const trec_document& a, const trec_document& b) noexcept {
  return a.score != b.score ? a.score > b.score : a.docno.text() > b.docno.text();
}
inline void put_in_order(std::span<trec_judgment>) noexcept {}
inline void put_in_order(std::span<trec_document> rows) {
  if (!std::is_sorted(rows.begin(), rows.end(), stands_before)) std::sort(rows.begin(), rows.end(), stands_before);
}

template <class Row>
void check_repeats(std::span<const Row> rows, std::string_view topic, std::string_view text, const std::string& file,
                   trec_row_table<Row>& table) {
  table.clear(rows.size());
  for (const Row& row : rows) {
    const Row* const before = table.insert(row);
    if (before == nullptr) [[likely]]
      continue;
    const trec_cursor in(text, file, text.data(), text.data());
    in.fail(
        row.docno.text().data(), "a document once for topic " + quoted(topic),
        quoted(row.docno.text()) + " again, as in line " + to_text(in.position_of(before->docno.text().data()).line));
  }
}

template <class Row>
trec_file<Row> parse_trec(std::string bytes, const std::string& file, executor_ref executor) {
  constexpr std::int64_t piece_bytes = std::int64_t{1} << 20, topics_at_once = 16;
  auto made = std::make_shared<trec_contents<Row>>();
  made->text = std::move(bytes);
  std::string_view text = made->text;
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF"))
    throw parse_error({.file = file}, "UTF-8 or another text of single bytes", "UTF-16");
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);

  // How many lines begin in each piece is counted first, so that all rows stand in one array, nearly without gaps.
  const auto size = static_cast<std::int64_t>(text.size());
  std::vector<trec_piece<Row>> pieces(static_cast<std::size_t>((size + piece_bytes - 1) / piece_bytes));
  std::vector<std::size_t> lines(pieces.size() + 1);
  const auto line_at = [&](std::int64_t n) {
    const auto end_before = n == 0 ? std::string_view::npos : text.find('\n', static_cast<std::size_t>(n - 1));
    return n == 0 ? text.data() : text.data() + std::min(end_before, text.size() - 1) + 1;
  };
  for_chunks(executor, size, piece_bytes, [&](std::int64_t begin, std::int64_t end) {
    auto& piece = pieces[static_cast<std::size_t>(begin / piece_bytes)];
    piece.begin = line_at(begin);
    piece.end = line_at(end);
    const bool cut_short = piece.begin != piece.end && piece.end[-1] != '\n';
    lines[static_cast<std::size_t>(begin / piece_bytes) + 1] =
        static_cast<std::size_t>(std::count(piece.begin, piece.end, '\n') + (cut_short ? 1 : 0));
  });
  std::partial_sum(lines.begin(), lines.end(), lines.begin());
  made->rows = trec_rows<Row>(lines.back());
  executor.run(std::ssize(pieces), [&](std::int64_t p) {
    const auto n = static_cast<std::size_t>(p);
    read_trec_piece(pieces[n], text, file, made->rows.data() + lines[n]);
  });

  std::unordered_map<std::string_view, std::size_t> index_of;
  std::vector<std::vector<trec_stretch<Row>>> stretches;  // of each topic, in the order of the file
  for (const auto& piece : pieces) {
    for (const auto& s : piece.stretches) {
      const auto found = index_of.try_emplace(s.topic, stretches.size()).first->second;
      if (found == stretches.size()) stretches.emplace_back();
      auto& of_topic = stretches[found];
      if (!of_topic.empty() && of_topic.back().end == s.begin) of_topic.back().end = s.end;
      else of_topic.push_back(s);
      made->count += s.end - s.begin;
    }
    if (!piece.run_name.empty()) made->run_name = piece.run_name;
  }
  if (made->count == 0) throw parse_error({.file = file}, "rows", "none");
  std::sort(stretches.begin(), stretches.end(), [](const auto& a, const auto& b) { return a[0].topic < b[0].topic; });

  // A topic whose rows stand together, as most do, stays where it was read.
  std::vector<std::span<Row>> topics;
  for (const auto& parts : stretches) {
    if (parts.size() == 1) {
      topics.emplace_back(parts[0].begin, parts[0].end);
    } else {
      auto& gathered = made->gathered.emplace_back();
      for (const auto& s : parts) gathered.insert(gathered.end(), s.begin, s.end);
      topics.emplace_back(gathered);
    }
    made->topics.push_back({.id = parts[0].topic, .rows = topics.back()});
  }
  for_chunks(executor, std::ssize(topics), topics_at_once, [&](std::int64_t begin, std::int64_t end) {
    trec_row_table<Row> table;
    for (auto t = static_cast<std::size_t>(begin); t < static_cast<std::size_t>(end); ++t) {
      check_repeats(made->topics[t].rows, made->topics[t].id, text, file, table);
      put_in_order(topics[t]);
    }
  });
  return trec_file<Row>(std::move(made));
}

}  // namespace detail

inline trec_name::trec_name(std::string_view text) noexcept
    : data_(text.data()), size_(static_cast<std::uint32_t>(text.size())), hash_(detail::trec_hash(text)) {}

template <class Row>
std::span<const trec_topic<Row>> trec_file<Row>::topics() const noexcept {
  if (contents_ == nullptr) return {};
  return contents_->topics;
}

template <class Row>
const trec_topic<Row>* trec_file<Row>::find(std::string_view id) const noexcept {
  const auto all = topics();
  const auto found =
      std::lower_bound(all.begin(), all.end(), id, [](const auto& t, auto wanted) { return t.id < wanted; });
  return found != all.end() && found->id == id ? &*found : nullptr;
}

template <class Row>
std::int64_t trec_file<Row>::rows() const noexcept {
  return contents_ == nullptr ? 0 : contents_->count;
}

template <class Row>
std::string_view trec_file<Row>::run_name() const noexcept {
  return contents_ == nullptr ? std::string_view() : contents_->run_name;
}

inline trec_qrels parse_trec_qrels(std::string text, const std::string& file, executor_ref executor) {
  return detail::parse_trec<trec_judgment>(std::move(text), file, executor);
}

inline trec_run parse_trec_run(std::string text, const std::string& file, executor_ref executor) {
  return detail::parse_trec<trec_document>(std::move(text), file, executor);
}

inline trec_qrels read_trec_qrels(const std::filesystem::path& path, executor_ref executor, const file_reader& read) {
  return parse_trec_qrels(read(path), path.string(), executor);
}

inline trec_run read_trec_run(const std::filesystem::path& path, executor_ref executor, const file_reader& read) {
  return parse_trec_run(read(path), path.string(), executor);
}

}  // namespace reco
