#include "tokenizer_json.hpp"

#include <algorithm>
#include <limits>
#include <unordered_set>

#include "graft/error.hpp"

namespace graft::plugins::tokenizer_json {

void refuse(const Value& value, const std::string& rule) { throw Error("tokenizer.json", value.place.text() + ": " + rule); }

std::string quoted(const std::string& text) { return "\"" + text + "\""; }

void allow_keys(const Value& object, const std::string& name, const std::vector<std::string>& known) {
  for (const auto& member : object.object()) {
    if (std::find(known.begin(), known.end(), member.key) != known.end()) continue;
    const std::string near = nearest(member.key, known);
    const std::string hint = near.empty() ? "" : ", nearest is " + quoted(near);
    refuse(member.value, name + " has an unknown key " + quoted(member.key) + hint);
  }
}

std::string type_of(const Value& component) {
  const Value* type = component.is_object() ? component.find("type") : nullptr;
  return type ? to_json(*type) : to_json(component);
}

void require_type(const Value& component, const std::string& name, const std::string& type) {
  const std::string got = type_of(component);
  if (got != quoted(type)) refuse(component, name + " must be of type " + quoted(type) + ", got " + got);
}

void refuse_type(const Value& component, const std::string& name, std::initializer_list<const char*> known) {
  std::string list;
  for (const char* const& type : known) list += (list.empty() ? "" : &type + 1 == known.end() ? " or " : ", ") + quoted(type);
  refuse(component, name + " must be of type " + list + ", got " + type_of(component));
}

std::int64_t id_from(const Value& value, const std::string& token) {
  constexpr std::int64_t kLargest = std::numeric_limits<std::int32_t>::max();
  if (value.is_integer() && value.integer() >= 0 && value.integer() <= kLargest) return value.integer();
  refuse(value, "the id of " + quoted(token) + " must be an integer in [0, 2147483647], got " + to_json(value));
}

bool flag_or(const Value& object, std::string_view key, bool absent) {
  const Value* value = object.find(key);
  return value && !value->is_null() ? value->flag() : absent;
}

std::string text_or(const Value& object, std::string_view key, const std::string& absent) {
  const Value* value = object.find(key);
  return value && !value->is_null() ? value->text() : absent;
}

namespace {

using Frame = TextTokenizer::Frame;

// The reference gives an added token the id it has in the vocabulary, else the next free one, whatever the file says.
void check_added_id(const Value& value, const AddedToken& token, Ids& ids) {
  const std::int64_t expected = ids.known.emplace(token.content, ids.next).first->second;
  ids.next = std::max(ids.next, expected + 1);
  if (token.id == expected) return;
  refuse(value.at("id"), "the added token " + quoted(token.content) + " must have the id " + std::to_string(expected) + ", got " +
                             std::to_string(token.id));
}

AddedToken read_added_token(const Value& value, Ids& ids) {
  allow_keys(value, "an added token", {"id", "content", "single_word", "lstrip", "rstrip", "normalized", "special"});
  AddedToken token;
  token.content = value.at("content").text();
  if (token.content.empty()) refuse(value.at("content"), "the content of an added token must not be empty");
  token.id = id_from(value.at("id"), token.content);
  token.single_word = value.at("single_word").flag();
  token.lstrip = value.at("lstrip").flag();
  token.rstrip = value.at("rstrip").flag();
  token.normalized = value.at("normalized").flag();
  check_added_id(value, token, ids);
  return token;
}

// Special ones come first: where two tokens normalise to the same text, the first one is found.
std::vector<AddedToken> read_added_tokens(const Value& value, Ids& ids) {
  std::vector<AddedToken> special, others;
  std::unordered_set<std::string> seen;
  for (const Value& entry : value.list()) {
    AddedToken token = read_added_token(entry, ids);
    const bool is_new = seen.insert(token.content).second;
    if (!is_new) refuse(entry, "an added token must be listed once, got " + quoted(token.content) + " again");
    (entry.at("special").flag() ? special : others).push_back(std::move(token));
  }
  special.insert(special.end(), others.begin(), others.end());
  return special;
}

std::vector<std::int64_t> template_ids(const Value& piece, const Value& special_tokens) {
  const std::string& name = piece.at("id").text();
  std::vector<std::int64_t> ids;
  for (const Value& id : special_tokens.at(name).at("ids").list()) ids.push_back(id_from(id, name));
  return ids;
}

void read_template(const Value& value, Frame& frame) {
  allow_keys(value, "post_processor", {"type", "single", "pair", "special_tokens"});
  bool has_text = false;
  for (const Value& piece : value.at("single").list()) {
    allow_keys(piece, "a piece of the template", {"Sequence", "SpecialToken"});
    if (const Value* special = piece.find("SpecialToken")) {
      auto& side = has_text ? frame.after : frame.before;
      const auto ids = template_ids(*special, value.at("special_tokens"));
      side.insert(side.end(), ids.begin(), ids.end());
    } else if (has_text || piece.at("Sequence").at("id").text() != "A") {
      refuse(piece, "post_processor.single must have the sequence A once and no other, got " + to_json(piece) + " too");
    } else {
      has_text = true;
    }
  }
  if (!has_text) refuse(value.at("single"), "post_processor.single must have the sequence A, got none");
}

std::int64_t pair_id(const Value& pair, const std::string& name) {
  if (pair.list().size() != 2) refuse(pair, "post_processor." + name + " must be [token, id], got " + to_json(pair));
  return id_from(pair.list()[1], pair.list()[0].text());
}

void read_pair(const Value& value, Frame& frame) {
  frame.before = {pair_id(value.at("cls"), "cls")};
  frame.after = {pair_id(value.at("sep"), "sep")};
}

// Where several follow each other, each puts its tokens around those of the ones before.
Frame read_post_processor(const Value& value);

Frame read_processors(const Value& value) {
  allow_keys(value, "post_processor", {"type", "processors"});
  Frame frame;
  for (const Value& each : value.at("processors").list()) {
    const Frame outer = read_post_processor(each);
    frame.before.insert(frame.before.begin(), outer.before.begin(), outer.before.end());
    frame.after.insert(frame.after.end(), outer.after.begin(), outer.after.end());
  }
  return frame;
}

Frame read_post_processor(const Value& value) {
  Frame frame;
  if (value.is_null()) return frame;
  const std::string type = type_of(value);
  if (type == "\"Sequence\"") return read_processors(value);
  if (type == "\"TemplateProcessing\"") {
    read_template(value, frame);
  } else if (type == "\"BertProcessing\"") {
    allow_keys(value, "post_processor", {"type", "sep", "cls"});
    read_pair(value, frame);
  } else if (type == "\"RobertaProcessing\"") {
    allow_keys(value, "post_processor", {"type", "sep", "cls", "trim_offsets", "add_prefix_space"});
    read_pair(value, frame);
  } else if (type == "\"ByteLevel\"") {  // moves offsets into the text, which are not made here
    allow_keys(value, "post_processor", {"type", "add_prefix_space", "trim_offsets", "use_regex"});
  } else {
    refuse_type(value, "post_processor", {"TemplateProcessing", "BertProcessing", "RobertaProcessing", "ByteLevel", "Sequence"});
  }
  return frame;
}

}  // namespace

void check_file(const Value& file) {
  allow_keys(
      file, "the file",
      {"version", "truncation", "padding", "added_tokens", "normalizer", "pre_tokenizer", "post_processor", "decoder", "model"});
  const Value& version = file.at("version");
  if (version != Value("1.0")) refuse(version, "version must be \"1.0\", got " + to_json(version));
}

Frame read_frame(const Value& file, Ids ids) {
  std::vector<AddedToken> added_tokens;
  if (const Value* added = file.find("added_tokens")) added_tokens = read_added_tokens(*added, ids);
  const Value* post_processor = file.find("post_processor");
  Frame frame = post_processor ? read_post_processor(*post_processor) : Frame{};
  frame.added_tokens = std::move(added_tokens);
  return frame;
}

}  // namespace graft::plugins::tokenizer_json
