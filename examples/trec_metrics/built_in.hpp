// SPDX-License-Identifier: MIT
#pragma once

/// What the program runs on without arguments: two questions to a search for news, what people judged (2: just what was
/// asked for, 1: to the point, 0: not), and the answers of a system.
namespace built_in {

inline constexpr const char* qrels =
    "# topic iteration docno relevance\n"
    "comets 0 comet-landing 2\n"
    "comets 0 comet-tail 1\n"
    "comets 0 moon-base 0\n"
    "comets 0 meteor-shower 1\n"
    "plums 0 plum-cake 2\n"
    "plums 0 plum-jam 2\n"
    "plums 0 apple-pie 0\n";

inline constexpr const char* run =
    "# topic Q0 docno rank score run\n"
    "comets Q0 comet-landing 1 9.31 demo\n"
    "comets Q0 mars-rover 2 7.25 demo\n"
    "comets Q0 comet-tail 3 6.02 demo\n"
    "comets Q0 moon-base 4 6.02 demo\n"
    "plums Q0 apple-pie 1 4.40 demo\n"
    "plums Q0 plum-cake 2 4.13 demo\n"
    "plums Q0 pear-tart 3 1.87 demo\n";

}  // namespace built_in
