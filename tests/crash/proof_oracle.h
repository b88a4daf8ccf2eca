// tests/crash/proof_oracle.h
// What a client was told by a server that is killed again and again: proofs, sealed parts, erasures
// and backups. It outlives every server.
//
// Threads:  thread-safe.
#ifndef SCRUTINY_TESTS_CRASH_PROOF_ORACLE_H_
#define SCRUTINY_TESTS_CRASH_PROOF_ORACLE_H_

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"

#include "ledger/base/mutex.h"
#include "scrutiny/ledger/v1/ledger.pb.h"
#include "scrutiny/ledger/v1/seal.pb.h"

namespace scrutiny::crash {

// A proof of one entry, as a client keeps it.
struct Proof {
  uint64_t sequence = 0;
  std::string leaf_hash;
  std::vector<std::string> path;
  std::string checkpoint;  // the signed note
  bool signature_verified = false;
};

// A part that was sealed, acknowledged at this tick.
struct Sealed {
  uint64_t sequence = 0;
  std::string subject;
  std::string detail;
  uint64_t tick = 0;
};

struct Erasure {
  ledger::v1::EraseSubjectRequest request;
  uint64_t sent = 0;  // the tick
  bool acknowledged = false;
  uint64_t sequence = 0;
};

struct Backup {
  std::string folder;
  bool acknowledged = false;
};

class ProofOracle {
 public:
  // Time, as far as it is needed: what comes later has a greater tick.
  uint64_t Tick() {
    ledger::MutexLock lock(mutex_);
    return ++tick_;
  }

  void AddReceipt(const ledger::v1::Receipt& receipt) {
    ledger::MutexLock lock(mutex_);
    for (const ledger::v1::EntryReceipt& entry : receipt.entries()) {
      // A receipt may come without proof; one with a checkpoint has a path.
      if (receipt.checkpoint().empty()) continue;
      proofs_.push_back({entry.sequence(),
                         entry.leaf_hash(),
                         {entry.inclusion_path().begin(), entry.inclusion_path().end()},
                         receipt.checkpoint()});
    }
  }
  void AddProof(Proof proof) {
    ledger::MutexLock lock(mutex_);
    proofs_.push_back(std::move(proof));
  }
  void AddCheckpoint(const std::string& note) {
    ledger::MutexLock lock(mutex_);
    checkpoints_.insert(note);
  }
  void AddKey(const std::string& vkey) {
    ledger::MutexLock lock(mutex_);
    keys_.insert(vkey);
  }
  void AddSealed(Sealed sealed) {
    ledger::MutexLock lock(mutex_);
    sealed.tick = ++tick_;
    sealed_.push_back(std::move(sealed));
  }
  void SendErasure(const ledger::v1::EraseSubjectRequest& request) {
    ledger::MutexLock lock(mutex_);
    Erasure& erasure = erasures_[request.request_id()];
    if (erasure.sent == 0) erasure.sent = ++tick_;
    erasure.request = request;
  }
  void AcknowledgeErasure(const std::string& id, uint64_t sequence) {
    ledger::MutexLock lock(mutex_);
    erasures_[id].acknowledged = true;
    erasures_[id].sequence = sequence;
  }
  void AddBackup(const std::string& folder, bool acknowledged) {
    ledger::MutexLock lock(mutex_);
    backups_[folder] = {folder, acknowledged};
  }

  // Copies, for a time when no client runs.
  std::vector<Proof> proofs() {
    ledger::MutexLock lock(mutex_);
    return proofs_;
  }
  void MarkVerified(size_t count) {
    ledger::MutexLock lock(mutex_);
    for (size_t i = 0; i < count; ++i) proofs_[i].signature_verified = true;
  }
  std::set<std::string> checkpoints() {
    ledger::MutexLock lock(mutex_);
    return checkpoints_;
  }
  std::set<std::string> keys() {
    ledger::MutexLock lock(mutex_);
    return keys_;
  }
  std::vector<Sealed> sealed() {
    ledger::MutexLock lock(mutex_);
    return sealed_;
  }
  std::map<std::string, Erasure> erasures() {
    ledger::MutexLock lock(mutex_);
    return erasures_;
  }
  std::map<std::string, Backup> TakeBackups() {
    ledger::MutexLock lock(mutex_);
    return std::exchange(backups_, {});
  }

 private:
  ledger::Mutex mutex_;
  uint64_t tick_ ABSL_GUARDED_BY(mutex_) = 0;
  std::vector<Proof> proofs_ ABSL_GUARDED_BY(mutex_);
  std::set<std::string> checkpoints_ ABSL_GUARDED_BY(mutex_);
  std::set<std::string> keys_ ABSL_GUARDED_BY(mutex_);
  std::vector<Sealed> sealed_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, Erasure> erasures_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, Backup> backups_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace scrutiny::crash

#endif  // SCRUTINY_TESTS_CRASH_PROOF_ORACLE_H_
