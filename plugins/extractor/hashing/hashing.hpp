// Hashing: a text becomes counts of its terms in n columns, each term in the column that its hash says.
//
//   terms    words or characters, see text/analyzer.hpp
//   column   h = MurmurHash3_x86_32(UTF-8 of the term, seed 0) as int32;  |h| mod n
//   value    the sum of its terms' signs, + where h >= 0, - else; without alternate_sign their number; 1 with `binary` where that
//            sum is not 0; then the row divided by its L1 or L2 norm
//   reads    [B] text
//   makes    SparseRows, kSparse of width n, under the step's name: ids rising, values float, computed in double
//   source   scikit-learn 1.9, HashingVectorizer; Austin Appleby, MurmurHash3
//   differs  columns whose terms cancel out are left out; scikit-learn keeps them as zeros
//   threads  any
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "../text/analyzer.hpp"
#include "../text/sparse_builder.hpp"
#include "graft/config.hpp"
#include "graft/extractor.hpp"

namespace graft::plugins {

std::uint32_t murmur3(std::string_view bytes);  // MurmurHash3_x86_32, seed 0

class Hashing final : public Extractor {
 public:
  explicit Hashing(const Config& config);

  Schema outputs(const Schema& inputs) const override;
  void transform(Batch& batch) const override;

 private:
  enum class Norm { kNone, kL1, kL2 };
  struct Hit {
    std::int32_t column;
    double sign;
  };
  Hit hit(std::string_view term) const;
  void write_row(std::vector<Hit>& hits, SparseBuilder& rows) const;  // sorts the hits

  std::string column_, output_;
  Analyzer analyzer_;
  std::int64_t width_;
  bool alternate_sign_, binary_;
  Norm norm_;
};

}  // namespace graft::plugins
