// tests/ledger/verify/test_log.h
// A log as our server would write it, made without the server: entries that follow from one
// another, tiles over them, a signed checkpoint. Any entry can be made wrong before it is hashed,
// so that the log is properly signed and contradicts itself.
#ifndef SCRUTINY_TESTS_LEDGER_VERIFY_TEST_LOG_H_
#define SCRUTINY_TESTS_LEDGER_VERIFY_TEST_LOG_H_

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "ledger/base/ids.h"
#include "ledger/format/hash.h"
#include "ledger/merkle/proof.h"
#include "ledger/note/checkpoint.h"
#include "ledger/note/vkey.h"
#include "ledger/verify/log_reader.h"
#include "ledger/verify/signed_checkpoint.h"
#include "scrutiny/event/v1/entry.pb.h"

namespace scrutiny::testing {

inline constexpr char kTestOrigin[] = "scrutiny.example.org";

// A key from a seed of one byte, so that every run has the same.
ledger::Signer TestSigner(const std::string& name, ledger::KeyType type, uint8_t seed);

// Files by path, as a static site or an unpacked export has them.
using LogFiles = std::map<std::string, std::string>;

class TestLog : public ledger::NodeReader {
 public:
  TestLog();

  // What makes an entry wrong, or sets its fact.
  using Change = std::function<void(event::v1::Entry&)>;

  // Starts the ledger: entry 0. `log_key` is named in it if it is not empty.
  void Start(const std::string& log_key = "");
  // One append of an entry on each record, with a plain fact. `change` sees each entry before it is
  // serialised; the next entries follow from what it should have been.
  void Append(const std::vector<std::string>& records, const Change& change = nullptr);
  // Adds an entry with this fact; the record is the proposed one's.
  void AppendFact(event::v1::Proposed proposed, const Change& change = nullptr);
  // Adds bytes as they are.
  void AddRaw(std::string bytes);
  // An ordinary log of this many entries, the first included: appends of 1 to 7 entries on some
  // thirty records.
  void FillTo(uint64_t entries);

  uint64_t size() const { return entries_.size(); }
  const std::string& entry(uint64_t index) const { return entries_[index]; }

  const ledger::Signer& signer() const { return signer_; }
  ledger::Trust trust() const;
  // The signed checkpoint of the first `size` entries.
  std::string Checkpoint(uint64_t size) const;
  std::string Checkpoint() const { return Checkpoint(size()); }
  ledger::Hash Root(uint64_t size) const;

  // All files for the whole log.
  LogFiles Files() const;
  // The same as an export, with `keys` and a description of formats.
  std::string Bundle() const;
  // An export of the entries on these records and below them.
  std::string ChosenBundle(const std::vector<std::string>& records) const;
  // A tlog-proof file under the checkpoint of the whole log.
  std::string Proof(uint64_t index) const;

  // ledger::NodeReader
  absl::StatusOr<ledger::Hash> Node(uint8_t level, uint64_t index) override;

 private:
  struct Head {
    uint64_t revision = 0;
    uint64_t last = 0;
  };
  event::v1::Entry Next(event::v1::Proposed proposed, uint64_t first, uint32_t count);
  void AddEntry(event::v1::Entry entry, const Change& change);

  ledger::Signer signer_;
  std::vector<std::string> entries_;
  std::vector<std::vector<ledger::Hash>> nodes_;  // by height, perfect subtrees alone
  std::map<std::string, Head> heads_;
  std::map<uint32_t, uint64_t> ordinals_;
  int64_t now_us_ = 1'552'903'200'000'000;
};

// A log out of files in memory.
class MemoryLog : public ledger::LogReader {
 public:
  explicit MemoryLog(LogFiles files) : files_(std::move(files)) {}

  LogFiles& files() { return files_; }
  absl::StatusOr<std::string> Checkpoint() override { return Get("checkpoint"); }
  absl::StatusOr<std::string> Tile(ledger::TileId id, uint32_t width) override;
  absl::StatusOr<std::string> Bundle(uint64_t index, uint32_t width) override;

 private:
  absl::StatusOr<std::string> Get(const std::string& path) const;

  LogFiles files_;
};

void WriteFiles(const LogFiles& files, const std::string& folder);
void WriteFile(const std::string& path, const std::string& bytes);

}  // namespace scrutiny::testing

#endif  // SCRUTINY_TESTS_LEDGER_VERIFY_TEST_LOG_H_
