// A user of graft, with folders of its own for trust, quarantine and cache, and a copy of the plugin that crashes on request.
#pragma once

#include <algorithm>
#include <string>

#include "command.hpp"

struct User {
  Workplace here;
  std::string plugin;  // tests/hostile/crash
  std::string run = here.file("run");

  User() : plugin(here.file("acme_crash.so")) { std::filesystem::copy_file(GRAFT_HOSTILE_DIR "/crash.so", plugin); }

  // `crash` is GRAFT_CRASH: where the plugin dies, and how.
  Outcome graft(const std::string& arguments, const std::string& crash = "") const {
    return shell("ulimit -c 0; XDG_DATA_HOME=" + here.file("data") + " XDG_CONFIG_HOME=" + here.file("config") +
                 " GRAFT_CACHE=" + here.file("cache") + " GRAFT_CRASH_LOADED=" + here.file("mapped") + " GRAFT_CRASH='" + crash +
                 "' " GRAFT_BINARY " " + arguments);
  }

  // The user's plugin in a user's folder of plugins, where it is found.
  std::string install() {
    std::filesystem::create_directories(here.file("data/graft/plugins"));
    std::filesystem::rename(plugin, here.file("data/graft/plugins/acme_crash.so"));
    return plugin = here.file("data/graft/plugins/acme_crash.so");
  }

  std::ptrdiff_t times_mapped() const {
    if (!std::filesystem::exists(here.file("mapped"))) return 0;
    const std::string text = graft::read_file(here.file("mapped"));
    return std::count(text.begin(), text.end(), '\n');
  }

  // Its training: 120 steps, a checkpoint every 50.
  std::string config() const {
    return here.write("points.json", R"({
  "graft": 1,
  "run": {"seed": 3, "epochs": 6, "batch_size": 16, "precision": "fp32"},
  "data": {"points": {"source": {"use": "csv", "path": ")" +
                                         here.write("rows.csv", rows_csv(400)) +
                                         R"("}}},
  "pipeline": {
    "label": {"use": "category", "column": "kind"},
    "numbers": {"use": "standard_scaler", "columns": ["x", "y"]}
  },
  "model": {"use": "acme/crash"},
  "heads": {"kind": {"use": "classify", "target": "label", "metrics": {"accuracy": {}}}},
  "optimizer": {"use": "adamw", "learning_rate": 0.01},
  "checkpoint": {"every": 50}
})");
  }
};
