// tests/ledger/append/sealed_support.h
// A ledger on disk with a key store beside it: sealed, opened, erased, crashed, put back from older
// copies.
#ifndef SCRUTINY_TESTS_LEDGER_APPEND_SEALED_SUPPORT_H_
#define SCRUTINY_TESTS_LEDGER_APPEND_SEALED_SUPPORT_H_

#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "ledger/append/ledger.h"
#include "ledger/append/sealed_parts.h"
#include "ledger/base/random.h"
#include "ledger/format/entry_codec.h"
#include "ledger/seal/key_store.h"
#include "ledger/store/entry_log.h"
#include "tests/support/facts.h"
#include "tests/support/fault_fs.h"
#include "tests/support/manual_clock.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace scrutiny::testing {

inline constexpr char kNamePath[] = "finding_recorded.personal_detail";
inline constexpr char kContactPath[] = "finding_recorded.restricted_detail";

using ledger::SealedParts;
using State = ledger::SealedParts::State;

// A finding, on a record of its own, that names somebody and where there is one says how to reach
// them: both sealed for that person.
inline ledger::NewAppend SealedFinding(const std::string& id, const std::string& person,
                                       const std::string& name, const std::string& contact = "") {
  event::v1::Proposed proposed;
  proposed.set_record(absl::StrCat("findings/icv/", id));
  proposed.mutable_occurred()->set_on("2019-03-18");
  event::v1::FindingRecorded& finding = *proposed.mutable_finding_recorded();
  finding.set_scheme("schemes/icv");
  finding.set_title("Custody visitor");
  finding.set_grade(event::v1::FINDING_GRADE_CONCERN);
  finding.set_personal_detail(name);
  if (!contact.empty()) finding.set_restricted_detail(contact);
  ledger::NewAppend append = AppendOf(id, {proposed});
  append.facts[0].seals.push_back({kNamePath, person});
  if (!contact.empty()) append.facts[0].seals.push_back({kContactPath, person});
  return append;
}

class SealedTest : public ::testing::Test {
 protected:
  static constexpr int64_t kKeyBackups = int64_t{30} * 24 * 3600 * 1'000'000;

  void SetUp() override { Open(); }
  void TearDown() override { Close(); }

  std::string data() const { return dir_.File("data"); }
  std::string keys_folder() const { return dir_.File("keys"); }

  absl::Status OpenLedger() {
    ledger::LedgerOptions options;
    options.data = data();
    options.clock = &clock_;
    options.file_system = fs_;
    absl::StatusOr<std::unique_ptr<ledger::Ledger>> opened = ledger::Ledger::Open(options);
    if (opened.ok()) ledger_ = *std::move(opened);
    return opened.status();
  }
  absl::Status OpenKeys() {
    ledger::KeyStoreOptions options;
    options.dir = keys_folder();
    options.ledger_id = ledger_->identity().ledger_id;
    options.clock = &clock_;
    options.random = &random_;
    options.files = files_;
    absl::StatusOr<std::unique_ptr<ledger::KeyStore>> opened = ledger::KeyStore::Open(options);
    if (opened.ok()) keys_ = *std::move(opened);
    return opened.status();
  }
  absl::Status Attach() { return ledger_->AttachKeys(*keys_, kKeyBackups); }
  // As the server opens them.
  absl::Status TryOpen() {
    SCRUTINY_RETURN_IF_ERROR(OpenLedger());
    SCRUTINY_RETURN_IF_ERROR(OpenKeys());
    return Attach();
  }
  void Open() { SCRUTINY_ASSERT_OK(TryOpen()); }
  void Close() {
    if (ledger_) ledger::IgnoreError(ledger_->Close(), "a test may have broken it");
    ledger_.reset();
    keys_.reset();
  }
  void Reopen() {
    Close();
    Open();
  }

  SealedParts& seals() { return *ledger_->seals(); }

  // Records a finding with parts sealed for somebody; returns where.
  ledger::Sequence Seal(const std::string& person, const std::string& name,
                        const std::string& contact = "") {
    const std::string id = absl::StrCat("seal-", ++appends_);
    const auto receipt = ledger_->AppendAndWait(SealedFinding(id, person, name, contact));
    SCRUTINY_EXPECT_OK(receipt);
    return receipt.ok() ? receipt->first : ledger::Sequence();
  }
  // A person of its own for each.
  static std::string Person(int i) { return absl::StrCat("persons/p", i); }

  State StateOf(ledger::Sequence sequence, size_t part = 0) {
    const auto opened = seals().Open(sequence);
    SCRUTINY_EXPECT_OK(opened);
    if (!opened.ok() || opened->parts.size() <= part) return State::kNoCiphertext;
    return opened->parts[part].state;
  }
  std::string NameIn(ledger::Sequence sequence) {
    const auto opened = seals().Open(sequence);
    SCRUTINY_EXPECT_OK(opened);
    return opened.ok() ? opened->merged.finding_recorded().personal_detail() : "";
  }

  static ledger::ErasureRequest Request(const std::string& subject, const std::string& id) {
    return {subject, "request under Article 17", "DPO, IG/24/118", id, "clerk"};
  }
  absl::StatusOr<SealedParts::Erasure> Erase(const std::string& subject, const std::string& id) {
    return seals().Erase(Request(subject, id));
  }
  // Every SealsErased there is.
  std::vector<event::v1::SealsErased> Erasures() {
    std::vector<event::v1::SealsErased> erasures;
    for (ledger::Sequence at(0); at < ledger::NextSequence(ledger_->size()); ++at) {
      const auto bytes = ledger_->EntryBytes(at);
      SCRUTINY_EXPECT_OK(bytes);
      if (!bytes.ok()) break;
      const event::v1::Entry entry = ledger::ParseEntry(*bytes).value();
      if (entry.proposed().has_seals_erased()) {
        erasures.push_back(entry.proposed().seals_erased());
      }
    }
    return erasures;
  }
  // How often the erasures name a seal.
  size_t TimesErased(ledger::Sequence sequence, uint32_t index = 0) {
    size_t times = 0;
    for (const event::v1::SealsErased& erased : Erasures()) {
      for (const event::v1::SealPlace& place : erased.seals()) {
        if (place.sequence() == sequence.value() && place.index() == index) ++times;
      }
    }
    return times;
  }

  // The files below the test's folder that hold any of these bytes.
  std::vector<std::string> FilesWith(const std::vector<std::string>& bytes) const {
    std::vector<std::string> with;
    for (const auto& file : std::filesystem::recursive_directory_iterator(dir_.path())) {
      if (!file.is_regular_file()) continue;
      std::ostringstream content;
      content << std::ifstream(file.path(), std::ios::binary).rdbuf();
      for (const std::string& wanted : bytes) {
        if (absl::StrContains(content.str(), wanted)) with.push_back(file.path().string());
      }
    }
    return with;
  }
  static void CopyFolder(const std::string& from, const std::string& to) {
    std::filesystem::remove_all(to);
    std::filesystem::copy(from, to, std::filesystem::copy_options::recursive);
  }

  // The ciphertexts that are stored, by place.
  std::vector<ledger::SealPlace> Rows() {
    std::vector<ledger::SealPlace> places;
    ledger::EntryLogOptions options;
    options.path = data() + "/log";
    Close();
    {
      const auto log = ledger::EntryLog::Open(options);
      SCRUTINY_EXPECT_OK(log);
      if (!log.ok()) return places;
      const auto rows = (*log)->sealed().From({}, 100'000);
      SCRUTINY_EXPECT_OK(rows);
      for (const ledger::SealedRow& row : *rows) places.push_back(row.place);
      followed_ = (*log)->sealed().erasures_followed().value();
      SCRUTINY_EXPECT_OK((*log)->Close());
    }
    Open();
    return places;
  }
  // Erased as it must be: said once, closed, and the proof of old still good.
  void ExpectErased(ledger::Sequence sequence) {
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const SealedParts::Opened opened, seals().Open(sequence));
    ASSERT_THAT(opened.parts, ::testing::Not(::testing::IsEmpty()));
    for (size_t i = 0; i < opened.parts.size(); ++i) {
      EXPECT_EQ(opened.parts[i].state, State::kErased) << sequence.value() << "." << i;
      EXPECT_TRUE(opened.parts[i].erased_by.has_value());
      EXPECT_TRUE(opened.parts[i].payload.empty());
      EXPECT_EQ(TimesErased(sequence, static_cast<uint32_t>(i)), 1u) << sequence.value();
    }
    EXPECT_EQ(opened.merged.finding_recorded().personal_detail(), "");
  }

  TempDir dir_;
  ManualClock clock_;
  ledger::SystemRandom random_;
  std::shared_ptr<FaultFs> fs_;
  ledger::FileOps* files_ = nullptr;
  std::unique_ptr<ledger::Ledger> ledger_;
  std::unique_ptr<ledger::KeyStore> keys_;
  int appends_ = 0;
  std::string followed_;  // as Rows() found it
};

}  // namespace scrutiny::testing

#endif  // SCRUTINY_TESTS_LEDGER_APPEND_SEALED_SUPPORT_H_
