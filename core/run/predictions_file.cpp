#include "core/run/predictions_file.hpp"

#include <filesystem>

#include "core/report/csv_writer.hpp"
#include "core/run/answers.hpp"

namespace graft::core {
namespace {

struct Texts {  // a column of the file
  std::string name;
  std::vector<std::string> values;
};

std::vector<std::string> texts_of(const Field& field, const Column& column) {
  if (const auto* texts = std::get_if<Strings>(&column)) return *texts;
  std::vector<std::string> values;
  const Tensor numbers = std::get<Tensor>(column).to(at::kDouble);
  for (std::int64_t i = 0; i < numbers.numel(); ++i) values.push_back(csv_number(numbers.const_data_ptr<double>()[i]));
  if (field.kind == FieldKind::kClass)
    for (std::string& value : values) value = value.starts_with("-") ? "" : field.classes.at(std::stoul(value));
  return values;
}

std::vector<Texts> source_columns(const StreamRows& stream, const Batch& rows) {
  std::vector<Texts> columns;
  for (const Field& field : stream.schema) {
    const bool plain = field.kind == FieldKind::kText || field.kind == FieldKind::kNumber || field.kind == FieldKind::kInteger ||
                       field.kind == FieldKind::kClass;
    if (plain && rows.has(field.name) && !std::holds_alternative<Ragged>(rows.column(field.name)))
      columns.push_back({field.name, texts_of(field, rows.column(field.name))});
  }
  return columns;
}

void write_stream(const std::string& path, const StreamRows& stream, const Batch& rows,
                  const std::vector<const HeadEvaluation*>& heads) {
  Texts numbers{"row", {}};
  for (std::int64_t id : rows.row_ids()) numbers.values.push_back(std::to_string(id & 0xffffffffff));
  std::vector<Texts> columns = {std::move(numbers)};
  for (Texts& column : source_columns(stream, rows)) columns.push_back(std::move(column));
  for (const HeadEvaluation* head : heads) {
    columns.push_back({head->head + "_truth", truth_texts(*head)});
    columns.push_back({head->head, prediction_texts(*head)});
    for (auto& [name, numbers] : probability_columns(*head)) {
      columns.push_back({std::move(name), {}});
      for (double number : numbers) columns.back().values.push_back(csv_number(number));
    }
  }
  CsvWriter file(path);
  std::vector<std::string> line;
  for (const Texts& column : columns) line.push_back(column.name);
  file.line(line);
  for (std::int64_t i = 0; i < rows.size(); ++i) {
    for (std::size_t c = 0; c < columns.size(); ++c) line[c] = columns[c].values[i];
    file.line(line);
  }
  file.close();
}

}  // namespace

void write_predictions(const RunFolder& folder, const std::string& split, const Evaluation& evaluation,
                       const std::vector<StreamRows>& rows) {
  std::filesystem::create_directories(folder.file("predictions"));
  for (const StreamRows& stream : rows) {
    std::vector<const HeadEvaluation*> heads;
    for (const HeadEvaluation& head : evaluation.heads)
      if (head.stream == stream.name) heads.push_back(&head);
    if (heads.empty()) continue;
    const std::string name = rows.size() == 1 ? split : split + "." + stream.name;
    write_stream(folder.file("predictions/" + name + ".csv"), stream, stream.clean.at(split), heads);
  }
}

void write_metrics_csv(const RunFolder& folder, const RunReport& report) {
  CsvWriter file(folder.file("metrics.csv"));
  file.line(std::vector<std::string>{"step", "split", "stream", "head", "metric", "value"});
  for (const Curve& curve : report.metrics) {
    std::vector<std::string> parts;
    std::string rest = curve.name;
    for (std::size_t slash; (slash = rest.find('/')) != std::string::npos; rest.erase(0, slash + 1))
      parts.push_back(rest.substr(0, slash));
    parts.push_back(rest);
    for (const auto& [step, value] : curve.points)
      file.line(
          std::vector<std::string>{std::to_string(step), parts.at(0), parts.at(1), parts.at(2), parts.at(3), csv_number(value)});
  }
  for (const HeadResult& result : report.results)
    for (const MetricResult& metric : result.metrics)
      file.line(std::vector<std::string>{std::to_string(result.step), result.split, result.stream, result.head, metric.name,
                                         csv_number(metric.value)});
  file.close();
}

}  // namespace graft::core
