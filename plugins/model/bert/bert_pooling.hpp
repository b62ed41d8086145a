// BertPooling: how the hidden states of a row's T tokens become one vector.
//
//   pooler         tanh(dense(first token))          cls            first token          lasttoken      last token
//   mean           sum / T                           max            largest of each element
//   mean_sqrt_len  sum / sqrt(T)                     weightedmean   sum of i x_i / sum of i, i = 1 .. T
//   source   BERT (pooler, cls); Reimers and Gurevych 2019, arXiv:1908.10084; Muennighoff 2022, arXiv:2202.08904 (weightedmean);
//            the names of sentence-transformers
//   differs  the reference writes -1e9 into padding before it takes the largest; here is no padding
#pragma once

#include <string>

#include "bert_layers.hpp"

namespace graft::plugins {

enum class BertPooling { kPooler, kCls, kMean, kMax, kMeanSqrtLen, kWeightedMean, kLastToken };

BertPooling bert_pooling(const std::string& name);
bool reads_first_only(BertPooling pooling);

// hidden [N, D] -> [B, D]; kPooler gives the first tokens, its dense layer is the model's.
Tensor pool_tokens(const Tensor& hidden, const BertPlaces& places, BertPooling pooling);

}  // namespace graft::plugins
