#include "man_page.hpp"

#include <sstream>

namespace graft::app {
namespace {

// Text that man(7) takes for itself is escaped: backslashes, hyphens, and a dot or quote that begins a line.
std::string escaped(const std::string& text) {
  std::string safe;
  for (const char sign : text) {
    const bool begins = safe.empty() || safe.back() == '\n';
    if (begins && (sign == '.' || sign == '\'')) safe += "\\&";
    safe += sign == '\\' ? "\\e" : sign == '-' ? "\\-" : std::string(1, sign);
  }
  return safe;
}

std::string bold(const std::string& text) { return "\\fB" + escaped(text) + "\\fR"; }

// "graft plugin new": the verb with those it belongs to.
std::string command_of(const CLI::App& verb) {
  return verb.get_parent() ? command_of(*verb.get_parent()) + " " + verb.get_name() : verb.get_name();
}

std::string option_name(const CLI::Option& option) {
  const std::string value = option.get_type_size() == 0 ? "" : " " + option.get_type_name();
  return option.get_positional() ? "\\fI" + escaped(option.get_name()) + "\\fR"
                                 : bold(option.get_name(false, true)) + escaped(value);
}

void add_options(const CLI::App& verb, std::string& page) {
  for (const CLI::Option* option : verb.get_options())
    if (option != verb.get_help_ptr() || !verb.get_parent())
      page += ".TP\n" + option_name(*option) + "\n" + escaped(option->get_description()) + "\n";
}

// "Example:\n  graft check movies.json": a heading, and lines as they are typed.
void add_footer(const CLI::App& verb, std::string& page) {
  std::istringstream lines(verb.get_footer());
  std::string heading;
  if (!std::getline(lines, heading)) return;
  page += ".PP\n" + escaped(heading) + "\n.PP\n.nf\n";
  for (std::string line; std::getline(lines, line);) page += escaped(line) + "\n";
  page += ".fi\n";
}

std::string usage_of(const CLI::App& verb) {
  std::string usage = bold(command_of(verb)) + " [options]";
  for (const CLI::Option* option : verb.get_options())
    if (option->get_positional())
      usage += option->get_required() ? " " + option_name(*option) : " [" + option_name(*option) + "]";
  return usage;
}

void add_verb(const CLI::App& verb, std::string& page) {
  page += ".SS " + bold(command_of(verb)) + "\n" + escaped(verb.get_description()) + "\n";
  const std::vector<const CLI::App*> inner = verb.get_subcommands({});
  for (const CLI::App* one : inner) add_verb(*one, page);
  if (!inner.empty()) return;
  page += ".PP\n" + usage_of(verb) + "\n";
  add_options(verb, page);
  add_footer(verb, page);
}

}  // namespace

std::string man_page(const CLI::App& app, const std::string& version) {
  std::string page =
      ".TH GRAFT 1 \"\" \"graft " + escaped(version) + "\"\n.SH NAME\ngraft \\- fine\\-tunes models through plugins\n";
  page += ".SH SYNOPSIS\n" + bold("graft") + " [options] \\fIverb\\fR ...\n";
  page += ".SH DESCRIPTION\n" + escaped(app.get_description()) + "\n";
  add_footer(app, page);
  page += ".SH OPTIONS\n";
  add_options(app, page);
  page += ".SH VERBS\n";
  for (const CLI::App* verb : app.get_subcommands({})) add_verb(*verb, page);
  return page;
}

}  // namespace graft::app
