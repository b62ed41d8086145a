#include "graft/plugin.hpp"

#include "binarize/binarize.hpp"
#include "category/category.hpp"
#include "label_set/label_set.hpp"
#include "pixels/pixels.hpp"
#include "standard_scaler/standard_scaler.hpp"
#include "tfidf/tfidf.hpp"
#include "word_tags/word_tags.hpp"
#include "wordpiece/wordpiece.hpp"

GRAFT_PLUGIN(registrar) {
  registrar.add<graft::plugins::Binarize>("graft/binarize");
  registrar.add<graft::plugins::Category>("graft/category");
  registrar.add<graft::plugins::LabelSet>("graft/label_set");
  registrar.add<graft::plugins::Pixels>("graft/pixels");
  registrar.add<graft::plugins::StandardScaler>("graft/standard_scaler");
  registrar.add<graft::plugins::Tfidf>("graft/tfidf");
  registrar.add<graft::plugins::WordTags>("graft/word_tags");
  registrar.add<graft::plugins::WordPiece>("graft/wordpiece");
}
