#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes include/reco/content/unicode_tables.hpp from the files of the Unicode Character Database.

    python3 cmake/unicode_tables.py [FOLDER] > include/reco/content/unicode_tables.hpp

FOLDER (/usr/share/unicode, where Debian's package unicode-data puts them) holds UnicodeData.txt,
CaseFolding.txt, DerivedCoreProperties.txt, DerivedNormalizationProps.txt, LineBreak.txt and Scripts.txt.
The header is committed: nobody needs Python to build. What its tables mean is said in the header.
"""

import os
import re
import sys

FOLDER = sys.argv[1] if len(sys.argv) > 1 else "/usr/share/unicode"
SEPARATOR, LETTER, MARK, UNSPACED, IGNORED = range(5)  # as reco::character_class


def fields(file):
    """The ;-separated fields of each line, the first one as a range of code points."""
    with open(os.path.join(FOLDER, file), encoding="utf-8") as lines:
        for line in lines:
            parts = [part.strip() for part in line.split("#")[0].split(";")]
            if len(parts) > 1:
                first, _, last = parts[0].partition("..")
                yield range(int(first, 16), int(last or first, 16) + 1), *parts[1:]


def points_with(file, values):
    return {c for points, value, *_ in fields(file) if value in values for c in points}


category, decomposition = {}, {}
first = 0
for points, name, general, *rest in fields("UnicodeData.txt"):
    if name.endswith("First>"):
        first = points[0]
    for c in range(first, points[0] + 1) if name.endswith("Last>") else points:
        category[c] = general
    if rest[2] and not rest[2].startswith("<"):
        decomposition[points[0]] = [int(c, 16) for c in rest[2].split()]

ideographic_planes = {*range(0x20000, 0x2FFFE), *range(0x30000, 0x3FFFE)}  # what is free in them is kept for ideographs
no_spaces = points_with("Scripts.txt", {"Han", "Hiragana", "Katakana"}) | points_with("LineBreak.txt", {"SA"})
ignorable = points_with("DerivedCoreProperties.txt", {"Default_Ignorable_Code_Point"}) - {0x200B}  # zero width SPACE
apostrophe = {0x2BC}  # a letter by category
sound_marks = {0x30FC, 0xFF70, 0xFF9E, 0xFF9F}  # letters by category, but they lengthen or voice the kana before them
noncharacters = {*range(0xFDD0, 0xFDF0)} | {c for c in range(0x110000) if c & 0xFFFE == 0xFFFE}
decided = category.keys() | ideographic_planes | ignorable | noncharacters


def class_of(c):
    general = category.get(c, "Lo" if c in ideographic_planes else "Cn")
    if c in apostrophe:
        return SEPARATOR
    if c in ignorable:
        return IGNORED
    if c in sound_marks or general[0] == "M":
        return MARK
    if general[0] == "L":
        return UNSPACED if c in no_spaces or c in ideographic_planes else LETTER
    return LETTER if general[0] == "N" else SEPARATOR


def class_runs():
    """(first code point, class) wherever the class changes."""
    runs, free = [(0, SEPARATOR)], 0
    for c in range(0x110000):
        free = 0 if c in decided else free + 1
        if 1 <= free <= 256:
            continue
        if class_of(c) != runs[-1][1]:
            runs.append((c, class_of(c)))
    return runs


def fold_runs():
    """(first, last, difference, step) of letters that fold alike."""
    fold = {p[0]: int(to, 16) for p, status, to, *_ in fields("CaseFolding.txt") if status in "CS"}
    fold[0x130] = ord("i")
    fold |= {c: c - 0xFEE0 for c in [*range(0xFF10, 0xFF1A), *range(0xFF41, 0xFF5B)]}
    fold |= {c: c - 0xFEE0 + 32 for c in range(0xFF21, 0xFF3B)}
    runs = []
    for c in sorted(c for c in fold if class_of(c) == LETTER and c > 127):
        difference = fold[c] - c
        if runs:
            a, b, d, step = runs[-1]
            if d == difference and c - b in (1, 2) and (a == b or step == c - b):
                runs[-1] = (a, c, d, c - b)
                continue
        runs.append((c, c, difference, 1))
    return runs


def compositions():
    """(precomposed, base, mark), by precomposed."""
    excluded = points_with("DerivedNormalizationProps.txt", {"Full_Composition_Exclusion"})
    return [(c, *parts) for c, parts in sorted(decomposition.items())
            if c not in excluded and class_of(c) in (LETTER, UNSPACED)]


def table(comment, declaration, items):
    """The items, as many a line as fit in 120 columns."""
    lines = ["   "]
    for item in items:
        if len(lines[-1]) + len(item) + 2 > 120:
            lines.append("   ")
        lines[-1] += f" {item},"
    print("/// " + comment.replace("\n", "\n/// "))
    print(f"inline constexpr {declaration}[] = {{\n" + "\n".join(lines) + "\n};\n")


with open(os.path.join(FOLDER, "CaseFolding.txt"), encoding="utf-8") as file:
    version = re.search(r"-([0-9.]+)\.txt", file.readline())[1]
pairs = compositions()

print(f"""// SPDX-License-Identifier: MIT AND Unicode-DFS-2016
// Made by cmake/unicode_tables.py: do not edit.
// clang-format off
#pragma once

#include <cstdint>

#include "reco/base/config.hpp"

/// Tables for unicode.hpp, derived from the Unicode Character Database {version}:
///
/// Copyright © 1991-2022 Unicode, Inc. All rights reserved. Distributed under the Terms of Use in
/// https://www.unicode.org/copyright.html. Permission is hereby granted, free of charge, to any person obtaining a
/// copy of the Unicode data files and any associated documentation (the "Data Files") or Unicode software and any
/// associated documentation (the "Software") to deal in the Data Files or Software without restriction, including
/// without limitation the rights to use, copy, modify, merge, publish, distribute, and/or sell copies of the Data
/// Files or Software, and to permit persons to whom the Data Files or Software are furnished to do so, provided that
/// either (a) this copyright and permission notice appear with all copies of the Data Files or Software, or (b) this
/// copyright and permission notice appear in associated Documentation. THE DATA FILES AND SOFTWARE ARE PROVIDED "AS
/// IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF
/// MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT OF THIRD PARTY RIGHTS. IN NO EVENT SHALL THE
/// COPYRIGHT HOLDER OR HOLDERS INCLUDED IN THIS NOTICE BE LIABLE FOR ANY CLAIM, OR ANY SPECIAL INDIRECT OR
/// CONSEQUENTIAL DAMAGES, OR ANY DAMAGES WHATSOEVER RESULTING FROM LOSS OF USE, DATA OR PROFITS, WHETHER IN AN ACTION
/// OF CONTRACT, NEGLIGENCE OR OTHER TORTIOUS ACTION, ARISING OUT OF OR IN CONNECTION WITH THE USE OR PERFORMANCE OF
/// THE DATA FILES OR SOFTWARE. Except as contained in this notice, the name of a copyright holder shall not be used
/// in advertising or otherwise to promote the sale, use or other dealings in these Data Files or Software without
/// prior written authorization of the copyright holder.

namespace reco::inline RECO_ABI() {{
namespace detail {{

/// Every `step`-th code point from `first` to `last` folds to itself plus `difference`.
struct fold_run {{
  std::uint32_t first = 0;
  std::uint32_t last = 0;
  std::int32_t difference = 0;
  std::uint32_t step = 1;
}};

struct composition {{
  std::uint32_t whole = 0;
  std::uint32_t base = 0;
  std::uint32_t mark = 0;
}};
""")
table("Wherever the character class changes: 8 * code point + class. Free code points have the class of what stands\n"
      "before them, at most 256 in a row: a letter that is given one of them later is a letter already.",
      "std::uint32_t class_runs", (f"{c * 8 + k:#x}" for c, k in class_runs()))
table("Simple case folding above U+007F (status C and S), İ -> i, and full-width letters and digits -> ASCII.",
      "fold_run fold_runs", (f"{{{a:#x},{b:#x},{d},{s}}}" for a, b, d, s in fold_runs()))
table("Letters that are written as one code point or as two: canonical composition, Hangul left out.",
      "composition compositions", (f"{{{c:#x},{b:#x},{m:#x}}}" for c, b, m in pairs))
table("The places in `compositions`, ordered by base, then mark.", "std::uint16_t compositions_by_parts",
      (str(i) for i in sorted(range(len(pairs)), key=lambda i: pairs[i][1:])))
print("""}  // namespace detail
}  // namespace reco""")
