#include "png.hpp"

#include <ATen/ops/empty.h>
#include <png.h>

#include <csetjmp>
#include <cstring>

#include "orientation.hpp"

namespace graft::plugins {
namespace {

[[noreturn]] void on_error(png_structp png, png_const_charp text) {
  auto* fault = static_cast<char*>(png_get_error_ptr(png));
  std::strncpy(fault, text, 127);
  png_longjmp(png, 1);
}

void on_warning(png_structp, png_const_charp) {}

void feed(png_structp png, png_bytep to, png_size_t count) {
  auto* rest = static_cast<std::string_view*>(png_get_io_ptr(png));
  if (count > rest->size()) png_error(png, "ends too early");
  std::memcpy(to, rest->data(), count);
  rest->remove_prefix(count);
}

// No frame between setjmp and longjmp has a destructor to run.
class PngReader {
 public:
  explicit PngReader(std::string_view bytes) : rest_(bytes) {
    png_ = png_create_read_struct(PNG_LIBPNG_VER_STRING, fault_, on_error, on_warning);
    info_ = png_ ? png_create_info_struct(png_) : nullptr;
    if (!info_) throw std::bad_alloc();
    png_set_read_fn(png_, &rest_, feed);
  }
  ~PngReader() { png_destroy_read_struct(&png_, &info_, nullptr); }
  PngReader(const PngReader&) = delete;
  PngReader& operator=(const PngReader&) = delete;

  bool read_header() {
    if (setjmp(png_jmpbuf(png_))) return false;
    png_read_info(png_, info_);
    png_set_scale_16(png_);
    png_set_palette_to_rgb(png_);
    png_set_expand_gray_1_2_4_to_8(png_);
    png_set_strip_alpha(png_);
    passes_ = png_set_interlace_handling(png_);
    png_read_update_info(png_, info_);
    return true;
  }
  bool read_rows(unsigned char* pixels) {
    if (setjmp(png_jmpbuf(png_))) return false;
    for (int pass = 0; pass < passes_; ++pass)
      for (std::int64_t row = 0; row < height(); ++row)
        png_read_row(png_, pixels + row * static_cast<std::int64_t>(png_get_rowbytes(png_, info_)), nullptr);
    png_read_end(png_, info_);
    return true;
  }

  std::int64_t width() const { return png_get_image_width(png_, info_); }
  std::int64_t height() const { return png_get_image_height(png_, info_); }
  std::int64_t channels() const { return png_get_channels(png_, info_); }
  const char* fault() const { return fault_; }
  int orientation() {  // after the rows: the chunk may follow them
    png_bytep data = nullptr;
    png_uint_32 size = 0;
    if (!png_get_eXIf_1(png_, info_, &size, &data)) return 1;
    return exif_orientation({reinterpret_cast<const char*>(data), size});
  }

 private:
  png_structp png_ = nullptr;
  png_infop info_ = nullptr;
  std::string_view rest_;
  int passes_ = 1;
  char fault_[128] = {};
};

}  // namespace

bool is_png(std::string_view bytes) { return bytes.starts_with("\x89PNG\r\n\x1A\n"); }

Decoded decode_png(std::string_view bytes) {
  PngReader reader(bytes);
  if (!reader.read_header()) throw BadPicture(reader.fault());
  check_size(reader.width(), reader.height());
  Decoded picture{at::empty({reader.height(), reader.width(), reader.channels()}, at::kByte), 1};
  if (!reader.read_rows(picture.pixels.mutable_data_ptr<std::uint8_t>())) throw BadPicture(reader.fault());
  picture.orientation = reader.orientation();
  return picture;
}

}  // namespace graft::plugins
