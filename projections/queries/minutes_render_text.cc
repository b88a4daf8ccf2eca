// Minutes as text, in lines of at most kMinutesWidth characters.
#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"

#include "projections/queries/minutes_render.h"

namespace scrutiny::projections {
namespace {

using Kind = MinutesLine::Kind;
using Lines = std::vector<std::string>;

constexpr size_t kNumberWidth = 9;
constexpr size_t kAsideWidth = 23;
constexpr size_t kGap = 2;
constexpr size_t kLabelWidth = 14;
constexpr size_t kIndent = 4;

bool Continues(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

// Characters, not bytes.
size_t WidthOf(absl::string_view text) {
  return static_cast<size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return !Continues(c); }));
}

// The first `width` characters.
absl::string_view Front(absl::string_view text, size_t width) {
  size_t end = 0;
  for (size_t seen = 0; end < text.size(); ++end) {
    if (!Continues(text[end]) && seen++ == width) break;
  }
  return text.substr(0, end);
}

// Broken between words; a word that is wider than a line (a web address) within it.
Lines Wrap(absl::string_view text, size_t width, size_t indent = 0) {
  Lines lines;
  std::string line;
  const auto flush = [&] {
    lines.push_back(std::move(line));
    line = std::string(indent, ' ');
  };
  bool fresh = true;
  for (absl::string_view word : absl::StrSplit(text, ' ', absl::SkipEmpty())) {
    const size_t used = WidthOf(line);
    if (!fresh && used + 1 + WidthOf(word) > width) {
      flush();
      fresh = true;
    }
    while (WidthOf(line) + WidthOf(word) > width && WidthOf(line) < width) {
      const absl::string_view part = Front(word, width - WidthOf(line));
      line.append(part.data(), part.size());
      word.remove_prefix(part.size());
      flush();
      fresh = true;
    }
    absl::StrAppend(&line, fresh ? "" : " ", word);
    fresh = false;
  }
  if (!fresh) lines.push_back(std::move(line));
  return lines;
}

std::string Padded(const std::string& text, size_t width) {
  const size_t used = WidthOf(text);
  return used < width ? text + std::string(width - used, ' ') : text;
}

void Trim(std::string* line) { absl::StripTrailingAsciiWhitespace(line); }

// Blocks side by side, each as wide as said.
Lines Beside(const std::vector<std::pair<Lines, size_t>>& blocks) {
  size_t height = 0;
  for (const auto& [lines, width] : blocks) height = std::max(height, lines.size());
  Lines out;
  for (size_t i = 0; i < height; ++i) {
    std::string line;
    for (const auto& [lines, width] : blocks) {
      absl::StrAppend(&line, Padded(i < lines.size() ? lines[i] : std::string(), width));
    }
    Trim(&line);
    out.push_back(std::move(line));
  }
  return out;
}

class TextWriter {
 public:
  explicit TextWriter(const MinutesDocument& document) : document_(document) {}

  std::string Write() {
    Head();
    People("Present", document_.present);
    for (const MinutesPeople& group : document_.away) People(group.title, {group});
    if (!document_.opening.empty()) {
      Blank();
      Add(Block(document_.opening, kMinutesWidth));
    }
    Items();
    if (!document_.closing.empty()) {
      Rule('-');
      Add(Block(document_.closing, kMinutesWidth));
    }
    return std::move(text_);
  }

 private:
  void Add(const Lines& lines) {
    for (const std::string& line : lines) absl::StrAppend(&text_, line, "\n");
  }
  void Blank() { absl::StrAppend(&text_, "\n"); }
  void Rule(char c) { absl::StrAppend(&text_, std::string(kMinutesWidth, c), "\n"); }

  std::string Entries(const std::vector<uint64_t>& entries) const {
    if (!document_.with_entries || entries.empty()) return std::string();
    return absl::StrCat(" [", absl::StrJoin(entries, ", "), "]");
  }

  void Head() {
    if (!document_.marking.empty()) Add(Wrap(document_.marking, kMinutesWidth));
    Add(Wrap(document_.heading, kMinutesWidth));
    Add(Wrap(document_.forum, kMinutesWidth));
    Rule('=');
    auto particulars = document_.particulars;
    particulars.emplace_back("Status", document_.status);
    for (const auto& [name, value] : particulars) {
      Add(Beside({{Wrap(name, kLabelWidth - kGap), kLabelWidth},
                  {Wrap(value, kMinutesWidth - kLabelWidth), kMinutesWidth - kLabelWidth}}));
    }
  }

  void People(const std::string& title, const std::vector<MinutesPeople>& groups) {
    if (groups.empty()) return;
    constexpr size_t kWidths[] = {25, 29, kMinutesWidth - 2 - 25 - 29};
    Blank();
    Add(Wrap(title, kMinutesWidth));
    for (const MinutesPeople& group : groups) {
      if (group.title != title) Add(Wrap(group.title, kMinutesWidth));
      for (const MinutesPerson& person : group.people) {
        Lines words;
        for (const std::string& part : {person.capacity, person.remarks}) {
          if (!part.empty()) words.push_back(part);
        }
        Lines post;
        for (const std::string& part : {person.post, person.organisation}) {
          if (!part.empty()) post.push_back(part);
        }
        Add(Beside(
            {{{std::string()}, 2},
             {Wrap(person.name, kWidths[0] - 1), kWidths[0]},
             {Wrap(absl::StrJoin(post, ", "), kWidths[1] - 1), kWidths[1]},
             {Wrap(absl::StrCat(absl::StrJoin(words, "; "), Entries(person.entries)), kWidths[2]),
              kWidths[2]}}));
      }
    }
  }

  void Items() {
    const size_t aside = document_.aside_heading.empty() ? 0 : kAsideWidth;
    const size_t width = kMinutesWidth - kNumberWidth - (aside > 0 ? aside + kGap : 0);
    if (aside > 0) {
      Blank();
      Rule('-');
      Add(Beside({{{"No."}, kNumberWidth},
                  {{"Item"}, width + kGap},
                  {Wrap(document_.aside_heading, aside), aside}}));
    }
    for (const MinutesItem& item : document_.items) {
      Rule('-');
      if (!item.section.empty()) {
        Add(Wrap(item.section, kMinutesWidth));
        Blank();
      }
      Lines text = Wrap(item.title, width);
      if (!item.lines.empty()) text.emplace_back();
      for (std::string& line : Block(item.lines, width)) text.push_back(std::move(line));
      Lines beside;
      if (!item.aside.empty()) {
        beside = {std::string(), std::string()};  // level with the text, not with the title
        for (std::string& line : Block(item.aside, aside)) beside.push_back(std::move(line));
      }
      Add(Beside({{Wrap(item.number, kNumberWidth - 1), kNumberWidth},
                  {text, width + (aside > 0 ? kGap : 0)},
                  {beside, aside}}));
    }
  }

  // Paragraphs with an empty line between them, none after a heading.
  Lines Block(const std::vector<MinutesLine>& lines, size_t width) const {
    Lines out;
    bool joined = true;
    for (const MinutesLine& line : lines) {
      if (!joined) out.emplace_back();
      for (std::string& text : Paragraph(line, width)) out.push_back(std::move(text));
      joined = line.kind == Kind::kHeading;
    }
    return out;
  }

  Lines Paragraph(const MinutesLine& line, size_t width) const {
    const std::string entries = Entries(line.entries);
    std::string text = line.lead.empty()   ? line.text
                       : line.text.empty() ? absl::StrCat(line.lead, ":")
                                           : absl::StrCat(line.lead, ": ", line.text);
    if (line.kind == Kind::kCorrection) text = absl::StrCat("[", text, "]");
    if (line.points.empty()) absl::StrAppend(&text, entries);
    Lines out = Wrap(text, width);
    for (size_t i = 0; i < line.points.size(); ++i) {
      const bool last = i + 1 == line.points.size();
      const std::string mark =
          line.kind == Kind::kResolved ? absl::StrCat("(", i + 1, ") ") : std::string("- ");
      for (std::string& point :
           Wrap(absl::StrCat(mark, line.points[i], last ? entries : std::string()), width,
                kIndent)) {
        out.push_back(std::move(point));
      }
    }
    return out;
  }

  const MinutesDocument& document_;
  std::string text_;
};

}  // namespace

std::string WriteMinutesText(const MinutesDocument& document) {
  return TextWriter(document).Write();
}

}  // namespace scrutiny::projections
