#include "image_folder.hpp"

#include <ATen/Parallel.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/from_blob.h>

#include <algorithm>
#include <filesystem>

#include "graft/error.hpp"

namespace graft::plugins {
namespace {

namespace fs = std::filesystem;
constexpr const char* kImageFolder = "graft/image_folder";
constexpr const char* kImage = "image";

bool is_picture(const fs::path& file) {
  std::string ending = file.extension().string();
  std::transform(ending.begin(), ending.end(), ending.begin(), [](unsigned char c) { return std::tolower(c); });
  return ending == ".jpg" || ending == ".jpeg" || ending == ".png";
}

std::string counted(std::size_t number, const char* what) {
  return std::to_string(number) + " " + what + (number == 1 ? "" : "s");
}

std::string label_of(const std::string& file) {
  const std::size_t slash = file.find('/');
  return slash == std::string::npos ? "" : file.substr(0, slash);
}

PictureReader reader_of(const Config& config) {
  PictureReader reader;
  const Value& size = config.value("size");
  const bool is_square = !size.is_list();
  reader.height = (is_square ? size : size.list()[0]).integer();
  reader.width = (is_square ? size : size.list()[1]).integer();
  reader.channels = config.integer("channels");
  reader.fit = config.text("fit") == "crop" ? PictureReader::Fit::kCrop : PictureReader::Fit::kStretch;
  return reader;
}

}  // namespace

ImageFolder::ImageFolder(const Config& config)
    : path_(config.path("path")), reader_(reader_of(config)), drops_bad_(config.text("bad_files") == "drop") {
  if (!fs::is_directory(path_)) throw Error(kImageFolder, path_ + ": must be a folder, is a file");
  const std::string column = config.has("column") ? config.text("column") : "";
  if (config.has("table")) {
    table_ = config.component<Source>("table");
    list_rows(column);
  } else {
    if (!column.empty()) throw Error(kImageFolder, "column names files in a table, which is not given, got " + column);
    list_files();
  }
  keep_readable(decode_all());
}

void ImageFolder::list_files() {
  std::vector<std::string> others;
  for (const fs::directory_entry& entry :
       fs::recursive_directory_iterator(path_, fs::directory_options::follow_directory_symlink)) {
    const std::string name = entry.path().lexically_relative(path_).generic_string();
    if (!entry.is_regular_file() || entry.path().filename().string().starts_with('.')) continue;
    (is_picture(entry.path()) ? files_ : others).push_back(name);
  }
  std::sort(files_.begin(), files_.end());
  if (files_.empty()) throw Error(kImageFolder, path_ + ": must hold .jpg, .jpeg or .png files, holds none");
  if (others.empty()) return;
  warn(kImageFolder, path_ + ": left out " + counted(others.size(), "file") + " that " + (others.size() == 1 ? "is" : "are") +
                         " neither .jpg, .jpeg nor .png; the first: " + *std::min_element(others.begin(), others.end()));
}

void ImageFolder::list_rows(const std::string& column) {
  if (column.empty()) throw Error(kImageFolder, "column must name the column of table that holds the files, is not given");
  const Schema fields = table_->schema();
  require(fields, column, {FieldKind::kText}, kImageFolder);
  if (find(fields, kImage)) throw Error(kImageFolder, "table must have no column image, which this source makes, has one");
  for (Batches each(*table_); each.next();)
    files_.insert(files_.end(), each.batch().strings(column).begin(), each.batch().strings(column).end());
}

std::vector<std::string> ImageFolder::decode_all() {
  const auto count = static_cast<std::int64_t>(files_.size());
  std::vector<std::string> faults(files_.size());
  pixels_ = at::empty({count, reader_.channels, reader_.height, reader_.width}, at::kByte);
  const std::int64_t bytes = reader_.channels * reader_.height * reader_.width;
  std::uint8_t* begin = pixels_.mutable_data_ptr<std::uint8_t>();
  at::parallel_for(0, count, 1, [&](std::int64_t first, std::int64_t end) {
    for (std::int64_t i = first; i < end; ++i) {
      try {
        at::from_blob(begin + i * bytes, {reader_.channels, reader_.height, reader_.width}, at::kByte)
            .copy_(reader_.read((fs::path(path_) / files_[i]).string()));
      } catch (const BadPicture& bad) {
        faults[i] = bad.what();
      }
    }
  });
  return faults;
}

void ImageFolder::keep_readable(const std::vector<std::string>& faults) {
  std::size_t bad = 0;
  std::string first;
  for (std::size_t i = 0; i < faults.size(); ++i) {
    if (faults[i].empty()) {
      kept_.push_back(static_cast<std::int64_t>(i));
      continue;
    }
    const std::string fault = files_[i] + ": " + faults[i];
    if (!drops_bad_) throw Error(kImageFolder, path_ + "/" + fault);
    log(kImageFolder, path_ + "/" + fault);
    if (bad++ == 0) first = fault;
  }
  if (kept_.empty())
    throw Error(kImageFolder, path_ + ": none of " + counted(bad, "picture") + " can be read; the first: " + first);
  if (bad)
    warn(kImageFolder, path_ + ": left out " + counted(bad, "picture") + " of " + std::to_string(faults.size()) +
                           " that cannot be read; the first: " + first);
}

Schema ImageFolder::schema() const {
  const Schema own = {{"file", FieldKind::kText, {}, {}}, {"label", FieldKind::kText, {}, {}}};
  return with(table_ ? table_->schema() : own,
              {kImage, FieldKind::kImage, {reader_.channels, reader_.height, reader_.width}, {}});
}

void ImageFolder::add_own_columns(Batch& batch, const std::vector<std::int64_t>& files) const {
  Strings names, labels;
  for (const std::int64_t file : files) {
    names.push_back(files_[file]);
    labels.push_back(label_of(files_[file]));
  }
  batch.set("file", std::move(names));
  batch.set("label", std::move(labels));
}

Batch ImageFolder::rows(std::span<const std::int64_t> numbers) const {
  Batch batch(std::vector<std::int64_t>(numbers.begin(), numbers.end()));
  std::vector<std::int64_t> files;
  for (const std::int64_t number : numbers) {
    if (number < 0 || number >= size())
      throw Error(kImageFolder, "row must be in [0, " + std::to_string(size()) + "), got " + std::to_string(number));
    files.push_back(kept_[number]);
  }
  if (table_) {
    const Batch given = table_->rows(files);
    for (const std::string& name : given.names()) batch.set(name, given.column(name));
  } else {
    add_own_columns(batch, files);
  }
  batch.set(kImage, pixels_.index_select(0, at::from_blob(files.data(), {batch.size()}, at::kLong)));
  return batch;
}

}  // namespace graft::plugins
