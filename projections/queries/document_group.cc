#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"

#include "projections/board/commitments.h"
#include "projections/board/decisions.h"
#include "projections/board/papers.h"
#include "projections/board/questions.h"
#include "projections/board/standing_items.h"
#include "projections/queries/all_registers.h"
#include "projections/queries/document_queries.h"
#include "projections/queries/groups.h"
#include "projections/queries/list_query.h"
#include "projections/queries/meeting_joins.h"
#include "scrutiny/register/v1/commitments.pb.h"
#include "scrutiny/register/v1/papers.pb.h"
#include "scrutiny/register/v1/questions.pb.h"

namespace scrutiny::projections {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): every message of the
                                // service

namespace {

absl::optional<std::vector<std::string>> Just(const std::string& record) {
  return std::vector<std::string>{record};
}

absl::Status FinishCommitment(Scope& scope, CommitmentRow* row) {
  bool past = false;
  SCRUTINY_RETURN_IF_ERROR(JudgeDue(scope, row->due(), row->mutable_due_date(), &past));
  row->set_overdue(past && row->state() == COMMITMENT_STATE_PROPOSED);
  if (row->given_at().empty()) return absl::OkStatus();
  SCRUTINY_ASSIGN_OR_RETURN(const MeetingInfo meeting, scope.calendar().Meeting(row->given_at()));
  row->set_forum(meeting.forum);
  return absl::OkStatus();
}

absl::Status FinishQuestionPart(Scope& scope, QuestionPartRow* row) {
  bool past = false;
  SCRUTINY_RETURN_IF_ERROR(JudgeDue(scope, row->due(), row->mutable_due_date(), &past));
  row->set_overdue(past && row->owed());
  return absl::OkStatus();
}

// The name of a holder of public office, else the post.
absl::Status ShowAsker(Scope& scope, QuestionRow* row) {
  if (row->asker_withheld()) {
    row->set_shown_as("withheld");
    return absl::OkStatus();
  }
  SCRUTINY_ASSIGN_OR_RETURN(std::string shown_as, ShownAs(scope, row->asker(), row->asker_post()));
  if (shown_as.empty()) shown_as = row->organisation();
  row->set_shown_as(std::move(shown_as));
  return absl::OkStatus();
}

absl::Status FinishQuestion(Scope& scope, QuestionRow* row) {
  bool past = false;
  SCRUTINY_RETURN_IF_ERROR(JudgeDue(scope, row->due(), row->mutable_due_date(), &past));
  row->set_overdue(past && row->state() <= QUESTION_STATE_PARTLY_ANSWERED);
  SCRUTINY_RETURN_IF_ERROR(ShowAsker(scope, row));
  if (row->overdue() || row->follow_ups_owed() == 0) return absl::OkStatus();
  return ForRows(scope.reader(kQuestions), scope.view(), Just(row->question()),
                 [&](absl::string_view record, absl::string_view key, absl::string_view bytes) {
                   if (!absl::StartsWith(key, "p/f/")) return absl::OkStatus();
                   QuestionPartRow part;
                   SCRUTINY_RETURN_IF_ERROR(ParseRow(record, bytes, &part));
                   SCRUTINY_RETURN_IF_ERROR(FinishQuestionPart(scope, &part));
                   row->set_overdue(row->overdue() || part.overdue());
                   return absl::OkStatus();
                 });
}

// Whether the bytes that a paper names are held: the one place where the store is asked.
PaperHolding HoldingOf(const Scope& scope, absl::string_view sha256) {
  if (sha256.empty()) return PAPER_HOLDING_NOT_HELD;
  const absl::optional<bool> held = scope.PaperHeld(sha256);
  if (!held.has_value()) return PAPER_HOLDING_UNSPECIFIED;
  return *held ? PAPER_HOLDING_HELD : PAPER_HOLDING_BYTES_MISSING;
}

absl::Status FinishPaper(Scope& scope, PaperRow* row) {
  row->set_holding(HoldingOf(scope, row->sha256()));
  row->set_held(row->holding() == PAPER_HOLDING_HELD);
  row->set_paper_date(row->dated());
  if (!row->meeting().empty()) {
    SCRUTINY_ASSIGN_OR_RETURN(const MeetingInfo meeting, scope.calendar().Meeting(row->meeting()));
    row->set_forum(meeting.forum);
    if (row->paper_date().empty()) row->set_paper_date(meeting.date);
    if (!row->item().empty()) {
      SCRUTINY_ASSIGN_OR_RETURN(const ItemInfo item,
                                scope.calendar().Item(row->meeting(), row->item()));
      row->set_item_printed(item.number_printed);
    }
  }
  bool past = false;
  SCRUTINY_RETURN_IF_ERROR(JudgeDue(scope, row->due(), row->mutable_due_date(), &past));
  row->set_overdue(past && row->state() < PAPER_STATE_SUBMITTED);
  return absl::OkStatus();
}

absl::Status FinishPaperAttachment(Scope& scope, PaperAttachmentRow* row) {
  if (row->attached().empty()) return absl::OkStatus();
  PaperRow attached;
  SCRUTINY_RETURN_IF_ERROR(
      ForRows(scope.reader(kPapers), scope.view(), Just(row->attached()),
              [&](absl::string_view record, absl::string_view key, absl::string_view bytes) {
                if (!key.empty()) return absl::OkStatus();
                return ParseRow(record, bytes, &attached);
              }));
  row->set_holding(attached.paper().empty() ? PAPER_HOLDING_CITED_ONLY
                                            : HoldingOf(scope, attached.sha256()));
  return absl::OkStatus();
}

absl::Status FinishPaperRecommendation(Scope& scope, PaperRecommendationRow* row) {
  if (row->meeting().empty()) return absl::OkStatus();
  SCRUTINY_ASSIGN_OR_RETURN(const MeetingInfo meeting, scope.calendar().Meeting(row->meeting()));
  row->set_meeting_date(meeting.date);
  if (row->item().empty()) return absl::OkStatus();
  return ForRows(scope.reader(kResolutions), scope.view(), Just(row->meeting()),
                 [&](absl::string_view record, absl::string_view, absl::string_view bytes) {
                   ResolutionRow resolution;
                   SCRUTINY_RETURN_IF_ERROR(ParseRow(record, bytes, &resolution));
                   if (resolution.item() == row->item()) row->add_resolutions(resolution.key());
                   return absl::OkStatus();
                 });
}

}  // namespace

std::vector<const Register*> DocumentRegisters() {
  return {&CommitmentsRegister(), &QuestionsRegister(), &StandingItemsRegister()};
}

std::vector<Query> DocumentQueries() {
  return {
      ListOf<ListCommitmentsRequest, ListCommitmentsResponse, CommitmentRow>(
          "ListCommitments", CommitmentsRegister(), {}, FinishCommitment),
      ListOf<ListQuestionsRequest, ListQuestionsResponse, QuestionRow>(
          "ListQuestions", QuestionsRegister(), {kPeople}, FinishQuestion),
      ListOf<ListQuestionPartsRequest, ListQuestionPartsResponse, QuestionPartRow>(
          "ListQuestionParts", QuestionsRegister(), {}, FinishQuestionPart),
      ListOf<ListPapersRequest, ListPapersResponse, PaperRow>("ListPapers", PapersRegister(), {},
                                                              FinishPaper),
      ListOf<ListPaperAttachmentsRequest, ListPaperAttachmentsResponse, PaperAttachmentRow>(
          "ListPaperAttachments", PapersRegister(), {}, FinishPaperAttachment),
      ListOf<ListPaperRecommendationsRequest, ListPaperRecommendationsResponse,
             PaperRecommendationRow>("ListPaperRecommendations", PapersRegister(), {kResolutions},
                                     FinishPaperRecommendation),
      ListOf<ListDecisionOptionsRequest, ListDecisionOptionsResponse>("ListDecisionOptions",
                                                                      DecisionsRegister()),
      MakeQuery("ListDecisionsToReport", QueryDecisionsToReport),
      MakeQuery("ComparePlanWithAgenda", QueryPlanAgenda),
  };
}

}  // namespace scrutiny::projections
