#include "core/conformance/test.hpp"

namespace graft::core::conformance {
const std::vector<Test>& task_tests() {
  static const std::vector<Test> tests;
  return tests;
}
}  // namespace graft::core::conformance
