// What a verb throws, in the words of whose fault it is.
#include <cstdio>

#include "core/config/problems.hpp"
#include "core/registry/guarded.hpp"
#include "core/registry/refused.hpp"
#include "graft/error.hpp"
#include "verbs.hpp"

namespace graft::app {

int guarded_verb(const std::function<int()>& verb) {
  try {
    return verb();
  } catch (const core::ConfigErrors& errors) {
    std::fprintf(stderr, "%s\n", errors.what());
    return 2;
  } catch (const core::PluginRefused& refused) {
    std::fprintf(stderr, "%s\n", refused.what());
    return 2;
  } catch (const core::PluginError& error) {
    std::fprintf(stderr, "%s\n", error.what());  // a plugin's own error is about what it was given; anything else is its fault
    return error.cxx_type == "graft::Error" ? 2 : 1;
  } catch (const Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return error.where() == "train" ? 1 : 2;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}

}  // namespace graft::app
