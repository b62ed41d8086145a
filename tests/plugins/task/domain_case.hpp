// Two domains of tests/data/domains.safetensors, and what all tasks over domains must hold.
#pragma once

#include <cmath>

#include "graft/safetensors.hpp"
#include "toy_host.hpp"

namespace toy {

inline const Safetensors& reference() {
  static const Safetensors file(GRAFT_TEST_DATA "/domains.safetensors");
  return file;
}

inline std::vector<std::int64_t> reference_labels(const std::string& name) {
  const Tensor labels = reference().tensor(name);
  const std::int64_t* first = labels.const_data_ptr<std::int64_t>();
  return {first, first + labels.numel()};
}

inline double risk(std::int64_t domain) { return reference().tensor("risks")[domain].item<double>(); }

struct DomainHost : Host {
  void run(Task& task) {
    task.setup(*this);
    task.step(*this);
  }
  // Editorials are a target, wherever there are any.
  std::vector<std::string> streams(std::string_view role) const override {
    if (role == "target") return {names.back()};
    return names.back() == "editorials" ? std::vector<std::string>{names.front()} : names;
  }
  void add_movies() { add("movies", reference().tensor("source").clone(), reference_labels("labels")); }
};

// The target has no labels.
struct Adapting : DomainHost {
  Adapting() {
    add_movies();
    add("editorials", reference().tensor("target").clone());
  }
};

struct Labelled : DomainHost {
  Labelled() {
    add_movies();
    add("tweets", reference().tensor("third").clone(), reference_labels("third_labels"));
  }
};

template <class Domains>
void check_gradient(const std::string& name, const std::string& term, double factor = 1, const std::string& parameters = "{}") {
  for (const std::size_t stream : {0, 1}) {
    CAPTURE(name, stream);
    Domains host;
    host.during = [&] { CHECK(host.gradient_error(term, stream, factor) < 1e-6); };
    const auto made = task(name, parameters);
    host.run(*made);
    CHECK(host.order == "0");
  }
}

template <class Domains>
void check_same_bits(const std::string& name) {
  Domains first, second;
  const auto one = task(name), other = task(name);
  first.run(*one);
  second.run(*other);
  const Terms &a = first.last[0], &b = second.last[0];
  REQUIRE(a.size() == b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    CHECK(a[i].sum.item<double>() == b[i].sum.item<double>());
    CHECK(std::isfinite(a[i].sum.item<double>()));
  }
}

inline void check_adaptation(const std::string& name, bool splits = false) {
  const auto made = task(name);
  CHECK(made->streams() == std::vector<std::string>{"main", "target"});
  CHECK(made->turns("main") == Turns::kOne);
  CHECK(made->splittable() == splits);
  CHECK(made->state().empty());
  check_same_bits<Adapting>(name);
  Adapting host;
  host.run(*made);
  CHECK(host.value("head") == Approx(risk(0)).epsilon(1e-12));
  CHECK(!host.last[0].back().balanced);
}

// The term's sum and count over the first `cut` rows of each domain and over the others add up to those of all rows.
inline void check_parts(const std::string& name, const std::string& term, const std::string& parameters = "{}") {
  const auto of_rows = [&](std::int64_t begin, std::int64_t end) {
    DomainHost host;
    const std::vector<std::int64_t> labels = reference_labels("labels");
    const Tensor source = reference().tensor("source"), target = reference().tensor("target");
    const std::int64_t last = std::min(end, source.size(0));
    host.add("movies", source.slice(0, begin, last).clone(), {labels.begin() + begin, labels.begin() + last});
    host.add("editorials", target.slice(0, begin, std::min(end, target.size(0))).clone());
    host.run(*task(name, parameters));
    for (const Term& each : host.last[0])
      if (each.name == term) return std::pair(each.sum.item<double>(), each.count.item<double>());
    throw Error("test", "no term " + term);
  };
  const auto first = of_rows(0, 2), rest = of_rows(2, 100), whole = of_rows(0, 100);
  CHECK(first.first + rest.first == Approx(whole.first).epsilon(1e-12));
  CHECK(first.second + rest.second == Approx(whole.second).epsilon(1e-12));
}

inline void check_needs_vectors(const std::string& name) {
  Adapting host;
  host.field = {"features", FieldKind::kSparse, {100}, {}};
  CHECK(message_of([&] { task(name)->setup(host); }) ==
        "[graft/" + name + "] needs a model that gives features [B, D]; use bert, mlp or another with a dense output");
  host.field = {"features", FieldKind::kVector, {3}, {}};
  host.head.read = {"pooled"};
  CHECK(message_of([&] { task(name)->setup(host); }) ==
        "[graft/" + name +
            "] works on the column features, which no head reads, so that the model need not make it: set `input` "
            "of a head to it");
}

inline void check_needs_two_domains(const std::string& name) {
  toy::Labelled host;
  CHECK(message_of([&] { task(name)->setup(host); }) ==
        "[graft/" + name +
            "] compares two domains, and tweets plays both roles: take it out of task.streams.main or of "
            "task.streams.target");
}

inline void check_needs_classes(const std::string& name) {
  Adapting headless;
  headless.has_head = false;
  CHECK(message_of([&] { task(name)->setup(headless); }) ==
        "[graft/" + name + "] needs a head that predicts classes, such as classify");
  Adapting host;
  CHECK(message_of([&] { task(name, R"({"head": "sentimant"})")->setup(host); }) ==
        "[graft/" + name + "] there is no head sentimant; there are head");
}

inline void check_domains(const std::string& name) {
  const auto made = task(name);
  CHECK(made->streams() == std::vector<std::string>{"main"});
  CHECK(made->turns("main") == Turns::kEach);
  CHECK(!made->splittable());
  check_same_bits<Labelled>(name);
}

// A domain without labels is not in the step; the other one's loss is all there is.
inline void check_absent(const std::string& name, const std::string& term) {
  DomainHost host;
  host.add_movies();
  host.add("tweets", reference().tensor("third").clone(), {-1, -1, -1, -1});
  const auto made = task(name);
  host.run(*made);
  CHECK(host.value(term) == Approx(risk(0)).epsilon(1e-12));
}

inline void check_one_domain(const std::string& name) {
  DomainHost host;
  host.add_movies();
  CHECK(message_of([&] { task(name)->setup(host); }) == "[graft/" + name +
                                                            "] compares domains, and the role main has one, movies: name at "
                                                            "least two streams in task.streams.main");
}

// The penalty weighs one for the first half, then `weight`, and the optimizer begins afresh once.
inline void check_annealed(const std::string& name) {
  Labelled host;
  const auto made = task(name, R"({"weight": 10, "anneal": 0.5})");
  made->setup(host);
  const double penalty = reference().tensor(name).item<double>();
  for (int step = 0; step < 10; ++step) {
    host.now.step = step;
    made->step(host);
    CHECK(host.value(name) == Approx(step < 5 ? penalty : 10 * penalty).epsilon(1e-10));
    CHECK(host.resets == (step < 5 ? 0 : 1));
  }
}

}  // namespace toy
