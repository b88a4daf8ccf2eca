// What names an entry must name one that fits: no reason makes a correction of nothing.
#include "absl/strings/str_cat.h"

#include "ledger/base/error.h"
#include "ledger/base/status.h"
#include "ledger/rules/family.h"
#include "scrutiny/event/v1/entry.pb.h"

namespace scrutiny::ledger {
namespace {

using event::v1::Proposed;

constexpr FactType kWithdrawn{Proposed::kWithdrawnFieldNumber};

absl::Status Bad(const Case& the_case, Reason reason, absl::string_view field, Sequence named,
                 absl::string_view sentence, absl::string_view next) {
  return Error(reason, sentence)
      .Field(field)
      .Value(absl::StrCat(named.value()))
      .Record(the_case.proposed.record())
      .Next(next);
}

absl::Status BeyondHead(const Case& the_case, absl::string_view field, Sequence named) {
  const uint64_t size = the_case.view.size().value();
  return Bad(the_case, Reason::kBeyondHead, field, named,
             size == 0 ? absl::StrCat("There is no entry ", named.value(), ": the ledger is empty.")
                       : absl::StrCat("There is no entry ", named.value(), " yet: the last one is ",
                                      size - 1, "."),
             "Name an entry that is recorded.");
}

std::string NameOf(FactType type) {
  const FactTypeInfo* info = FindFactType(type);
  return info == nullptr ? absl::StrCat("fact type ", type.value()) : info->name;
}

// A withdrawal takes back an original or one correction of it.
absl::Status CheckWithdrawal(const Case& the_case, const HistoryItem& target) {
  const FactTypeInfo* info = FindFactType(target.type);
  if (target.type == kWithdrawn) {
    return Bad(the_case, Reason::kMalformed, "corrects", target.sequence,
               absl::StrCat("Entry ", target.sequence.value(),
                            " is itself a withdrawal, which cannot be withdrawn."),
               "Record the fact that was withdrawn once more.");
  }
  if (info != nullptr && info->by_server) {
    return Bad(the_case, Reason::kMalformed, "corrects", target.sequence,
               absl::StrCat("Entry ", target.sequence.value(), " is a ", info->name,
                            " of the server's, which cannot be withdrawn."),
               "Leave it as it is.");
  }
  return absl::OkStatus();
}

// A correction replaces an original of its own type.
absl::Status CheckCorrection(const Case& the_case, const HistoryItem& target) {
  const uint64_t entry = target.sequence.value();
  if (target.type == kWithdrawn) {
    return Bad(the_case, Reason::kMalformed, "corrects", target.sequence,
               absl::StrCat("Entry ", entry, " is a withdrawal, which cannot be corrected."),
               "Record the fact that was withdrawn once more.");
  }
  if (target.corrects.has_value()) {
    return Bad(the_case, Reason::kMalformed, "corrects", target.sequence,
               absl::StrCat("Entry ", entry, " is itself a correction of entry ",
                            target.corrects->value(), "."),
               absl::StrCat("Correct entry ", target.corrects->value(), "."));
  }
  if (target.type != the_case.type.type) {
    return Bad(the_case, Reason::kMalformed, "corrects", target.sequence,
               absl::StrCat("Entry ", entry, " is ", NameOf(target.type), " and cannot become ",
                            the_case.type.name, "."),
               "Withdraw the entry and record the other fact.");
  }
  return absl::OkStatus();
}

absl::Status CheckCorrects(const Case& the_case) {
  const Sequence named = *the_case.derived.corrects;
  if (named >= NextSequence(the_case.view.size())) return BeyondHead(the_case, "corrects", named);
  const HistoryItem* target = FindInHistory(the_case.view.History(), named);
  if (target == nullptr) {
    return Bad(the_case, Reason::kMalformed, "corrects", named,
               absl::StrCat("Entry ", named.value(), " is not an entry of ",
                            the_case.proposed.record(), "."),
               "Name an entry of this record, or the record of that entry.");
  }
  return the_case.type.type == kWithdrawn ? CheckWithdrawal(the_case, *target)
                                          : CheckCorrection(the_case, *target);
}

absl::Status CheckPutBefore(const Case& the_case) {
  const event::v1::PutBefore& put = the_case.proposed.put_before_meeting();
  if (put.meeting() != the_case.proposed.record()) {
    return Error(Reason::kMalformed,
                 absl::StrCat("put_before_meeting.meeting is ", put.meeting(),
                              ", but the fact is recorded on ", the_case.proposed.record(), "."))
        .Field("put_before_meeting.meeting")
        .Value(put.meeting())
        .Record(the_case.proposed.record())
        .Next("Record it on the meeting itself.");
  }
  for (int i = 0; i < put.sequences_size(); ++i) {
    if (Sequence(put.sequences(i)) < NextSequence(the_case.view.size())) continue;
    return BeyondHead(the_case, absl::StrCat("put_before_meeting.sequences[", i, "]"),
                      Sequence(put.sequences(i)));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckReferences(const Case& the_case) {
  if (the_case.derived.corrects.has_value()) SCRUTINY_RETURN_IF_ERROR(CheckCorrects(the_case));
  if (the_case.proposed.has_put_before_meeting()) {
    SCRUTINY_RETURN_IF_ERROR(CheckPutBefore(the_case));
  }
  return absl::OkStatus();
}

}  // namespace scrutiny::ledger
