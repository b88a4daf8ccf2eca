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

absl::Status NeedsSubject(const Verb& verb, const Proposed& proposed, const std::string& path) {
  const auto field = FindField(Proposed::descriptor(), path);
  const bool personal = field.ok() && PrivacyOf(*field) == event::v1::PRIVACY_PERSONAL;
  return UsageError(
      absl::StrCat(FlagOf(verb, proposed, path), " is ", personal ? "personal" : "restricted",
                   " and is only recorded sealed; say for whom: --", kSealedForFlag, " persons/… ",
                   personal ? "(the person it is about, whose request to erase it will erase it)"
                            : "or --sealed-for office",
                   ", or leave it out"));
}

}  // namespace

std::vector<Option> SealOptions() {
  return {{.name = kSealedForFlag,
           .help = "For whom what is personal or restricted is sealed: the person it is about, "
                   "`itself` on a person's own record, or `office`",
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
  const std::vector<std::string> marked = MarkedFields(fact->proposed());
  const bool whole = args.Has(kSealWholeFlag);
  if (!args.Has(kSealedForFlag)) {
    if (whole) {
      return UsageError(absl::StrCat("--", kSealWholeFlag, " needs --", kSealedForFlag,
                                     " persons/… or --", kSealedForFlag, " ", kSealedForOffice));
    }
    return marked.empty() ? absl::OkStatus() : NeedsSubject(verb, fact->proposed(), marked.front());
  }
  const auto subject = ReadSubject(args.Get(kSealedForFlag), fact->proposed().record(), resolve);
  if (!subject.ok()) return Prefixed(absl::StrCat("--", kSealedForFlag, ": "), subject.status());
  const auto seal = [&](const std::string& path) {
    ledger::v1::SealRequest* request = fact->add_seals();
    request->set_field_path(path);
    request->set_sealed_for(*subject);
  };
  if (whole) {
    seal("");
    return absl::OkStatus();
  }
  if (marked.empty()) {
    return UsageError(absl::StrCat("--", kSealedForFlag,
                                   " seals what is personal or restricted, and nothing given here "
                                   "is; to seal all of it, add --",
                                   kSealWholeFlag));
  }
  for (const std::string& path : marked) seal(path);
  return absl::OkStatus();
}

}  // namespace scrutiny::tools
