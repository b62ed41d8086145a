// How messages show values: short, as JSON.
#pragma once

#include <string>
#include <string_view>

#include "graft/value.hpp"

namespace graft {

std::string shown(const Value& value);                // 12, "eda", an array, an object; long texts are cut
std::string with_article(std::string_view noun);      // "a string", "an integer"
std::string did_you_mean(const std::string& choice);  // ", did you mean x?", or "" for no choice

}  // namespace graft
