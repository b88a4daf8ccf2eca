// Minutes as a page of HTML that needs nothing else and runs nothing: its style is in it, and its
// policy lets a browser load nothing, whatever the text holds.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "projections/queries/minutes_render.h"

namespace scrutiny::projections {
namespace {

using Kind = MinutesLine::Kind;

constexpr absl::string_view kHead = R"(<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
)";

constexpr absl::string_view kStyle = R"(<style>
:root { color-scheme: light; }
body { margin: 0; background: #f3f2ef; color: #1a1a1a;
  font: 1rem/1.5 Georgia, "Times New Roman", serif; }
main { max-width: 54rem; margin: 2rem auto; padding: 2.5rem 3rem; background: #fff;
  box-shadow: 0 1px 4px rgba(0, 0, 0, .25); }
h1, h2, h3, h4, th, dt, .marking, .kind, .status {
  font-family: "Helvetica Neue", Arial, sans-serif; }
h1 { margin: 0 0 1rem; font-size: 1.7rem; line-height: 1.2; }
h2 { margin: 2rem 0 .5rem; font-size: 1.15rem; border-bottom: 2px solid #1a1a1a; }
h3 { margin: 0 0 .5rem; font-size: 1rem; }
h4 { margin: 1rem 0 .25rem; font-size: .95rem; }
p { margin: 0 0 .75rem; }
ol, ul { margin: 0 0 .75rem; padding-left: 1.6rem; }
.marking { text-align: right; font-weight: bold; letter-spacing: .1em; }
.kind { margin: 0; font-weight: bold; color: #444; }
.status { margin: 1rem 0; padding: .5rem .9rem; border-left: .3rem solid #1d6b3a;
  background: #eef6f0; }
.status.draft { border-left-color: #9a5b00; background: #fdf4e3; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1.2rem; margin: 0; }
dt { font-weight: bold; }
dd { margin: 0; }
table { width: 100%; border-collapse: collapse; }
caption { text-align: left; font-style: italic; color: #444; padding-bottom: .3rem; }
th, td { padding: .4rem .6rem; border: 1px solid #b5b5b5; text-align: left; vertical-align: top;
  overflow-wrap: anywhere; }
thead th, th[scope="rowgroup"] { background: #ecebe7; }
.items th[scope="row"] { width: 4rem; }
.items .aside { width: 26%; }
.section { margin: 1.5rem 0 .5rem; }
.follows { padding: .4rem .7rem; border-left: .25rem solid #22508a; background: #eef3fa; }
.correction { font-style: italic; color: #7a2e2e; }
.entries { color: #595959; font-size: .8rem; }
article { margin: 0 0 1.5rem; overflow-wrap: anywhere; }
@media print { body { background: none; }
  main { margin: 0; padding: 0; max-width: none; box-shadow: none; }
  tr, article { break-inside: avoid-page; } thead { display: table-header-group; } }
@media (max-width: 40rem) { main { margin: 0; padding: 1rem; } }
</style>
)";

std::string Escaped(absl::string_view text) {
  std::string escaped;
  escaped.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      case '\'':
        escaped += "&#39;";
        break;
      default:
        escaped += c;
    }
  }
  return escaped;
}

class HtmlWriter {
 public:
  explicit HtmlWriter(const MinutesDocument& document) : document_(document) {}

  std::string Write() {
    Put("<!DOCTYPE html>\n<html lang=\"en-GB\">\n<head>\n", kHead, "<title>",
        Escaped(document_.title), "</title>\n", kStyle, "</head>\n<body>\n<main>\n");
    Head();
    People("Present", "present", document_.present);
    for (size_t i = 0; i < document_.away.size(); ++i) {
      People(document_.away[i].title, absl::StrCat("away-", i + 1), {document_.away[i]});
    }
    Notes("Before the business", "before", document_.opening);
    Items();
    Notes("End of the meeting", "end", document_.closing);
    Put("</main>\n</body>\n</html>\n");
    return std::move(text_);
  }

 private:
  template <typename... Parts>
  void Put(const Parts&... parts) {
    absl::StrAppend(&text_, parts...);
  }

  std::string Entries(const std::vector<uint64_t>& entries) const {
    if (!document_.with_entries || entries.empty()) return std::string();
    return absl::StrCat(" <span class=\"entries\">[", absl::StrJoin(entries, ", "), "]</span>");
  }

  void Head() {
    Put("<header>\n");
    if (!document_.marking.empty()) {
      Put("<p class=\"marking\">", Escaped(document_.marking), "</p>\n");
    }
    Put("<p class=\"kind\">", Escaped(document_.heading), "</p>\n<h1>", Escaped(document_.forum),
        "</h1>\n<dl>\n");
    for (const auto& [name, value] : document_.particulars) {
      Put("<dt>", Escaped(name), "</dt><dd>", Escaped(value), "</dd>\n");
    }
    Put("</dl>\n<p class=\"status", document_.draft ? " draft" : "", "\"><strong>Status:</strong> ",
        Escaped(document_.status), "</p>\n</header>\n");
  }

  void BeginSection(absl::string_view title, absl::string_view id) {
    Put("<section aria-labelledby=\"", id, "\">\n<h2 id=\"", id, "\">", Escaped(title), "</h2>\n");
  }

  void People(const std::string& title, absl::string_view id,
              const std::vector<MinutesPeople>& groups) {
    if (groups.empty()) return;
    BeginSection(title, id);
    Put("<table>\n<caption>", Escaped(title), " at the meeting</caption>\n<thead><tr>",
        "<th scope=\"col\">Name</th><th scope=\"col\">Post</th><th scope=\"col\">Organisation</th>",
        "<th scope=\"col\">Capacity</th><th scope=\"col\">Remarks</th></tr></thead>\n");
    for (const MinutesPeople& group : groups) {
      Put("<tbody>\n");
      if (group.title != title) {
        Put("<tr><th colspan=\"5\" scope=\"rowgroup\">", Escaped(group.title), "</th></tr>\n");
      }
      for (const MinutesPerson& person : group.people) {
        Put("<tr><th scope=\"row\">", Escaped(person.name), "</th><td>", Escaped(person.post),
            "</td><td>", Escaped(person.organisation), "</td><td>", Escaped(person.capacity),
            "</td><td>", Escaped(person.remarks), Entries(person.entries), "</td></tr>\n");
      }
      Put("</tbody>\n");
    }
    Put("</table>\n</section>\n");
  }

  void Notes(absl::string_view title, absl::string_view id, const std::vector<MinutesLine>& lines) {
    if (lines.empty()) return;
    BeginSection(title, id);
    for (const MinutesLine& line : lines) Line(line, "h3");
    Put("</section>\n");
  }

  void Items() {
    if (document_.items.empty()) return;
    BeginSection("Items", "items");
    if (document_.aside_heading.empty()) {
      PlainItems();
    } else {
      ItemsTable();
    }
    Put("</section>\n");
  }

  void PlainItems() {
    for (const MinutesItem& item : document_.items) {
      if (!item.section.empty()) {
        Put("<p class=\"section\"><strong>", Escaped(item.section), "</strong></p>\n");
      }
      Put("<article>\n<h3>", Escaped(item.number), item.number.empty() ? "" : " ",
          Escaped(item.title), "</h3>\n");
      for (const MinutesLine& line : item.lines) Line(line, "h4");
      Put("</article>\n");
    }
  }

  void ItemsTable() {
    Put("<table class=\"items\">\n<caption>The business of the meeting, item by item</caption>\n",
        "<thead><tr><th scope=\"col\">No.</th><th scope=\"col\">Item</th>",
        "<th scope=\"col\" class=\"aside\">", Escaped(document_.aside_heading),
        "</th></tr></thead>\n<tbody>\n");
    for (const MinutesItem& item : document_.items) {
      if (!item.section.empty()) {
        Put("<tr><th colspan=\"3\" scope=\"rowgroup\">", Escaped(item.section), "</th></tr>\n");
      }
      Put("<tr><th scope=\"row\">", Escaped(item.number), "</th><td>\n<h3>", Escaped(item.title),
          "</h3>\n");
      for (const MinutesLine& line : item.lines) Line(line, "h4");
      Put("</td><td class=\"aside\">\n");
      for (const MinutesLine& line : item.aside) Line(line, "h4");
      Put("</td></tr>\n");
    }
    Put("</tbody>\n</table>\n");
  }

  void Line(const MinutesLine& line, absl::string_view heading) {
    const std::string entries = Entries(line.entries);
    if (line.kind == Kind::kHeading) {
      Put("<", heading, ">", Escaped(line.text), "</", heading, ">\n");
      return;
    }
    absl::string_view style;
    if (line.kind == Kind::kFollows) style = " class=\"follows\"";
    if (line.kind == Kind::kCorrection) style = " class=\"correction\"";
    Put("<p", style, ">");
    if (!line.lead.empty()) {
      Put("<strong>", Escaped(line.lead), ":</strong>", line.text.empty() ? "" : " ");
    }
    Put(Escaped(line.text), line.points.empty() ? entries : std::string(), "</p>\n");
    if (line.points.empty()) return;
    const absl::string_view list = line.kind == Kind::kResolved ? "ol" : "ul";
    Put("<", list, ">\n");
    for (size_t i = 0; i < line.points.size(); ++i) {
      Put("<li>", Escaped(line.points[i]), i + 1 == line.points.size() ? entries : std::string(),
          "</li>\n");
    }
    Put("</", list, ">\n");
  }

  const MinutesDocument& document_;
  std::string text_;
};

}  // namespace

std::string WriteMinutesHtml(const MinutesDocument& document) {
  return HtmlWriter(document).Write();
}

}  // namespace scrutiny::projections
