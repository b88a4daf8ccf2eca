#include "tools/scrutiny/export_bundle.h"

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "ledger/base/error.h"
#include "ledger/base/names.h"
#include "ledger/base/status.h"
#include "ledger/format/bundle_file.h"
#include "ledger/format/hash.h"
#include "ledger/merkle/bundle.h"
#include "ledger/merkle/tile.h"
#include "ledger/merkle/tile_builder.h"
#include "ledger/note/vkey.h"
#include "tools/scrutiny/descriptors.h"
#include "tools/scrutiny/proofs.h"
#include "tools/support/output_file.h"
#include "tools/support/progress.h"
#include "tools/support/words.h"

namespace scrutiny::tools {
namespace {

using ledger::Error;
using ledger::Hash;
using ledger::Reason;

std::string TileBytes(absl::Span<const Hash> hashes) {
  std::string bytes;
  bytes.reserve(hashes.size() * sizeof(Hash));
  for (const Hash& hash : hashes) absl::StrAppend(&bytes, ledger::AsBytes(hash));
  return bytes;
}

// The checkpoint of the newest signature, signed by a key that the server names.
struct Signed {
  std::string note;
  ledger::Checkpoint checkpoint;
  std::string keys;  // one a line
};

absl::StatusOr<Signed> AskCheckpoint(Client& client) {
  SCRUTINY_ASSIGN_OR_RETURN(const auto response, client.Call(ledger::v1::GetCheckpointRequest()));
  Signed newest;
  newest.note = response.checkpoint();
  std::vector<ledger::VerifierKey> keys;
  for (const std::string& text : response.verifier_keys()) {
    SCRUTINY_ASSIGN_OR_RETURN(keys.emplace_back(), ledger::ParseVerifierKey(text));
    absl::StrAppend(&newest.keys, text, "\n");
  }
  SCRUTINY_ASSIGN_OR_RETURN(newest.checkpoint, ledger::OpenCheckpoint(newest.note, keys));
  return newest;
}

// What both kinds of export have in common.
class Exporter {
 public:
  Exporter(Signed newest, OutputFile& file, Context& context)
      : newest_(std::move(newest)),
        writer_([&file](absl::string_view bytes) { return file.Write(bytes); }),
        context_(context),
        progress_(context.err, context.err_is_terminal, "Exporting") {}

  absl::Status WriteHead() {
    SCRUTINY_RETURN_IF_ERROR(writer_.Add(ledger::kBundleCheckpointName, newest_.note));
    SCRUTINY_RETURN_IF_ERROR(writer_.Add(ledger::kBundleKeysName, newest_.keys));
    return writer_.Add(ledger::kBundleProtoName, DescriptorSet());
  }

  absl::Status WriteAll();
  absl::Status WriteChosen(const ExportWish& wish);
  absl::Status Finish() { return writer_.Finish(); }

  uint64_t entries() const { return entries_; }

 private:
  uint64_t size() const { return newest_.checkpoint.size.value(); }

  // Reads all entries under the checkpoint, in order; `done` were read before, of twice as many.
  absl::Status ReadAll(uint64_t done,
                       const std::function<absl::Status(const std::string& entry)>& take);
  absl::Status WriteTiles();
  absl::Status WriteBundles();
  absl::Status WriteEntry(const std::string& bytes, uint64_t sequence,
                          const ledger::v1::EntryProof* proof);
  absl::Status CheckRoot(const ledger::CompactRange& tree) const;

  const Signed newest_;
  ledger::BundleWriter writer_;
  Context& context_;
  Progress progress_;
  uint64_t entries_ = 0;
};

absl::Status Exporter::ReadAll(uint64_t done,
                               const std::function<absl::Status(const std::string& entry)>& take) {
  ledger::v1::ReadRequest request;
  request.set_to_sequence(size() - 1);
  uint64_t read = 0;
  SCRUTINY_RETURN_IF_ERROR(
      context_.client.Read(request, [&](const ledger::v1::ReadResponse& batch) -> absl::Status {
        for (const std::string& entry : batch.entries()) {
          if (read == size()) break;
          SCRUTINY_RETURN_IF_ERROR(take(entry));
          ++read;
        }
        progress_.Show(done + read, 2 * size(), Count(read, "entry", "entries"));
        return absl::OkStatus();
      }));
  if (read == size()) return absl::OkStatus();
  return Error(Reason::kCorrupt, absl::StrCat("the server sent ", read, " entries of the ", size(),
                                              " it has signed"));
}

absl::Status Exporter::CheckRoot(const ledger::CompactRange& tree) const {
  if (tree.Root() == newest_.checkpoint.root) return absl::OkStatus();
  return Error(Reason::kCorrupt,
               absl::StrCat(
                   "the entries that the server sent are not those it has signed: of ", size(),
                   " entries the root is ", ledger::ToHex(ledger::AsBytes(tree.Root())), ", and ",
                   ledger::ToHex(ledger::AsBytes(newest_.checkpoint.root)), " is the signed one"))
      .Next("Do not rely on this server; keep the checkpoint and tell its operator.");
}

// The hashes: those of the lowest level as they come, the others, a 256th, when all are there.
absl::Status Exporter::WriteTiles() {
  ledger::TileBuilder tree;
  std::map<ledger::TileId, std::shared_ptr<const std::vector<Hash>>> above;
  SCRUTINY_RETURN_IF_ERROR(ReadAll(0, [&](const std::string& entry) -> absl::Status {
    tree.Append(ledger::LeafHash(entry));
    for (ledger::FullTile& tile : tree.TakeFull()) {
      if (tile.id.level > 0) {
        above[tile.id] = std::move(tile.hashes);
        continue;
      }
      SCRUTINY_RETURN_IF_ERROR(
          writer_.Add(ledger::TilePath(tile.id, ledger::kTileWidth), TileBytes(*tile.hashes)));
    }
    return absl::OkStatus();
  }));
  SCRUTINY_RETURN_IF_ERROR(CheckRoot(tree.edge()));
  for (size_t level = 0; level < tree.open().size(); ++level) {
    for (const auto& [id, hashes] : above) {
      if (id.level != level) continue;
      SCRUTINY_RETURN_IF_ERROR(
          writer_.Add(ledger::TilePath(id, ledger::kTileWidth), TileBytes(*hashes)));
    }
    const std::vector<Hash>& open = tree.open()[level];
    if (open.empty()) continue;
    const ledger::TileId id{static_cast<uint8_t>(level), (size() >> (8 * level)) / 256};
    SCRUTINY_RETURN_IF_ERROR(
        writer_.Add(ledger::TilePath(id, static_cast<uint32_t>(open.size())), TileBytes(open)));
  }
  return absl::OkStatus();
}

absl::Status Exporter::WriteBundles() {
  ledger::CompactRange tree;
  std::string bundle;
  uint64_t in_bundle = 0;
  const auto flush = [&]() -> absl::Status {
    if (in_bundle == 0) return absl::OkStatus();
    const uint64_t index = (entries_ - 1) / ledger::kTileWidth;
    SCRUTINY_RETURN_IF_ERROR(
        writer_.Add(ledger::BundlePath(index, static_cast<uint32_t>(in_bundle)), bundle));
    bundle.clear();
    in_bundle = 0;
    return absl::OkStatus();
  };
  SCRUTINY_RETURN_IF_ERROR(ReadAll(size(), [&](const std::string& entry) -> absl::Status {
    if (entry.size() > ledger::kEntryBytesMax) {
      return Error(Reason::kCorrupt, absl::StrCat("the server sent an entry of ", entry.size(),
                                                  " bytes, more than one may have"));
    }
    tree.Append(ledger::LeafHash(entry));
    ledger::AppendBundleEntry(entry, &bundle);
    ++in_bundle;
    ++entries_;
    return in_bundle == ledger::kTileWidth ? flush() : absl::OkStatus();
  }));
  // They were other entries the first time, perhaps.
  SCRUTINY_RETURN_IF_ERROR(CheckRoot(tree));
  return flush();
}

absl::Status Exporter::WriteAll() {
  SCRUTINY_RETURN_IF_ERROR(WriteTiles());
  SCRUTINY_RETURN_IF_ERROR(WriteBundles());
  progress_.Clear();
  return absl::OkStatus();
}

absl::Status Exporter::WriteEntry(const std::string& bytes, uint64_t sequence,
                                  const ledger::v1::EntryProof* proof) {
  // The server may have signed a newer checkpoint meanwhile; its proofs are of that one.
  ledger::v1::EntryProof of_size;
  if (proof == nullptr) {
    ledger::v1::GetProofRequest request;
    request.set_sequence(sequence);
    request.set_tree_size(size());
    SCRUTINY_ASSIGN_OR_RETURN(auto response, context_.client.Call(request));
    *of_size.mutable_inclusion_path() = std::move(*response.mutable_inclusion_path());
    proof = &of_size;
  }
  SCRUTINY_RETURN_IF_ERROR(CheckInclusion(sequence, ledger::AsBytes(ledger::LeafHash(bytes)),
                                          proof->inclusion_path(), newest_.checkpoint));
  SCRUTINY_ASSIGN_OR_RETURN(const std::string file,
                            TlogProofOf(sequence, proof->inclusion_path(), newest_.note));
  const ledger::Sequence place(sequence);
  SCRUTINY_RETURN_IF_ERROR(writer_.Add(ledger::BundleEntryName(place), bytes));
  SCRUTINY_RETURN_IF_ERROR(writer_.Add(ledger::BundleProofName(place), file));
  ++entries_;
  return absl::OkStatus();
}

absl::Status Exporter::WriteChosen(const ExportWish& wish) {
  std::set<std::string> asked_for(wish.records.begin(), wish.records.end());
  asked_for.insert(wish.prefixes.begin(), wish.prefixes.end());
  SCRUTINY_RETURN_IF_ERROR(
      writer_.Add(ledger::kBundleRecordsName, absl::StrCat(absl::StrJoin(asked_for, "\n"), "\n")));
  ledger::v1::ReadRequest request;
  request.set_to_sequence(size() - 1);
  request.set_with_proofs(true);
  for (const std::string& name : asked_for) request.mutable_filter()->add_record_prefixes(name);
  std::set<std::string> missing = asked_for;
  // Marks what the record answers to; false if it only lies below one that was named exactly.
  const auto wanted = [&](const std::string& record) {
    bool is_wanted = false;
    for (const std::string& name : asked_for) {
      const bool exact = std::count(wish.prefixes.begin(), wish.prefixes.end(), name) == 0;
      if (exact ? record != name : !ledger::IsSegmentPrefix(name, record)) continue;
      missing.erase(name);
      is_wanted = true;
    }
    return is_wanted;
  };
  SCRUTINY_RETURN_IF_ERROR(
      context_.client.Read(request, [&](const ledger::v1::ReadResponse& batch) -> absl::Status {
        std::map<uint64_t, const ledger::v1::EntryProof*> proofs;
        const auto under = ReadCheckpoint(batch.proofs().checkpoint());
        if (under.ok() && under->size == newest_.checkpoint.size) {
          for (const auto& proof : batch.proofs().entries()) proofs[proof.sequence()] = &proof;
        }
        for (const std::string& bytes : batch.entries()) {
          event::v1::Entry entry;
          if (!entry.ParseFromString(bytes)) {
            return Error(Reason::kCorrupt, "the server sent bytes that are no entry");
          }
          if (!wanted(entry.proposed().record())) continue;
          const uint64_t sequence = entry.assigned().sequence();
          const auto proof = proofs.find(sequence);
          SCRUTINY_RETURN_IF_ERROR(
              WriteEntry(bytes, sequence, proof == proofs.end() ? nullptr : proof->second));
          progress_.Show(sequence, size(), Count(entries_, "entry", "entries"));
        }
        return absl::OkStatus();
      }));
  progress_.Clear();
  if (missing.empty()) return absl::OkStatus();
  return Error(Reason::kNotFound, absl::StrCat("under the newest checkpoint there is no entry of ",
                                               absl::StrJoin(missing, ", ")))
      .Value(*missing.begin());
}

}  // namespace

absl::StatusOr<Exported> Export(const ExportWish& wish, Context& context) {
  SCRUTINY_ASSIGN_OR_RETURN(Signed newest, AskCheckpoint(context.client));
  Exported exported;
  exported.checkpoint = newest.checkpoint;
  if (exported.checkpoint.size.value() == 0) {
    return absl::UnavailableError("The newest checkpoint is of no entries; there is nothing yet");
  }
  SCRUTINY_ASSIGN_OR_RETURN(const std::unique_ptr<OutputFile> file,
                            OutputFile::Create(wish.file, wish.replace));
  Exporter exporter(std::move(newest), *file, context);
  SCRUTINY_RETURN_IF_ERROR(exporter.WriteHead());
  const bool all = wish.records.empty() && wish.prefixes.empty();
  SCRUTINY_RETURN_IF_ERROR(all ? exporter.WriteAll() : exporter.WriteChosen(wish));
  SCRUTINY_RETURN_IF_ERROR(exporter.Finish());
  SCRUTINY_RETURN_IF_ERROR(file->Commit());
  exported.entries = exporter.entries();
  exported.bytes = file->bytes();
  return exported;
}

}  // namespace scrutiny::tools
