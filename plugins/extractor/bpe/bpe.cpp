#include "bpe.hpp"

#include "bpe_file.hpp"

namespace graft::plugins {

Bpe::Bpe(const Config& config) : TokenizerStep(config, "graft/bpe") {}

std::shared_ptr<const TextTokenizer> Bpe::read(const std::string&, const std::string& text, const std::string& name,
                                               const Settings& settings) const {
  return parse_bpe(text, name, settings);
}

}  // namespace graft::plugins
