// The guarantees of the ledger, one test or more each, named by their number in the README. Each
// runs the whole ledger; where a disk has to fail or lose power, it is a file system that does.
#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

#include "ledger/append/ledger.h"
#include "ledger/append/sealed_parts.h"
#include "ledger/append/tree.h"
#include "ledger/base/clock.h"
#include "ledger/base/error.h"
#include "ledger/base/limits.h"
#include "ledger/base/random.h"
#include "ledger/checkpoint/checkpointer.h"
#include "ledger/checkpoint/identity.h"
#include "ledger/format/entry_codec.h"
#include "ledger/merkle/proof.h"
#include "ledger/note/checkpoint.h"
#include "ledger/seal/key_store.h"
#include "tests/support/facts.h"
#include "tests/support/fault_fs.h"
#include "tests/support/manual_clock.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace scrutiny::ledger {
namespace {

using testing::ActionName;
using testing::ActionRaised;
using testing::ActionUpdated;
using testing::AppendOf;
using testing::Effect;
using testing::FailsWith;
using testing::FaultFs;
using testing::FsCall;

class GuaranteeTest : public ::testing::Test {
 protected:
  absl::StatusOr<std::unique_ptr<Ledger>> TryOpen() {
    LedgerOptions options;
    options.data = dir_.path();
    options.clock = &clock_;
    options.file_system = fs_;
    return Ledger::Open(options);
  }
  void Open() {
    ledger_ = nullptr;
    auto opened = TryOpen();
    SCRUTINY_ASSERT_OK(opened);
    ledger_ = *std::move(opened);
  }
  absl::StatusOr<Receipt> Append(const std::string& id, std::vector<event::v1::Proposed> facts) {
    return ledger_->AppendAndWait(AppendOf(id, std::move(facts)));
  }
  // The sequences of all appends by request id; checks that they are dense and whole.
  std::map<std::string, uint64_t> Appends() {
    std::map<std::string, uint64_t> appends;
    uint64_t left = 0;  // entries of the append at hand still to come
    Sequence next(0);
    while (next < NextSequence(ledger_->size())) {
      const auto chunks = ledger_->Chunks(next, kReadBatchBytesMax);
      SCRUTINY_CHECK(chunks.ok()) << chunks.status().ToString();
      for (const ChunkPtr& chunk : *chunks) {
        for (size_t i = next - chunk->first(); i < chunk->count(); ++i, ++next) {
          const event::v1::Entry entry = ParseEntry(chunk->entry(i)).value();
          EXPECT_EQ(entry.assigned().sequence(), next.value());
          if (left == 0) {
            left = entry.assigned().append_count();
            EXPECT_TRUE(appends.emplace(entry.assigned().request_id(), next.value()).second);
          }
          --left;
        }
      }
    }
    EXPECT_EQ(left, 0u) << "the newest append is there in part";
    return appends;
  }

  testing::TempDir dir_;
  testing::ManualClock clock_;
  std::shared_ptr<FaultFs> fs_ = std::make_shared<FaultFs>();
  std::unique_ptr<Ledger> ledger_;
};

// Method: the power goes at the n-th sync of the log while four clients append; afterwards the disk
// holds what was synced and, for most seeds, a torn part of what was not.
TEST_F(GuaranteeTest, G1DurableOnAck) {
  Open();
  std::map<std::string, uint64_t> acknowledged;
  for (uint64_t round = 0; round < 12; ++round) {
    fs_->Inject({.call = FsCall::kSync,
                 .nth = 1 + round * 3 % 11,
                 .effect = Effect::kPowerOff,
                 .path_part = dir_.path() + "/log"});
    std::mutex mutex;
    std::vector<std::thread> clients;
    for (int c = 0; c < 4; ++c) {
      clients.emplace_back([&, c] {
        for (int i = 0;; ++i) {
          const std::string id = absl::StrCat("r", round, "-", c, "-", i);
          const std::string record = absl::StrCat("actions/", id);
          const auto receipt =
              Append(id, {ActionRaised(record, "A"), ActionUpdated(record, std::string(999, 'x'))});
          if (!receipt.ok()) return;
          std::lock_guard<std::mutex> lock(mutex);
          acknowledged[id] = receipt->first.value();
        }
      });
    }
    for (std::thread& client : clients) client.join();
    ledger_ = nullptr;
    fs_->RestorePower({.torn_seed = round});
    ASSERT_NO_FATAL_FAILURE(Open()) << "round " << round;
    const std::map<std::string, uint64_t> found = Appends();
    for (const auto& [id, first] : acknowledged) {
      const auto it = found.find(id);
      ASSERT_NE(it, found.end()) << id << " was acknowledged and is gone";
      ASSERT_EQ(it->second, first) << id;
    }
  }
  EXPECT_GT(acknowledged.size(), 50u);
}

// Method: readers follow while others write, and look at every size they are shown.
TEST_F(GuaranteeTest, G2GaplessCommitOrder) {
  Open();
  std::atomic<bool> done{false};
  std::atomic<uint64_t> read_in_all{0};
  std::vector<std::thread> readers;
  for (int r = 0; r < 2; ++r) {
    readers.emplace_back([&] {
      Sequence next(0);
      uint64_t left = 0;
      while (true) {
        const bool last = done;
        ledger_->WaitForMoreThan(TreeSize(next.value()), 10'000);
        const TreeSize size = ledger_->size();
        while (next < NextSequence(size)) {
          const auto chunks = ledger_->Chunks(next, 1);
          SCRUTINY_CHECK(chunks.ok()) << chunks.status().ToString();
          const Chunk& chunk = *chunks->front();
          for (size_t i = next - chunk.first(); i < chunk.count() && next < NextSequence(size);
               ++i, ++next) {
            const event::v1::Entry entry = ParseEntry(chunk.entry(i)).value();
            EXPECT_EQ(entry.assigned().sequence(), next.value());
            if (left == 0) left = entry.assigned().append_count();
            --left;
          }
        }
        // What size() shows always ends with a whole append.
        EXPECT_EQ(left, 0u);
        if (last && next == NextSequence(ledger_->size())) break;
      }
      read_in_all += next.value();
    });
  }
  std::vector<std::thread> writers;
  for (int w = 0; w < 4; ++w) {
    writers.emplace_back([&, w] {
      for (int i = 0; i < 100; ++i) {
        const std::string id = absl::StrCat(w, "-", i);
        std::vector<event::v1::Proposed> facts;
        for (int f = 0; f <= i % 7; ++f) {
          facts.push_back(ActionRaised(absl::StrCat("actions/", id, "/", f), "A"));
        }
        SCRUTINY_EXPECT_OK(Append(id, std::move(facts)));
      }
    });
  }
  for (std::thread& writer : writers) writer.join();
  done = true;
  for (std::thread& reader : readers) reader.join();
  EXPECT_EQ(read_in_all, 2 * ledger_->size().value());
}

TEST_F(GuaranteeTest, G3IdempotentForEver) {
  Open();
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const Receipt first,
                                Append("same", {ActionRaised("actions/a", "A")}));
  EXPECT_FALSE(first.already_recorded);
  const auto check = [&] {
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const Receipt again,
                                  Append("same", {ActionRaised("actions/a", "A")}));
    EXPECT_TRUE(again.already_recorded);
    EXPECT_EQ(again.first, first.first);
    EXPECT_EQ(again.request_id, "same");
    EXPECT_EQ(again.recorded_at_us, first.recorded_at_us);
    ASSERT_EQ(again.entries.size(), 1u);
    EXPECT_EQ(again.entries[0].leaf_hash, first.entries[0].leaf_hash);
    EXPECT_EQ(again.entries[0].revision, first.entries[0].revision);
    EXPECT_THAT(Append("same", {ActionRaised("actions/a", "other")}),
                FailsWith(Reason::kRequestIdReused));
  };
  check();
  clock_.Advance(1'000'000);
  Open();
  check();
  // What is remembered follows from the entries alone.
  ledger_ = nullptr;
  std::filesystem::remove_all(dir_.File("index"));
  Open();
  check();
  // Expected revisions are aside: what was right then is not judged again.
  NewAppend guarded = AppendOf("same", {ActionRaised("actions/a", "A")});
  guarded.facts[0].expected_revision = Revision(7);
  SCRUTINY_EXPECT_OK(ledger_->AppendAndWait(guarded));
  // Another principal's request of the same id is another request.
  NewAppend other = AppendOf("same", {ActionRaised("actions/b", "B")});
  other.principal.set_id("somebody-else");
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const Receipt receipt, ledger_->AppendAndWait(other));
  EXPECT_FALSE(receipt.already_recorded);
}

// Method: many threads send the same requests at once, so that repeats meet in one group.
TEST_F(GuaranteeTest, G3IdempotentWithinOneGroup) {
  Open();
  std::vector<std::thread> clients;
  std::mutex mutex;
  std::map<std::string, uint64_t> first;
  for (int c = 0; c < 8; ++c) {
    clients.emplace_back([&] {
      for (int i = 0; i < 60; ++i) {
        const std::string id = absl::StrCat("r", i);
        const auto receipt = Append(id, {ActionRaised(ActionName(i), "A")});
        SCRUTINY_ASSERT_OK(receipt);
        std::lock_guard<std::mutex> lock(mutex);
        EXPECT_EQ(first.emplace(id, receipt->first.value()).first->second, receipt->first.value());
      }
    });
  }
  for (std::thread& client : clients) client.join();
  EXPECT_EQ(ledger_->size(), TreeSize(61));
}

TEST_F(GuaranteeTest, G4AtomicAcrossRecords) {
  Open();
  SCRUTINY_ASSERT_OK(Append("r1", {ActionRaised("actions/a", "A")}));
  EXPECT_THAT(Append("r2", {ActionRaised("actions/b", "B"), ActionRaised("actions/a", "again")}),
              FailsWith(Reason::kRuleRefused));
  EXPECT_THAT(ledger_->GetRecord("actions/b", Revision(1), 1), FailsWith(Reason::kNotFound));
  NewAppend expecting =
      AppendOf("r3", {ActionRaised("actions/b", "B"), ActionUpdated("actions/a", "C")});
  expecting.facts[1].expected_revision = Revision(9);
  EXPECT_THAT(ledger_->AppendAndWait(expecting), FailsWith(Reason::kWrongRevision));
  NewAppend guarded = AppendOf("r4", {ActionRaised("actions/b", "B")});
  guarded.guards.push_back({"actions/a", Revision(2)});
  EXPECT_THAT(ledger_->AppendAndWait(guarded), FailsWith(Reason::kGuardNotMet));
  EXPECT_EQ(ledger_->size(), TreeSize(2));
  Open();
  EXPECT_EQ(ledger_->size(), TreeSize(2));
}

TEST_F(GuaranteeTest, G5DamagedBytesAreNamedAndNeverRepaired) {
  Open();
  const std::string mark = "a text to be found on the disk";
  for (int i = 0; i < 40; ++i) {
    SCRUTINY_ASSERT_OK(
        Append(absl::StrCat("r", i), {ActionRaised(ActionName(i), absl::StrCat(mark, i, "."))}));
  }
  SCRUTINY_ASSERT_OK(ledger_->Close());
  ledger_ = nullptr;
  // One bit of the text of entry 21 (request 20) changes where it is stored.
  std::string damaged;
  for (const auto& file : std::filesystem::directory_iterator(dir_.File("log"))) {
    std::ifstream in(file.path(), std::ios::binary);
    std::string bytes((std::istreambuf_iterator<char>(in)), {});
    const size_t at = bytes.find(mark + "20.");
    if (file.path().extension() != ".sst" || at == std::string::npos) continue;
    damaged = file.path().string();
    std::fstream out(damaged, std::ios::binary | std::ios::in | std::ios::out);
    out.seekp(static_cast<std::streamoff>(at));
    out.put(static_cast<char>(bytes[at] ^ 1));
  }
  ASSERT_FALSE(damaged.empty());
  const auto size = std::filesystem::file_size(damaged);

  absl::Status found;
  auto opened = TryOpen();
  if (opened.ok()) {
    ledger_ = *std::move(opened);
    found = ledger_->Chunks(Sequence(21), 1).status();
    // The others are served.
    SCRUTINY_EXPECT_OK(ledger_->Chunks(Sequence(5), 1));
    SCRUTINY_EXPECT_OK(ledger_->Chunks(Sequence(39), 1));
  } else {
    found = opened.status();
  }
  EXPECT_THAT(found, FailsWith(Reason::kCorrupt));
  EXPECT_TRUE(absl::StrContains(found.message(), "21")) << found.message();
  EXPECT_EQ(std::filesystem::file_size(damaged), size);
}

// Method: each kind of change of the log fails in turn, as an error and as a full disk.
TEST_F(GuaranteeTest, G6FailsClosed) {
  int round = 0;
  for (const Effect effect : {Effect::kError, Effect::kNoSpace}) {
    for (const FsCall call : {FsCall::kAppend, FsCall::kSync}) {
      ++round;
      Open();
      SCRUTINY_ASSERT_OK(Append(absl::StrCat("before", round),
                                {ActionRaised(absl::StrCat("actions/before", round), "A")}));
      const TreeSize size = ledger_->size();
      fs_->Inject(
          {.call = call, .onwards = true, .effect = effect, .path_part = dir_.path() + "/log"});
      const std::string id = absl::StrCat("during", round);
      const auto during = [&] {
        return Append(id, {ActionRaised(absl::StrCat("actions/", id), "A")});
      };
      const absl::StatusOr<Receipt> failed = during();
      EXPECT_THAT(failed, FailsWith(Reason::kOutcomeUnknown)) << round;
      EXPECT_EQ(failed.status().code(), absl::StatusCode::kUnavailable);
      EXPECT_EQ(ledger_->size(), size) << "what was not synced is visible";
      // Though the disk is well again, nothing is written before a restart; reading goes on.
      fs_->ClearFaults();
      EXPECT_THAT(during(), FailsWith(Reason::kReadOnly));
      EXPECT_FALSE(ledger_->status().read_only_because.empty());
      SCRUTINY_EXPECT_OK(ledger_->Chunks(Sequence(0), 1));
      // As a restart of the server: what waits in memory only is gone.
      fs_->PowerOff();
      ledger_ = nullptr;
      fs_->RestorePower();
      Open();
      SCRUTINY_ASSERT_OK(during());
      const std::map<std::string, uint64_t> appends = Appends();
      EXPECT_EQ(appends.count(id), 1u);
      EXPECT_EQ(appends.count(absl::StrCat("before", round)), 1u);
    }
  }
}

// Method: what an append answers is held against the tree and a checkpoint at once, by the
// functions an auditor uses.
TEST_F(GuaranteeTest, G7ProofAtOnce) {
  const testing::TempDir outside;
  SystemClock clock;
  SystemRandom random;
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const std::unique_ptr<Identity> identity,
                                Identity::Open(outside.File("identity")));
  Open();
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const std::unique_ptr<Checkpointer> checkpointer,
                                Checkpointer::Open({*ledger_, *identity, clock, random}));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const VerifierKey key,
                                ParseVerifierKey(checkpointer->status().verifier_keys.front()));
  for (int i = 0; i < 300; ++i) {
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const Receipt receipt,
                                  Append(absl::StrCat("r", i), {ActionRaised(ActionName(i), "A")}));
    const EntryReceipt& entry = receipt.entries.front();
    const TreeSize size = SizeThrough(entry.sequence);
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const Hash root, ledger_->tree().Root(size));
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const std::vector<Hash> path,
                                  ledger_->tree().Inclusion(entry.sequence, size));
    SCRUTINY_ASSERT_OK(VerifyInclusion(entry.sequence, size, entry.leaf_hash, path, root));
    if (i % 50 != 0) continue;
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const PublishedCheckpointPtr published,
                                  checkpointer->WaitCovered(size));
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const Checkpoint checkpoint,
                                  OpenCheckpoint(published->note, {&key, 1}));
    EXPECT_GE(checkpoint.size, size);
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const std::vector<Hash> signed_path,
                                  ledger_->tree().Inclusion(entry.sequence, checkpoint.size));
    SCRUTINY_EXPECT_OK(VerifyInclusion(entry.sequence, checkpoint.size, entry.leaf_hash,
                                       signed_path, checkpoint.root));
  }
}

// Method: two persons' sealed names, one erased; the files are searched, the old proof checked.
TEST_F(GuaranteeTest, G8ErasureKeepsProofs) {
  const testing::TempDir outside;
  SystemRandom random;
  Open();
  KeyStoreOptions options;
  options.dir = outside.File("keys");
  options.ledger_id = ledger_->identity().ledger_id;
  options.clock = &clock_;
  options.random = &random;
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const std::unique_ptr<KeyStore> keys, KeyStore::Open(options));
  SCRUTINY_ASSERT_OK(ledger_->AttachKeys(*keys, 0));
  const auto record = [&](const std::string& person, const std::string& name) {
    event::v1::Proposed proposed;
    proposed.set_record(person);
    proposed.mutable_person_registered()->set_personal_name(name);
    NewAppend append = AppendOf(person, {proposed});
    append.facts[0].seals.push_back({"person_registered.personal_name", person});
    return ledger_->AppendAndWait(std::move(append));
  };
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const Receipt erased,
                                record("persons/a", "Ermintrude Quillfeather"));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const Receipt kept, record("persons/b", "Barnaby Thistlewick"));
  const TreeSize size = ledger_->size();
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const Hash root, ledger_->tree().Root(size));
  SCRUTINY_ASSERT_OK_AND_ASSIGN(const std::vector<Hash> path,
                                ledger_->tree().Inclusion(erased.first, size));

  SCRUTINY_ASSERT_OK(ledger_->seals()->Erase(
      {"persons/a", "request under Article 17", "DPO", "erase-a", "local"}));
  for (int opening = 0; opening < 2; ++opening) {
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const SealedParts::Opened closed,
                                  ledger_->seals()->Open(erased.first));
    EXPECT_EQ(closed.parts[0].state, SealedParts::State::kErased);
    EXPECT_EQ(closed.merged.person_registered().personal_name(), "");
    SCRUTINY_ASSERT_OK_AND_ASSIGN(const SealedParts::Opened open,
                                  ledger_->seals()->Open(kept.first));
    EXPECT_EQ(open.merged.person_registered().personal_name(), "Barnaby Thistlewick");
    SCRUTINY_EXPECT_OK(VerifyInclusion(erased.first, size, LeafHash(closed.entry), path, root));
    Open();
    SCRUTINY_ASSERT_OK(ledger_->AttachKeys(*keys, 0));
  }
  SCRUTINY_ASSERT_OK(ledger_->Close());
  for (const std::string& folder : {dir_.path(), outside.path()}) {
    for (const auto& file : std::filesystem::recursive_directory_iterator(folder)) {
      if (!file.is_regular_file()) continue;
      std::ifstream in(file.path(), std::ios::binary);
      const std::string bytes((std::istreambuf_iterator<char>(in)), {});
      EXPECT_EQ(bytes.find("Quillfeather"), std::string::npos) << file.path();
    }
  }
}

// Method: an answer is not taken, so the queue behind it fills.
TEST_F(GuaranteeTest, G9QueueIsBounded) {
  Open();
  std::mutex mutex;
  std::condition_variable released;
  bool open = false;
  std::atomic<bool> holding{false};
  ledger_->Append(AppendOf("first", {ActionRaised("actions/first", "A")}), [&](auto) {
    std::unique_lock<std::mutex> lock(mutex);
    holding = true;
    released.wait(lock, [&] { return open; });
  });
  while (!holding) std::this_thread::yield();
  std::atomic<size_t> full{0};
  std::atomic<size_t> recorded{0};
  std::atomic<size_t> answered{0};
  constexpr size_t kMore = 50;
  for (size_t i = 0; i < kQueueAppendsMax + kMore; ++i) {
    ledger_->Append(AppendOf(absl::StrCat("r", i), {ActionRaised(ActionName(i), "A")}),
                    [&](absl::StatusOr<Receipt> receipt) {
                      if (receipt.ok()) {
                        ++recorded;
                      } else if (ReasonOf(receipt.status()) == Reason::kQueueFull) {
                        ++full;
                      }
                      ++answered;
                    });
  }
  EXPECT_LE(ledger_->status().queued_appends, kQueueAppendsMax);
  {
    std::lock_guard<std::mutex> lock(mutex);
    open = true;
    released.notify_all();
  }
  while (answered < kQueueAppendsMax + kMore) std::this_thread::yield();
  EXPECT_EQ(full, kMore);
  EXPECT_EQ(recorded, kQueueAppendsMax);
}

}  // namespace
}  // namespace scrutiny::ledger
