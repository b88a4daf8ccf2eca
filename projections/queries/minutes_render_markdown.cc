// Minutes as Markdown. It knows no columns of paragraphs, so decisions and actions stand under
// their item, set off as quotations. Every character that Markdown could take for its own is
// escaped.
#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "projections/queries/minutes_render.h"

namespace scrutiny::projections {
namespace {

using Kind = MinutesLine::Kind;

// What begins a list or a heading only does so at the beginning of a line.
std::string Escaped(absl::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (absl::string_view("\\`*_{}[]<>|~&!^$").find(c) != absl::string_view::npos) escaped += '\\';
    escaped += c;
  }
  const size_t digits = std::min(escaped.find_first_not_of("0123456789"), escaped.size());
  if (escaped.empty()) return escaped;
  if (digits == 0 && absl::string_view("#+-=:").find(escaped[0]) != absl::string_view::npos) {
    escaped.insert(0, 1, '\\');
  } else if (digits > 0 && digits < escaped.size() &&
             (escaped[digits] == '.' || escaped[digits] == ')')) {
    escaped.insert(digits, 1, '\\');
  }
  return escaped;
}

class MarkdownWriter {
 public:
  explicit MarkdownWriter(const MinutesDocument& document) : document_(document) {}

  std::string Write() {
    if (!document_.marking.empty()) Paragraph(absl::StrCat("**", Escaped(document_.marking), "**"));
    Paragraph(absl::StrCat("# ", Escaped(document_.heading), ": ", Escaped(document_.forum)));
    for (const auto& [name, value] : document_.particulars) {
      absl::StrAppend(&text_, "- **", Escaped(name), ":** ", Escaped(value), "\n");
    }
    absl::StrAppend(&text_, "- **Status:** ", Escaped(document_.status), "\n\n");
    People("Present", document_.present);
    for (const MinutesPeople& group : document_.away) People(group.title, {group});
    if (!document_.opening.empty()) {
      Paragraph("## Before the business");
      for (const MinutesLine& line : document_.opening) Line(line, "");
    }
    Items();
    if (!document_.closing.empty()) {
      Paragraph("## End of the meeting");
      for (const MinutesLine& line : document_.closing) Line(line, "");
    }
    while (text_.size() > 1 && text_[text_.size() - 2] == '\n') text_.pop_back();
    return std::move(text_);
  }

 private:
  void Paragraph(const std::string& text) { absl::StrAppend(&text_, text, "\n\n"); }

  std::string Entries(const std::vector<uint64_t>& entries) const {
    if (!document_.with_entries || entries.empty()) return std::string();
    return absl::StrCat(" \\[", absl::StrJoin(entries, ", "), "\\]");
  }

  void People(const std::string& title, const std::vector<MinutesPeople>& groups) {
    if (groups.empty()) return;
    Paragraph(absl::StrCat("## ", Escaped(title)));
    absl::StrAppend(&text_, "| Name | Post | Organisation | Capacity | Remarks |\n",
                    "| --- | --- | --- | --- | --- |\n");
    for (const MinutesPeople& group : groups) {
      if (group.title != title) {
        absl::StrAppend(&text_, "| **", Escaped(group.title), "** | | | | |\n");
      }
      for (const MinutesPerson& person : group.people) {
        absl::StrAppend(&text_, "| ", Escaped(person.name), " | ", Escaped(person.post), " | ",
                        Escaped(person.organisation), " | ", Escaped(person.capacity), " | ",
                        Escaped(person.remarks), Entries(person.entries), " |\n");
      }
    }
    absl::StrAppend(&text_, "\n");
  }

  void Items() {
    bool under = false;
    for (const MinutesItem& item : document_.items) {
      if (!item.section.empty()) {
        Paragraph(absl::StrCat("## ", Escaped(item.section)));
        under = true;
      } else if (!under) {
        Paragraph("## Items");
        under = true;
      }
      Paragraph(absl::StrCat("### ", Escaped(item.number), item.number.empty() ? "" : " ",
                             Escaped(item.title)));
      for (const MinutesLine& line : item.lines) Line(line, "");
      for (const MinutesLine& line : item.aside) Line(line, "> ");
    }
  }

  void Line(const MinutesLine& line, absl::string_view mark) {
    const std::string entries = Entries(line.entries);
    std::string text = Escaped(line.text);
    if (line.kind == Kind::kHeading) text = absl::StrCat("#### ", text);
    if (line.kind == Kind::kCorrection) text = absl::StrCat("*", text, "*");
    if (!line.lead.empty()) {
      text = absl::StrCat("**", Escaped(line.lead), ":**", text.empty() ? "" : " ", text);
    }
    if (line.points.empty()) absl::StrAppend(&text, entries);
    if (line.kind == Kind::kFollows) mark = "> ";
    Paragraph(absl::StrCat(mark, text));
    if (line.points.empty()) return;
    for (size_t i = 0; i < line.points.size(); ++i) {
      const std::string point =
          line.kind == Kind::kResolved ? absl::StrCat(i + 1, ". ") : std::string("- ");
      absl::StrAppend(&text_, mark, point, Escaped(line.points[i]),
                      i + 1 == line.points.size() ? entries : std::string(), "\n");
    }
    absl::StrAppend(&text_, "\n");
  }

  const MinutesDocument& document_;
  std::string text_;
};

}  // namespace

std::string WriteMinutesMarkdown(const MinutesDocument& document) {
  return MarkdownWriter(document).Write();
}

}  // namespace scrutiny::projections
