// The manual page, graft(1), out of the same descriptions as --help.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace graft::app {

// In the macros of man(7): the program, then each verb with its options, in the order of --help.
std::string man_page(const CLI::App& app, const std::string& version);

}  // namespace graft::app
