#include "transfer.hpp"

namespace graft::plugins {

Transfer::Transfer(const Config&) {}

}  // namespace graft::plugins
