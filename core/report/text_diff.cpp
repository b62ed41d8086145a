#include "core/report/text_diff.hpp"

#include <algorithm>
#include <iterator>
#include <sstream>

namespace graft::core {
namespace {

std::vector<std::string> words_in(std::string_view text) {
  std::istringstream stream{std::string(text)};
  return {std::istream_iterator<std::string>(stream), {}};
}

// length[i][j]: the longest common subsequence of a from i on and b from j on.
std::vector<std::vector<std::uint16_t>> common_lengths(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  std::vector<std::vector<std::uint16_t>> length(a.size() + 1, std::vector<std::uint16_t>(b.size() + 1));
  for (std::size_t i = a.size(); i-- > 0;)
    for (std::size_t j = b.size(); j-- > 0;)
      length[i][j] =
          a[i] == b[j] ? static_cast<std::uint16_t>(length[i + 1][j + 1] + 1) : std::max(length[i + 1][j], length[i][j + 1]);
  return length;
}

class Parts {
 public:
  void add(DiffPart::Kind kind, const std::string& word) {
    std::string& open = kind == DiffPart::Kind::kRemoved ? removed_ : kind == DiffPart::Kind::kInserted ? inserted_ : kept_;
    if (kind == DiffPart::Kind::kKept)
      end_changes();
    else
      end(DiffPart::Kind::kKept, kept_);
    open += (open.empty() ? "" : " ") + word;
  }
  std::vector<DiffPart> take() {
    end(DiffPart::Kind::kKept, kept_);
    end_changes();
    return std::move(parts_);
  }

 private:
  void end(DiffPart::Kind kind, std::string& open) {
    if (!open.empty()) parts_.push_back({kind, std::move(open)});
    open.clear();
  }
  void end_changes() {
    end(DiffPart::Kind::kRemoved, removed_);
    end(DiffPart::Kind::kInserted, inserted_);
  }
  std::vector<DiffPart> parts_;
  std::string kept_, removed_, inserted_;
};

}  // namespace

std::vector<DiffPart> text_diff(std::string_view before, std::string_view after, std::size_t most) {
  using Kind = DiffPart::Kind;
  const std::vector<std::string> a = words_in(before), b = words_in(after);
  Parts parts;
  std::size_t i = 0, j = 0;
  if (a.size() <= most && b.size() <= most) {
    const auto length = common_lengths(a, b);
    while (i < a.size() && j < b.size()) {
      if (a[i] == b[j])
        parts.add(Kind::kKept, a[i++]), ++j;
      else if (length[i + 1][j] >= length[i][j + 1])
        parts.add(Kind::kRemoved, a[i++]);
      else
        parts.add(Kind::kInserted, b[j++]);
    }
  }
  while (i < a.size()) parts.add(Kind::kRemoved, a[i++]);
  while (j < b.size()) parts.add(Kind::kInserted, b[j++]);
  return parts.take();
}

}  // namespace graft::core
