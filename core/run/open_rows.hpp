// Rows for a trained model that come from elsewhere: a file, standard input, texts.
//
//   by extension   .jsonl (.gz) is jsonl; .tsv and .txt are tab-separated, all else comma-separated, the first line a header.
//                  A file whose header lacks the needed columns is read as the run's own source was, when that had none either
//   a folder       is read as the run's own source read its folder, without the table of the rows there
//   types          columns that the run knows keep their types
#pragma once

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/registry/loader.hpp"
#include "graft/schema.hpp"
#include "graft/batch.hpp"
#include "graft/value.hpp"

namespace graft::core {

struct Rows {
  Schema schema;  // of the file, under the run's names
  Batch batch;
};

// `saved`: graft.json of the run; `renames`: {"text", "review"}: the run's name, the file's. "-": standard input, as CSV.
// throws Error("predict") when a column that the model needs is absent: names it, and the columns that are there.
Rows open_rows(const std::string& file, const Value& saved, const std::string& stream, const std::set<std::string>& needed,
               const std::vector<std::pair<std::string, std::string>>& renames, Loader& loader);

// Rows of one text column; `needed` must be a single column of text.
Rows rows_of_texts(const std::vector<std::string>& texts, const std::set<std::string>& needed);

// The source columns that a saved model needs for rows of that stream; with those of the targets when asked, of the heads that learn
// from it.
std::set<std::string> needed_columns(const Value& saved, const std::string& stream, bool with_targets, const Loader& loader);

}  // namespace graft::core
