// A sound plugin that misbehaves when told so: in registration by the variable GRAFT_HOSTILE, afterwards by its parameters. The
// other faults that a host must survive are made by changing bytes of this file.
#include <c10/util/Exception.h>

#include <cstdlib>
#include <stdexcept>
#include <string>

#include "graft/extractor.hpp"
#include "graft/plugin.hpp"

namespace {

void misbehave(const std::string& how) {
  if (how == "exception") throw std::runtime_error("the cat sat on the keyboard");
  if (how == "int") throw 42;
  if (how == "torch") TORCH_CHECK(false, "sizes 3 and 4 do not match");
  if (how == "error") throw graft::Error("acme/lower", "rows.csv:3: 2 fields, needs 3");
  if (how == "file") throw graft::Error("file", "words.txt: No such file or directory");
}

struct Lower final : graft::Extractor {
  explicit Lower(const graft::Config& config) : from(config.text("column")), to(config.name()), fault(config.text("transform")) {
    misbehave(config.text("constructor"));
  }
  graft::Schema outputs(const graft::Schema& inputs) const override {
    return graft::with(inputs, {to, graft::FieldKind::kText, {}, {}});
  }
  void transform(graft::Batch& batch) const override {
    misbehave(fault);
    graft::Strings texts = batch.strings(from);
    for (std::string& text : texts)
      for (char& c : text)
        if (c >= 'A' && c <= 'Z') c += 'a' - 'A';
    batch.set(to, std::move(texts));
  }
  std::string from, to, fault;
};

std::string mode() {
  const char* value = std::getenv("GRAFT_HOSTILE");
  return value ? value : "";
}

}  // namespace

GRAFT_PLUGIN(registrar) {
  misbehave(mode());
  if (mode() == "less") return;
  registrar.add<Lower>("acme/lower");
  if (mode() == "twice") registrar.add<Lower>("acme/lower");
  if (mode() == "more") registrar.add<Lower>("acme/upper");
}
