#include "graft/plugin.hpp"

#include "binarize/binarize.hpp"
#include "bpe/bpe.hpp"
#include "category/category.hpp"
#include "count/count.hpp"
#include "hashing/hashing.hpp"
#include "impute/impute.hpp"
#include "label_set/label_set.hpp"
#include "min_max_scaler/min_max_scaler.hpp"
#include "one_hot/one_hot.hpp"
#include "ordinal/ordinal.hpp"
#include "pca/pca.hpp"
#include "pixels/pixels.hpp"
#include "polynomial/polynomial.hpp"
#include "robust_scaler/robust_scaler.hpp"
#include "standard_scaler/standard_scaler.hpp"
#include "tfidf/tfidf.hpp"
#include "unigram/unigram.hpp"
#include "word_tags/word_tags.hpp"
#include "word_vectors/word_vectors.hpp"
#include "wordpiece/wordpiece.hpp"

GRAFT_PLUGIN(registrar) {
  registrar.add<graft::plugins::Binarize>("graft/binarize");
  registrar.add<graft::plugins::Bpe>("graft/bpe");
  registrar.add<graft::plugins::Category>("graft/category");
  registrar.add<graft::plugins::Count>("graft/count");
  registrar.add<graft::plugins::Hashing>("graft/hashing");
  registrar.add<graft::plugins::Impute>("graft/impute");
  registrar.add<graft::plugins::LabelSet>("graft/label_set");
  registrar.add<graft::plugins::MinMaxScaler>("graft/min_max_scaler");
  registrar.add<graft::plugins::OneHot>("graft/one_hot");
  registrar.add<graft::plugins::Ordinal>("graft/ordinal");
  registrar.add<graft::plugins::Pca>("graft/pca");
  registrar.add<graft::plugins::Pixels>("graft/pixels");
  registrar.add<graft::plugins::Polynomial>("graft/polynomial");
  registrar.add<graft::plugins::RobustScaler>("graft/robust_scaler");
  registrar.add<graft::plugins::StandardScaler>("graft/standard_scaler");
  registrar.add<graft::plugins::Tfidf>("graft/tfidf");
  registrar.add<graft::plugins::Unigram>("graft/unigram");
  registrar.add<graft::plugins::WordTags>("graft/word_tags");
  registrar.add<graft::plugins::WordVectors>("graft/word_vectors");
  registrar.add<graft::plugins::WordPiece>("graft/wordpiece");
}
