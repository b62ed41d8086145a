// The tests of the kit, in the order in which they run. Names are API: settings, filters and reports hold them.
#pragma once

#include <string>
#include <vector>

#include "core/conformance/subject.hpp"
#include "core/registry/plugin_file.hpp"

namespace graft::core::conformance {

// Of a file, read without running its code.
struct StaticTest {
  const char* name;
  void (*run)(const PluginFile& file);
};
const std::vector<StaticTest>& static_tests();

// Of a file that is loaded, in a process that has loaded nothing yet.
struct LibraryTest {
  const char* name;
  const char* needs;  // the test it stands on; "": none
  void (*run)(const PluginFile& file);
  bool by_exit = false;
};
const std::vector<LibraryTest>& library_tests();

// Of a component.
struct Test {
  const char* name;
  std::string needs;  // tests it stands on, by spaces
  void (*run)(Subject& subject);
};
const std::vector<Test>& construction_tests();  // of every kind, before those of the kind
const std::vector<Test>& conduct_tests();       // of every kind, after the first of the kind

const std::vector<Test>& source_tests();
const std::vector<Test>& extractor_tests();
const std::vector<Test>& augmenter_tests();
const std::vector<Test>& model_tests();
const std::vector<Test>& adapter_tests();
const std::vector<Test>& head_tests();
const std::vector<Test>& metric_tests();
const std::vector<Test>& balancer_tests();
const std::vector<Test>& task_tests();
std::vector<Test> tests_of(Kind kind);  // all of a component of that kind, in order

}  // namespace graft::core::conformance
