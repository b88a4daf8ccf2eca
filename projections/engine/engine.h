// projections/engine/engine.h
// Keeps registers level with the ledger: follows what is committed, rebuilds a register while the
// others go on, and stops one alone when it fails.
//
// One thread follows for the registers that are level, another brings those up that are behind
// (new, of a new version, being rebuilt); each reads an entry once for all the registers it serves.
//
// Guarantees:  a register's position is always the end of a whole append, kept together with its
//              rows; a failure stops that register alone, at a named entry, and says so until it is
//              rebuilt or reopened.
// Threads:     thread-safe; two threads of its own.
// Lifetime:    borrows `source` and the registers, which must outlive this.
// Errors:      Open: kReadOnly, kCorrupt if the files cannot be made; Find: kNotFound.
// Limits:      kRegisterBatchEntriesMax entries between two commits, rounded to whole appends.
// Tests:       tests/projections/engine/engine_test.cc
#ifndef SCRUTINY_PROJECTIONS_ENGINE_ENGINE_H_
#define SCRUTINY_PROJECTIONS_ENGINE_ENGINE_H_

#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"

#include "ledger/base/ids.h"
#include "ledger/base/mutex.h"
#include "ledger/feed/entry_source.h"
#include "projections/engine/reader.h"
#include "projections/engine/register.h"
#include "projections/engine/store.h"

namespace scrutiny::projections {

class Folder;
class Run;

struct EngineOptions {
  StoreOptions store;
  // Told in a sentence what an operator should know; from any thread. Null: nobody.
  std::function<void(std::string)> on_event;
};

// How a register does.
struct RegisterState {
  const Register* definition = nullptr;
  ledger::TreeSize applied;  // every entry before it
  uint64_t rows = 0;
  absl::Status stalled;  // why it stopped; OK: it has not

  absl::optional<ledger::Sequence> position() const {
    if (applied.value() == 0) return absl::nullopt;
    return ledger::Sequence(applied.value() - 1);
  }
};

// The size of a ledger that holds the entry. No ledger is as large as the greatest number there is,
// so asking for that one waits in vain instead of wrapping to nothing.
inline ledger::TreeSize SizeToHold(ledger::Sequence sequence) {
  const uint64_t greatest = std::numeric_limits<uint64_t>::max();
  return sequence.value() == greatest ? ledger::TreeSize(greatest) : ledger::SizeThrough(sequence);
}

class Engine {
 public:
  static absl::StatusOr<std::unique_ptr<Engine>> Open(ledger::EntrySource& source,
                                                      const std::vector<const Register*>& registers,
                                                      const EngineOptions& options);
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  ledger::EntrySource& source() const { return source_; }

  // All registers, by name.
  std::vector<RegisterState> States() const;
  absl::StatusOr<RegisterState> State(absl::string_view name) const;
  // How registers do and what reads them, at one moment: the reader has all that `applied` says,
  // also when the register is rebuilt meanwhile.
  struct Look {
    RegisterState state;
    Reader reader;
  };
  absl::StatusOr<std::vector<Look>> LookAt(const std::vector<absl::string_view>& names) const;

  // Waits until each of the registers (none named: all) that has not stalled has applied every
  // entry before `size`; false when the time ran out or the engine is closing.
  bool WaitFor(const std::vector<absl::string_view>& names, ledger::TreeSize size,
               int64_t timeout_micros) const;

  // Deletes registers (none named: all) and folds them again. Calls `progress` with entries folded
  // and to fold about ten times a second, and returns when they have folded what the ledger held at
  // the call, one has stalled, or
  // `progress` returns false; the folding then goes on.
  absl::Status Rebuild(const std::vector<std::string>& names,
                       const std::function<bool(uint64_t done, uint64_t total)>& progress);

  // Stops following and writes everything to the files.
  absl::Status Close();

 private:
  // A register at work. The folder belongs to the thread whose lane the register is in.
  struct Member;
  // Which thread serves a register.
  enum class Lane { kLevel, kBehind };

  Engine(ledger::EntrySource& source, const EngineOptions& options);
  absl::Status AddRegister(const Register& definition);
  void Follow(Lane lane);
  // What a thread has to do next.
  struct Work {
    std::vector<Member*> renew;    // to be rebuilt
    std::vector<Member*> settle;   // level but for what is on its way to the table
    std::vector<Member*> advance;  // to be brought on
    bool write_behind = false;     // far from level: what is folded may be written meanwhile
    bool idle = false;             // nothing for a while: time to write to the files
    bool closing = false;
  };
  Work Await(Lane lane);
  void Renew(Member& member);
  // Reads the next run for the members and folds it into each.
  void Advance(const Work& work, Run& run);
  void Settle(Member& member);
  void TakeRun(const Run& run, bool write_behind, Member& member);
  void Stall(Member& member, const absl::Status& why);
  void FlushIfWorthwhile();
  bool HaveApplied(const std::vector<absl::string_view>& names, ledger::TreeSize size) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  Member* Find(absl::string_view name) const;
  RegisterState StateOf(const Member& member) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Tell(std::string event) const;

  ledger::EntrySource& source_;
  const EngineOptions options_;
  std::unique_ptr<Store> store_;
  // By name; the list does not change after Open.
  std::vector<std::unique_ptr<Member>> members_;

  mutable ledger::Mutex mutex_;
  mutable ledger::CondVar changed_;  // positions, lanes, requests, the ledger's size, closing
  bool closing_ ABSL_GUARDED_BY(mutex_) = false;
  ledger::TreeSize ledger_size_ ABSL_GUARDED_BY(mutex_);
  uint64_t unflushed_ ABSL_GUARDED_BY(mutex_) = 0;  // entries folded since the last flush
  uint64_t listener_ = 0;
  std::thread level_thread_;
  std::thread behind_thread_;
};

}  // namespace scrutiny::projections

#endif  // SCRUTINY_PROJECTIONS_ENGINE_ENGINE_H_
