// TextEdit: an augmenter that edits the text of each row on its own.
//
//   column   [B] text, changed in place; a missing (empty) text stays so
//   draws    from rng.row(row id) alone
//   scope    row; threads any
#pragma once

#include <string>

#include "graft/augmenter.hpp"
#include "graft/config.hpp"

namespace graft::plugins {

class TextEdit : public Augmenter {
 public:
  TextEdit(const Config& config, std::string where) : column_(config.column("column")), where_(std::move(where)) {}

  Scope scope() const final { return Scope::kRow; }
  Tap augment(Batch& batch, Rng rng) const final;
  Schema outputs(const Schema& inputs) const final;  // throws Error(where) when the column is no text

 protected:
  const std::string& column() const { return column_; }
  const std::string& where() const { return where_; }

 private:
  virtual std::string edited(const std::string& text, Rng& draws) const = 0;

  std::string column_, where_;
};

}  // namespace graft::plugins
