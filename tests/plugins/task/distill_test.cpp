#include "toy_host.hpp"

using namespace graft;

namespace {

const Tensor kScores = torch::tensor({{1.0, 0.0, -1.0}, {0.5, 2.0, 0.0}}, at::kDouble);
const Tensor kTeacher = torch::tensor({{0.7, 0.2, 0.1}, {0.1, 0.3, 0.6}}, at::kDouble);

std::shared_ptr<Task> distill(const std::string& more = "") {
  return toy::task("distill", R"({"teacher": "/runs/teacher")" + more + "}");
}

// Two rows of one stream; the teacher's answers lie in another order.
struct Taught : toy::Host {
  explicit Taught(std::vector<std::string> classes = {"a", "b", "c"}, const std::string& head = "head") {
    add("films", kScores.clone(), {0, -1});
    teacher.schema = {{head + "/probability", FieldKind::kSoftClass, {3}, classes}};
    teacher.rows = Batch({1, 0});
    teacher.rows.set(head + "/probability", kTeacher.flip(0));
  }
  void run(Task& task) {
    task.setup(*this);
    task.step(*this);
  }
};

// -sum p log softmax(x), the mean over rows.
double cross_entropy(const Tensor& p, const Tensor& x) { return at::log_softmax(x, 1).mul(p).sum(1).neg().mean().item<double>(); }

}  // namespace

TEST_CASE("distill: by hand, one row: labels and teacher half and half", "[task][distill]") {
  Taught host;
  host.run(*distill(R"(, "temperature": 1, "weight": 0.5)"));
  CHECK(host.value("head") ==
        Approx(0.5 * (std::log(std::exp(1) + 1 + std::exp(-1)) - 1)).epsilon(1e-12));  // one row has a label
  CHECK(host.value("head/teacher") == Approx(0.5 * cross_entropy(kTeacher, kScores)).epsilon(1e-12));
}

TEST_CASE("distill: at a temperature the gradient is T (softmax(x / T) - softmax(teacher's scores / T))", "[task][distill]") {
  const Tensor theirs = torch::tensor({{2.0, -1.0, 0.5}, {0.0, 0.3, 1.0}}, at::kDouble);  // the teacher's scores
  Taught host;
  host.teacher.rows.set("head/probability", at::softmax(theirs, 1).flip(0));
  host.during = [&] {
    const Tensor got = torch::autograd::grad({host.total("head/teacher")}, {host.x(0)})[0];
    const Tensor expected = (at::softmax(kScores / 3, 1) - at::softmax(theirs / 3, 1)).mul(3.0 / 2);  // mean of two rows
    CHECK(at::allclose(got, expected, 1e-9, 1e-12));
  };
  host.run(*distill(R"(, "temperature": 3, "weight": 1)"));
  CHECK(host.order == "0");
}

TEST_CASE("distill: classes are matched by name, whatever their order", "[task][distill]") {
  Taught host({"c", "a", "b"});
  host.teacher.rows.set("head/probability", kTeacher.index_select(1, torch::tensor({2, 0, 1})).flip(0));
  host.run(*distill(R"(, "temperature": 1, "weight": 1)"));
  CHECK(host.value("head/teacher") == Approx(cross_entropy(kTeacher, kScores)).epsilon(1e-12));
  CHECK(host.value("head") == 0.0);
}

TEST_CASE("distill: a teacher of other classes, other heads or another kind is refused", "[task][distill]") {
  Taught others({"a", "b", "d"});
  CHECK(message_of([&] { others.run(*distill()); }) ==
        "[graft/distill] the teacher's head head has other classes than the one that learns from it");
  Taught elsewhere({"a", "b", "c"}, "mood");
  CHECK(message_of([&] { elsewhere.run(*distill()); }) ==
        "[graft/distill] the teacher has no head here to teach: its heads are mood");
  Taught number;
  number.teacher.schema = {{"head/value", FieldKind::kNumber, {}, {}}};
  CHECK(message_of([&] { number.run(*distill()); }) ==
        "[graft/distill] the teacher's head head is of another kind: it predicts no head/probability");
  CHECK(message_of([] { toy::task("distill"); }) == "parameters:1:1: [graft/distill] teacher is required");
}

TEST_CASE("distill: contract: one stream, may be split, keeps no state, two runs give the same bits", "[task][distill]") {
  CHECK(distill()->streams() == std::vector<std::string>{"main"});
  CHECK(distill()->splittable());
  CHECK(distill()->state().empty());
  Taught first, second;
  first.run(*distill());
  second.run(*distill());
  CHECK(first.value("head/teacher") == second.value("head/teacher"));
}
