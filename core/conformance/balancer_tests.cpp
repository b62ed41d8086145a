#include "core/conformance/test.hpp"

namespace graft::core::conformance {
const std::vector<Test>& balancer_tests() {
  static const std::vector<Test> tests;
  return tests;
}
}  // namespace graft::core::conformance
