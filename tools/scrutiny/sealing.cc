#include "tools/scrutiny/sealing.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

#include "ledger/base/names.h"
#include "ledger/base/status.h"
#include "ledger/format/fact_types.h"
#include "scrutiny/event/v1/entry.pb.h"
#include "scrutiny/ledger/v1/ledger.pb.h"
#include "tools/scrutiny/context.h"
#include "tools/scrutiny/verb.h"
#include "tools/support/field_path.h"
#include "tools/support/seals.h"

namespace scrutiny::tools {
namespace {

using event::v1::Proposed;

// `--personal-detail` for its field's path, else the path.
std::string FlagOf(const Verb& verb, const Proposed& proposed, const std::string& path) {
  const ledger::FactTypeInfo* type = ledger::FindFactType(ledger::TypeOf(proposed));
  absl::string_view field = path;
  if (type != nullptr) absl::ConsumePrefix(&field, absl::StrCat(type->field, "."));
  for (const Flag& flag : verb.flags) {
    if (flag.path == field) return absl::StrCat("--", flag.name);
  }
  return path;
}

bool IsPersonal(const std::string& path) {
  const auto field = FindField(Proposed::descriptor(), path);
  return field.ok() && PrivacyOf(*field) == event::v1::PRIVACY_PERSONAL;
}

absl::Status NeedsSubject(const Verb& verb, const Proposed& proposed, const std::string& path) {
  const bool personal = IsPersonal(path);
  return UsageError(
      absl::StrCat(FlagOf(verb, proposed, path), " is ", personal ? "personal" : "restricted",
                   " and is only recorded sealed; say for whom: --", kSealedForFlag, " persons/… ",
                   personal ? "(the person it is about, whose request to erase it will erase it)"
                            : "or --sealed-for office",
                   ", or leave it out"));
}

absl::Status NotForTheOffice(const Verb& verb, const Proposed& proposed, const std::string& path) {
  return UsageError(absl::StrCat(
      FlagOf(verb, proposed, path),
      " is personal: sealed for the office, it would not be erased at the request of the person it "
      "is about; name the person with --",
      kSealedForFlag, " persons/…. What is restricted is sealed for the office with --",
      kRestrictedForFlag, " ", kSealedForOffice));
}

// The subject that a flag names; empty if the flag is not given.
absl::StatusOr<std::string> SubjectOfFlag(const Args& args, const char* flag,
                                          const std::string& record, const ResolveRecord& resolve) {
  if (!args.Has(flag)) return std::string();
  auto subject = ReadSubject(args.Get(flag), record, resolve);
  if (!subject.ok()) return Prefixed(absl::StrCat("--", flag, ": "), subject.status());
  return subject;
}

void Seal(const std::string& path, const std::string& subject, ledger::v1::NewFact* fact) {
  ledger::v1::SealRequest* request = fact->add_seals();
  request->set_field_path(path);
  request->set_sealed_for(subject);
}

absl::Status SealWhole(const Verb& verb, const Args& args, const std::string& subject,
                       ledger::v1::NewFact* fact) {
  if (subject.empty() || args.Has(kRestrictedForFlag)) {
    return UsageError(absl::StrCat("--", kSealWholeFlag, " needs --", kSealedForFlag,
                                   " persons/… or --", kSealedForFlag, " ", kSealedForOffice,
                                   args.Has(kRestrictedForFlag) ? ", and nothing besides" : ""));
  }
  for (const std::string& path : MarkedFields(fact->proposed())) {
    if (subject == kSealedForOffice && IsPersonal(path)) {
      return NotForTheOffice(verb, fact->proposed(), path);
    }
  }
  Seal("", subject, fact);
  return absl::OkStatus();
}

}  // namespace

std::vector<Option> SealOptions() {
  return {{.name = kSealedForFlag,
           .help = "For whom what is personal or restricted is sealed: the person it is about, or "
                   "`itself` on a person's own record; `office` for what is only restricted",
           .value = "PERSON|office",
           .group = kSealedGroup},
          {.name = kRestrictedForFlag,
           .help = "For whom what is restricted is sealed, if not for whom --sealed-for says",
           .value = "PERSON|office",
           .group = kSealedGroup},
          {.name = kSealWholeFlag,
           .help = "Seal the whole fact; the ledger shows only that there is one",
           .kind = Option::Kind::kSwitch,
           .group = kSealedGroup}};
}

absl::StatusOr<std::string> ReadSubject(absl::string_view text, const std::string& record,
                                        const ResolveRecord& resolve) {
  if (text == kSealedForOffice) return std::string(text);
  if (text == kSealedForItself) {
    if (ledger::RecordKind(record) == "persons") return record;
    return UsageError(absl::StrCat("`", kSealedForItself,
                                   "` is for facts on a person's record, and ", record,
                                   " is none; name the person, or `", kSealedForOffice, "`"));
  }
  return resolve(text, "persons");
}

absl::Status AddSeals(const Verb& verb, const Args& args, const ResolveRecord& resolve,
                      ledger::v1::NewFact* fact) {
  const std::string& record = fact->proposed().record();
  SCRUTINY_ASSIGN_OR_RETURN(const std::string subject,
                            SubjectOfFlag(args, kSealedForFlag, record, resolve));
  SCRUTINY_ASSIGN_OR_RETURN(const std::string other,
                            SubjectOfFlag(args, kRestrictedForFlag, record, resolve));
  if (args.Has(kSealWholeFlag)) return SealWhole(verb, args, subject, fact);
  const std::vector<std::string> marked = MarkedFields(fact->proposed());
  if (marked.empty() && AsksForSeals(args)) {
    return UsageError(absl::StrCat("--",
                                   args.Has(kSealedForFlag) ? kSealedForFlag : kRestrictedForFlag,
                                   " seals what is personal or restricted, and nothing given here "
                                   "is; to seal all of it, add --",
                                   kSealWholeFlag));
  }
  for (const std::string& path : marked) {
    const bool personal = IsPersonal(path);
    const std::string& whom = personal || other.empty() ? subject : other;
    if (whom.empty()) return NeedsSubject(verb, fact->proposed(), path);
    if (personal && whom == kSealedForOffice) return NotForTheOffice(verb, fact->proposed(), path);
    Seal(path, whom, fact);
  }
  return absl::OkStatus();
}

bool AsksForSeals(const Args& args) {
  return args.Has(kSealedForFlag) || args.Has(kRestrictedForFlag);
}

bool MayBeForTheOffice(const std::string& path) { return !IsPersonal(path); }

}  // namespace scrutiny::tools
