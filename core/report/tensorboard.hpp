// EventWriter: scalars for TensorBoard, one file a run or resume; TensorBoard joins the files of a folder.
//
//   record   u64le length | u32le masked crc32c of it | bytes | u32le masked crc32c of them
//   bytes    protobuf tensorflow.Event: 1 wall_time double, 2 step int64, 3 file_version, 5 Summary {1 Value {1 tag, 2 simple_value}}
//   errors   Error("tensorboard", "path: reason")
#pragma once

#include <cstdint>
#include <fstream>
#include <string>
#include <string_view>

namespace graft::core {

class EventWriter {
 public:
  // `path` must have "tfevents" in its name, or TensorBoard does not look at it. `wall_time` in seconds since 1970.
  EventWriter(std::string path, double wall_time);

  void scalar(std::string_view tag, std::int64_t step, double value, double wall_time);
  void flush();

 private:
  void record(const std::string& event);
  std::string path_;
  std::ofstream file_;
};

std::uint32_t crc32c(std::string_view bytes);  // Castagnoli, reflected 0x82f63b78

}  // namespace graft::core
