#include "ledger/verify/verify_bundle.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "absl/types/span.h"

#include "ledger/base/error.h"
#include "ledger/base/names.h"
#include "ledger/base/status.h"
#include "ledger/format/bundle_file.h"
#include "ledger/format/hash.h"
#include "ledger/note/signed_note.h"
#include "ledger/note/tlog_proof.h"
#include "ledger/note/vkey.h"
#include "ledger/verify/entry_facts.h"
#include "ledger/verify/pipeline.h"
#include "ledger/verify/verify_proof.h"

namespace scrutiny::ledger {
namespace {

struct Summed {
  absl::Status status;
  Hash hash{};
};

Damage FileDamage(std::string file, std::string what) {
  return {.kind = DamageKind::kFile, .what = std::move(what), .file = std::move(file)};
}

// The lines of `records`; an error's sentence where they are not as they must be.
absl::StatusOr<std::vector<std::string>> ParseRecords(absl::string_view text) {
  std::vector<std::string> records;
  if (!absl::ConsumeSuffix(&text, "\n")) {
    return Error(Reason::kMalformed, "records: its last line does not end, or there is none.");
  }
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    if (!ValidateRecordPrefix(line).ok()) {
      return Error(Reason::kMalformed, absl::StrCat("records: line ", records.size() + 1,
                                                    " is neither a record nor the front of one."));
    }
    if (!records.empty() && line <= records.back()) {
      return Error(Reason::kMalformed, absl::StrCat("records: line ", records.size() + 1,
                                                    " does not stand in its order."));
    }
    records.emplace_back(line);
  }
  return records;
}

// The entries of chosen records, one by one.
class ChosenCheck {
 public:
  ChosenCheck(BundleLog& bundle, const VerifyOptions& options, BundleReport* report)
      : bundle_(bundle), options_(options), report_(report), reader_(options.select) {}

  absl::Status Run() {
    SCRUTINY_ASSIGN_OR_RETURN(note_, bundle_.Checkpoint());
    SCRUTINY_ASSIGN_OR_RETURN(SignedCheckpoint opened, OpenSignedCheckpoint(note_, options_.trust));
    report_->log.checkpoint = std::move(opened.checkpoint);
    report_->log.signatures = std::move(opened.signatures);
    SCRUTINY_ASSIGN_OR_RETURN(const std::string records, bundle_.Records());
    absl::StatusOr<std::vector<std::string>> asked_for = ParseRecords(records);
    if (asked_for.ok()) {
      report_->asked_for = *std::move(asked_for);
      report_->found.resize(report_->asked_for.size());
    } else {
      report_->log.Add(FileDamage(kBundleRecordsName, std::string(asked_for.status().message())));
    }
    for (size_t i = 0; i < bundle_.entries().size(); ++i) {
      SCRUTINY_RETURN_IF_ERROR(CheckEntry(i));
      if (options_.progress != nullptr) options_.progress(i + 1, bundle_.entries().size());
    }
    report_->log.entries = bundle_.entries().size();
    report_->log.records = heads_.size();
    return absl::OkStatus();
  }

 private:
  struct Head {
    Revision revision;
    Sequence last;
  };

  absl::Status CheckEntry(size_t i) {
    const Sequence sequence = bundle_.entries()[i];
    SCRUTINY_ASSIGN_OR_RETURN(const std::string entry, bundle_.Entry(i));
    SCRUTINY_ASSIGN_OR_RETURN(const std::string proof, bundle_.Proof(i));
    report_->log.entry_bytes += entry.size();
    const std::string name = NameOfEntry(sequence, entry);
    const auto say = [&](DamageKind kind, const std::string& file, absl::string_view what) {
      report_->log.Add({.kind = kind,
                        .what = absl::StrCat(name, ": ", what),
                        .entry = sequence,
                        .record = RecordOf(entry),
                        .file = file});
    };
    const absl::StatusOr<TlogProof> parsed = ParseTlogProof(proof);
    if (parsed.ok() && (parsed->index != sequence || parsed->checkpoint != note_)) {
      say(DamageKind::kFile, BundleProofName(sequence),
          "its proof is of another entry, or under another checkpoint than the export's.");
      return absl::OkStatus();
    }
    if (parsed.ok() && parsed->extra.has_value()) {
      say(DamageKind::kFile, BundleProofName(sequence),
          "its proof has a line of something else (extra), which no export has.");
    }
    const absl::StatusOr<ProvenEntry> proven = VerifyProof(proof, entry, options_.trust);
    if (!proven.ok()) {
      say(DamageKind::kEntry, BundleEntryName(sequence), proven.status().message());
      return absl::OkStatus();
    }
    const EntryFacts facts = reader_.Read(entry);
    if (!facts.problem.empty()) {
      say(DamageKind::kContent, BundleEntryName(sequence), absl::StrCat(facts.problem, "."));
    }
    if (facts.selected) options_.on_selected(sequence, entry);
    bool asked_for = false;
    for (size_t name = 0; name < report_->asked_for.size(); ++name) {
      if (!IsSegmentPrefix(report_->asked_for[name], proven->record)) continue;
      asked_for = true;
      ++report_->found[name];
    }
    if (!asked_for && !report_->asked_for.empty()) {
      say(DamageKind::kContent, BundleEntryName(sequence), "its record was not asked for.");
    }
    Head& head = heads_[facts.record];
    if (facts.revision != head.revision + 1) {
      say(DamageKind::kContent, BundleEntryName(sequence),
          absl::StrCat("its revision is ", facts.revision.value(), ", and ",
                       head.revision.value() + 1,
                       " is the next of its record here: entries of it "
                       "are missing."));
    }
    head = {.revision = facts.revision, .last = sequence};
    return absl::OkStatus();
  }

  BundleLog& bundle_;
  const VerifyOptions& options_;
  BundleReport* const report_;
  EntryReader reader_;
  std::string note_;
  absl::flat_hash_map<RecordKey, Head> heads_;
};

// That the keys in the export are of the one who signed it.
absl::Status CheckKeys(BundleLog& bundle, LogReport* report) {
  SCRUTINY_ASSIGN_OR_RETURN(const std::string checkpoint, bundle.Checkpoint());
  SCRUTINY_ASSIGN_OR_RETURN(const SignedNote note, ParseNote(checkpoint));
  std::string keys;
  for (uint64_t place = 0; place < bundle.members() && keys.empty(); ++place) {
    if (bundle.MemberName(place) != kBundleKeysName) continue;
    SCRUTINY_RETURN_IF_ERROR(bundle.ReadMember(place, [&keys](absl::string_view piece) {
      if (keys.size() <= kBundleTextBytesMax) keys.append(piece.data(), piece.size());
    }));
  }
  bool signed_by_one = false;
  for (const absl::string_view line : absl::StrSplit(keys, '\n')) {
    const absl::StatusOr<VerifierKey> key = ParseVerifierKey(line);
    signed_by_one = signed_by_one || (key.ok() && key->type == KeyType::kEd25519 &&
                                      key->name == report->checkpoint.origin &&
                                      VerifyNote(note, absl::MakeConstSpan(&*key, 1)).ok());
  }
  if (!signed_by_one) {
    report->Add(FileDamage(kBundleKeysName,
                           "keys: none of the keys in it signed the checkpoint of the export."));
  }
  report->notices.push_back(
      "The members `keys` and `proto/scrutiny.binpb` are as the export was written, and nothing "
      "that was signed vouches for them: take no key from there.");
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckSums(const BundleLog& bundle, int threads, LogReport* report) {
  SCRUTINY_ASSIGN_OR_RETURN(const std::string sums, bundle.Sums());
  absl::string_view rest = sums;
  bool in_step = true;  // lines and members still belong together
  Pipeline<Summed> pipeline(bundle.members(), 64);
  SCRUTINY_RETURN_IF_ERROR(pipeline.Run(
      ThreadsOr(threads),
      [&](int /*worker*/, uint64_t place) {
        Summed summed;
        Sha256 digest;
        summed.status =
            bundle.ReadMember(place, [&](absl::string_view piece) { digest.Update(piece); });
        summed.hash = digest.Finish();
        return summed;
      },
      [&](uint64_t place, const Summed& summed) -> absl::Status {
        SCRUTINY_RETURN_IF_ERROR(summed.status);
        const std::string name = bundle.MemberName(place);
        const std::string expected = BundleSumsLine(summed.hash, name);
        if (in_step && rest.substr(0, expected.size()) != expected) {
          report->Add(FileDamage(name, absl::StrCat(name,
                                                    " does not have the SHA-256 that stands "
                                                    "in SHA256SUMS.")));
          // The hash alone may differ; if the line is of another length, nothing behind it fits.
          in_step = rest.size() >= expected.size() && rest[expected.size() - 1] == '\n';
        }
        rest.remove_prefix(std::min(rest.size(), expected.size()));
        return absl::OkStatus();
      }));
  if (!rest.empty() && in_step) {
    report->Add(FileDamage(kBundleSumsName, "SHA256SUMS lists more than there is in the export."));
  }
  return absl::OkStatus();
}

absl::StatusOr<BundleReport> VerifyBundle(BundleLog& bundle, const VerifyOptions& options) {
  BundleReport report;
  report.whole_log = bundle.whole_log();
  if (report.whole_log) {
    SCRUTINY_ASSIGN_OR_RETURN(report.log, VerifyLog(bundle, options));
  } else {
    SCRUTINY_RETURN_IF_ERROR(ChosenCheck(bundle, options, &report).Run());
  }
  SCRUTINY_RETURN_IF_ERROR(CheckKeys(bundle, &report.log));
  SCRUTINY_RETURN_IF_ERROR(CheckSums(bundle, options.threads, &report.log));
  return report;
}

}  // namespace scrutiny::ledger
