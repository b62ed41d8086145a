// Spans: the stretches of words that tags such as B-PER I-PER O mark.
//
//   kDefault  as conlleval: a span begins at B- and S-, after E- and S-, and wherever the type changes, and so also at an I- that
//             nothing begins; it ends before O, B- and S-, after E- and S-, and where the type changes
//   kStrict   IOB2 alone: a span is a B- and the I- of its type that follow at once; any other I- is outside
//   source    Tjong Kim Sang and Buchholz 2000, conlleval; seqeval 1.2.2, get_entities and the scheme IOB2
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace graft::plugins {

struct SpanTag {
  char prefix = 'O';  // O, B, I, E or S
  int type = -1;      // number of the text behind "B-"; -1 of O
  bool operator==(const SpanTag&) const = default;
};

struct Span {
  std::int64_t begin, end;  // words [begin, end)
  int type;
  auto operator<=>(const Span&) const = default;
};

enum class SpanMode { kDefault, kStrict };

// A tag for each name. throws Error(where): "tag PER of ner must be O, or B-, I-, E- or S- and a type".
std::vector<SpanTag> span_tags(const std::vector<std::string>& names, SpanMode mode, const std::string& column,
                               const std::string& where);

std::vector<Span> spans_of(std::span<const SpanTag> words, SpanMode mode);  // in order

}  // namespace graft::plugins
