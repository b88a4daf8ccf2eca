#include "projections/public/consultations.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "projections/engine/ruled_fold.h"
#include "projections/public/child_rows.h"
#include "scrutiny/register/v1/consultations.pb.h"

namespace scrutiny::projections {
namespace {

using namespace register_::v1;  // NOLINT(google-build-using-namespace): states of the row
using event::v1::Proposed;
using google::protobuf::Message;

constexpr int kUsedInMax = 20;

ConsultationRow& Of(Message* row) { return static_cast<ConsultationRow&>(*row); }

// A step never leads back: what was used while it ran is used when it closes too.
void Advance(ConsultationState state, ConsultationRow& row) {
  if (row.state() == CONSULTATION_STATE_CALLED_OFF || state > row.state()) row.set_state(state);
}

void Opened(const Fact& fact, Message* message) {
  const event::v1::ConsultationOpened& opened = fact.proposed().consultation_opened();
  ConsultationRow& row = Of(message);
  if (!opened.opens().empty() && row.opens() == opened.opens()) row.set_opened_on(opened.opens());
  ItemOfMeeting(opened, &row);
}

// Counted again, a count takes the place of the one before, with the day it was of.
void Tallied(const Fact& fact, Message* message) {
  const event::v1::ConsultationResponsesTallied& tallied =
      fact.proposed().consultation_responses_tallied();
  if (tallied.has_responses() && tallied.as_at().empty()) Of(message).clear_as_at();
  ItemOfMeeting(tallied, &Of(message));
}

void Closed(const Fact& fact, Message* message) {
  if (fact.proposed().consultation_closed().called_off()) {
    Of(message).set_state(CONSULTATION_STATE_CALLED_OFF);
  } else {
    Advance(CONSULTATION_STATE_CLOSED, Of(message));
  }
}

void Published(const Fact& fact, Message* message) {
  Advance(CONSULTATION_STATE_FINDINGS_PUBLISHED, Of(message));
  ItemOfMeeting(fact.proposed().consultation_findings_published(), &Of(message));
}

void Used(const Fact& fact, Message* message) {
  const event::v1::ConsultationUsed& used = fact.proposed().consultation_used();
  ConsultationRow& row = Of(message);
  Advance(CONSULTATION_STATE_USED, row);
  ItemOfMeeting(used, &row);
  if (row.used_on().empty()) row.set_used_on(fact.DayText());
  auto& list = *row.mutable_used_in();
  if (std::find(list.begin(), list.end(), used.used_in()) != list.end()) return;
  *list.Add() = used.used_in();
  if (list.size() > kUsedInMax) list.DeleteSubrange(0, list.size() - kUsedInMax);
}

std::vector<FactRule> Rules() {
  return {
      {.fact_type = Proposed::kConsultationOpened,
       .state = CONSULTATION_STATE_OPEN,
       .day = "opened_on",
       .step = "opened",
       .then = Opened},
      {.fact_type = Proposed::kConsultationExtended, .step = "extended"},
      {.fact_type = Proposed::kConsultationResponsesTallied,
       .step = "tallied",
       .clears = {"interim"},
       .then = Tallied},
      {.fact_type = Proposed::kConsultationClosed,
       .day = "closed_on",
       .step = "closed",
       .then = Closed},
      {.fact_type = Proposed::kConsultationFindingsPublished,
       .day = "findings_published_on",
       .step = "findings published",
       .then = Published},
      {.fact_type = Proposed::kConsultationUsed, .step = "used", .then = Used},
  };
}

class ConsultationFold final : public RuledFold<ConsultationRow> {
 public:
  using RuledFold::RuledFold;

 protected:
  void After(const Fact& fact) override {
    if (!fact.proposed().has_consultation_findings_published()) return;
    const auto& findings = fact.proposed().consultation_findings_published().findings();
    // A fact that only names the paper leaves what was found as it is.
    if (findings.empty()) return;
    findings_.DropAll();
    uint32_t order = 0;
    for (const event::v1::ConsultationFinding& finding : findings) {
      ConsultationFindingRow& row = findings_.Touch(absl::StrCat("f/", finding.key()), fact);
      row.set_consultation(row_.consultation());
      row.set_order(++order);
      row.set_key(finding.key());
      row.set_question(finding.question());
      row.set_text(finding.text());
      row.clear_value();
      if (finding.has_value()) *row.mutable_value() = finding.value();
      row.set_unit(finding.unit());
      row.set_answered(finding.answered());
      row.set_group(finding.group());
    }
    row_.set_findings_recorded(static_cast<uint32_t>(findings_.size()));
  }

  void MoreRows(RowSink& sink) override { findings_.Give(sink); }

 private:
  ChildRows<ConsultationFindingRow> findings_;
};

const Message& RowOf(absl::string_view key) {
  if (absl::StartsWith(key, "f/")) return ConsultationFindingRow::default_instance();
  return ConsultationRow::default_instance();
}

void Index(const Proposed& proposed, IndexSink sink) {
  for (const std::string& informs : proposed.consultation_opened().informs()) {
    sink("used_in", informs);
  }
  const std::string& used_in = proposed.consultation_used().used_in();
  if (!used_in.empty()) sink("used_in", used_in);
}

}  // namespace

const Register& ConsultationsRegister() {
  static const Register& consultations =
      *new Register(RuledRegister<ConsultationFold, ConsultationRow>(
          "consultations", 1, "consultations", Rules(), RowOf, Index));
  return consultations;
}

}  // namespace scrutiny::projections
