// Minutes as a document: what is in it, and that each format shows it as text.

#include "projections/queries/minutes_render.h"

#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "projections/queries/minutes_render_words.h"
#include "scrutiny/register/v1/minutes.pb.h"
#include "tests/projections/support/open_registers.h"
#include "tests/support/status_matchers.h"

namespace scrutiny::projections {
namespace {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): states of the rows
using ::testing::Contains;
using ::testing::HasSubstr;
using testing::MemoryLedger;
using ::testing::Not;
using testing::OpenRegisters;

constexpr char kMeeting[] = "meetings/spab/2019-03-18";
constexpr char kNext[] = "meetings/spab/2019-05-20";

std::string Of(const std::string& record, const std::string& day, const std::string& fact) {
  return absl::StrCat("record: '", record, "' occurred { on: '", day, "' } ", fact);
}

// A fact of the meeting on its day.
std::string Fact(const std::string& fact) { return Of(kMeeting, "2019-03-18", fact); }

// Opened at two, with an item 9A on its agenda.
void OpenBoard(MemoryLedger& ledger) {
  ledger.Append(
      {Of("forums/spab", "2019-01-01", "forum_established { name: 'Assurance Board' }"),
       Fact("meeting_scheduled { forum: 'forums/spab' date: '2019-03-18' place: 'County Hall' }"),
       Fact("meeting_opened { start: '14:00' }"),
       Fact("agenda_item_placed { item: '9a' number_printed: '9A' order: 9 title: 'Custody' }"),
       Of(kNext, "2019-03-18", "meeting_scheduled { forum: 'forums/spab' date: '2019-05-20' }")});
}

RenderMinutesResponse Render(OpenRegisters& registers, const std::string& request = "") {
  registers.Level();
  const auto response = registers->Answer<RenderMinutesResponse>(
      testing::Ask<RenderMinutesRequest>(absl::StrCat("meeting: '", kMeeting, "' ", request)),
      OpenRegisters::Today());
  SCRUTINY_CHECK(response.ok()) << response.status().ToString();
  return *response;
}

// The text without its line breaks, for what may be wrapped.
std::string Unwrapped(const std::string& text) { return PlainText(text); }

TEST(MinutesRenderTest, WhatTheFactsDoNotSayIsNamed) {
  MemoryLedger ledger;
  OpenBoard(ledger);
  OpenRegisters registers(ledger);
  const RenderMinutesResponse answer = Render(registers);
  EXPECT_EQ(answer.title(), "Assurance Board, 18 March 2019: minutes");
  EXPECT_EQ(answer.media_type(), "text/plain; charset=utf-8");
  EXPECT_EQ(answer.state(), MINUTES_STATE_NOT_DRAFTED);
  EXPECT_THAT(answer.missing(), Contains("No time of closing is recorded."));
  EXPECT_THAT(answer.missing(), Contains("Nobody is recorded as present."));
  EXPECT_THAT(answer.missing(), Contains("Nothing is recorded of item 9A."));
  EXPECT_THAT(answer.missing(), Not(Contains("No place is recorded.")));
  EXPECT_THAT(answer.document(), HasSubstr("Draft, neither approved nor noted."));
}

TEST(MinutesRenderTest, TheTextOfAnItemStandsInTheOrderOfItsKeys) {
  MemoryLedger ledger;
  OpenBoard(ledger);
  ledger.Append(
      {Fact("item_minuted { item: '9a' key: '10' paragraphs: 'Last.' }"),
       Fact("item_minuted { item: '9a' key: '2' heading: 'Options' paragraphs: 'First.' "
            "paragraphs: 'Second.' }"),
       Fact("item_minuted { item: '9a' key: '11' paragraphs: 'After.' after_resolutions: true }"),
       Fact("resolution_passed { key: '9a' item: '9a' decider { kind: "
            "DECIDER_KIND_OFFICE_HOLDER } limbs { key: '1' verb: RESOLUTION_VERB_APPROVE "
            "subject: 'The closure' } limbs { key: '2' verb: RESOLUTION_VERB_NOTE "
            "verb_printed: 'was noted' subject: 'The report' } }")});
  OpenRegisters registers(ledger);
  EXPECT_THAT(Unwrapped(Render(registers).document()),
              HasSubstr("9A Custody Options First. Second. Last. RESOLVED: (1) To approve the "
                        "closure. (2) The report was noted. After."));
}

TEST(MinutesRenderTest, AShorterWordingTakesTheLongerOnesPlace) {
  MemoryLedger ledger;
  OpenBoard(ledger);
  ledger.Append(
      {Fact("item_minuted { item: '9a' key: '1' paragraphs: 'One.' paragraphs: 'Two.' }")});
  OpenRegisters registers(ledger);
  EXPECT_THAT(Render(registers).document(), HasSubstr("Two."));
  ledger.Append({Fact("item_minuted { item: '9a' key: '1' paragraphs: 'Only.' }")});
  const std::string document = Render(registers).document();
  EXPECT_THAT(document, HasSubstr("Only."));
  EXPECT_THAT(document, Not(HasSubstr("Two.")));
}

TEST(MinutesRenderTest, ASummaryStandsOnlyWhereThereIsNoText) {
  MemoryLedger ledger;
  OpenBoard(ledger);
  ledger.Append({Fact("agenda_item_taken { item: '9a' summary: 'In short' }")});
  OpenRegisters registers(ledger);
  EXPECT_THAT(Render(registers).document(), HasSubstr("In short."));
  ledger.Append({Fact("item_minuted { item: '9a' key: '1' paragraphs: 'At length.' }")});
  EXPECT_THAT(Render(registers).document(), Not(HasSubstr("In short")));
}

TEST(MinutesRenderTest, ActionsStandAsTheMeetingLeftThem) {
  MemoryLedger ledger;
  OpenBoard(ledger);
  ledger.Append(
      {Of("actions/a", "2019-03-18",
          absl::StrCat("action_raised { title: 'To report' item: '9a' meeting: '", kMeeting,
                       "' owners { organisation: 'Constabulary' } due { meeting: '", kNext,
                       "' } }")),
       Of("actions/a", "2019-05-20",
          absl::StrCat("action_restated { title: 'To do otherwise' meeting: '", kNext, "' }")),
       Of("actions/a", "2019-05-21", "action_closed { }")});
  OpenRegisters registers(ledger);
  const std::string document = Unwrapped(Render(registers).document());
  EXPECT_THAT(document, HasSubstr("Action: To report. By: Constabulary; due: the meeting of the "
                                  "Assurance Board of 20 May 2019."));
  EXPECT_THAT(document, Not(HasSubstr("otherwise")));
}

TEST(MinutesRenderTest, AColumnForActionsKeepsToItsWidth) {
  MemoryLedger ledger;
  OpenBoard(ledger);
  ledger.Append(
      {Of("offices/o", "2019-01-01",
          "minutes_format_set { forum: 'forums/spab' heading: 'MINUTES' marking: 'PUBLIC' "
          "actions_column: true actions_heading: 'Decision/ Action' }"),
       Fact("item_minuted { item: '9a' key: '1' paragraphs: 'See http://www.derbyshire-pcc.gov.uk/"
            "Public-Information/PCC-Decision-Making.aspx for “all” decisions.' }"),
       Of("actions/a", "2019-03-18",
          absl::StrCat("action_raised { title: 'To share the profile of the Trigger' item: '9a' "
                       "meeting: '",
                       kMeeting, "' }"))});
  OpenRegisters registers(ledger);
  const std::string text = Render(registers).document();
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    size_t width = 0;
    for (const char c : line) width += (static_cast<unsigned char>(c) & 0xc0) == 0x80 ? 0 : 1;
    EXPECT_LE(width, kMinutesWidth) << line;
    EXPECT_FALSE(absl::EndsWith(line, " ")) << line;
  }
  EXPECT_THAT(text, HasSubstr("Decision/ Action"));
  const std::string html = Render(registers, "format: MINUTES_FORMAT_HTML").document();
  EXPECT_THAT(html, HasSubstr("<th scope=\"col\" class=\"aside\">Decision/ Action</th>"));
  EXPECT_THAT(html, HasSubstr("<p class=\"marking\">PUBLIC</p>"));
}

TEST(MinutesRenderTest, ACorrectionChangesTheWordsAndSaysSo) {
  MemoryLedger ledger;
  OpenBoard(ledger);
  ledger.Append(
      {Fact("item_minuted { item: '9a' key: '1' paragraphs: 'It costs £0.358m.' "
            "paragraphs: 'Noted.' }"),
       Of(kMeeting, "2019-05-20",
          absl::StrCat("minute_corrected { key: '1' item: '9a' was: '£0.358m' now: '£0.385m' "
                       "reason: 'Misread' meeting: '",
                       kNext, "' }")),
       Of(kMeeting, "2019-05-20", "minute_corrected { key: '2' item: '9a' was: 'absent words' }")});
  OpenRegisters registers(ledger);
  const RenderMinutesResponse answer = Render(registers);
  EXPECT_EQ(answer.corrections(), 2u);
  EXPECT_THAT(Unwrapped(answer.document()),
              HasSubstr("It costs £0.385m. [Corrected: “£0.358m” was replaced by “£0.385m” on 20 "
                        "May 2019 at the meeting of the Assurance Board of 20 May 2019: Misread.] "
                        "Noted. [Corrected: “absent words” was struck out on 20 May 2019.]"));
}

TEST(MinutesRenderTest, WhatChangesAcceptedMinutesIsNamed) {
  MemoryLedger ledger;
  OpenBoard(ledger);
  ledger.Append(
      {Fact("item_minuted { item: '9a' key: '1' paragraphs: 'Said.' }"),
       Of(kNext, "2019-05-20", absl::StrCat("minutes_approved { minutes_of: '", kMeeting, "' }"))});
  OpenRegisters registers(ledger);
  RenderMinutesResponse answer = Render(registers);
  EXPECT_EQ(answer.state(), MINUTES_STATE_APPROVED);
  EXPECT_EQ(answer.accepted_at(), kNext);
  EXPECT_EQ(answer.changed_since_size(), 0);
  EXPECT_THAT(Unwrapped(answer.document()),
              HasSubstr("Approved as a correct record on 20 May 2019 at the meeting of the "
                        "Assurance Board of 20 May 2019."));
  const uint64_t late =
      ledger.Append({Fact("item_minuted { item: '9a' key: '2' paragraphs: 'Said later.' }")});
  answer = Render(registers);
  ASSERT_EQ(answer.changed_since_size(), 1);
  EXPECT_EQ(answer.changed_since(0), late);
  ledger.Append({Of(kMeeting, "2019-05-20", "minute_corrected { key: '1' now: 'x' }")});
  EXPECT_EQ(Render(registers).changed_since_size(), 1) << "a correction is what was asked for";
}

TEST(MinutesRenderTest, EntriesStandAfterWhatComesFromThem) {
  MemoryLedger ledger;
  OpenBoard(ledger);
  const uint64_t said =
      ledger.Append({Fact("item_minuted { item: '9a' key: '1' paragraphs: 'Said.' }")});
  OpenRegisters registers(ledger);
  const RenderMinutesResponse answer = Render(registers, "with_entries: true");
  EXPECT_THAT(answer.document(), HasSubstr(absl::StrCat("Said. [", said, "]")));
  EXPECT_THAT(answer.meta().entries(), Contains(said));
}

TEST(MinutesRenderTest, EmptyAndUnreadableAndDeferredPartsAreNotLost) {
  MemoryLedger ledger;
  OpenBoard(ledger);
  ledger.Append(
      {Fact("empty_section_recorded { item: '10a' number_printed: '10A' section: 'FINANCE' "
            "order: 10 printed: 'NONE' }"),
       Fact("agenda_part_unreadable { item: 'x' part: 'items 1-4' order: 1 reason: 'Torn off' }"),
       Fact(absl::StrCat("agenda_item_deferred { item: '9a' to_meeting: '", kNext,
                         "' reason: 'No time' }"))});
  OpenRegisters registers(ledger);
  const std::string document = Unwrapped(Render(registers).document());
  EXPECT_THAT(document, HasSubstr("10A FINANCE NONE."));
  EXPECT_THAT(document, HasSubstr("items 1-4 This part of the agenda cannot be read: Torn off."));
  EXPECT_THAT(document, HasSubstr("The item was deferred to the meeting of the Assurance Board of "
                                  "20 May 2019: No time."));
}

TEST(MinutesRenderTest, PeopleStandWithWhatIsSaidOfThem) {
  MemoryLedger ledger;
  OpenBoard(ledger);
  ledger.Append(
      {Of("persons/a", "2019-01-01", "person_registered { name: 'Ann Smith' }"),
       Fact("attendance_recorded { person: 'persons/a' post: 'Commissioner' organisation: 'OPCC' "
            "capacity: CAPACITY_CHAIR order: 1 }"),
       Fact("attendance_recorded { person: 'persons/b' post: 'staff member' organisation: "
            "'Constabulary' capacity: CAPACITY_MEMBER late: true late_reason: 'a train' "
            "substitute_for: 'persons/a' order: 2 }"),
       Fact("apology_received { person: 'persons/c' post: 'Chief Constable' substitute: "
            "'persons/a' }"),
       Fact("absence_recorded { person: 'persons/d' post: 'Clerk' }"),
       Fact("public_presence_counted { members_of_public: 3 press: 1 }"),
       Fact("nil_declarations_recorded { item: '2' }")});
  OpenRegisters registers(ledger);
  const RenderMinutesResponse answer = Render(registers, "format: MINUTES_FORMAT_MARKDOWN");
  EXPECT_EQ(answer.media_type(), "text/markdown; charset=utf-8");
  const std::string& document = answer.document();
  EXPECT_THAT(document, HasSubstr("| **Chair** | | | | |\n| Ann Smith | Commissioner | OPCC |"));
  EXPECT_THAT(document, HasSubstr("| Staff member |  | Constabulary |  | arrived late: a train; "
                                  "for Ann Smith |"));
  EXPECT_THAT(document, HasSubstr("## Apologies"));
  EXPECT_THAT(document, HasSubstr("represented by Ann Smith"));
  EXPECT_THAT(document, HasSubstr("## Absent"));
  EXPECT_THAT(document, HasSubstr("**Public and press:** 3 of the public and 1 of the press."));
  EXPECT_THAT(document, HasSubstr("**Declarations of interest:** None."));
  EXPECT_THAT(answer.missing(), Not(Contains("Who took the chair is not recorded.")));
}

TEST(MinutesRenderTest, HtmlShowsMarkupAsText) {
  MemoryLedger ledger;
  OpenBoard(ledger);
  ledger.Append({Fact("item_minuted { item: '9a' key: '1' heading: '<b>' "
                      "paragraphs: '<script>alert(\"x\")</script> & \\'more\\'' }"),
                 Fact("agenda_item_placed { item: '9b' number_printed: '\"><i>' order: 10 "
                      "title: '</title><img src=x onerror=y>' }")});
  OpenRegisters registers(ledger);
  const RenderMinutesResponse answer = Render(registers, "format: MINUTES_FORMAT_HTML");
  EXPECT_EQ(answer.media_type(), "text/html; charset=utf-8");
  const std::string& html = answer.document();
  EXPECT_THAT(html, HasSubstr("&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp; &#39;more"));
  for (const char* markup : {"<script", "<img", "<i>", "<b>"}) {
    EXPECT_THAT(html, Not(HasSubstr(markup)));
  }
  EXPECT_THAT(html, HasSubstr("<html lang=\"en-GB\">"));
  EXPECT_THAT(html, HasSubstr("default-src 'none'"));
  EXPECT_THAT(html, Not(HasSubstr("http://")));
}

TEST(MinutesRenderTest, MarkdownShowsItsOwnMarksAsText) {
  MemoryLedger ledger;
  OpenBoard(ledger);
  ledger.Append(
      {Fact("item_minuted { item: '9a' key: '1' paragraphs: '# [a](b) <i> *c* | d' "
            "paragraphs: '1. not a list' paragraphs: '- nor this' }")});
  OpenRegisters registers(ledger);
  const std::string document = Render(registers, "format: MINUTES_FORMAT_MARKDOWN").document();
  EXPECT_THAT(document, HasSubstr("\n\\# \\[a\\](b) \\<i\\> \\*c\\* \\| d\n"));
  EXPECT_THAT(document, HasSubstr("\n1\\. not a list\n"));
  EXPECT_THAT(document, HasSubstr("\n\\- nor this\n"));
}

TEST(MinutesRenderTest, TheSameFactsMakeTheSameBytes) {
  MemoryLedger ledger;
  OpenBoard(ledger);
  ledger.Append({Fact("item_minuted { item: '9a' key: '1' paragraphs: 'Said.' }")});
  OpenRegisters registers(ledger);
  OpenRegisters others(ledger);
  for (const char* format :
       {"MINUTES_FORMAT_TEXT", "MINUTES_FORMAT_MARKDOWN", "MINUTES_FORMAT_HTML"}) {
    const std::string request = absl::StrCat("format: ", format);
    EXPECT_EQ(Render(registers, request).document(), Render(others, request).document());
  }
}

TEST(MinutesRenderTest, AMeetingThatIsNotThereHasNone) {
  MemoryLedger ledger;
  OpenBoard(ledger);
  OpenRegisters registers(ledger);
  const auto answer = registers->Answer<RenderMinutesResponse>(
      testing::Ask<RenderMinutesRequest>("meeting: 'meetings/none'"), OpenRegisters::Today());
  EXPECT_EQ(answer.status().code(), absl::StatusCode::kNotFound);
}

TEST(MinutesRenderWordsTest, TextThatTurnsOthersAroundIsLeftOut) {
  EXPECT_EQ(PlainText("a\u202Eb\n\t c\u2066d\u200F "),
            "a"
            "b cd");
  EXPECT_EQ(PlainText("“quoted” – £5 …"), "“quoted” – £5 …");
}

TEST(MinutesRenderWordsTest, ALimbIsASentence) {
  const auto words = [](const std::string& verb, const std::string& subject) {
    event::v1::ResolutionLimb limb;
    limb.set_verb_printed(verb);
    limb.set_subject(subject);
    return LimbWords(limb);
  };
  EXPECT_EQ(words("Direct assurance was gained", "This area is managed well"),
            "Direct assurance was gained that this area is managed well.");
  EXPECT_EQ(words("gained assurance", "Derbyshire Police has a plan"),
            "Gained assurance: Derbyshire Police has a plan.");
  EXPECT_EQ(words("was noted", "The financial position"), "The financial position was noted.");
  EXPECT_EQ(words("To support", "The appointment"), "To support the appointment.");
  EXPECT_EQ(
      words("For the Chief Constable to develop", "The Chief Constable to develop an agreement"),
      "For the Chief Constable to develop an agreement.");
  EXPECT_EQ(words("noted", "The forward plan"), "Noted: The forward plan.");
}

}  // namespace
}  // namespace scrutiny::projections
