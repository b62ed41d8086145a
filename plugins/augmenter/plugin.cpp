#include "graft/plugin.hpp"

#include "aeda/aeda.hpp"
#include "affine/affine.hpp"
#include "auto_augment/auto_augment.hpp"
#include "char_noise/char_noise.hpp"
#include "color_jitter/color_jitter.hpp"
#include "crop/crop.hpp"
#include "cutmix/cutmix.hpp"
#include "eda/eda.hpp"
#include "erasing/erasing.hpp"
#include "feature_cutoff/feature_cutoff.hpp"
#include "flip/flip.hpp"
#include "gaussian_blur/gaussian_blur.hpp"
#include "gaussian_noise/gaussian_noise.hpp"
#include "grayscale/grayscale.hpp"
#include "keyboard_noise/keyboard_noise.hpp"
#include "manifold_mixup/manifold_mixup.hpp"
#include "mixup/mixup.hpp"
#include "neftune/neftune.hpp"
#include "rand_augment/rand_augment.hpp"
#include "random_resized_crop/random_resized_crop.hpp"
#include "span_cutoff/span_cutoff.hpp"
#include "swap_noise/swap_noise.hpp"
#include "tfidf_replace/tfidf_replace.hpp"
#include "token_mask/token_mask.hpp"
#include "trivial_augment/trivial_augment.hpp"
#include "word_dropout/word_dropout.hpp"

GRAFT_PLUGIN(registrar) {
  registrar.add<graft::plugins::Eda>("graft/eda");
  registrar.add<graft::plugins::Aeda>("graft/aeda");
  registrar.add<graft::plugins::KeyboardNoise>("graft/keyboard_noise");
  registrar.add<graft::plugins::CharNoise>("graft/char_noise");
  registrar.add<graft::plugins::WordDropout>("graft/word_dropout");
  registrar.add<graft::plugins::TfidfReplace>("graft/tfidf_replace");
  registrar.add<graft::plugins::TokenMask>("graft/token_mask");
  registrar.add<graft::plugins::SpanCutoff>("graft/span_cutoff");
  registrar.add<graft::plugins::Neftune>("graft/neftune");
  registrar.add<graft::plugins::FeatureCutoff>("graft/feature_cutoff");
  registrar.add<graft::plugins::ManifoldMixup>("graft/manifold_mixup");
  registrar.add<graft::plugins::Flip>("graft/flip");
  registrar.add<graft::plugins::Crop>("graft/crop");
  registrar.add<graft::plugins::TrivialAugment>("graft/trivial_augment");
  registrar.add<graft::plugins::RandAugment>("graft/rand_augment");
  registrar.add<graft::plugins::Mixup>("graft/mixup");
  registrar.add<graft::plugins::Cutmix>("graft/cutmix");
  registrar.add<graft::plugins::RandomResizedCrop>("graft/random_resized_crop");
  registrar.add<graft::plugins::AffineStep>("graft/affine");
  registrar.add<graft::plugins::ColorJitter>("graft/color_jitter");
  registrar.add<graft::plugins::Grayscale>("graft/grayscale");
  registrar.add<graft::plugins::GaussianBlur>("graft/gaussian_blur");
  registrar.add<graft::plugins::Erasing>("graft/erasing");
  registrar.add<graft::plugins::AutoAugment>("graft/auto_augment");
  registrar.add<graft::plugins::GaussianNoise>("graft/gaussian_noise");
  registrar.add<graft::plugins::SwapNoise>("graft/swap_noise");
}
