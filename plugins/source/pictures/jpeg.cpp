#include "jpeg.hpp"

#include <ATen/ops/empty.h>

#include <csetjmp>
#include <cstdio>

#include <jpeglib.h>
#include <jerror.h>

#include "orientation.hpp"

namespace graft::plugins {
namespace {

struct JpegFault {
  jpeg_error_mgr base;  // first, so that libjpeg's pointer to it is a pointer to this
  std::jmp_buf jump;
  char text[JMSG_LENGTH_MAX];
};

[[noreturn]] void leave(j_common_ptr info) {
  auto* fault = reinterpret_cast<JpegFault*>(info->err);
  (*info->err->format_message)(info, fault->text);
  std::longjmp(fault->jump, 1);
}

// libjpeg goes on after damage; rows that are missing would be grey.
void weigh(j_common_ptr info, int level) {
  const int code = info->err->msg_code;
  if (level < 0 && (code == JWRN_JPEG_EOF || code == JWRN_HIT_MARKER)) leave(info);
}

// No frame between setjmp and longjmp has a destructor to run.
class JpegReader {
 public:
  JpegReader() {
    info_.err = jpeg_std_error(&fault_.base);
    fault_.base.error_exit = leave;
    fault_.base.emit_message = weigh;
    fault_.text[0] = '\0';
  }
  ~JpegReader() { jpeg_destroy_decompress(&info_); }
  JpegReader(const JpegReader&) = delete;
  JpegReader& operator=(const JpegReader&) = delete;

  bool read_header(std::string_view bytes) {
    if (setjmp(fault_.jump)) return false;
    jpeg_create_decompress(&info_);
    jpeg_mem_src(&info_, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
    jpeg_save_markers(&info_, JPEG_APP0 + 1, 0xFFFF);
    jpeg_read_header(&info_, TRUE);
    info_.out_color_space = info_.num_components == 4 ? JCS_CMYK : info_.num_components == 1 ? JCS_GRAYSCALE : JCS_RGB;
    return true;
  }
  bool read_rows(unsigned char* pixels) {
    if (setjmp(fault_.jump)) return false;
    jpeg_start_decompress(&info_);
    while (info_.output_scanline < info_.output_height) {
      JSAMPROW row = pixels + static_cast<std::size_t>(info_.output_scanline) * info_.output_width * channels();
      jpeg_read_scanlines(&info_, &row, 1);
    }
    jpeg_finish_decompress(&info_);
    return true;
  }

  std::int64_t width() const { return info_.image_width; }
  std::int64_t height() const { return info_.image_height; }
  std::int64_t channels() const { return info_.out_color_space == JCS_CMYK ? 4 : info_.out_color_space == JCS_RGB ? 3 : 1; }
  const char* fault() const { return fault_.text; }
  int orientation() const {
    for (const jpeg_marker_struct* marker = info_.marker_list; marker; marker = marker->next) {
      const std::string_view data(reinterpret_cast<const char*>(marker->data), marker->data_length);
      if (data.starts_with(std::string_view("Exif\0\0", 6))) return exif_orientation(data.substr(6));
    }
    return 1;
  }

 private:
  jpeg_decompress_struct info_ = {};
  JpegFault fault_;
};

unsigned char product(unsigned a, unsigned b) {  // a b / 255, rounded as Pillow rounds
  const unsigned wide = a * b + 128;
  return static_cast<unsigned char>(((wide >> 8) + wide) >> 8);
}

Tensor rgb_of_cmyk(const Tensor& cmyk) {
  Tensor rgb = at::empty({cmyk.size(0), cmyk.size(1), 3}, at::kByte);
  const auto* from = cmyk.const_data_ptr<std::uint8_t>();
  auto* to = rgb.mutable_data_ptr<std::uint8_t>();
  for (std::int64_t i = 0; i < cmyk.size(0) * cmyk.size(1); ++i, from += 4, to += 3)
    for (int c = 0; c < 3; ++c) to[c] = static_cast<unsigned char>(from[3] - product(255U - from[c], from[3]));
  return rgb;
}

}  // namespace

void check_size(std::int64_t width, std::int64_t height) {
  if (width >= 1 && height >= 1 && width <= kMostPixels / height) return;
  throw BadPicture("must have 1 to " + std::to_string(kMostPixels) + " pixels, has " + std::to_string(width) + " x " +
                   std::to_string(height));
}

bool is_jpeg(std::string_view bytes) { return bytes.starts_with("\xFF\xD8\xFF"); }

Decoded decode_jpeg(std::string_view bytes) {
  JpegReader reader;
  if (!reader.read_header(bytes)) throw BadPicture(reader.fault());
  check_size(reader.width(), reader.height());
  Decoded picture{at::empty({reader.height(), reader.width(), reader.channels()}, at::kByte), reader.orientation()};
  if (!reader.read_rows(picture.pixels.mutable_data_ptr<std::uint8_t>())) throw BadPicture(reader.fault());
  if (reader.channels() == 4) picture.pixels = rgb_of_cmyk(picture.pixels);
  return picture;
}

}  // namespace graft::plugins
