#include "graft/safetensors.hpp"

#include <ATen/Functions.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "catch.hpp"
#include "graft/error.hpp"
#include "graft/files.hpp"

using namespace graft;
namespace fs = std::filesystem;

namespace {

// A folder of its own for each test, removed afterwards.
struct Folder {
  Folder() { CHECK(::mkdtemp(name)); }
  ~Folder() { fs::remove_all(name); }
  std::string file(const std::string& leaf) const { return std::string(name) + "/" + leaf; }
  char name[32] = "/tmp/graft_test_XXXXXX";
};

std::string with_length(const std::string& header, const std::string& data) {
  const std::uint64_t length = header.size();
  return std::string(reinterpret_cast<const char*>(&length), 8) + header + data;
}

// What opening a file of these bytes says, without the file's name.
std::string refusal(const std::string& bytes) {
  Folder folder;
  const std::string path = folder.file("x");
  std::ofstream(path, std::ios::binary) << bytes;
  std::string message = message_of([&] { Safetensors file(path); });
  const std::size_t at = message.find(path);
  return at == std::string::npos ? message : message.erase(at, path.size());
}

std::string refusal(const std::string& header, const std::string& data) { return refusal(with_length(header, data)); }

NamedTensors every_type() {
  NamedTensors tensors;
  for (auto type :
       {at::kDouble, at::kFloat, at::kHalf, at::kBFloat16, at::kLong, at::kInt, at::kShort, at::kChar, at::kByte, at::kBool})
    tensors.emplace_back(c10::toString(type), at::arange(6).remainder(type == at::kBool ? 2 : 6).to(type).view({2, 3}));
  tensors.emplace_back("scalar", at::scalar_tensor(2.5));
  tensors.emplace_back("empty", at::empty({0, 4}));
  return tensors;
}

}  // namespace

TEST_CASE("safetensors: every type, a scalar and an empty tensor come back bit for bit", "[sdk][safetensors]") {
  Folder folder;
  write_safetensors(folder.file("x"), every_type(), {{"format", "pt"}, {"b", "\"\n\xc3\xa9"}});
  const Safetensors file(folder.file("x"));
  for (const auto& [name, tensor] : every_type()) {
    INFO(name);
    CHECK(file.tensor(name).scalar_type() == tensor.scalar_type());
    CHECK(file.tensor(name).sizes() == tensor.sizes());
    CHECK(at::equal(file.tensor(name), tensor));
  }
  CHECK(file.names().size() == every_type().size());
  CHECK(file.metadata() == std::map<std::string, std::string>{{"format", "pt"}, {"b", "\"\n\xc3\xa9"}});
}

TEST_CASE("safetensors: the bytes of a small file are those worked out by hand", "[sdk][safetensors]") {
  Folder folder;
  write_safetensors(folder.file("x"), {{"b", at::tensor({1, 2}, at::kByte)}, {"a", at::tensor({1.f})}}, {{"k", "v"}});
  std::string header = R"({"__metadata__": {"k": "v"}, "a": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}, )"
                       R"("b": {"dtype": "U8", "shape": [2], "data_offsets": [4, 6]}})";
  header.resize(184, ' ');  // 8 + 184 = 3 x 64
  CHECK(read_file(folder.file("x")) == with_length(header, std::string("\x00\x00\x80\x3f\x01\x02", 6)));
}

TEST_CASE("safetensors: the order in which tensors are given does not change the file", "[sdk][safetensors]") {
  Folder folder;
  NamedTensors tensors = every_type();
  write_safetensors(folder.file("x"), tensors);
  std::reverse(tensors.begin(), tensors.end());
  write_safetensors(folder.file("y"), tensors);
  CHECK(read_file(folder.file("x")) == read_file(folder.file("y")));
}

TEST_CASE("safetensors: a file of the reference library reads equal, type by type", "[sdk][safetensors]") {
  const Safetensors reference(GRAFT_TEST_DATA "/safetensors_reference.safetensors");  // written by safetensors_reference.py
  CHECK(reference.metadata() == std::map<std::string, std::string>{{"format", "pt"}});
  for (const auto& [name, tensor] : every_type()) {
    INFO(name);
    CHECK(at::equal(reference.tensor(name), tensor));
    CHECK(reference.tensor(name).scalar_type() == tensor.scalar_type());
  }
}

TEST_CASE("safetensors: a tensor outlives the file object and the file's name", "[sdk][safetensors]") {
  Folder folder;
  write_safetensors(folder.file("x"), {{"a", at::arange(1000)}});
  Tensor kept;
  {
    Safetensors first(folder.file("x"));
    const Safetensors file(std::move(first));
    kept = file.tensor("a");
    fs::remove(folder.file("x"));
  }
  CHECK(at::equal(kept, at::arange(1000)));
}

TEST_CASE("safetensors: a view is written as its values, not its storage", "[sdk][safetensors]") {
  Folder folder;
  const Tensor column = at::arange(6).view({2, 3}).t();
  write_safetensors(folder.file("x"), {{"a", column}});
  CHECK(at::equal(Safetensors(folder.file("x")).tensor("a"), column));
}

TEST_CASE("safetensors: a tensor at an odd address is copied to an aligned one", "[sdk][safetensors]") {
  Folder folder;
  const std::string header =
      R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"b":{"dtype":"F32","shape":[1],"data_offsets":[1,5]}})";
  std::ofstream(folder.file("x"), std::ios::binary) << with_length(header, std::string("\x07\x00\x00\x80\x3f", 5));
  const Tensor b = Safetensors(folder.file("x")).tensor("b");
  CHECK(b.item<float>() == 1.f);
  CHECK(reinterpret_cast<std::uintptr_t>(b.const_data_ptr()) % 4 == 0);
}

TEST_CASE("safetensors: a file that lies about its size is refused", "[sdk][safetensors]") {
  CHECK(refusal("") == "[safetensors] : must have at least 8 bytes, got 0");
  CHECK(refusal("1234567") == "[safetensors] : must have at least 8 bytes, got 7");
  CHECK(refusal(std::string("\xff\xff\xff\xff\xff\xff\xff\xff", 8)) ==
        "[safetensors] : the header must have at most 100000000 bytes, got 18446744073709551615");
  CHECK(refusal(std::string("\x09\0\0\0\0\0\0\0{}", 10)) ==
        "[safetensors] : the header must end inside the file of 10 bytes, got 9 bytes of header");
  const std::string one = R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})";
  CHECK(refusal(one, "1234567") ==
        "[safetensors] : tensor a: data_offsets must rise and end inside the 7 bytes of data, got [0, 8]");
  CHECK(refusal(one, "123456789") == "[safetensors] : the tensors must cover all 9 bytes of data, got 8");
  CHECK(refusal("{}", "1") == "[safetensors] : the tensors must cover all 1 bytes of data, got 0");
  CHECK(refusal("{}  ", "") == "(nothing was thrown)");
}

TEST_CASE("safetensors: a header that is no object of tensors is refused", "[sdk][safetensors]") {
  CHECK(refusal("[]", "") == "[safetensors] : the header must be a JSON object");
  CHECK(refusal(" {}", "") == "[safetensors] : the header must be a JSON object");
  CHECK(refusal("{\"a\":", "").starts_with("[safetensors] : header:1:6: "));
  CHECK(refusal(R"({"a":1})", "") == "[safetensors] : tensor a: must have \"dtype\", a string");
  CHECK(refusal(R"({"a":{"dtype":"F32","shape":4,"data_offsets":[0,4]}})", "1234") ==
        "[safetensors] : tensor a: must have \"shape\", an array");
  CHECK(refusal(R"({"a":{"dtype":"F32","shape":[1]}})", "1234") ==
        "[safetensors] : tensor a: must have \"data_offsets\", an array");
  CHECK(refusal(R"({"a":{"dtype":"F8_E4M3","shape":[1],"data_offsets":[0,1]}})", "1") ==
        "[safetensors] : tensor a: dtype must be one of F64, F32, F16, BF16, I64, I32, I16, I8, U8, BOOL, got F8_E4M3");
  const std::string twice = R"("a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]})";
  CHECK(refusal("{" + twice + "," + twice + "}", "").starts_with("[safetensors] : header:1:"));
}

TEST_CASE("safetensors: metadata that is not text is refused", "[sdk][safetensors]") {
  CHECK(refusal(R"({"__metadata__":{"epoch":3}})", "") ==
        "[safetensors] : __metadata__ must be an object of strings, got epoch: 3");
  CHECK(refusal(R"({"__metadata__":[]})", "") == "[safetensors] : __metadata__ must be an object of strings, got []");
}

TEST_CASE("safetensors: shapes and offsets that do not fit are refused", "[sdk][safetensors]") {
  auto tensor = [](const std::string& shape, const std::string& offsets) {
    return R"({"a":{"dtype":"F32","shape":)" + shape + R"(,"data_offsets":)" + offsets + "}}";
  };
  CHECK(refusal(tensor("[-1]", "[0,4]"), "1234") == "[safetensors] : tensor a: shape must be integers >= 0, got -1");
  CHECK(refusal(tensor("[1.5]", "[0,4]"), "1234") == "[safetensors] : tensor a: shape must be integers >= 0, got 1.5");
  CHECK(refusal(tensor("[1]", "[0,4,4]"), "1234") ==
        "[safetensors] : tensor a: data_offsets must be [begin, end], got [0, 4, 4]");
  CHECK(refusal(tensor("[1]", "[4,0]"), "1234") ==
        "[safetensors] : tensor a: data_offsets must rise and end inside the 4 bytes of data, got [4, 0]");
  CHECK(refusal(tensor("[2]", "[0,4]"), "1234") ==
        "[safetensors] : tensor a: data_offsets must span the 8 bytes of its shape and dtype, got [0, 4]");
  CHECK(refusal(tensor("[4611686018427387904,4]", "[0,4]"), "1234") ==
        "[safetensors] : tensor a: shape must have fewer than 2^63 bytes, got [4611686018427387904, 4]");
}

TEST_CASE("safetensors: bytes covered twice or not at all are refused", "[sdk][safetensors]") {
  auto two = [](const std::string& a, const std::string& b) {
    return R"({"a":{"dtype":"U8","shape":[2],"data_offsets":)" + a + R"(},"b":{"dtype":"U8","shape":[2],"data_offsets":)" + b +
           "}}";
  };
  CHECK(refusal(two("[0,2]", "[1,3]"), "123") ==
        "[safetensors] : tensor b: data must begin where the tensor before it ends, at 2, got 1 (overlap)");
  CHECK(refusal(two("[0,2]", "[0,2]"), "12") ==
        "[safetensors] : tensor b: data must begin where the tensor before it ends, at 2, got 0 (overlap)");
  CHECK(refusal(two("[3,5]", "[0,2]"), "12345") ==
        "[safetensors] : tensor a: data must begin where the tensor before it ends, at 2, got 3 (hole)");
  CHECK(refusal(two("[1,3]", "[3,5]"), "12345") ==
        "[safetensors] : tensor a: data must begin where the tensor before it ends, at 0, got 1 (hole)");
  CHECK(refusal(two("[2,4]", "[0,2]"), "1234") == "(nothing was thrown)");
}

TEST_CASE("safetensors: every file cut short is refused", "[sdk][safetensors]") {
  Folder folder;
  write_safetensors(folder.file("x"), every_type());
  const std::string whole = read_file(folder.file("x"));
  for (std::size_t size = 0; size < whole.size(); size += 7) {
    INFO(size);
    CHECK(refusal(whole.substr(0, size)).starts_with("[safetensors] "));
  }
}

TEST_CASE("safetensors: a BOOL that is neither 0 nor 1 is refused when it is read", "[sdk][safetensors]") {
  Folder folder;
  std::ofstream(folder.file("x"), std::ios::binary)
      << with_length(R"({"a":{"dtype":"BOOL","shape":[2],"data_offsets":[0,2]}})", "\x01\x07");
  const Safetensors file(folder.file("x"));
  CHECK(message_of([&] { file.tensor("a"); }) ==
        "[safetensors] " + folder.file("x") + ": tensor a: a BOOL must be 0 or 1, got 7");
}

TEST_CASE("safetensors: an absent name, file or folder is refused", "[sdk][safetensors]") {
  Folder folder;
  write_safetensors(folder.file("x"), {{"encoder.weight", at::zeros({1})}});
  const Safetensors file(folder.file("x"));
  CHECK(file.has("encoder.weight"));
  CHECK_FALSE(file.has("encoder.weigth"));
  CHECK(message_of([&] { file.tensor("encoder.weigth"); }) ==
        "[safetensors] " + folder.file("x") + ": there is no tensor encoder.weigth, did you mean encoder.weight?");
  CHECK(message_of([&] { Safetensors(folder.file("y")); }) ==
        "[safetensors] " + folder.file("y") + ": cannot open: No such file or directory");
  CHECK(message_of([&] { Safetensors(std::string(folder.name)); }) ==
        "[safetensors] " + std::string(folder.name) + ": must be a regular file");
  CHECK(message_of([&] { write_safetensors(folder.file("no/x"), {}); }) ==
        "[safetensors] " + folder.file("no/x") + ": cannot create: No such file or directory");
}

TEST_CASE("safetensors: names and types that a file cannot hold are refused before it is touched", "[sdk][safetensors]") {
  Folder folder;
  const std::string path = folder.file("x");
  auto writing = [&](NamedTensors tensors) { return message_of([&] { write_safetensors(path, tensors); }); };
  CHECK(writing({{"a", at::zeros({1})}, {"a", at::zeros({1})}}) ==
        "[safetensors] " + path + ": tensor a: a name must be used once");
  CHECK(writing({{"__metadata__", at::zeros({1})}}) == "[safetensors] " + path + ": tensor __metadata__: the name is reserved");
  CHECK(writing({{"a", at::zeros({1}, at::kComplexFloat)}}) ==
        "[safetensors] " + path + ": tensor a: must be dense and of a type that safetensors has, got ComplexFloat Strided");
  CHECK(writing({{"a", Tensor()}}) ==
        "[safetensors] " + path + ": tensor a: must be dense and of a type that safetensors has, got an undefined tensor");
  CHECK(fs::is_empty(folder.name));
}

TEST_CASE("safetensors: a write that runs out of room leaves the old file and says what it needs", "[sdk][safetensors]") {
  Folder folder;
  const std::string path = folder.file("x");
  write_safetensors(path, {{"a", at::ones({4})}});
  const std::string before = read_file(path);
  rlimit old{};
  ::getrlimit(RLIMIT_FSIZE, &old);
  const auto handler = ::signal(SIGXFSZ, SIG_IGN);
  const rlimit small{1 << 16, old.rlim_max};
  ::setrlimit(RLIMIT_FSIZE, &small);
  const std::string message = message_of([&] { write_safetensors(path, {{"a", at::zeros({1 << 18})}}); });
  ::setrlimit(RLIMIT_FSIZE, &old);
  ::signal(SIGXFSZ, handler);
  CHECK(message == "[safetensors] " + path + ": cannot write, needs 1048704 bytes: File too large");
  CHECK(read_file(path) == before);
  CHECK(std::distance(fs::directory_iterator(folder.name), {}) == 1);
}
