#include "unigram.hpp"

#include "unigram_file.hpp"

namespace graft::plugins {

Unigram::Unigram(const Config& config) : TokenizerStep(config, "graft/unigram") {}

std::shared_ptr<const TextTokenizer> Unigram::read(const std::string&, const std::string& text, const std::string& name,
                                                   const Settings& settings) const {
  return parse_unigram(text, name, settings);
}

}  // namespace graft::plugins
