#include "core/run/events.hpp"

#include <chrono>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "graft/error.hpp"
#include "graft/files.hpp"

namespace graft::core {
namespace {

double wall_clock() { return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count(); }

// Lines of steps up to `step`; a last line cut short by a kill goes as well.
void keep_up_to(const std::string& path, std::int64_t step) {
  if (!std::filesystem::exists(path)) return;
  std::istringstream lines(read_file(path));
  std::string kept;
  for (std::string line; std::getline(lines, line);) {
    try {
      if (parse_json(line, path).at("step").integer() <= step) kept += line + "\n";
    } catch (const Error&) {
      break;
    }
  }
  write_file(path, kept);
}

}  // namespace

Events::Events(const std::string& folder, std::int64_t resumed_step) {
  const std::string path = folder + "/events.jsonl";
  keep_up_to(path, resumed_step);
  file_ = std::fopen(path.c_str(), "a");
  if (!file_) throw Error("run", "cannot write " + path);
  const double time = wall_clock();
  board_ = std::make_unique<EventWriter>(
      folder + "/events.out.tfevents." + std::to_string(static_cast<std::int64_t>(time * 1000)) + ".graft", time);
}

Events::~Events() { std::fclose(file_); }

void Events::write(const std::string& event, std::int64_t step, Value fields) {
  Value line = Value::Object{};
  line.set("event", event);
  line.set("step", step);
  for (Value::Member& member : fields.object()) line.set(member.key, std::move(member.value));
  const std::string text = to_json(line) + "\n";
  std::fwrite(text.data(), 1, text.size(), file_);
}

void Events::scalar(const std::string& tag, std::int64_t step, double value) { board_->scalar(tag, step, value, wall_clock()); }

void Events::flush() {
  std::fflush(file_);
  board_->flush();
}

}  // namespace graft::core
