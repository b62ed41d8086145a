// ImageFolder: pictures out of a folder, decoded once into memory when the source is made.
//
//   rows     every .jpg, .jpeg and .png below `path`, sorted by relative path; or, with `table`, the rows of that source whose
//            text column `column` names a file in `path`
//   fields   "file" kText the path below `path`, and "label" kText its first folder, missing for a file right in `path`; or the
//            fields of `table`. Then "image" kImage [channels, height, width] uint8
//   memory   rows * channels * height * width bytes, for as long as the source lives
//   threads  decodes on those of the run; rows() on any number
//   source   torchvision.datasets.ImageFolder
//   differs  EXIF orientation is applied; the label is a text, which the step `category` numbers; files right in the folder are rows
//   throws   Error("graft/image_folder", "path: rule, value"): no pictures, a table without the column; a picture that cannot be
//            read, with bad_files: "error"
//   warns    once, with the number of pictures left out because they cannot be read, and the first of them by name; once for
//            files of other endings
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "../pictures/picture_reader.hpp"
#include "graft/config.hpp"
#include "graft/source.hpp"

namespace graft::plugins {

class ImageFolder final : public Source {
 public:
  explicit ImageFolder(const Config& config);

  Schema schema() const override;
  std::int64_t size() const override { return static_cast<std::int64_t>(kept_.size()); }
  Batch rows(std::span<const std::int64_t> numbers) const override;

 private:
  void list_files();
  void list_rows(const std::string& column);
  std::vector<std::string> decode_all();  // why each file could not be read, "" where it could
  void keep_readable(const std::vector<std::string>& faults);
  void add_own_columns(Batch& batch, const std::vector<std::int64_t>& files) const;

  std::string path_;
  PictureReader reader_;
  bool drops_bad_;
  std::shared_ptr<Source> table_;   // null where the folder itself gives the rows
  std::vector<std::string> files_;  // below path_, one for each row before bad ones are left out
  std::vector<std::int64_t> kept_;  // of each row its number in files_, and in table_
  Tensor pixels_;                   // [files, channels, height, width] uint8
};

}  // namespace graft::plugins
