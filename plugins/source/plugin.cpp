#include "graft/plugin.hpp"

#include "csv/csv.hpp"
#include "jsonl/jsonl.hpp"

GRAFT_PLUGIN(registrar) {
  registrar.add<graft::plugins::Csv>("graft/csv");
  registrar.add<graft::plugins::Jsonl>("graft/jsonl");
}
