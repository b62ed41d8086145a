// Widget: leaves words out of texts at random (word dropout).
//
//   formula  each word goes with chance `probability`, whatever becomes of others; where all would go, one of them, drawn evenly, stays
//   words    what white space separates; those that stay are joined by one space, so a text without words becomes ""
//   scope    row
//   errors   Error("acme/widget") when the column is no text
//   source   Iyyer et al. 2015, "Deep Unordered Composition Rivals Syntactic Methods for Text Classification", section 3.1
//   differs  the paper drops embeddings; here words go before they are cut into tokens
#include <graft/augmenter.hpp>
#include <graft/config.hpp>
#include <graft/plugin.hpp>

#include <iterator>
#include <sstream>

namespace acme_widget {

constexpr const char* kName = "acme/widget";

class Widget final : public graft::Augmenter {
 public:
  // The parameters are as plugin.json says, checked and completed before this runs. "changes" there names those of its columns
  // that augment() changes: validation and prediction see them unchanged.
  explicit Widget(const graft::Config& config) : column_(config.column("column")), probability_(config.number("probability")) {}

  // kRow runs in loader threads, several at once; kBatch once a step, after the batch has moved to the device.
  Scope scope() const override { return Scope::kRow; }

  // The columns afterwards: the same ones here. The place to refuse a column of the wrong kind, before any row is read.
  graft::Schema outputs(const graft::Schema& inputs) const override {
    graft::require(inputs, column_, {graft::FieldKind::kText}, kName);
    return inputs;
  }

  // What happens to a row depends on that row and on rng.row(its id) alone, never on its neighbours, their order or the thread.
  graft::Tap augment(graft::Batch& batch, graft::Rng rng) const override {
    graft::Strings texts = batch.strings(column_);  // a copy: columns of a batch are shared
    for (std::int64_t row = 0; row < batch.size(); ++row) {
      std::string& text = texts[static_cast<std::size_t>(row)];
      text = thinned(text, rng.row(batch.row_ids()[static_cast<std::size_t>(row)]));
    }
    batch.set(column_, std::move(texts));
    return {};
  }

 private:
  std::string thinned(const std::string& text, graft::Rng draws) const {
    std::istringstream stream(text);
    const std::vector<std::string> words{std::istream_iterator<std::string>(stream), {}};
    std::string result;
    for (const std::string& word : words)
      if (draws.uniform() >= probability_) result += (result.empty() ? "" : " ") + word;
    if (!result.empty() || words.empty()) return result;
    return words[static_cast<std::size_t>(draws.below(static_cast<std::int64_t>(words.size())))];
  }

  std::string column_;
  double probability_;
};

}  // namespace acme_widget

GRAFT_PLUGIN(registrar) { registrar.add<acme_widget::Widget>("acme/widget"); }
