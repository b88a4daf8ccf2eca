// `scrutiny correct SEQ --set field=value --reason TEXT` and `scrutiny withdraw SEQ --reason TEXT`
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "ledger/base/error.h"
#include "ledger/base/status.h"
#include "tools/scrutiny/amend.h"
#include "tools/scrutiny/commands.h"
#include "tools/scrutiny/sealing.h"
#include "tools/scrutiny/send.h"
#include "tools/support/describe.h"
#include "tools/support/field_path.h"
#include "tools/support/mint.h"
#include "tools/support/seals.h"

namespace scrutiny::tools {
namespace {

using event::v1::Entry;
using event::v1::Proposed;
using ledger::Error;
using ledger::Reason;
using ledger::v1::NewFact;

absl::StatusOr<Entry> ReadEntry(Client& client, uint64_t sequence) {
  ledger::v1::ReadRequest request;
  request.set_from_sequence(sequence);
  request.set_to_sequence(sequence);
  request.set_limit(1);
  Entry entry;
  bool found = false;
  SCRUTINY_RETURN_IF_ERROR(client.Read(request, [&](const ledger::v1::ReadResponse& batch) {
    for (const std::string& bytes : batch.entries()) found = entry.ParseFromString(bytes);
    return absl::OkStatus();
  }));
  if (!found) {
    return Error(Reason::kBeyondHead, absl::StrCat("there is no entry ", sequence))
        .Value(absl::StrCat(sequence));
  }
  return entry;
}

absl::StatusOr<std::vector<Entry>> ReadHistory(Client& client, const std::string& record) {
  ledger::v1::GetRecordRequest request;
  request.set_record(record);
  std::vector<Entry> history;
  do {
    SCRUTINY_ASSIGN_OR_RETURN(const auto page, client.Call(request));
    for (const std::string& bytes : page.entries()) {
      if (!history.emplace_back().ParseFromString(bytes)) {
        return Error(Reason::kCorrupt, "the server sent bytes that are no entry").Record(record);
      }
    }
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  return history;
}

std::string RequestIdOf(const Args& args) {
  return args.Has("request-id") ? args.Get("request-id") : MintRequestId();
}

// What stands, with its sealed parts opened, so that the correction seals them anew.
absl::StatusOr<NewFact> OpenStanding(const Entry& standing, Context& context) {
  NewFact fact;
  *fact.mutable_proposed() = standing.proposed();
  if (standing.seals().empty()) return fact;
  const uint64_t sequence = standing.assigned().sequence();
  if (standing.proposed().has_sealed_fact()) {
    return UsageError(
        absl::StrCat("entry ", sequence, " is sealed as a whole; withdraw it and record it anew"));
  }
  ledger::v1::OpenSealedRequest request;
  request.set_sequence(sequence);
  SCRUTINY_ASSIGN_OR_RETURN(auto opened, context.client.Call(request));
  fact.mutable_proposed()->Swap(opened.mutable_opened());
  for (const ledger::v1::SealedPart& part : opened.parts()) {
    if (part.state() == ledger::v1::SEAL_STATE_OPENED) {
      ledger::v1::SealRequest* seal = fact.add_seals();
      seal->set_field_path(part.field_path());
      seal->set_sealed_for(part.sealed_for());
      continue;
    }
    context.err << "Its " << PartInWords(part.field_path())
                << (part.state() == ledger::v1::SEAL_STATE_ERASED
                        ? " was erased; the correction is without it.\n"
                        : " cannot be opened here; the correction is without it.\n");
  }
  return fact;
}

// Whether the field at the path is set.
bool IsSet(const Proposed& proposed, absl::string_view path) {
  Proposed copy = proposed;
  const auto place = Locate(&copy, path);
  return place.ok() && !FieldText(*place->message, place->field).empty();
}

// The seals of what the correction says: those there were, and for what is new those that
// --sealed-for asks for. What was sealed is never recorded in the clear.
absl::Status SealAnew(const Args& args, const NewFact& standing, NewFact* corrected,
                      Context& context) {
  std::map<std::string, std::string> subjects;  // by path; empty: not known
  for (const ledger::v1::SealRequest& seal : standing.seals()) {
    if (!IsSet(corrected->proposed(), seal.field_path())) continue;
    std::string& subject = subjects[seal.field_path()];
    // An earlier version sealed what is personal for the office too.
    if (seal.sealed_for() != kSealedForOffice || MayBeForTheOffice(seal.field_path())) {
      subject = seal.sealed_for();
    }
  }
  for (const std::string& path : MarkedFields(corrected->proposed())) subjects[path];
  for (auto& [path, subject] : subjects) {
    if (subject.empty() && !args.Has(kSealedForFlag)) {
      return UsageError(absl::StrCat(
          path.substr(path.find('.') + 1), " is only recorded sealed; say for whom with --",
          kSealedForFlag, " persons/… or --", kSealedForFlag, " office"));
    }
    if (subject.empty()) {
      SCRUTINY_ASSIGN_OR_RETURN(
          subject, ReadSubject(args.Get(kSealedForFlag), corrected->proposed().record(),
                               [&](absl::string_view text, absl::string_view kind) {
                                 return ResolveName(context.client, text, kind);
                               }));
    }
    ledger::v1::SealRequest* seal = corrected->add_seals();
    seal->set_field_path(path);
    seal->set_sealed_for(subject);
  }
  return absl::OkStatus();
}

// What differs, a line a field; of what is sealed only that it does.
std::vector<std::string> DifferencesOf(const NewFact& before, const NewFact& after) {
  std::vector<std::string> lines = Differences(PublicPart(before), PublicPart(after));
  std::set<std::string> paths;
  for (const auto& seal : before.seals()) paths.insert(seal.field_path());
  for (const auto& seal : after.seals()) paths.insert(seal.field_path());
  for (const std::string& path : paths) {
    Proposed old_one = before.proposed();
    Proposed new_one = after.proposed();
    const auto old_place = Locate(&old_one, path);
    const auto new_place = Locate(&new_one, path);
    if (!old_place.ok() || !new_place.ok()) continue;
    const std::string old_text = FieldText(*old_place->message, old_place->field);
    const std::string new_text = FieldText(*new_place->message, new_place->field);
    if (old_text == new_text) continue;
    lines.push_back(absl::StrCat(PartInWords(path), ": ", old_text.empty() ? "nothing" : "[sealed]",
                                 " becomes ", new_text.empty() ? "nothing" : "[sealed]"));
  }
  return lines;
}

// The correction that the flags ask for, before it is sent.
absl::StatusOr<NewFact> MakeCorrection(const Args& args, const NewFact& standing, uint64_t original,
                                       Context& context) {
  NewFact fact;
  Proposed& corrected = *fact.mutable_proposed();
  corrected = standing.proposed();
  corrected.clear_recorded_despite();
  corrected.set_corrects(original);
  for (const std::string& assignment : args.All("set")) {
    const absl::Status set = SetAssignment(assignment, &corrected);
    if (!set.ok()) return UsageError(absl::StrCat("--set ", assignment, ": ", set.message()));
  }
  SCRUTINY_RETURN_IF_ERROR(SealAnew(args, standing, &fact, context));
  const std::vector<std::string> differences = DifferencesOf(standing, fact);
  if (differences.empty()) return UsageError("nothing would change; the entry says so already");
  if (!NoteReason(args.Get("reason"), &corrected)) {
    context.err << "The entry cites no paper, in whose note the reason could be kept; to keep it, "
                   "add --set 'sources[0].paper=papers/…'.\n";
  }
  const absl::Status valid = CheckNewFact(fact);
  if (!valid.ok()) return UsageError(absl::StrCat("--set: ", valid.message()));
  if (FormatOf(args) == Format::kTable) {
    for (const std::string& line : differences) context.out << "  " << line << "\n";
  }
  return fact;
}

absl::Status Correct(const Args& args, Context& context) {
  SCRUTINY_ASSIGN_OR_RETURN(const SendOptions options, SendOptionsOf(args));
  SCRUTINY_ASSIGN_OR_RETURN(const uint64_t sequence, ReadSequence(args.Get("SEQ"), "SEQ"));
  SCRUTINY_ASSIGN_OR_RETURN(const Entry entry, ReadEntry(context.client, sequence));
  if (entry.proposed().has_withdrawn()) {
    return UsageError(absl::StrCat("entry ", sequence,
                                   " is a withdrawal; withdraw it to restore "
                                   "what it withdrew"));
  }
  const uint64_t original =
      entry.proposed().has_corrects() ? entry.proposed().corrects() : sequence;
  SCRUTINY_ASSIGN_OR_RETURN(const std::vector<Entry> history,
                            ReadHistory(context.client, entry.proposed().record()));
  const Entry* standing = Standing(history, original);
  if (standing == nullptr) {
    return Error(Reason::kMalformed,
                 absl::StrCat("entry ", original, " is withdrawn; record the fact anew instead"))
        .Value(absl::StrCat(original));
  }
  ledger::v1::AppendRequest request;
  request.set_request_id(RequestIdOf(args));
  SCRUTINY_ASSIGN_OR_RETURN(const NewFact opened, OpenStanding(*standing, context));
  SCRUTINY_ASSIGN_OR_RETURN(*request.add_facts(), MakeCorrection(args, opened, original, context));
  // Somebody else's correction in between must not be lost.
  request.mutable_facts(0)->set_expected_revision(history.size());
  return Send(std::move(request), options, context);
}

absl::Status Withdraw(const Args& args, Context& context) {
  SCRUTINY_ASSIGN_OR_RETURN(const SendOptions options, SendOptionsOf(args));
  SCRUTINY_ASSIGN_OR_RETURN(const uint64_t sequence, ReadSequence(args.Get("SEQ"), "SEQ"));
  SCRUTINY_ASSIGN_OR_RETURN(const Entry entry, ReadEntry(context.client, sequence));
  ledger::v1::AppendRequest request;
  request.set_request_id(RequestIdOf(args));
  Proposed& withdrawal = *request.add_facts()->mutable_proposed();
  withdrawal.set_record(entry.proposed().record());
  withdrawal.set_corrects(sequence);
  withdrawal.mutable_withdrawn()->set_reason(args.Get("reason"));
  for (const std::string& meeting : args.All("put-before")) {
    SCRUTINY_ASSIGN_OR_RETURN(*withdrawal.add_put_before(),
                              ResolveName(context.client, meeting, "meetings"));
  }
  if (FormatOf(args) == Format::kTable) {
    context.out << "  Entry " << sequence << " is: " << Describe(entry) << "\n";
  }
  return Send(std::move(request), options, context);
}

Option SequenceArgument() {
  return {.name = "SEQ",
          .help = "The entry's sequence",
          .kind = Option::Kind::kArgument,
          .value = "",
          .required = true};
}

Option RequestIdOption() {
  return {.name = "request-id",
          .help = "The request's id; a random one if not given",
          .value = "ID",
          .group = "Recording"};
}

}  // namespace

Command CorrectCommand() {
  Command command{
      .name = "correct",
      .summary = "Set an entry right; what it said before stays readable",
      .group = kForSecretaries,
      .details =
          "Fields are named as `scrutiny replay --format json` prints them: those of the\n"
          "fact, or occurred.on, effective_from, put_before[0], sources[0].note.\n"
          "Examples:\n"
          "  scrutiny correct 212 --set due.date=2019-07-08 --reason \"Misread\"\n"
          "  scrutiny correct 212 --set 'owners[0].post=Chief Executive' --reason \"Typo\"",
      .options = {SequenceArgument(),
                  {.name = "set",
                   .help = "A field and its right value; an empty value clears it",
                   .kind = Option::Kind::kValues,
                   .value = "FIELD=VALUE",
                   .required = true},
                  {.name = "reason", .help = "Why", .required = true},
                  {.name = kSealedForFlag,
                   .help =
                       "For whom to seal what is set here and may only be recorded sealed; what "
                       "was sealed before stays so",
                   .value = "PERSON|office",
                   .group = kSealedGroup},
                  RequestIdOption()},
      .run = Correct};
  AddSendOptions(&command);
  return command;
}

Command WithdrawCommand() {
  Command command{.name = "withdraw",
                  .summary = "Take back an entry made in error; it stays readable",
                  .group = kForSecretaries,
                  .details = "Withdrawing a correction restores what stood before it.",
                  .options = {SequenceArgument(),
                              {.name = "reason", .help = "Why", .required = true},
                              {.name = "put-before",
                               .help = "A meeting that learned of it",
                               .kind = Option::Kind::kValues,
                               .value = "MEETING"},
                              RequestIdOption()},
                  .run = Withdraw};
  AddSendOptions(&command);
  return command;
}

}  // namespace scrutiny::tools
