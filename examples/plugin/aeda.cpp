#include "aeda.hpp"

#include <algorithm>
#include <iterator>
#include <sstream>

namespace acme_text {
namespace {

constexpr const char* kName = "acme/aeda";
constexpr std::string_view kMarks = ".;?:!,";

// Which of `count` places are among `chosen` drawn without putting back (selection sampling, Knuth 3.4.2 S).
std::vector<bool> drawn_places(std::int64_t count, std::int64_t chosen, graft::Rng& draws) {
  std::vector<bool> is_drawn(static_cast<std::size_t>(count));
  for (std::int64_t place = 0; place < count; ++place)
    if (draws.below(count - place) < chosen) is_drawn[static_cast<std::size_t>(place)] = true, --chosen;
  return is_drawn;
}

}  // namespace

Aeda::Aeda(const graft::Config& config)
    : column_(config.column("column")), share_(config.number("share")), probability_(config.number("probability")) {}

graft::Schema Aeda::outputs(const graft::Schema& inputs) const {
  graft::require(inputs, column_, {graft::FieldKind::kText}, kName);
  return inputs;
}

std::string Aeda::punctuated(const std::string& text, graft::Rng& draws) const {
  std::istringstream stream(text);
  const std::vector<std::string> words{std::istream_iterator<std::string>(stream), {}};
  if (words.empty()) return text;
  const auto count = static_cast<std::int64_t>(words.size());
  const auto most = std::min(count, static_cast<std::int64_t>(share_ * static_cast<double>(count) + 1));
  const std::vector<bool> is_marked = drawn_places(count, 1 + draws.below(most), draws);
  std::string result;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) result += ' ';
    if (is_marked[i]) (result += kMarks[static_cast<std::size_t>(draws.below(std::ssize(kMarks)))]) += ' ';
    result += words[i];
  }
  return result;
}

graft::Tap Aeda::augment(graft::Batch& batch, graft::Rng rng) const {
  graft::Strings texts = batch.strings(column_);
  for (std::size_t row = 0; row < texts.size(); ++row) {
    graft::Rng draws = rng.row(batch.row_ids()[row]);
    if (draws.uniform() < probability_) texts[row] = punctuated(texts[row], draws);
  }
  batch.set(column_, std::move(texts));
  return {};
}

}  // namespace acme_text
