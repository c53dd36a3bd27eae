// SPDX-License-Identifier: MIT
#include "reco/io/npy.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>

#include "reco/base/random.hpp"
#include "reco/data/embeddings.hpp"
#include "support/catch.hpp"
#include "support/scratch.hpp"

using namespace reco_test;

namespace {

/// A file of format 1.0: what NumPy 1.24.2 wrote, where a test says so.
std::string npy(const std::string& dictionary, const std::string& data) {
  std::string header = dictionary;
  header.resize(std::max(header.size() + 1, std::size_t{118}), ' ');
  header.back() = '\n';
  return std::string("\x93NUMPY\x01\x00", 8) + static_cast<char>(header.size() & 255) +
         static_cast<char>(header.size() >> 8) + header + data;
}

std::string bytes(const std::string& hex) {
  const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  std::string out;
  for (std::size_t n = 0; n + 1 < hex.size(); n += 2) out += static_cast<char>(16 * digit(hex[n]) + digit(hex[n + 1]));
  return out;
}

template <class T>
reco::matrix<T> random_matrix(Eigen::Index rows, Eigen::Index columns, std::uint64_t seed) {
  reco::random_engine random(seed);
  reco::matrix<T> m(rows, columns);
  for (Eigen::Index r = 0; r < rows; ++r)
    for (Eigen::Index c = 0; c < columns; ++c) m(r, c) = static_cast<T>(1000 * reco::normal(random));
  return m;
}

template <class T = float>
std::string npy_complaint(const std::string& file) {
  try {
    (void)reco::parse_npy<T>(file, "f.npy");
  } catch (const reco::parse_error& e) {
    return e.what();
  }
  return "no error";
}

const std::string f4 = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }";
const std::string f4_data = bytes("0000c03f000000c000004040000080400000a0400000c040");
const auto expected = (reco::matrix<float>(2, 3) << 1.5F, -2, 3, 4, 5, 6).finished();

}  // namespace

// The hexadecimal data of the next four tests were written by numpy.lib.format.write_array of NumPy 1.24.2.

TEST_CASE("npy: floats in C order, and doubles in Fortran order, are read as NumPy wrote them") {
  CHECK(reco::parse_npy<float>(npy(f4, f4_data), "f") == expected);
  CHECK(reco::parse_npy<double>(npy(f4, f4_data), "f") == expected.cast<double>());
  const auto fortran = npy("{'descr': '<f8', 'fortran_order': True, 'shape': (2, 3), }",
                           bytes("000000000000f83f000000000000104000000000000000c00000000000001440"
                                 "00000000000008400000000000001840"));
  CHECK(reco::parse_npy<double>(fortran, "f") == expected.cast<double>());
  CHECK(reco::parse_npy<float>(fortran, "f") == expected);
}

TEST_CASE("npy: an array of one dimension is a column, and half floats are read") {
  const auto m = reco::parse_npy<float>(
      npy("{'descr': '<f2', 'fortran_order': False, 'shape': (5,), }", bytes("003c00c10100ff7b007c")), "f");
  REQUIRE(m.rows() == 5);
  REQUIRE(m.cols() == 1);
  CHECK(m(0, 0) == 1);
  CHECK(m(1, 0) == -2.5F);
  CHECK(m(2, 0) == 5.960464477539063e-08F);
  CHECK(m(3, 0) == 65504);
  CHECK(m(4, 0) == std::numeric_limits<float>::infinity());
  const auto more = reco::parse_npy<double>(
      npy("{'descr': '<f2', 'fortran_order': False, 'shape': (4,), }", bytes("ff0300045535017e")), "f");
  CHECK(more(0, 0) == 6.097555160522461e-05);
  CHECK(more(1, 0) == 6.103515625e-05);
  CHECK(more(2, 0) == 0.333251953125);
  CHECK(std::isnan(more(3, 0)));
}

TEST_CASE("npy: formats 2.0 and 3.0 have a longer length field") {
  const auto header = [](const std::string& dictionary) {
    return dictionary + std::string(115 - dictionary.size(), ' ') + '\n';
  };
  const std::string two = std::string("\x93NUMPY\x02\x00\x74\x00\x00\x00", 12) +
                          header("{'descr': '<i8', 'fortran_order': False, 'shape': (1, 2), }") +
                          bytes("0000000000010000ffffffffffffffff");
  CHECK(two.size() == 144);
  CHECK(reco::parse_npy<std::int64_t>(two, "f") ==
        (reco::matrix<std::int64_t>(1, 2) << (std::int64_t{1} << 40), std::int64_t{-1}).finished());
  const std::string three = std::string("\x93NUMPY\x03\x00\x74\x00\x00\x00", 12) +
                            header("{'descr': '|u1', 'fortran_order': False, 'shape': (2, 1), }") + bytes("07ff");
  CHECK(reco::parse_npy<std::int32_t>(three, "f") == (reco::matrix<std::int32_t>(2, 1) << 7, 255).finished());
}

TEST_CASE("npy: every type of integer is read, and one beyond the range of ours is an error") {
  const auto read = [](const std::string& descr, const std::string& hex) {
    return npy("{'descr': '" + descr + "', 'fortran_order': False, 'shape': (1,), }", bytes(hex));
  };
  CHECK(reco::parse_npy<std::int32_t>(read("|i1", "80"), "f")(0, 0) == -128);
  CHECK(reco::parse_npy<std::int32_t>(read("<i2", "0080"), "f")(0, 0) == -32768);
  CHECK(reco::parse_npy<std::int32_t>(read("<u2", "ffff"), "f")(0, 0) == 65535);
  CHECK(reco::parse_npy<std::int32_t>(read("<i4", "ffffffff"), "f")(0, 0) == -1);
  CHECK(reco::parse_npy<std::int64_t>(read("<u4", "ffffffff"), "f")(0, 0) == 4294967295);
  CHECK(reco::parse_npy<std::int64_t>(read("<u8", "ffffffff00000000"), "f")(0, 0) == 4294967295);
  CHECK(reco::parse_npy<float>(read("<i8", "0300000000000000"), "f")(0, 0) == 3);
  CHECK(npy_complaint<std::int32_t>(read("<u4", "ffffffff")) ==
        "f.npy: byte 129: expected numbers in the range of <i4, got 4294967295");
  CHECK(npy_complaint<std::int64_t>(read("<u8", "ffffffffffffffff")) ==
        "f.npy: byte 129: expected numbers in the range of <i8, got 18446744073709551615");
  CHECK(npy_complaint<float>(read("<f8", "9c7500883ce4377e")) ==
        "f.npy: byte 129: expected numbers in the range of <f4, got 1e+300");
  CHECK(reco::parse_npy<float>(read("<f8", "000000000000f07f"), "f")(0, 0) == std::numeric_limits<float>::infinity());
}

TEST_CASE("npy: what is written is read back, bit for bit, whatever the shape") {
  for (const Eigen::Index rows : {0, 1, 7, 8, 9, 1000})
    for (const Eigen::Index columns : {0, 1, 3, 8}) {
      CAPTURE(rows, columns);
      const auto f = random_matrix<float>(rows, columns, 1);
      const auto back = reco::parse_npy<float>(reco::npy_bytes(f), "f");
      REQUIRE(back.rows() == rows);
      REQUIRE(back.cols() == columns);
      CHECK(back == f);
      CHECK(reco::parse_npy<double>(reco::npy_bytes(f), "f") == f.cast<double>());
      const auto d = random_matrix<double>(rows, columns, 2);
      CHECK(reco::parse_npy<double>(reco::npy_bytes(d), "f") == d);
      const auto i = random_matrix<std::int32_t>(rows, columns, 3);
      CHECK(reco::parse_npy<std::int32_t>(reco::npy_bytes(i), "f") == i);
      const auto l = random_matrix<std::int64_t>(rows, columns, 4);
      CHECK(reco::parse_npy<std::int64_t>(reco::npy_bytes(l), "f") == l);
    }
}

TEST_CASE("npy: the bytes written are those that NumPy writes") {
  CHECK(reco::npy_bytes(expected) == npy(f4, f4_data));
  CHECK(reco::npy_bytes(reco::matrix<float>(0, 5)) ==
        npy("{'descr': '<f4', 'fortran_order': False, 'shape': (0, 5), }", ""));
  CHECK(reco::npy_bytes(random_matrix<double>(1000, 3, 1)).find('\n') % 64 == 63);
}

TEST_CASE("npy: files are written and read") {
  const scratch_folder folder("npy");
  reco::write_npy(folder.path("v.npy"), expected);
  CHECK(reco::read_npy<float>(folder.path("v.npy")) == expected);
  CHECK_THROWS_AS(reco::read_npy<float>(folder.path("none.npy")), reco::parse_error);
  CHECK_THROWS_WITH(reco::write_npy(folder.path("no/v.npy"), expected),
                    folder.path("no/v.npy").string() + ": cannot be written: No such file or directory");
}

TEST_CASE("npy: a file that is cut short anywhere is an error") {
  const std::string whole = npy(f4, f4_data);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    CAPTURE(size);
    CHECK(npy_complaint(whole.substr(0, size)) != "no error");
  }
  CHECK(npy_complaint("") == "f.npy: byte 1: expected the magic bytes of a .npy file, got ''");
  CHECK(npy_complaint(whole.substr(0, 6)) ==
        "f.npy: byte 7: expected a .npy header, got 6 bytes: the file is cut short");
  CHECK(npy_complaint(whole.substr(0, 9)) ==
        "f.npy: byte 9: expected a .npy header, got 9 bytes: the file is cut short");
  CHECK(npy_complaint(whole.substr(0, 60)) ==
        "f.npy: byte 11: expected a header of 118 bytes, got 50 bytes: the file is cut short");
  CHECK(npy_complaint(whole.substr(0, 151)) == "f.npy: byte 129: expected data of shape (2, 3) in '<f4', got 23 bytes");
  CHECK(npy_complaint(whole + "x") == "f.npy: byte 129: expected data of shape (2, 3) in '<f4', got 25 bytes");
}

TEST_CASE("npy: another format and other types are named") {
  CHECK(npy_complaint("PK\x03\x04 an .npz") ==
        "f.npy: byte 1: expected the magic bytes of a .npy file, got 'PK\\x03\\x04 a'");
  CHECK(npy_complaint(std::string("\x93NUMPY\x04\x00\x00\x00", 10)) ==
        "f.npy: byte 7: expected format 1, 2 or 3, got format 4");
  const auto typed = [](const std::string& descr) {
    return npy_complaint(npy("{'descr': " + descr + ", 'fortran_order': False, 'shape': (1,), }", bytes("3f800000")));
  };
  const std::string little = "f.npy: byte 129: expected little-endian numbers, such as '<f4', got ";
  CHECK(typed("'>f4'") == little + "'>f4'");
  CHECK(typed("'|O'") == little + "'|O'");
  CHECK(typed("'<U1'") == little + "'<U1'");
  CHECK(typed("'|b1'") == little + "'|b1'");
  CHECK(typed("'<c8'") == little + "'<c8'");
  CHECK(typed("[('a', '<i4')]") ==
        "f.npy: byte 21: expected one type for all numbers, such as '<f4', got '[('a', '<i4')], 'for'");
  CHECK(npy_complaint<std::int32_t>(npy(f4, f4_data)) == "f.npy: byte 129: expected whole numbers, got '<f4'");
}

TEST_CASE("npy: shapes of no, three or absurd dimensions are refused before memory is asked for") {
  const auto shaped = [](const std::string& shape, const std::string& order = "False") {
    return npy_complaint(npy("{'descr': '<f8', 'fortran_order': " + order + ", 'shape': " + shape + ", }", "12345678"));
  };
  CHECK(shaped("(1,)") == "no error");
  CHECK(shaped("(1, 1)", "True") == "no error");
  CHECK_THAT(shaped("()"), EndsWith("expected a shape of one or two dimensions, got ()"));
  CHECK_THAT(shaped("(1, 1, 1)"), ContainsSubstring("expected a shape of one or two dimensions, got '1), }"));
  CHECK_THAT(shaped("(-1, -1)"), ContainsSubstring("expected a shape of sizes from 0 to 2^63 - 1, got '-1, -1"));
  CHECK_THAT(shaped("(9223372036854775808,)"), ContainsSubstring("expected a shape of sizes from 0 to 2^63 - 1"));
  CHECK_THAT(shaped("(1 1)"), ContainsSubstring("expected ',' or ')' in the shape"));
  const std::string got = ") in '<f8', got 8 bytes";
  CHECK_THAT(shaped("(9223372036854775807, 9223372036854775807)"), EndsWith(got));
  CHECK_THAT(shaped("(4294967296, 4294967297)"), EndsWith(got));  // the product wraps around to 2^32
  CHECK_THAT(shaped("(2305843009213693953,)"), EndsWith(got));    // times 8 wraps around to 8
  CHECK_THAT(shaped("(2305843009213693953, 1)", "True"), EndsWith(got));
  CHECK_THAT(shaped("(0, 4)"), EndsWith(got));
}

TEST_CASE("npy: a header that is none is an error with its byte") {
  const auto headed = [](const std::string& dictionary) { return npy_complaint(npy(dictionary, f4_data)); };
  CHECK(headed("{'shape': (2, 3),'fortran_order':False,'descr':\"<f4\"}") == "no error");  // any order, no last comma
  CHECK(headed("") == "f.npy: byte 129: expected '{' in the header, got the end of the header");
  CHECK(headed("[]") == "f.npy: byte 11: expected '{' in the header, got '[]                  '");
  CHECK_THAT(headed("{'descr': '<f4', 'shape': (2, 3), }"), EndsWith("got not all of them"));
  CHECK_THAT(headed("{'dtype': '<f4'}"), EndsWith("got 'dtype'"));
  CHECK_THAT(headed("{'descr' '<f4'}"), ContainsSubstring("expected ':' in the header"));
  CHECK_THAT(headed("{'descr': '<f4"), ContainsSubstring("expected one type for all numbers"));
  CHECK_THAT(headed("{'fortran_order': 0}"), ContainsSubstring("expected 'False' in the header, got '0}"));
  CHECK_THAT(headed("{'shape': 6}"), ContainsSubstring("expected '(' in the header, got '6}"));
  CHECK_THAT(headed("{'descr': '<f4' 'shape'"), ContainsSubstring("expected ',' or '}' in the header"));
  CHECK_THAT(headed("{'descr': '<f4', "), EndsWith("expected a key of the header, got the end of the header"));
}

TEST_CASE("npy: NaN among embeddings is refused with row and column") {
  auto m = expected;
  m(1, 2) = std::numeric_limits<float>::quiet_NaN();
  const auto read = reco::parse_npy<float>(reco::npy_bytes(m), "f");
  CHECK_THROWS_WITH(reco::embeddings<float>(read), "embeddings: row 1, column 2 must be finite, got nan");
}

TEST_CASE("npy: mutated files end with a matrix of the size of their data or with a parse_error") {
  constexpr std::uint64_t seed = 6;
  CAPTURE(seed);
  reco::random_engine random(seed);
  const std::string samples[] = {npy(f4, f4_data),
                                 npy("{'descr': '<f2', 'fortran_order': True, 'shape': (6, 2), }", f4_data),
                                 npy("{'descr': '<i8', 'fortran_order': False, 'shape': (3,), }", f4_data)};
  int good = 0, bad = 0;
  for (int round = 0; round < 20000; ++round) {
    std::string text = samples[round % 3];
    for (auto edits = 1 + reco::uniform_index(random, 3); edits > 0 && !text.empty(); --edits) {
      // Mostly in the first 70 bytes: that is where the header says something.
      const auto range = std::min<std::int64_t>(std::ssize(text), reco::bernoulli(random, 0.8) ? 70 : 1000);
      const auto at = static_cast<std::size_t>(reco::uniform_index(random, range));
      switch (reco::uniform_index(random, 5)) {
        case 0: text[at] = static_cast<char>(reco::uniform_index(random, 256)); break;
        case 1: text[at] = "0123456789,()'<f48{} "[reco::uniform_index(random, 21)]; break;
        case 2: text.insert(at, 1, "0123456789,()'<f48{} "[reco::uniform_index(random, 21)]); break;
        case 3: text.erase(at, 1); break;
        default: text.resize(text.size() - std::min(text.size(), at / 8));
      }
    }
    const std::string heap(text);  // of exactly this size, for the address sanitizer
    try {
      const auto m = reco::parse_npy<double>(heap, "mutated");
      REQUIRE(m.size() <= std::ssize(heap));
      ++good;
    } catch (const reco::parse_error& e) {
      REQUIRE(e.column() >= 1);
      REQUIRE(e.column() <= std::ssize(heap) + 1);
      ++bad;
    }
  }
  CHECK(good > 100);
  CHECK(bad > 100);
}
