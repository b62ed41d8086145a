// Running graft as a person does: a command line in, an exit code and what was printed out.
#pragma once

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

#include "graft/files.hpp"

struct Outcome {
  int exit = -1;
  std::string output;  // standard output and error together
  double seconds = 0;
};

inline Outcome shell(const std::string& command) {
  const auto start = std::chrono::steady_clock::now();
  Outcome outcome;
  std::FILE* pipe = ::popen((command + " 2>&1").c_str(), "r");
  std::array<char, 4096> buffer;
  while (const std::size_t n = std::fread(buffer.data(), 1, buffer.size(), pipe)) outcome.output.append(buffer.data(), n);
  const int status = ::pclose(pipe);
  outcome.exit = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  outcome.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return outcome;
}

inline Outcome graft_command(const std::string& arguments) { return shell(std::string(GRAFT_BINARY) + " " + arguments); }

// A folder of its own for one test, removed when the test ends.
struct Workplace {
  std::string path;
  Workplace() {
    ::setenv("GRAFT_CACHE", "off", 0);  // no test writes to the user's folder
    std::string name = (std::filesystem::temp_directory_path() / "graft-test-XXXXXX").string();
    path = ::mkdtemp(name.data());
  }
  ~Workplace() { std::filesystem::remove_all(path); }
  Workplace(const Workplace&) = delete;
  std::string file(const std::string& name) const { return path + "/" + name; }
  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(file(name), std::ios::binary) << text;
    return file(name);
  }
};

inline bool has_checkpoint(const std::string& run, int step) {
  char name[32];
  std::snprintf(name, sizeof name, "/checkpoints/step-%06d", step);
  return std::filesystem::exists(run + name);
}

// Starts graft, signals it once it wrote the checkpoint of `step`, and says whether that ended it.
inline bool ended_at(const std::string& arguments, const std::string& run, int step, int signal) {
  const pid_t child = ::fork();
  if (child == 0) {
    ::execl("/bin/sh", "sh", "-c", ("exec " + std::string(GRAFT_BINARY) + " " + arguments + " >/dev/null 2>&1").c_str(), nullptr);
    ::_exit(127);
  }
  int status = 0;
  for (int i = 0; i < 10000 && !has_checkpoint(run, step); ++i) {
    if (::waitpid(child, &status, WNOHANG) == child) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  ::kill(child, signal);
  ::waitpid(child, &status, 0);
  return signal == SIGKILL ? WIFSIGNALED(status) : WIFEXITED(status) && WEXITSTATUS(status) == 3;
}

// Rows of two numbers and a class that a line separates, with a text that says the class.
inline std::string rows_csv(int rows) {
  std::string text = "x,y,review,stars,kind\n";
  std::uint32_t state = 7;
  auto next = [&] { return static_cast<double>((state = state * 1664525u + 1013904223u) >> 8) / (1 << 24); };
  for (int i = 0; i < rows; ++i) {
    const double x = next() * 4 - 2, y = next() * 4 - 2;
    const bool good = x + y + 0.3 * (next() - 0.5) > 0;
    text += std::to_string(x) + "," + std::to_string(y) + "," + (good ? "a fine and moving film " : "a dull and tired film ") +
            std::to_string(i) + "," + std::to_string(2 * x - y) + "," + (good ? "good" : "bad") + "\n";
  }
  return text;
}

// A small BERT from scratch on those texts, with dropout and an augmenter: everything that is random takes part.
inline std::string text_config(const std::string& rows) {
  return R"({
  "graft": 1,
  "run": {"seed": 3, "epochs": 2, "batch_size": 16, "precision": "fp32"},
  "data": {"films": {"source": {"use": "csv", "path": ")" +
         rows +
         R"("}, "split": {"valid": 0.1, "test": 0.2}}},
  "pipeline": {
    "label": {"use": "category", "column": "kind"},
    "noise": {"use": "eda", "column": "review"},
    "tokens": {"use": "wordpiece", "column": "review", "vocabulary": ")" GRAFT_TEST_DATA
         R"(/wordpiece_vocabulary.json", "max_length": 32}
  },
  "model": {"use": "bert", "input": "tokens", "vocab_size": 2000, "hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4,
            "intermediate_size": 64, "max_position_embeddings": 64},
  "heads": {"kind": {"use": "classify", "target": "label", "metrics": {"accuracy": {}}}},
  "optimizer": {"use": "adamw", "learning_rate": 0.002},
  "checkpoint": {"every": 5}
})";
}

// Numbers to an MLP: trains in a second.
inline std::string number_config(const std::string& rows) {
  return R"({
  "graft": 1,
  "run": {"seed": 3, "epochs": 5, "batch_size": 16, "precision": "fp32"},
  "data": {"points": {"source": {"use": "csv", "path": ")" +
         rows + R"("}}},
  "pipeline": {
    "label": {"use": "category", "column": "kind"},
    "features": {"use": "standard_scaler", "columns": ["x", "y"]}
  },
  "model": {"use": "mlp", "input": "features", "hidden": [16]},
  "heads": {"kind": {"use": "classify", "target": "label", "metrics": {"accuracy": {}, "f1": {}}}},
  "optimizer": {"use": "adamw", "learning_rate": 0.01}
})";
}
