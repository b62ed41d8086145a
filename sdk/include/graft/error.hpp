// Error: the one exception of the SDK, and the counted warning beside it.
//
//   throw Error("graft/tfidf", "min_df must be >= 1, got 0")   ->   [graft/tfidf] min_df must be >= 1, got 0
//
// `where` is the component (its name in the manifest); the host adds the place in the config. Say the rule, then the value.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

#include "graft/export.hpp"

namespace graft {

class GRAFT_API Error : public std::runtime_error {
 public:
  Error(std::string where, std::string text);
  ~Error() override;  // key function: one type identity for host and plugins

  const std::string& where() const { return where_; }
  const std::string& text() const { return text_; }  // what() without the tag

 private:
  std::string where_, text_;
};

// A warning that the run counts and reports; equal texts are shown once with their count. Any thread.
GRAFT_API void warn(std::string_view where, const std::string& text);

// A line for the run's log, at debug level. Any thread.
GRAFT_API void log(std::string_view where, const std::string& text);

// Where warn() and log() go; set once by the host before components run. Without a sink both write to standard error.
struct GRAFT_API LogSink {
  virtual ~LogSink();
  virtual void warn(std::string_view where, const std::string& text) = 0;
  virtual void log(std::string_view where, const std::string& text) = 0;
};
GRAFT_API void set_log_sink(LogSink* sink);  // not owned; null restores standard error

}  // namespace graft
