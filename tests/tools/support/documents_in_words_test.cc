// Questions, commitments, papers and decisions as sentences.
#include <string>

#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"

#include "ledger/base/status.h"
#include "scrutiny/event/v1/entry.pb.h"
#include "tools/support/describe.h"

namespace scrutiny::tools {
namespace {

std::string Said(const std::string& text) {
  event::v1::Proposed proposed;
  SCRUTINY_CHECK(google::protobuf::TextFormat::ParseFromString(text, &proposed)) << text;
  return Describe(proposed);
}

TEST(DocumentsInWordsTest, AQuestionAndItsAnswer) {
  EXPECT_EQ(Said("question_submitted { title: 'Knife crime' asker_kind: ASKER_KIND_PUBLIC "
                 "asker_withheld: true put_to: 'meetings/m' }"),
            "Question: Knife crime; asked as public (withheld); put to meetings/m");
  EXPECT_EQ(Said("question_answered { limbs: 'a' text: '41' extent: ANSWER_EXTENT_PARTIAL missing: "
                 "'a comparison' }"),
            "Question answered, limbs a: 41; partial; missing: a comparison");
  EXPECT_EQ(Said("follow_up_promised { key: 'f1' text: 'Figures' }"),
            "Promised in answer, f1: Figures");
}

TEST(DocumentsInWordsTest, ACommitmentAndWhatBecameOfIt) {
  EXPECT_EQ(Said("commitment_proposed { title: 'A round-table' paper: 'papers/p' owners { post: "
                 "'PCC' } due { printed: 'later this year' } }"),
            "Commitment: A round-table; PCC; due later this year; in papers/p");
  EXPECT_EQ(Said("commitment_adopted { action: 'actions/a' }"), "Commitment adopted as actions/a");
}

TEST(DocumentsInWordsTest, APaperAndADecision) {
  EXPECT_EQ(Said("report_requested { title: 'Crime data' requested_at: 'meetings/m' }"),
            "Report asked for: Crime data; by meetings/m");
  EXPECT_EQ(Said("decision_publication_withheld { reason: 'a name' in_part: true }"),
            "Decision not published in part: a name");
  EXPECT_EQ(Said("forward_plan_item_placed { meeting: 'meetings/m' item: '9a' }"),
            "Planned item on the agenda of meetings/m, item 9a");
}

}  // namespace
}  // namespace scrutiny::tools
