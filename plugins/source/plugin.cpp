#include "graft/plugin.hpp"

#include "csv/csv.hpp"
#include "image_folder/image_folder.hpp"
#include "jsonl/jsonl.hpp"

GRAFT_PLUGIN(registrar) {
  registrar.add<graft::plugins::Csv>("graft/csv");
  registrar.add<graft::plugins::Jsonl>("graft/jsonl");
  registrar.add<graft::plugins::ImageFolder>("graft/image_folder");
}
