// Where graft keeps what belongs to its user: in the folders that the XDG base directory specification names.
//
//   relative   a variable that is no absolute path counts for nothing, as that specification asks
//   empty      where neither the variable nor HOME is set, and in a set-user-id program, which must not trust its caller's variables
#pragma once

#include <string>

namespace graft::core {

std::string config_folder();  // $XDG_CONFIG_HOME/graft, else ~/.config/graft
std::string data_folder();    // $XDG_DATA_HOME/graft, else ~/.local/share/graft
std::string cache_folder();   // $GRAFT_CACHE, else $XDG_CACHE_HOME/graft, else ~/.cache/graft; empty where GRAFT_CACHE is off

}  // namespace graft::core
