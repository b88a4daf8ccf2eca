#include "projections/queries/scope.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/message.h"

#include "ledger/base/limits.h"
#include "ledger/format/hash.h"
#include "projections/queries/all_registers.h"
#include "projections/queries/recorded_by.h"
#include "scrutiny/event/v1/identity.pb.h"

namespace scrutiny::projections {
namespace {

using ledger::Day;
using ledger::Error;
using ledger::Reason;
using ledger::Sequence;
using ledger::TreeSize;

// How long a query that names no position waits for the registers to be level with the ledger: a
// moment, so that a writer reads what was just written; then it answers from what there is.
constexpr int64_t kLevelWaitMicros = 2'000'000;

// The first bytes of a hash over the method and everything in the request but its page.
std::string Fingerprint(const Question& question) {
  const std::unique_ptr<google::protobuf::Message> request(question.request->New());
  request->CopyFrom(*question.request);
  const auto* page = request->GetDescriptor()->FindFieldByName("page");
  if (page != nullptr) request->GetReflection()->ClearField(request.get(), page);
  const ledger::Hash hash =
      ledger::Sha256Of(absl::StrCat(question.method, ":", request->SerializeAsString()));
  return std::string(ledger::AsBytes(hash).substr(0, kFingerprintBytes));
}

absl::Status NotReached(absl::string_view reg, Sequence sequence) {
  return Error(absl::StatusCode::kDeadlineExceeded, Reason::kUnspecified,
               absl::StrCat("The register ", reg, " has not come to entry ", sequence.value(),
                            " within ", ledger::kMinimumSequenceWaitMaxMicros / 1'000'000,
                            " seconds."))
      .Value(absl::StrCat(sequence.value()))
      .Next("Ask again, or without a minimum sequence.");
}

}  // namespace

absl::StatusOr<Day> ParseDay(absl::string_view text, absl::string_view field) {
  absl::StatusOr<Day> day = Day::Parse(text);
  if (day.ok()) return day;
  return Error(Reason::kMalformed,
               absl::StrCat("“", text, "” is not a day; write it as 2019-03-18."))
      .Field(field)
      .Value(text);
}

absl::StatusOr<std::unique_ptr<Scope>> Scope::Open(Engine& engine, const Question& question,
                                                   const QueryContext& context) {
  std::unique_ptr<Scope> scope(new Scope());
  scope->paper_held_ = context.paper_held;
  SCRUTINY_RETURN_IF_ERROR(scope->ReadClocks(question));
  SCRUTINY_RETURN_IF_ERROR(scope->ReadPage(engine, question));
  SCRUTINY_RETURN_IF_ERROR(scope->ChoosePosition(engine, question));
  if (scope->view_.last.has_value()) {
    scope->basis_.set_sequence(scope->view_.last->value());
    SCRUTINY_ASSIGN_OR_RETURN(
        const ledger::Hash digest,
        scope->reader(question.draws_on.front()).DigestAt(*scope->view_.last));
    scope->basis_.set_register_digest(digest.data(), digest.size());
  }
  SCRUTINY_RETURN_IF_ERROR(scope->Learn(question));
  SCRUTINY_RETURN_IF_ERROR(scope->Judge(engine, question, context));
  return scope;
}

const Reader& Scope::reader(absl::string_view name) const {
  const auto found = readers_.find(name);
  SCRUTINY_CHECK(found != readers_.end()) << name << " is not among those the question draws on";
  return found->second;
}

std::string Scope::TokenAfter(const std::string& key) const {
  if (key.empty()) return std::string();
  return EncodePageToken({ledger_, register_version_, view_.last, judged_on_, request_, key});
}

absl::optional<bool> Scope::PaperHeld(absl::string_view sha256) const {
  if (paper_held_ == nullptr) return absl::nullopt;
  return paper_held_(sha256);
}

void Scope::AddNote(absl::string_view note) {
  const absl::string_view gap = basis_.note().empty() ? "" : " ";
  basis_.set_note(absl::StrCat(basis_.note(), gap, note));
}

absl::Status Scope::ReadClocks(const Question& question) {
  const register_::v1::View& view = *question.view;
  if (!view.true_on().empty() && view.has_known_to()) {
    return Error(Reason::kMalformed,
                 "What was true on a day and what was known to a forum cannot be asked together.")
        .Field("view.true_on")
        .Value(view.true_on())
        .Next("Ask one or the other; either goes with recorded-by.");
  }
  if (!view.true_on().empty()) {
    SCRUTINY_ASSIGN_OR_RETURN(view_.true_on, ParseDay(view.true_on(), "view.true_on"));
  }
  if (view.has_known_to()) {
    if (view.known_to().forum().empty()) {
      return Error(Reason::kMalformed, "Known to whom? Name a forum.").Field("view.known_to.forum");
    }
    SCRUTINY_ASSIGN_OR_RETURN(known_on_, ParseDay(view.known_to().on(), "view.known_to.on"));
  }
  return absl::OkStatus();
}

absl::Status Scope::ReadPage(const Engine& engine, const Question& question) {
  ledger_ = engine.source().identity();
  SCRUTINY_ASSIGN_OR_RETURN(const RegisterState state, engine.State(question.draws_on.front()));
  register_version_ = state.definition->version;
  basis_.set_register_version(register_version_);
  page_size_ = question.page->size() == 0 ? ledger::kPageEntriesMax : question.page->size();
  if (page_size_ > ledger::kPageEntriesMax) {
    return Error(Reason::kOverLimit,
                 absl::StrCat("A page has at most ", ledger::kPageEntriesMax, " rows."))
        .Field("page.size")
        .Value(absl::StrCat(page_size_));
  }
  request_ = Fingerprint(question);
  if (question.page->token().empty()) return absl::OkStatus();
  SCRUTINY_ASSIGN_OR_RETURN(
      token_, DecodePageToken(question.page->token(), ledger_, register_version_, request_));
  after_ = token_->after;
  return absl::OkStatus();
}

absl::Status Scope::ChoosePosition(Engine& engine, const Question& question) {
  const register_::v1::View& view = *question.view;
  if (view.has_min_sequence()) {
    const Sequence wanted(view.min_sequence());
    if (!engine.WaitFor(question.draws_on, SizeToHold(wanted),
                        ledger::kMinimumSequenceWaitMaxMicros)) {
      return NotReached(question.draws_on.front(), wanted);
    }
  }
  if (token_.has_value()) {
    pinned_ = true;
    view_.last = token_->last;
  } else if (view.recorded_by_case() != register_::v1::View::RECORDED_BY_NOT_SET) {
    pinned_ = true;
    SCRUTINY_ASSIGN_OR_RETURN(const RecordedBy found,
                              view.has_sequence()
                                  ? RecordedBySequence(engine.source(), Sequence(view.sequence()))
                                  : RecordedByTime(engine.source(), view.recorded_at_us()));
    view_.last = found.last;
    if (found.rounded) {
      AddNote(found.last.has_value() ? absl::StrCat("Rounded down to entry ", found.last->value(),
                                                    ", the end of the last whole append.")
                                     : "Rounded down to before the first append.");
    }
  }
  return Level(engine, question);
}

// Brings the position and the registers together.
absl::Status Scope::Level(Engine& engine, const Question& question) {
  const TreeSize head = engine.source().size();
  basis_.set_head_sequence(head.value() == 0 ? 0 : head.value() - 1);
  const bool nothing = pinned_ && !view_.last.has_value();
  const TreeSize wanted = nothing ? TreeSize(0) : pinned_ ? ledger::SizeThrough(*view_.last) : head;
  engine.WaitFor(question.draws_on, wanted,
                 pinned_ ? ledger::kMinimumSequenceWaitMaxMicros : kLevelWaitMicros);

  TreeSize applied = wanted;
  SCRUTINY_ASSIGN_OR_RETURN(const std::vector<Engine::Look> looks,
                            engine.LookAt(question.draws_on));
  for (const Engine::Look& look : looks) {
    const absl::string_view name = look.state.definition->name;
    readers_.emplace(std::string(name), look.reader);
    const bool behind = look.state.applied < wanted;
    if (!look.state.stalled.ok() && name == question.draws_on.front()) {
      basis_.set_stalled(true);
      basis_.set_stalled_because(std::string(look.state.stalled.message()));
    } else if (!look.state.stalled.ok() && behind) {
      AddNote(absl::StrCat("The register ", name,
                           " has stopped; what is drawn from it may be out of date."));
      continue;
    }
    applied = std::min(applied, look.state.applied);
  }
  if (applied < wanted) {
    if (token_.has_value() && !basis_.stalled()) {
      return NotReached(question.draws_on.front(), *view_.last);
    }
    if (!basis_.stalled()) AddNote("The register is catching up with the ledger.");
  }
  view_.last.reset();
  if (applied.value() > 0) view_.last = Sequence(applied.value() - 1);
  calendar_ = std::make_unique<Calendar>(reader(kMeetings), reader(kForums), reference());
  return absl::OkStatus();
}

// Gathers what the forum had been told by the day.
absl::Status Scope::Learn(const Question& question) {
  if (!known_on_.has_value()) return absl::OkStatus();
  SCRUTINY_ASSIGN_OR_RETURN(
      const std::string forum,
      calendar_->ForumNamed(question.view->known_to().forum(), "view.known_to.forum"));
  knowledge_ = std::make_unique<Knowledge>();
  knowledge_->on = *known_on_;
  SCRUTINY_ASSIGN_OR_RETURN(const std::vector<std::string> meetings, calendar_->MeetingsOf(forum));
  std::vector<std::string> by_then;
  for (const std::string& meeting : meetings) {
    SCRUTINY_ASSIGN_OR_RETURN(const MeetingInfo info, calendar_->Meeting(meeting));
    // Nothing comes to anybody's knowledge at a meeting that is not held.
    if (info.cancelled || !info.day.has_value() || *info.day > *known_on_) continue;
    knowledge_->meetings.insert(meeting);
    by_then.push_back(meeting);
  }
  SCRUTINY_RETURN_IF_ERROR(
      ForRows(reader(kKnowledge), reference(), by_then,
              [&](absl::string_view record, absl::string_view, absl::string_view bytes) {
                event::v1::PutBefore put;
                SCRUTINY_RETURN_IF_ERROR(ParseRow(record, bytes, &put));
                knowledge_->entries.insert(put.sequences().begin(), put.sequences().end());
                return absl::OkStatus();
              }));
  view_.known_to = knowledge_.get();
  return absl::OkStatus();
}

absl::Status Scope::Judge(Engine& engine, const Question& question, const QueryContext& context) {
  const register_::v1::View& view = *question.view;
  if (token_.has_value()) {
    judged_on_ = token_->judged_on;
  } else if (!view.judged_on().empty()) {
    SCRUTINY_ASSIGN_OR_RETURN(judged_on_, ParseDay(view.judged_on(), "view.judged_on"));
  } else if (!view.true_on().empty()) {
    judged_on_ = view_.true_on;
  } else if (known_on_.has_value()) {
    judged_on_ = *known_on_;
  } else if (view.recorded_by_case() != register_::v1::View::RECORDED_BY_NOT_SET) {
    int64_t at = view.recorded_at_us();
    if (view.has_sequence()) {
      SCRUTINY_ASSIGN_OR_RETURN(const RecordedBy found,
                                RecordedBySequence(engine.source(), Sequence(view.sequence())));
      at = found.recorded_at_us;
    }
    judged_on_ = context.day_of ? context.day_of(at) : Day::FromUnixMicros(at);
  } else {
    judged_on_ = context.today;
  }
  basis_.set_judged_on(judged_on_.ToString());
  return absl::OkStatus();
}

}  // namespace scrutiny::projections
