#include "tools/scrutiny/record_sources.h"

#include <map>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

#include "ledger/base/error.h"
#include "ledger/base/names.h"
#include "ledger/base/status.h"
#include "ledger/format/fact_types.h"
#include "tools/scrutiny/register_command.h"
#include "tools/support/mint.h"
#include "tools/support/seals.h"

namespace scrutiny::tools {
namespace {

// A meeting's date and forum, as they stand; empty where the ledger does not hold it.
absl::StatusOr<MeetingInfo> AskMeeting(Client& client, absl::string_view meeting) {
  register_::v1::GetMeetingRequest request;
  request.set_meeting(std::string(meeting));
  request.mutable_page()->set_size(1);
  SCRUTINY_RETURN_IF_ERROR(WaitForHead(client, request.mutable_view()));
  const auto answer = CallLevel(client, &request);
  if (absl::IsNotFound(answer.status())) return MeetingInfo();
  SCRUTINY_RETURN_IF_ERROR(answer.status());
  return MeetingInfo{answer->meeting().date(), answer->meeting().forum()};
}

}  // namespace

FillSources SourcesFrom(Client& client, bool date_today) {
  FillSources sources;
  // Shared by the copies that std::function makes of the lambda.
  auto resolved = std::make_shared<std::map<std::pair<std::string, std::string>, std::string>>();
  sources.resolve = [&client, resolved](absl::string_view text,
                                        absl::string_view kind) -> absl::StatusOr<std::string> {
    const auto key = std::make_pair(std::string(text), std::string(kind));
    const auto known = resolved->find(key);
    if (known != resolved->end()) return known->second;
    SCRUTINY_ASSIGN_OR_RETURN(const std::string record, ResolveName(client, text, kind));
    (*resolved)[key] = record;
    return record;
  };
  auto meetings = std::make_shared<std::map<std::string, MeetingInfo>>();
  sources.meeting = [&client, meetings](absl::string_view meeting) -> absl::StatusOr<MeetingInfo> {
    const auto known = meetings->find(std::string(meeting));
    if (known != meetings->end()) return known->second;
    SCRUTINY_ASSIGN_OR_RETURN(const MeetingInfo info, AskMeeting(client, meeting));
    (*meetings)[std::string(meeting)] = info;
    return info;
  };
  sources.mint = [] { return MintUlid(); };
  if (date_today) {
    sources.today = absl::FormatTime("%Y-%m-%d", absl::Now(), absl::LocalTimeZone());
  }
  return sources;
}

absl::Status CheckFact(const Verb& verb, const ledger::v1::NewFact& fact) {
  const event::v1::Proposed& proposed = fact.proposed();
  const absl::Status status = CheckNewFact(fact);
  if (status.ok()) return status;
  const ledger::ErrorInfo info = ledger::InfoOf(status);
  const ledger::FactTypeInfo* type = ledger::FindFactType(ledger::TypeOf(proposed));
  absl::string_view field = info.field;
  if (type != nullptr) absl::ConsumePrefix(&field, absl::StrCat(type->field, "."));
  std::string name(field);
  if (field == "record" && verb.target == Target::kNew) name = "--as";
  for (const std::vector<Flag>* flags : {&verb.flags, &CommonFlags()}) {
    for (const Flag& flag : *flags) {
      const absl::string_view path = absl::StripPrefix(flag.path, "/");
      const bool is_it =
          !path.empty() && (field == path || absl::StartsWith(field, absl::StrCat(path, "[")) ||
                            absl::StartsWith(field, absl::StrCat(path, ".")));
      if (is_it) name = absl::StrCat("--", flag.name);
    }
  }
  absl::string_view message = status.message();
  // A sentence that begins with the field goes on with the flag instead.
  if (!info.field.empty() && absl::ConsumePrefix(&message, info.field)) {
    return UsageError(absl::StrCat(name, message));
  }
  return UsageError(absl::StrCat(name, name.empty() ? "" : ": ", message));
}

}  // namespace scrutiny::tools
