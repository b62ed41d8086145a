// What report.html looks like: its style sheet and its short script, as text to put into the page.
#pragma once

#include <string_view>

namespace graft::core {

extern const std::string_view kPageStyle;
extern const std::string_view kPageScript;

}  // namespace graft::core
