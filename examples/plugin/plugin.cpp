#include <graft/plugin.hpp>

#include "aeda.hpp"
#include "text_cnn.hpp"

GRAFT_PLUGIN(registrar) {
  registrar.add<acme_text::Aeda>("acme/aeda");
  registrar.add<acme_text::TextCnn>("acme/text_cnn");
}
