#include "core/run/compare.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <map>
#include <numeric>

#include "core/config/resolve.hpp"
#include "core/report/csv_reader.hpp"
#include "core/run/run_folder.hpp"
#include "graft/error.hpp"
#include "graft/files.hpp"

namespace graft::core {
namespace {

constexpr int kExchanges = 9999;

using Cells = std::vector<std::vector<std::string>>;  // the first line holds names

// The predictions of each stream.
std::map<std::string, Cells> predictions_of(const std::string& path, const std::string& split) {
  const RunFolder folder = RunFolder::open(path);
  const Value config = load_resolved(folder.file("config.json"));
  const Value::Object& streams = config.at("data").object();
  std::map<std::string, Cells> tables;
  for (const Value::Member& stream : streams) {
    const std::string name = "predictions/" + split + (streams.size() > 1 ? "." + stream.key : "") + ".csv";
    if (std::filesystem::exists(folder.file(name))) tables[stream.key] = csv_lines(read_file(folder.file(name)));
  }
  if (tables.empty()) throw Error("compare", path + " has no predictions for its " + split + " rows");
  return tables;
}

// The last of that name: a head's columns come after those of the source, which may be named alike.
int column_of(const Cells& table, const std::string& name) {
  const auto at = std::find(table.front().rbegin(), table.front().rend(), name);
  return at == table.front().rend() ? -1 : static_cast<int>(table.front().rend() - at) - 1;
}

std::vector<std::string> heads_of(const Cells& table) {
  constexpr std::string_view kTruth = "_truth";
  std::vector<std::string> heads;
  for (const std::string& name : table.front())
    if (name.ends_with(kTruth)) heads.push_back(name.substr(0, name.size() - kTruth.size()));
  return heads;
}

struct Answer {
  std::string truth, prediction;
};

// The labelled rows of a head, by their number in the source.
std::map<std::string, Answer> answers_of(const Cells& table, const std::string& head) {
  const int row = column_of(table, "row"), truth = column_of(table, head + "_truth"), prediction = column_of(table, head);
  std::map<std::string, Answer> answers;
  for (std::size_t i = 1; i < table.size(); ++i)
    if (!table[i][truth].empty()) answers[table[i][row]] = {table[i][truth], table[i][prediction]};
  return answers;
}

double number_of(const std::string& text) {
  double value = std::nan("");
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

double measured(const Answer& answer, bool is_class) {
  return is_class ? static_cast<double>(answer.truth == answer.prediction)
                  : std::abs(number_of(answer.truth) - number_of(answer.prediction));
}

double mean(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double exchange_p(const std::vector<double>& differences) {
  const double seen = std::abs(std::accumulate(differences.begin(), differences.end(), 0.0));
  int as_large = 1;  // the one seen
  for (int draw = 0; draw < kExchanges; ++draw) {
    Rng rng = Rng(1).fork("exchange").fork(static_cast<std::uint64_t>(draw));
    double sum = 0;
    for (std::size_t i = 0; i < differences.size(); i += 64) {
      std::uint64_t bits = rng.bits();
      for (std::size_t k = i; k < std::min(i + 64, differences.size()); ++k, bits >>= 1)
        sum += (bits & 1) != 0 ? differences[k] : -differences[k];
    }
    as_large += std::abs(sum) >= seen * (1 - 1e-12);
  }
  return static_cast<double>(as_large) / (kExchanges + 1);
}

Comparison compare_head(const std::string& stream, const std::string& head, const Cells& a, const Cells& b) {
  const bool is_class = column_of(a, head + "_probability") >= 0;
  const auto ours = answers_of(a, head), theirs = answers_of(b, head);
  std::vector<double> in_a, in_b, differences;
  for (const auto& [row, answer] : ours) {
    const auto other = theirs.find(row);
    if (other == theirs.end()) continue;
    if (other->second.truth != answer.truth)
      throw Error("compare", stream + ", row " + row + ": " + head + " is " + answer.truth + " in the first run and " +
                                 other->second.truth + " in the second: these are not the same rows");
    in_a.push_back(measured(answer, is_class));
    in_b.push_back(measured(other->second, is_class));
    differences.push_back(in_b.back() - in_a.back());
  }
  if (differences.empty()) throw Error("compare", stream + "/" + head + ": the runs predicted no row in common");
  const auto rows = static_cast<std::int64_t>(differences.size());
  const auto mean_of = [&](std::span<const std::int64_t> positions) {
    double sum = 0;
    for (const std::int64_t i : positions) sum += differences[i];
    return sum / static_cast<double>(positions.size());
  };
  const double p = exchange_p(differences);
  return {stream,     head,       is_class ? "accuracy" : "absolute error",
          is_class,   rows,       static_cast<std::int64_t>(ours.size() + theirs.size()) - 2 * rows,
          mean(in_a), mean(in_b), bootstrap(rows, mean_of, Rng(1).fork("compare")),
          p,          p};
}

// Holm's step-down: the i-th smallest of m values is multiplied by m - i, and none is below one before it.
void correct(std::vector<Comparison>& all) {
  std::vector<std::size_t> order(all.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](std::size_t i, std::size_t j) { return all[i].p < all[j].p; });
  double before = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    before = std::max(before, std::min(1.0, all[order[i]].p * static_cast<double>(all.size() - i)));
    all[order[i]].holm = before;
  }
}

}  // namespace

void require_predictions(const std::string& run, const std::string& split) { predictions_of(run, split); }

std::vector<Comparison> compare_runs(const std::string& a, const std::string& b, const std::string& split) {
  const auto first = predictions_of(a, split), second = predictions_of(b, split);
  std::vector<Comparison> all;
  for (const auto& [stream, table] : first) {
    const auto other = second.find(stream);
    if (other == second.end()) continue;
    const std::vector<std::string> theirs = heads_of(other->second);
    for (const std::string& head : heads_of(table))
      if (std::find(theirs.begin(), theirs.end(), head) != theirs.end())
        all.push_back(compare_head(stream, head, table, other->second));
  }
  if (all.empty()) throw Error("compare", "the runs share no head on a stream of the same name");
  correct(all);
  return all;
}

}  // namespace graft::core
