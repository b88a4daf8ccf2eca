// Papers, questions, commitments, and decisions beside their log.
#include "scrutiny/register/v1/commitments.pb.h"
#include "scrutiny/register/v1/decision_reports.pb.h"
#include "scrutiny/register/v1/papers.pb.h"
#include "scrutiny/register/v1/plan_agenda.pb.h"
#include "scrutiny/register/v1/questions.pb.h"
#include "tools/scrutiny/list_command.h"

namespace scrutiny::tools {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): every message of the
                                // service

std::vector<ListedRegister> ListedDocuments() {
  return {
      Listed<ListPapersRequest, ListPapersResponse>(
          "papers", "Papers: how far they are, and whether they are held", "ListPapers"),
      Listed<ListPaperRecommendationsRequest, ListPaperRecommendationsResponse>(
          "paper-recommendations", "What papers recommend, and what was resolved on it",
          "ListPaperRecommendations"),
      Listed<ListPaperAttachmentsRequest, ListPaperAttachmentsResponse>(
          "paper-attachments", "What is attached to papers, and what is listed and not there",
          "ListPaperAttachments"),
      Listed<ListQuestionsRequest, ListQuestionsResponse>(
          "questions", "Questions, with what is owed on them", "ListQuestions"),
      Listed<ListQuestionPartsRequest, ListQuestionPartsResponse>(
          "question-parts", "Limbs, answers, supplementaries and follow-ups of questions",
          "ListQuestionParts"),
      Listed<ListCommitmentsRequest, ListCommitmentsResponse>(
          "commitments", "What papers promise, and whether anybody follows it", "ListCommitments"),
      Listed<ListDecisionOptionsRequest, ListDecisionOptionsResponse>(
          "decision-options", "Options considered for decisions", "ListDecisionOptions"),
      Listed<ListDecisionsToReportRequest, ListDecisionsToReportResponse>(
          "decisions-to-report", "Decisions that a meeting has still to hear of",
          "ListDecisionsToReport",
          "Example:\n  scrutiny decisions-to-report --meeting meetings/spab/2019-05-20"),
      Listed<ComparePlanWithAgendaRequest, ComparePlanWithAgendaResponse>(
          "plan-agenda", "The forward plan held against a meeting's agenda",
          "ComparePlanWithAgenda",
          "Example:\n  scrutiny plan-agenda --meeting meetings/spab/2019-05-20"),
  };
}

}  // namespace scrutiny::tools
