// Leaks: rows of valid and test that training has seen, or nearly: a test that they pass says little.
//
//   texts    the same text of a column, or the same once in lower case, without the punctuation of ASCII but for
//            apostrophes, without space at the ends and with one space for many. Columns whose values repeat in more than half of the
//            training rows hold categories, and do not count
//   numbers  the same values in all number and integer columns, where at most half of the training rows repeat. Targets and the
//            columns that say split, group or stratum are not compared: the same measurements with another label leak as well
//   warns    once a split and column, with how many rows; nothing is changed
//   differs  rows that are equal in everything never leak from a split by shares: their hash puts them on one side
#pragma once

#include <set>
#include <string>
#include <string_view>

#include "core/data/streams.hpp"

namespace graft::core {

void warn_of_leaks(const Stream& stream, const std::set<std::string>& targets);

// "  A fine,\tfine Film! " -> "a fine fine film". Lower case of ASCII, Latin-1, Greek and Cyrillic; other letters stay.
std::string squeezed(std::string_view text);

}  // namespace graft::core
