// tests/crash/proof_checks.h
// Holds what a restarted server has against what the oracle knows.
#ifndef SCRUTINY_TESTS_CRASH_PROOF_CHECKS_H_
#define SCRUTINY_TESTS_CRASH_PROOF_CHECKS_H_

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

#include "ledger/merkle/compact_range.h"
#include "ledger/note/checkpoint.h"
#include "ledger/verify/backup_manifest.h"
#include "tests/crash/proof_clients.h"
#include "tests/services/grpc/receipts.h"
#include "tests/support/status_matchers.h"

namespace scrutiny::crash {

// The ledger as it can be read, with the root of every size.
struct WholeLog {
  std::vector<std::string> entries;
  std::vector<ledger::Hash> leaves;
  std::vector<ledger::Hash> roots;  // of the tree of so many entries
};

inline WholeLog ReadLog(const std::string& address) {
  const auto stub = api::LedgerService::NewStub(ChannelTo(address));
  grpc::ClientContext context;
  const auto reader = stub->Read(&context, api::ReadRequest());
  WholeLog log;
  ledger::CompactRange tree;
  log.roots.push_back(tree.Root());
  api::ReadResponse response;
  while (reader->Read(&response)) {
    for (const std::string& entry : response.entries()) {
      log.entries.push_back(entry);
      log.leaves.push_back(ledger::LeafHash(entry));
      tree.Append(log.leaves.back());
      log.roots.push_back(tree.Root());
    }
  }
  const grpc::Status status = reader->Finish();
  EXPECT_TRUE(status.ok()) << status.error_message();
  return log;
}

inline std::vector<ledger::VerifierKey> KnownKeys(ProofOracle& oracle) {
  const auto keys = testing::KeysOf(oracle.keys());
  EXPECT_THAT(keys, testing::IsOk());
  return keys.ok() ? *keys : std::vector<ledger::VerifierKey>();
}

inline void LearnKeys(const std::string& address, ProofOracle& oracle) {
  const auto stub = api::ProofService::NewStub(ChannelTo(address));
  grpc::ClientContext context;
  api::GetCheckpointResponse newest;
  const grpc::Status status = stub->GetCheckpoint(&context, api::GetCheckpointRequest(), &newest);
  ASSERT_TRUE(status.ok()) << status.error_message();
  oracle.AddCheckpoint(newest.checkpoint());
  for (const std::string& key : newest.verifier_keys()) oracle.AddKey(key);
}

// Every checkpoint ever seen is one of this ledger: the same root at that size.
inline void CheckCheckpoints(const WholeLog& log, ProofOracle& oracle) {
  const std::vector<ledger::VerifierKey> keys = KnownKeys(oracle);
  for (const std::string& note : oracle.checkpoints()) {
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const ledger::Checkpoint checkpoint,
                                  ledger::OpenCheckpoint(note, keys));
    ASSERT_LT(checkpoint.size.value(), log.roots.size()) << "what was signed is gone";
    ASSERT_EQ(checkpoint.root, log.roots[checkpoint.size.value()]) << checkpoint.size;
  }
}

// Every proof ever given still holds: of this entry, under this signature, in this ledger.
inline void CheckAllProofs(const WholeLog& log, ProofOracle& oracle) {
  const std::vector<ledger::VerifierKey> keys = KnownKeys(oracle);
  const std::vector<Proof> proofs = oracle.proofs();
  for (const Proof& proof : proofs) {
    ledger::Checkpoint checkpoint;
    if (proof.signature_verified) {
      SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto note, ledger::ParseNote(proof.checkpoint));
      SCRUTINY_ASSERT_OK_AND_ASSIGN(checkpoint, ledger::ParseCheckpoint(note.text));
    } else {
      SCRUTINY_ASSERT_OK_AND_ASSIGN(checkpoint, ledger::OpenCheckpoint(proof.checkpoint, keys));
    }
    ASSERT_LT(checkpoint.size.value(), log.roots.size()) << "what was signed is gone";
    ASSERT_EQ(checkpoint.root, log.roots[checkpoint.size.value()]) << checkpoint.size;
    ASSERT_LT(proof.sequence, checkpoint.size.value());
    const ledger::Hash& leaf = log.leaves[proof.sequence];
    ASSERT_EQ(proof.leaf_hash, ledger::AsBytes(leaf)) << proof.sequence;
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const auto path, testing::HashesOf(proof.path));
    SCRUTINY_ASSERT_OK(ledger::VerifyInclusion(ledger::Sequence(proof.sequence), checkpoint.size,
                                               leaf, path, checkpoint.root));
  }
  oracle.MarkVerified(proofs.size());
}

// The server proves it too: from checkpoints of before to the newest.
inline void CheckConsistencies(const std::string& address, const WholeLog& log,
                               std::mt19937_64& random) {
  const auto stub = api::ProofService::NewStub(ChannelTo(address));
  for (int i = 0; i < 20; ++i) {
    grpc::ClientContext context;
    api::GetConsistencyRequest request;
    request.set_old_size(random() % log.roots.size());
    request.set_new_size(log.entries.size());
    api::GetConsistencyResponse response;
    const grpc::Status status = stub->GetConsistency(&context, request, &response);
    ASSERT_TRUE(status.ok()) << status.error_message();
    ASSERT_EQ(response.old_root(), ledger::AsBytes(log.roots[request.old_size()]));
    ASSERT_EQ(response.new_root(), ledger::AsBytes(log.roots.back()));
    SCRUTINY_ASSERT_OK(testing::CheckConsistency(response));
  }
}

// Sends every erasure again whose outcome is unknown.
inline void RetryErasures(const std::string& address, ProofOracle& oracle) {
  const auto stub = api::SealService::NewStub(ChannelTo(address));
  for (const auto& [id, erasure] : oracle.erasures()) {
    if (erasure.acknowledged) continue;
    grpc::ClientContext context;
    api::EraseSubjectResponse response;
    const grpc::Status status = stub->EraseSubject(&context, erasure.request, &response);
    if (status.error_code() == grpc::StatusCode::NOT_FOUND) continue;
    ASSERT_TRUE(status.ok()) << id << ": " << status.error_message();
    oracle.AcknowledgeErasure(id, response.sequence());
  }
}

// What was sealed before an erasure of its subject is erased; the rest opens to what was sealed, or
// is erased by an erasure that came about as late. Nothing is ever in between.
inline void CheckSealed(const std::string& address, ProofOracle& oracle, size_t newest,
                        size_t sample, std::mt19937_64& random) {
  const auto stub = api::SealService::NewStub(ChannelTo(address));
  std::map<std::string, uint64_t>
      erased_after;  // subject: the last tick of an erasure that is done
  for (const auto& [id, erasure] : oracle.erasures()) {
    uint64_t& last = erased_after[erasure.request.subject()];
    if (erasure.acknowledged) last = std::max(last, erasure.sent);
  }
  const std::vector<Sealed> all = oracle.sealed();
  std::set<size_t> chosen;
  for (size_t i = all.size() - std::min(newest, all.size()); i < all.size(); ++i) chosen.insert(i);
  for (size_t i = 0; i < sample && !all.empty(); ++i) chosen.insert(random() % all.size());
  for (const size_t i : chosen) {
    const Sealed& sealed = all[i];
    grpc::ClientContext context;
    api::OpenSealedRequest request;
    request.set_sequence(sealed.sequence);
    api::OpenSealedResponse response;
    const grpc::Status status = stub->OpenSealed(&context, request, &response);
    ASSERT_TRUE(status.ok()) << status.error_message();
    ASSERT_EQ(response.parts_size(), 1);
    const api::SealedPart& part = response.parts(0);
    const auto last = erased_after.find(sealed.subject);
    if (last != erased_after.end() && last->second > sealed.tick) {
      ASSERT_EQ(part.state(), api::SEAL_STATE_ERASED)
          << sealed.sequence << " was sealed before " << sealed.subject << " was erased";
    }
    if (part.state() == api::SEAL_STATE_OPENED) {
      ASSERT_EQ(part.sealed_for(), sealed.subject);
      ASSERT_EQ(response.opened().finding_recorded().personal_detail(), sealed.detail);
      continue;
    }
    ASSERT_EQ(part.state(), api::SEAL_STATE_ERASED) << sealed.sequence;
    ASSERT_TRUE(part.has_erased_by());
  }
}

// A folder is either no backup or one that verifies. Removes them, and returns how many verified.
inline int CheckBackups(ProofOracle& oracle, const WholeLog& log) {
  namespace fs = std::filesystem;
  ledger::Trust trust;
  trust.log_keys = KnownKeys(oracle);
  int verified = 0;
  for (const auto& [folder, backup] : oracle.TakeBackups()) {
    const bool complete = fs::exists(absl::StrCat(folder, "/", ledger::kBackupManifestName));
    EXPECT_TRUE(complete || !backup.acknowledged) << folder;
    if (complete) {
      const auto report = ledger::CheckBackup(folder, trust, 2);
      EXPECT_THAT(report, testing::IsOk()) << folder;
      if (report.ok()) {
        EXPECT_TRUE(report->damages.empty()) << report->damages.front().what;
        const uint64_t size = report->manifest.size.value();
        EXPECT_LT(size, log.roots.size());
        if (size < log.roots.size() && report->checkpoint) {
          EXPECT_EQ(report->checkpoint->checkpoint.root, log.roots[size]);
        }
        ++verified;
      }
    }
    fs::remove_all(folder);
  }
  return verified;
}

}  // namespace scrutiny::crash

#endif  // SCRUTINY_TESTS_CRASH_PROOF_CHECKS_H_
