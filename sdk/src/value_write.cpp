#include <charconv>
#include <cmath>

#include "graft/utf8.hpp"
#include "graft/value.hpp"

namespace graft {
namespace {

void write_text(std::string& out, std::string_view text) {
  constexpr char kHex[] = "0123456789abcdef";
  out += '"';
  for (const char letter : text) {
    switch (letter) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      default:
        if (static_cast<unsigned char>(letter) < 0x20) {
          out += {'\\', 'u', '0', '0', kHex[letter >> 4], kHex[letter & 15]};
        } else {
          out += letter;
        }
    }
  }
  out += '"';
}

template <class Number>
std::string digits(Number number) {
  char text[32];
  return {text, std::to_chars(text, text + sizeof text, number).ptr};
}

// A double never looks like an integer, so that it comes back as what it was (-0.0 too).
std::string number_text(double number) {
  if (std::isnan(number)) return "\"nan\"";
  if (std::isinf(number)) return number > 0 ? "\"inf\"" : "\"-inf\"";
  const std::string text = digits(number);
  return text.find_first_of(".e") == std::string::npos ? text + ".0" : text;
}

class Writer {
 public:
  explicit Writer(int indent) : indent_(indent) {}

  void write(const Value& value) {
    switch (value.kind()) {
      case Value::Kind::kNull: out += "null"; break;
      case Value::Kind::kBool: out += value.flag() ? "true" : "false"; break;
      case Value::Kind::kInteger: out += digits(value.integer()); break;
      case Value::Kind::kNumber: out += number_text(value.number()); break;
      case Value::Kind::kText: write_text(out, is_utf8(value.text()) ? value.text() : replace_ill_formed(value.text())); break;
      case Value::Kind::kList: write_all('[', ']', value.list(), [this](const Value& item) { write(item); }); break;
      case Value::Kind::kObject:
        write_all('{', '}', value.object(), [this](const Value::Member& member) {
          write_text(out, member.key);
          out += ": ";
          write(member.value);
        });
    }
  }

  std::string out;

 private:
  template <class Items, class Each>
  void write_all(char open, char close, const Items& items, Each each) {
    out += open;
    ++depth_;
    for (std::size_t i = 0; i < items.size(); ++i) {
      if (i > 0) out += indent_ > 0 ? "," : ", ";
      new_line();
      each(items[i]);
    }
    --depth_;
    if (!items.empty()) new_line();
    out += close;
  }

  void new_line() {
    if (indent_ > 0) out += '\n' + std::string(static_cast<std::size_t>(indent_) * depth_, ' ');
  }

  int indent_;
  std::size_t depth_ = 0;
};

}  // namespace

std::string to_json(const Value& value, int indent) {
  Writer writer(indent);
  writer.write(value);
  return std::move(writer.out);
}

}  // namespace graft
