#include "tests/ledger/verify/test_log.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <span>
#include <utility>

#include "absl/strings/str_cat.h"

#include "ledger/base/error.h"
#include "ledger/base/names.h"
#include "ledger/base/status.h"
#include "ledger/format/bundle_file.h"
#include "ledger/merkle/bundle.h"
#include "ledger/merkle/tree_hash.h"
#include "ledger/note/signed_note.h"
#include "ledger/note/tlog_proof.h"
#include "ledger/verify/entry_facts.h"
#include "ledger/verify/tile_layout.h"

namespace scrutiny::testing {

using ledger::Hash;
using ledger::Sequence;
using ledger::TreeSize;

ledger::Signer TestSigner(const std::string& name, ledger::KeyType type, uint8_t seed) {
  ledger::Seed bytes{};
  bytes.fill(seed);
  return *ledger::Signer::Create(name, type, ledger::SigningKey::FromSeed(bytes));
}

TestLog::TestLog() : signer_(TestSigner(kTestOrigin, ledger::KeyType::kEd25519, 7)) {}

void TestLog::Start(const std::string& log_key) {
  event::v1::Proposed proposed;
  proposed.set_record("ledger/identity");
  event::v1::LedgerStarted& started = *proposed.mutable_ledger_started();
  started.set_ledger_id(std::string(16, 'L'));
  started.set_incarnation(1);
  started.set_origin(kTestOrigin);
  started.set_format_version(1);
  started.set_hash_algorithm("sha256");
  started.set_log_key(log_key);
  AppendFact(std::move(proposed));
}

void TestLog::Append(const std::vector<std::string>& records, const Change& change) {
  const uint64_t first = size();
  for (const std::string& record : records) {
    event::v1::Proposed proposed;
    proposed.set_record(record);
    proposed.mutable_occurred()->set_on("2019-03-18");
    proposed.mutable_withdrawn()->set_reason(absl::StrCat("The reason of ", record, "."));
    AddEntry(Next(std::move(proposed), first, static_cast<uint32_t>(records.size())), change);
  }
}

void TestLog::AppendFact(event::v1::Proposed proposed, const Change& change) {
  AddEntry(Next(std::move(proposed), size(), 1), change);
}

event::v1::Entry TestLog::Next(event::v1::Proposed proposed, uint64_t first, uint32_t count) {
  event::v1::Entry entry;
  event::v1::Assigned& assigned = *entry.mutable_assigned();
  const auto type = static_cast<uint32_t>(proposed.fact_case());
  Head& head = heads_[proposed.record()];
  assigned.set_sequence(size());
  assigned.set_entry_id(std::string(16, static_cast<char>(size() % 251)));
  assigned.set_revision(++head.revision);
  if (head.revision > 1) assigned.set_previous(head.last);
  head.last = size();
  assigned.set_fact_type(type);
  assigned.set_type_ordinal(++ordinals_[type]);
  assigned.set_recorded_at_us(now_us_ += 1000);
  assigned.mutable_principal()->set_id("p1");
  assigned.set_request_id(absl::StrCat("request-", first));
  assigned.set_append_first(first);
  assigned.set_append_count(count);
  *entry.mutable_proposed() = std::move(proposed);
  return entry;
}

void TestLog::AddEntry(event::v1::Entry entry, const Change& change) {
  if (change != nullptr) change(entry);
  AddRaw(entry.SerializeAsString());
}

void TestLog::AddRaw(std::string bytes) {
  Hash hash = ledger::LeafHash(bytes);
  uint64_t index = entries_.size();
  entries_.push_back(std::move(bytes));
  for (size_t height = 0;; ++height, index >>= 1) {
    if (nodes_.size() <= height) nodes_.emplace_back();
    nodes_[height].push_back(hash);
    if ((index & 1) == 0) return;
    hash = ledger::NodeHash(nodes_[height][index - 1], hash);
  }
}

void TestLog::FillTo(uint64_t entries) {
  if (size() == 0) Start();
  for (uint64_t round = 0; size() < entries; ++round) {
    std::vector<std::string> records;
    const uint64_t count = std::min(1 + round % 7, entries - size());
    for (uint64_t i = 0; i < count; ++i) {
      records.push_back(absl::StrCat("actions/spab/", (round * 5 + i * 3) % 31));
    }
    Append(records);
  }
}

ledger::Trust TestLog::trust() const {
  ledger::Trust trust;
  trust.log_keys.push_back(signer_.verifier());
  return trust;
}

absl::StatusOr<Hash> TestLog::Node(uint8_t level, uint64_t index) { return nodes_[level][index]; }

Hash TestLog::Root(uint64_t size) const {
  return *ledger::RootAt(const_cast<TestLog&>(*this), TreeSize(size));
}

std::string TestLog::Checkpoint(uint64_t size) const {
  ledger::SignedNote note;
  note.text = ledger::Format(ledger::Checkpoint{kTestOrigin, TreeSize(size), Root(size), {}});
  note.signatures.push_back(ledger::SignNote(note.text, signer_));
  return ledger::Format(note);
}

LogFiles TestLog::Files() const {
  LogFiles files;
  files["checkpoint"] = Checkpoint();
  const ledger::TileLayout layout{TreeSize(size())};
  for (uint64_t place = 0; place < layout.count(); ++place) {
    const ledger::TileRequest request = layout.At(place);
    std::string& file = files[ledger::PathOf(request)];
    for (uint64_t i = 0; i < request.width; ++i) {
      const uint64_t index = request.id.index * ledger::kTileWidth + i;
      if (request.entries) {
        ledger::AppendBundleEntry(entries_[index], &file);
      } else {
        const Hash& hash = nodes_[size_t{request.id.level} * ledger::kTileHeight][index];
        file.append(reinterpret_cast<const char*>(hash.data()), hash.size());
      }
    }
  }
  return files;
}

std::string TestLog::Bundle() const {
  std::string out;
  ledger::BundleWriter writer([&](absl::string_view bytes) {
    out.append(bytes.data(), bytes.size());
    return absl::OkStatus();
  });
  const LogFiles files = Files();
  SCRUTINY_CHECK_OK(writer.Add("checkpoint", files.at("checkpoint")));
  SCRUTINY_CHECK_OK(writer.Add("keys", ledger::ToString(signer_.verifier()) + "\n"));
  SCRUTINY_CHECK_OK(writer.Add("proto/scrutiny.binpb", "a description"));
  const ledger::TileLayout layout{TreeSize(size())};
  for (uint64_t place = 0; place < layout.count(); ++place) {
    const std::string path = ledger::PathOf(layout.At(place));
    SCRUTINY_CHECK_OK(writer.Add(path, files.at(path)));
  }
  SCRUTINY_CHECK_OK(writer.Finish());
  return out;
}

std::string TestLog::ChosenBundle(const std::vector<std::string>& records) const {
  std::string out;
  ledger::BundleWriter writer([&](absl::string_view bytes) {
    out.append(bytes.data(), bytes.size());
    return absl::OkStatus();
  });
  std::string list;
  for (const std::string& record : records) absl::StrAppend(&list, record, "\n");
  SCRUTINY_CHECK_OK(writer.Add("checkpoint", Checkpoint()));
  SCRUTINY_CHECK_OK(writer.Add("keys", ledger::ToString(signer_.verifier()) + "\n"));
  SCRUTINY_CHECK_OK(writer.Add("proto/scrutiny.binpb", "a description"));
  SCRUTINY_CHECK_OK(writer.Add("records", list));
  for (uint64_t i = 0; i < size(); ++i) {
    const std::string record = ledger::RecordOf(entries_[i]);
    if (std::none_of(records.begin(), records.end(), [&](const std::string& prefix) {
          return ledger::IsSegmentPrefix(prefix, record);
        })) {
      continue;
    }
    SCRUTINY_CHECK_OK(writer.Add(ledger::BundleEntryName(Sequence(i)), entries_[i]));
    SCRUTINY_CHECK_OK(writer.Add(ledger::BundleProofName(Sequence(i)), Proof(i)));
  }
  SCRUTINY_CHECK_OK(writer.Finish());
  return out;
}

std::string TestLog::Proof(uint64_t index) const {
  ledger::TlogProof proof;
  proof.index = Sequence(index);
  proof.path =
      *ledger::InclusionProof(const_cast<TestLog&>(*this), Sequence(index), TreeSize(size()));
  proof.checkpoint = Checkpoint();
  return ledger::Format(proof);
}

absl::StatusOr<std::string> MemoryLog::Get(const std::string& path) const {
  const auto found = files_.find(path);
  if (found != files_.end()) return found->second;
  return ledger::Error(ledger::Reason::kNotFound, absl::StrCat("There is no ", path, "."));
}

absl::StatusOr<std::string> MemoryLog::Tile(ledger::TileId id, uint32_t width) {
  return Get(ledger::TilePath(id, width));
}

absl::StatusOr<std::string> MemoryLog::Bundle(uint64_t index, uint32_t width) {
  return Get(ledger::BundlePath(index, width));
}

void WriteFile(const std::string& path, const std::string& bytes) {
  std::filesystem::create_directories(std::filesystem::path(path).parent_path());
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out << bytes;
  SCRUTINY_CHECK(out.good()) << path;
}

void WriteFiles(const LogFiles& files, const std::string& folder) {
  for (const auto& [path, bytes] : files) WriteFile(folder + "/" + path, bytes);
}

}  // namespace scrutiny::testing
