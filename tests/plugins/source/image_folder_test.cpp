#include <ATen/ATen.h>

#include <filesystem>
#include <numeric>
#include <thread>

#include "catch.hpp"
#include "graft/files.hpp"
#include "graft/rng.hpp"
#include "graft/testing.hpp"
#include "scratch_folder.hpp"

using namespace graft;
namespace fs = std::filesystem;

namespace {

const std::string kPictures = GRAFT_TEST_DATA "/pictures";

std::shared_ptr<Source> image_folder(const std::string& path, const std::string& more) {
  static const testing::Plugin plugin(GRAFT_PLUGIN_DIR "/graft_source.so");
  return plugin.make<Source>("graft/image_folder", "{\"path\": " + to_json(Value(path)) + ", " + more + "}");
}

Batch all_rows(const Source& source) {
  std::vector<std::int64_t> numbers(source.size());
  std::iota(numbers.begin(), numbers.end(), 0);
  return source.rows(numbers);
}

// A folder with copies of these pictures, {"cat/1.png", "rgb.png"}.
struct PictureFolder : ScratchFolder {
  explicit PictureFolder(std::initializer_list<std::pair<std::string, std::string>> files) {
    for (const auto& [to, from] : files) put(to, read_file(kPictures + "/" + from));
  }
  void put(const std::string& name, const std::string& bytes) const {
    fs::create_directories(fs::path(path() + "/" + name).parent_path());
    write(name, bytes);
  }
};

Tensor pixels_of(const Value& list, std::int64_t height, std::int64_t width, std::int64_t channels) {
  std::vector<std::int64_t> values;
  for (const Value& value : list.list()) values.push_back(value.integer());
  return at::tensor(values, at::kLong).view({height, width, channels}).permute({2, 0, 1});
}

std::int64_t furthest(const Tensor& a, const Tensor& b) { return a.to(at::kLong).sub(b).abs().max().item<std::int64_t>(); }

std::string message(const PictureFolder& folder, const std::string& more) {
  std::string text = message_of([&] { image_folder(folder.path(), more); });
  for (std::size_t at; (at = text.find(folder.path())) != std::string::npos;) text.replace(at, folder.path().size(), "DIR");
  return text;
}

}  // namespace

TEST_CASE("image_folder: files, labels and pixels come out as worked out by hand", "[source][image_folder]") {
  const PictureFolder folder{
      {"dog/a.PNG", "rgb.png"}, {"cat/x/b.png", "grey.png"}, {"loose.png", "rgb.png"}, {".hidden.png", "rgb.png"}};
  const auto source = image_folder(folder.path(), R"("size": [7, 9])");
  const Schema expected = {
      {"file", FieldKind::kText, {}, {}}, {"label", FieldKind::kText, {}, {}}, {"image", FieldKind::kImage, {3, 7, 9}, {}}};
  REQUIRE((source->schema() == expected));
  const Batch batch = all_rows(*source);
  CHECK(batch.strings("file") == Strings{"cat/x/b.png", "dog/a.PNG", "loose.png"});
  CHECK(batch.strings("label") == Strings{"cat", "dog", ""});
  const Tensor image = batch.tensor("image");
  REQUIRE(image.sizes() == at::IntArrayRef{3, 3, 7, 9});
  REQUIRE(image.scalar_type() == at::kByte);
  CHECK(image[0][0][0][0].item<int>() == 127);  // 127.5 + 127 sin 0
  CHECK(image[0][2][0][0].item<int>() == 127);  // grey: three equal channels
  CHECK(image[1][1][0][0].item<int>() == 234);  // 127.5 + 127 sin 1
  CHECK(image[1][0][0][8].item<int>() == 31);   // 127.5 + 127 sin 4
}

TEST_CASE("image_folder: every kind of file has the pixels that Pillow gives", "[source][image_folder]") {
  const Value reference = read_json(GRAFT_TEST_DATA "/pictures.json");
  const bool is_grey = GENERATE(false, true);
  const std::string column = is_grey ? "grey" : "rgb";
  for (const Value::Member& picture : reference.at("pictures").object()) {
    INFO(picture.key << " " << column);
    const PictureFolder folder{{picture.key, picture.key}};
    const auto source =
        image_folder(folder.path(), std::string(R"("size": [7, 9], "bad_files": "error", "channels": )") + (is_grey ? "1" : "3"));
    const Tensor expected = pixels_of(picture.value.at(column), 7, 9, is_grey ? 1 : 3);
    CHECK(furthest(all_rows(*source).tensor("image")[0], expected) <= (picture.key.ends_with(".png") ? 0 : 1));
  }
}

TEST_CASE("image_folder: pictures of another size come out as torchvision's resize and center_crop give them",
          "[source][image_folder]") {
  const Value sized = read_json(GRAFT_TEST_DATA "/pictures.json").at("sized");
  for (const Value::Member& picture : sized.object()) {
    INFO(picture.key);
    const PictureFolder folder{{picture.key, picture.key}};
    const Tensor stretched = all_rows(*image_folder(folder.path(), R"("size": [8, 6], "fit": "stretch")")).tensor("image")[0];
    const Tensor cropped = all_rows(*image_folder(folder.path(), R"("size": 8)")).tensor("image")[0];
    CHECK(furthest(stretched, pixels_of(picture.value.at("stretch"), 8, 6, 3)) <= 1);
    CHECK(furthest(stretched, pixels_of(picture.value.at("pillow"), 8, 6, 3)) <= 1);
    CHECK(furthest(cropped, pixels_of(picture.value.at("crop"), 8, 8, 3)) <= 1);
  }
}

TEST_CASE("image_folder: a table names the files, and its other columns come along", "[source][image_folder]") {
  const PictureFolder folder{{"a.png", "rgb.png"}, {"b/c.jpg", "rgb.jpg"}};
  const std::string table = folder.write("rows.csv", "stars,file\n3,b/c.jpg\n5,gone.png\n1,a.png\n4,b/c.jpg\n");
  const std::string given = R"("size": [7, 9], "table": {"use": "graft/csv", "path": )" + to_json(Value(table)) + "}";
  const testing::Warnings warnings;
  const auto source = image_folder(folder.path(), given + R"(, "column": "file")");
  REQUIRE(source->schema().size() == 3);
  const Batch batch = all_rows(*source);
  CHECK(batch.tensor("stars").equal(testing::integers({3, 1, 4})));
  CHECK(batch.strings("file") == Strings{"b/c.jpg", "a.png", "b/c.jpg"});
  CHECK(batch.tensor("image")[0].equal(batch.tensor("image")[2]));
  REQUIRE(warnings.lines().size() == 1);
  CHECK(warnings.lines()[0].find("left out 1 picture of 4 that cannot be read; the first: gone.png: ") != std::string::npos);
  CHECK(message(folder, given) == "[graft/image_folder] column must name the column of table that holds the files, is not given");
  CHECK(message(folder, R"("size": 7, "column": "file")") ==
        "[graft/image_folder] column names files in a table, which is not given, got file");
  CHECK(message(folder, given + R"(, "column": "fil")").starts_with("[graft/image_folder] there is no column fil"));
}

TEST_CASE("image_folder: a broken picture is counted and named, wherever its bytes end", "[source][image_folder]") {
  const PictureFolder folder{{"a/good.png", "rgb.png"}};
  const std::string name = GENERATE("rgb.png", "rgb.jpg", "progressive.jpg", "cmyk.jpg", "palette.png", "exif6.jpg");
  const std::string whole = read_file(kPictures + "/" + name);
  for (std::size_t end = 0; end + 2 < whole.size(); end += 7) {
    INFO(name << " cut at " << end);
    folder.put("a/zz_" + name, whole.substr(0, end));
    const testing::Warnings warnings;
    REQUIRE(image_folder(folder.path(), R"("size": [7, 9])")->size() == 1);
    REQUIRE(warnings.lines().size() == 1);
    REQUIRE(warnings.lines()[0].starts_with("[graft/image_folder] " + folder.path() +
                                            ": left out 1 picture of 2 that cannot be read; the first: a/zz_" + name + ": "));
  }
}

TEST_CASE("image_folder: bytes changed at random give pixels or a reason, never more", "[source][image_folder]") {
  const std::string name = GENERATE("rgb.png", "palette.png", "rgb.jpg", "progressive.jpg", "cmyk.jpg", "exif6.jpg");
  const PictureFolder folder{{"good.png", "rgb.png"}};
  const std::string whole = read_file(kPictures + "/" + name);
  Rng rng(11);
  for (int round = 0; round < 150; ++round) {
    std::string bytes = whole;
    for (int change = 0; change < 3; ++change)
      bytes[rng.below(static_cast<std::int64_t>(bytes.size()))] = static_cast<char>(rng.bits());
    folder.put("zz_" + name, bytes);
    const testing::Warnings warnings;
    const auto source = image_folder(folder.path(), R"("size": [7, 9])");
    CHECK(source->size() + static_cast<std::int64_t>(warnings.lines().size()) >= 2);
  }
}

TEST_CASE("image_folder: refusals name the folder or file, the rule and the value", "[source][image_folder]") {
  const PictureFolder empty{}, folder{{"a.png", "rgb.png"}};
  CHECK(message(empty, R"("size": 8)") == "[graft/image_folder] DIR: must hold .jpg, .jpeg or .png files, holds none");
  CHECK(message_of([&] { image_folder(folder.path() + "/a.png", R"("size": 8)"); }) ==
        "[graft/image_folder] " + folder.path() + "/a.png: must be a folder, is a file");
  CHECK(message(folder, R"("size": [8])").find("[graft/image_folder] size must have") != std::string::npos);
  folder.put("b.png", "GIF89a");
  CHECK(message(folder, R"("size": 8, "bad_files": "error")") == "[graft/image_folder] DIR/b.png: is neither JPEG nor PNG");
  fs::remove(folder.path() + "/a.png");
  CHECK(message(folder, R"("size": 8)") ==
        "[graft/image_folder] DIR: none of 1 picture can be read; the first: b.png: is neither JPEG nor PNG");
  const auto source = image_folder(kPictures, R"("size": 8)");
  const std::vector<std::int64_t> outside = {source->size()};
  CHECK(message_of([&] { source->rows(outside); }).starts_with("[graft/image_folder] row must be in [0, "));
}

TEST_CASE("image_folder: a header that claims huge sides is refused before memory is asked for", "[source][image_folder]") {
  const PictureFolder folder{{"a.png", "rgb.png"}};
  std::string bytes = read_file(kPictures + "/rgb.jpg");
  const std::size_t frame = bytes.find("\xFF\xC0");
  bytes.replace(frame + 5, 4, std::string("\xFF\xDC\xFF\xDC"));
  folder.put("b.jpg", bytes);
  const testing::Warnings warnings;
  CHECK(image_folder(folder.path(), R"("size": 8)")->size() == 1);
  CHECK(warnings.lines().at(0).ends_with("b.jpg: must have 1 to 178956970 pixels, has 65500 x 65500"));
}

TEST_CASE("image_folder: other files are counted, a folder that is a link is followed", "[source][image_folder]") {
  const PictureFolder folder{{"a/1.png", "rgb.png"}}, other{{"2.png", "rgb.png"}};
  folder.write("notes.txt", "x");
  fs::create_directory_symlink(other.path(), folder.path() + "/b");
  const testing::Warnings warnings;
  CHECK(all_rows(*image_folder(folder.path(), R"("size": 8)")).strings("file") == Strings{"a/1.png", "b/2.png"});
  CHECK(warnings.lines() ==
        std::vector<std::string>{"[graft/image_folder] " + folder.path() +
                                 ": left out 1 file that is neither .jpg, .jpeg nor .png; the first: notes.txt"});
}

TEST_CASE("image_folder: rows come by number in any order and grouping, also from four threads", "[source][image_folder]") {
  const auto source = image_folder(kPictures, R"("size": 8)");
  const Batch all = all_rows(*source);
  const std::vector<std::int64_t> numbers = {5, 0, 7, 7, 2};
  std::vector<Batch> got(4);
  std::vector<std::thread> threads;
  for (Batch& mine : got) threads.emplace_back([&] { mine = source->rows(numbers); });
  for (std::thread& thread : threads) thread.join();
  for (const Batch& mine : got)
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      CHECK(mine.row_ids()[i] == numbers[i]);
      CHECK(mine.strings("file")[i] == all.strings("file")[numbers[i]]);
      CHECK(mine.tensor("image")[static_cast<std::int64_t>(i)].equal(all.tensor("image")[numbers[i]]));
    }
}
