// Papers, what they recommend and what is attached to them.

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "scrutiny/register/v1/papers.pb.h"
#include "tests/projections/board/document_support.h"

namespace scrutiny::projections {
namespace {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): states of the rows
using ::testing::ElementsAre;
using testing::Meeting;
using testing::MemoryLedger;
using testing::On;
using testing::OpenRegisters;

ListPapersResponse Papers(OpenRegisters& registers, const std::string& request = "") {
  return testing::AnswerTo<ListPapersResponse, ListPapersRequest>(registers, request);
}
ListPaperRecommendationsResponse Recommendations(OpenRegisters& registers,
                                                 const std::string& request = "") {
  return testing::AnswerTo<ListPaperRecommendationsResponse, ListPaperRecommendationsRequest>(
      registers, request);
}
ListPaperAttachmentsResponse Attachments(OpenRegisters& registers,
                                         const std::string& request = "") {
  return testing::AnswerTo<ListPaperAttachmentsResponse, ListPaperAttachmentsRequest>(registers,
                                                                                      request);
}

// Item 8A of 20 May 2019, and 12A, which lists an attachment that is not there.
std::string Item8A() {
  return On("2019-05-20", "papers/8a",
            "paper_submitted { title: 'Strategic Priority 3' sort: 'report' dated: '2019-05-20' "
            "meeting: 'meetings/may' item: '8a' part_of: 'papers/003' "
            "report_by { post: 'Chief Executive' } "
            "recommendations { key: '1' verb: 'determine' text: 'To determine if the PCC can "
            "gain direct assurance' } "
            "attachments { label: 'A' title: 'Office of the PCC' paper: 'papers/8a-app-a' } "
            "attachments { label: 'B' title: 'Derbyshire Constabulary' paper: 'papers/8a-app-b' } "
            "attachments { label: 'C' title: 'Partners' } }");
}
std::string Item12A() {
  return On("2019-05-20", "papers/12a",
            "paper_submitted { title: 'Casework' meeting: 'meetings/may' item: '12a' "
            "attachments { label: 'Appendix XXX' absent: true } }");
}

TEST(PapersTest, APaperStandsWithWhatItsMeetingSays) {
  MemoryLedger ledger;
  ledger.Append({Meeting("may", "2019-05-20"),
                 On("", "meetings/may",
                    "agenda_item_placed { item: '8a' number_printed: '8A' title: 'SP3' }"),
                 Item8A(), Item12A()});
  OpenRegisters registers(ledger);
  const auto answer = Papers(registers, "forum: 'forums/spab'");
  ASSERT_EQ(answer.rows_size(), 2);
  const PaperRow& casework = answer.rows(0);
  EXPECT_EQ(casework.paper(), "papers/12a");
  EXPECT_EQ(casework.paper_date(), "2019-05-20") << "the meeting's";
  EXPECT_EQ(casework.attachments_absent(), 1);
  const PaperRow& row = answer.rows(1);
  EXPECT_EQ(row.state(), PAPER_STATE_SUBMITTED);
  EXPECT_EQ(row.item_printed(), "8A");
  EXPECT_EQ(row.recommendation_count(), 1);
  EXPECT_EQ(row.attachment_count(), 3);
  EXPECT_EQ(row.attachments_absent(), 0);
  EXPECT_EQ(row.holding(), PAPER_HOLDING_NOT_HELD);
  EXPECT_FALSE(row.held());
  EXPECT_THAT(row.considered_at(), ElementsAre("meetings/may"));
  EXPECT_EQ(Papers(registers, "by: 'chief exec'").rows_size(), 1);
  EXPECT_EQ(Papers(registers, "part_of: 'papers/003'").rows_size(), 1);
  EXPECT_EQ(Papers(registers, "meeting: 'meetings/may' item: '12a'").rows_size(), 1);
  EXPECT_EQ(Papers(registers, "title: 'priority' sort: 'REPORT'").rows_size(), 1);
}

TEST(PapersTest, WhatIsListedAndNotThereIsFound) {
  MemoryLedger ledger;
  ledger.Append(
      {Item8A(), Item12A(),
       On("2019-05-20", "papers/8a-app-a", "paper_submitted { title: 'App A' }"),
       On("2019-05-21", "papers/8a",
          "attachment_added { attachment { label: 'D' title: 'Late' } reason: 'late' }")});
  OpenRegisters registers(ledger);
  const auto absent = Attachments(registers, "absent: true");
  ASSERT_EQ(absent.rows_size(), 1);
  EXPECT_EQ(absent.rows(0).label(), "Appendix XXX");
  const auto listed = Attachments(registers, "paper: 'papers/8a'");
  ASSERT_EQ(listed.rows_size(), 4);
  EXPECT_EQ(listed.rows(0).holding(), PAPER_HOLDING_NOT_HELD);
  EXPECT_EQ(listed.rows(1).holding(), PAPER_HOLDING_CITED_ONLY);
  EXPECT_EQ(listed.rows(2).holding(), PAPER_HOLDING_UNSPECIFIED) << "it has no record";
  EXPECT_TRUE(listed.rows(3).added_later());
  EXPECT_EQ(listed.rows(3).order(), 4);
}

TEST(PapersTest, ARecommendationLeadsToWhatWasResolved) {
  MemoryLedger ledger;
  ledger.Append({Meeting("may", "2019-05-20"), Item8A(),
                 On("2019-05-20", "meetings/may",
                    "resolution_passed { key: '8a' item: '8a' decider { post: 'PCC' } limbs { "
                    "verb: RESOLUTION_VERB_NOTE subject: 's' } }"),
                 On("2019-05-20", "meetings/may",
                    "resolution_passed { key: '9b' item: '9b' decider { post: 'PCC' } limbs { "
                    "verb: RESOLUTION_VERB_NOTE subject: 's' } }")});
  OpenRegisters registers(ledger);
  auto rows = Recommendations(registers, "meeting: 'meetings/may' verb: 'DETERMINE'");
  ASSERT_EQ(rows.rows_size(), 1);
  EXPECT_EQ(rows.rows(0).meeting_date(), "2019-05-20");
  EXPECT_THAT(rows.rows(0).resolutions(), ElementsAre("8a"));
  EXPECT_FALSE(rows.rows(0).changed());
  ledger.Append({On("2019-05-20", "papers/8a",
                    "recommendation_proposed { recommendation { key: '10' text: 'To note' } }"),
                 On("2019-05-20", "papers/8a",
                    "recommendation_proposed { recommendation { key: '2' text: 'To agree' } }"),
                 On("2019-05-20", "papers/8a",
                    "recommendation_proposed { recommendation { key: '1' text: 'Otherwise' } }")});
  rows = Recommendations(registers, "paper: 'papers/8a'");
  ASSERT_EQ(rows.rows_size(), 3);
  EXPECT_EQ(rows.rows(0).text(), "Otherwise");
  EXPECT_TRUE(rows.rows(0).changed());
  EXPECT_EQ(rows.rows(1).key(), "2");
  EXPECT_EQ(rows.rows(2).key(), "10");
  EXPECT_EQ(Papers(registers).rows(0).recommendation_count(), 3);
}

TEST(PapersTest, AReportAskedForIsOverdueUntilItIsSubmitted) {
  MemoryLedger ledger;
  ledger.Append({Meeting("may", "2019-05-20"),
                 On("2019-03-18", "papers/crime",
                    "report_requested { title: 'Crime data' report_by { organisation: "
                    "'Constabulary' } requested_at: 'meetings/mar' due { meeting: 'meetings/may' } "
                    "}")});
  OpenRegisters registers(ledger);
  PaperRow row = Papers(registers, "state: PAPER_STATE_REQUESTED").rows(0);
  EXPECT_TRUE(row.overdue());
  EXPECT_EQ(row.due_date(), "2019-05-20");
  EXPECT_EQ(row.requested_on(), "2019-03-18");
  EXPECT_EQ(row.report_by_size(), 1);
  ledger.Append({On("2019-05-10", "papers/crime", "paper_cleared { cleared_by { post: 'CC' } }"),
                 On("2019-05-13", "papers/crime",
                    "paper_submitted { title: 'HMICFRS Crime Data Integrity' meeting: "
                    "'meetings/may' }")});
  row = Papers(registers).rows(0);
  EXPECT_EQ(row.title(), "HMICFRS Crime Data Integrity");
  EXPECT_EQ(row.state(), PAPER_STATE_SUBMITTED);
  EXPECT_FALSE(row.overdue());
  EXPECT_EQ(row.requested_at(), "meetings/mar");
}

TEST(PapersTest, APaperNeverGoesBack) {
  MemoryLedger ledger;
  ledger.Append(
      {On("2019-05-13", "papers/p",
          "paper_submitted { title: 'P' meeting: 'meetings/may' sha256: "
          "'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' }"),
       On("2019-05-20", "papers/p", "paper_considered { considered_at: 'meetings/may' }"),
       On("2019-05-21", "papers/p", "paper_considered { considered_at: 'meetings/jul' }"),
       On("2019-05-22", "papers/p", "paper_published { url: 'https://example.org/p' }"),
       On("2019-05-23", "papers/p",
          "paper_redacted { reason: 'names' redacted_copy: 'papers/p-redacted' }"),
       On("2019-05-24", "papers/p",
          "paper_restated { sha256: 'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb' reason: 'a table' }")});
  OpenRegisters registers(ledger);
  PaperRow row = Papers(registers).rows(0);
  EXPECT_EQ(row.state(), PAPER_STATE_CONSIDERED);
  EXPECT_EQ(row.published_on(), "2019-05-22");
  EXPECT_EQ(row.redacted_on(), "2019-05-23");
  EXPECT_EQ(row.redacted_copy(), "papers/p-redacted");
  EXPECT_EQ(row.sha256(), std::string(32, 'b'));
  EXPECT_THAT(row.considered_at(), ElementsAre("meetings/may", "meetings/jul"));
  EXPECT_EQ(row.steps_size(), 6);
  ledger.Append({On("2019-06-01", "papers/p", "paper_superseded { superseded_by: 'papers/q' }")});
  row = Papers(registers).rows(0);
  EXPECT_EQ(row.state(), PAPER_STATE_SUPERSEDED);
  EXPECT_EQ(row.superseded_by(), "papers/q");
}

TEST(PapersTest, AnUndatedSubmissionFillsInWhatIsNotSaid) {
  MemoryLedger ledger;
  ledger.Append(
      {On("", "papers/p",
          "paper_submitted { title: 'P' url: 'https://example.org/first' recommendations { key: "
          "'1' text: 'First' } recommendations { key: '2' text: 'Second' } }"),
       On("2019-05-20", "papers/p", "paper_published { url: 'https://example.org/p' }"),
       On("2019-05-20", "papers/p",
          "recommendation_proposed { recommendation { key: '2' text: 'Otherwise' } }")});
  OpenRegisters registers(ledger);
  const PaperRow row = Papers(registers).rows(0);
  EXPECT_EQ(row.title(), "P");
  EXPECT_EQ(row.url(), "https://example.org/p");
  EXPECT_EQ(row.submitted_on(), "");
  ASSERT_EQ(row.recommendations_size(), 2);
  EXPECT_EQ(row.recommendations(0).text(), "First");
  EXPECT_EQ(row.recommendations(1).text(), "Otherwise");
}

}  // namespace
}  // namespace scrutiny::projections
