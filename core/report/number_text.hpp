// Numbers as people read them: 10,605 rows, 11 min 42 s, 1.21 GB, 0.953.
#pragma once

#include <cstdint>
#include <string>

namespace graft::core {

std::string thousands(std::int64_t number);                          // 10,605
std::string count_of(std::int64_t number, const std::string& noun);  // 1 step, 798 steps
std::string duration_text(double seconds);                           // 0.4 s, 42 s, 11 min 42 s, 3 h 5 min
std::string memory_text(double megabytes);                           // 812 MB, 1.21 GB (powers of ten)
std::string metric_text(double value);                               // 0.953, 12.35, 1,234; "-" when NaN
std::string interval_text(double low, double high);                  // 0.939 - 0.965; "-" when either is NaN
std::string fixed(double value, int digits);                         // plain decimal, without locale

}  // namespace graft::core
