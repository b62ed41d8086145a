// A strict recursive-descent reader. Boost.JSON's parsers give neither the place of a key, nor which rule a text breaks, nor
// exact doubles (before 1.82); Values keep the first and people need the second. Boost.JSON is the tests' oracle.
#include <charconv>
#include <cmath>
#include <unordered_set>

#include "graft/error.hpp"
#include "graft/files.hpp"
#include "graft/utf8.hpp"
#include "graft/value.hpp"

namespace graft {
namespace {

constexpr int kDeepest = 64;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

class Reader {
 public:
  Reader(std::string_view text, const std::string& name, bool relaxed)
      : text_(text), file_(std::make_shared<const std::string>(name)), relaxed_(relaxed) {
    if (text_.starts_with(kByteOrderMark)) text_.remove_prefix(kByteOrderMark.size());
  }

  Value document() {
    check_utf8();
    Value value = read();
    skip();
    if (!at_end()) fail("nothing may follow the value");
    return value;
  }

 private:
  bool at_end() const { return at_ == text_.size(); }
  char peek() const { return at_end() ? '\0' : text_[at_]; }
  bool take(char wanted) { return peek() == wanted && !at_end() ? (++at_, true) : false; }

  [[noreturn]] void fail(const std::string& what) { throw Error("json", place().text() + ": " + what); }
  [[noreturn]] void fail_at(std::size_t position, const std::string& what) {
    at_ = position;
    fail(what);
  }

  // Places are asked for in rising order, so counting goes on from the last one: a file of one long line stays linear.
  Place place() {
    for (; counted_ < at_; ++counted_) {
      const auto byte = static_cast<unsigned char>(text_[counted_]);
      if (byte == '\n') {
        ++line_;
        column_ = 1;
      } else if ((byte & 0xC0) != 0x80) {
        ++column_;
      }
    }
    return {file_, line_, column_};
  }

  void check_utf8() {
    if (is_utf8(text_)) return;
    std::size_t position = 0;
    while (true) {
      const std::size_t begin = position;
      next_code_point(text_, position);
      if (!is_utf8(text_.substr(begin, position - begin))) fail_at(begin, "is not UTF-8");
    }
  }

  void skip() {
    while (true) {
      at_ = std::min(text_.find_first_not_of(" \t\r\n", at_), text_.size());
      if (!relaxed_ || !skip_comment()) return;
    }
  }

  bool skip_comment() {
    const std::string_view rest = text_.substr(at_);
    if (rest.starts_with("//")) {
      at_ = std::min(text_.find('\n', at_), text_.size());
    } else if (rest.starts_with("/*")) {
      const std::size_t end = text_.find("*/", at_ + 2);
      if (end == std::string_view::npos) fail("this comment does not end");
      at_ = end + 2;
    } else {
      return false;
    }
    return true;
  }

  Value read() {
    skip();
    const Place place = this->place();
    Value value = read_here();
    value.place = place;
    return value;
  }

  Value read_here() {
    if (at_end()) fail("a value is missing");
    switch (peek()) {
      case '{': return nested([this] { return read_object(); });
      case '[': return nested([this] { return read_list(); });
      case '"': return read_text();
      case 't': return word("true", true);
      case 'f': return word("false", false);
      case 'n': return word("null", nullptr);
      default: return read_number();
    }
  }

  template <class Read>
  Value nested(Read read) {
    if (++depth_ > kDeepest) fail("nested deeper than " + std::to_string(kDeepest) + " levels");
    ++at_;
    Value value = read();
    --depth_;
    return value;
  }

  Value word(std::string_view wanted, Value value) {
    if (!text_.substr(at_).starts_with(wanted)) fail("is not a value (true, false, null, a number, or a text in quotes)");
    at_ += wanted.size();
    return value;
  }

  // After an item: true when `close` ends the list, false when another item follows.
  bool closes(char close) {
    skip();
    if (take(close)) return true;
    if (!take(','))
      fail(at_end() ? std::string("ends before its '") + close + "'" : std::string("expected ',' or '") + close + "'");
    skip();
    if (peek() != close) return false;
    if (!relaxed_) fail("a comma before '" + std::string(1, close) + "' is not JSON");
    return take(close);
  }

  Value read_list() {
    Value::List list;
    skip();
    if (take(']')) return list;
    do list.push_back(read());
    while (!closes(']'));
    return list;
  }

  Value read_object() {
    Value::Object object;
    std::unordered_set<std::string> keys;
    skip();
    if (take('}')) return object;
    do {
      skip();
      const Place place = this->place();
      if (peek() != '"') fail("a key in quotes is missing");
      std::string key = read_text();
      if (!keys.insert(key).second) throw Error("json", place.text() + ": the key " + key + " is written twice");
      skip();
      if (!take(':')) fail("expected ':' after the key " + key);
      object.push_back({std::move(key), read(), place});
    } while (!closes('}'));
    return object;
  }

  std::string read_text() {
    std::string text;
    const std::size_t begin = at_++;
    while (true) {
      const std::size_t end = std::min(text_.find_first_of("\"\\\n", at_), text_.size());
      for (; at_ < end; ++at_) {
        if (static_cast<unsigned char>(text_[at_]) < 0x20) fail("a control character in a text must be written \\u00XX");
        text += text_[at_];
      }
      if (take('"')) return text;
      if (!take('\\')) fail_at(begin, "this text has no closing quote");
      read_escape(text);
    }
  }

  void read_escape(std::string& text) {
    constexpr std::string_view kNames = "\"\\/bfnrt", kMeanings = "\"\\/\b\f\n\r\t";
    const std::size_t known = at_end() ? std::string_view::npos : kNames.find(peek());
    if (known != std::string_view::npos) {
      text += kMeanings[known];
      ++at_;
    } else if (take('u')) {
      append_utf8(text, read_code_point());
    } else {
      fail("no such escape in a text");
    }
  }

  char32_t read_code_point() {
    const std::size_t begin = at_ - 2;
    const char32_t unit = read_unit();
    if (unit < 0xD800 || unit > 0xDFFF) return unit;
    const bool pair = unit < 0xDC00 && take('\\') && take('u');
    const char32_t second = pair ? read_unit() : 0;
    if (second < 0xDC00 || second > 0xDFFF) fail_at(begin, "half a surrogate pair is not a character");
    return 0x10000 + ((unit - 0xD800) << 10) + (second - 0xDC00);
  }

  char32_t read_unit() {
    unsigned unit = 0;
    const std::string_view four = text_.substr(at_, 4);
    const auto [end, error] = std::from_chars(four.data(), four.data() + four.size(), unit, 16);
    if (four.size() < 4 || error != std::errc{} || end != four.data() + 4) fail("\\u needs four hexadecimal digits");
    at_ += 4;
    return unit;
  }

  std::size_t skip_digits() {
    const std::size_t begin = at_;
    while (peek() >= '0' && peek() <= '9') ++at_;
    return at_ - begin;
  }

  Value read_number() {
    const std::size_t begin = at_;
    take('-');
    const bool zero = peek() == '0';
    const std::size_t whole = skip_digits();
    if (whole == 0) fail_at(begin, "is not a value (true, false, null, a number, or a text in quotes)");
    if (zero && whole > 1) fail_at(begin, "a number does not start with 0");
    const std::size_t integer_end = at_;
    if (take('.') && skip_digits() == 0) fail_at(begin, "a digit is missing after the point");
    if (take('e') || take('E')) {
      if (!take('+')) take('-');
      if (skip_digits() == 0) fail_at(begin, "a digit is missing in the exponent");
    }
    return number(begin, integer_end == at_);
  }

  // Integers beyond 64 bits become doubles, as JSON readers take them: Hugging Face files have some.
  Value number(std::size_t begin, bool is_integer) {
    const char* first = text_.data() + begin;
    const char* last = text_.data() + at_;
    std::int64_t integer = 0;
    if (is_integer && std::from_chars(first, last, integer).ec == std::errc{}) return integer;
    double value = 0;
    if (std::from_chars(first, last, value).ec != std::errc{} || std::isinf(value))
      fail_at(begin, "is too large or too small for a 64-bit number");
    return value;
  }

  std::string_view text_;
  std::shared_ptr<const std::string> file_;
  bool relaxed_;
  std::size_t at_ = 0, counted_ = 0;
  int line_ = 1, column_ = 1, depth_ = 0;
};

}  // namespace

Value parse_json(std::string_view text, const std::string& name, bool relaxed) { return Reader(text, name, relaxed).document(); }
Value read_json(const std::string& path, bool relaxed) { return parse_json(read_file(path), path, relaxed); }

}  // namespace graft
