#include "ledger/seal/keys_file.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"

#include "ledger/base/error.h"
#include "ledger/base/status.h"
#include "ledger/format/big_endian.h"
#include "ledger/seal/aead.h"

namespace scrutiny::ledger {
namespace {

constexpr absl::string_view kMagic = "scrutiny-keys-v1\n";
constexpr size_t kLedgerIdBytes = 16;

absl::string_view View(const SubjectKeyId& id) {
  return absl::string_view(reinterpret_cast<const char*>(id.data()), id.size());
}

Error Damaged(absl::string_view sentence) {
  return Error(Reason::kCorrupt, absl::StrCat("The key store's keys file ", sentence))
      .Next(
          "Put back the keys file and the epoch key that belongs to it, both from the same "
          "backup of the key store.");
}

// --- Writing. The first pass counts, so that the secret bytes lie in one place that is wiped.

class Counter {
 public:
  template <typename T>
  void Number(T /*value*/) {
    size_ += sizeof(T);
  }
  void Bytes(absl::string_view bytes) { size_ += bytes.size(); }
  size_t size() const { return size_; }

 private:
  size_t size_ = 0;
};

class Writer {
 public:
  explicit Writer(size_t size) : bytes_(size), at_(bytes_.data()) {}

  template <typename T>
  void Number(T value) {
    StoreBigEndian(value, at_);
    at_ += sizeof(T);
  }
  void Bytes(absl::string_view bytes) { at_ += bytes.copy(at_, bytes.size()); }
  const Secret& bytes() const { return bytes_; }

 private:
  Secret bytes_;
  char* at_;
};

template <typename Out>
void PutText(absl::string_view text, Out& out) {
  out.Number(static_cast<uint16_t>(text.size()));
  out.Bytes(text);
}

template <typename Out>
void PutErasure(const PendingErasure& erasure, Out& out) {
  out.Bytes(View(erasure.erasure_id));
  out.Number(static_cast<uint64_t>(erasure.erased_at_us));
  out.Number(erasure.survivors);
  PutText(erasure.request.subject, out);
  PutText(erasure.request.reason, out);
  PutText(erasure.request.authority, out);
  PutText(erasure.request.request_id, out);
  PutText(erasure.request.principal, out);
  out.Number(static_cast<uint32_t>(erasure.key_ids.size()));
  for (const SubjectKeyId& id : erasure.key_ids) out.Bytes(View(id));
}

template <typename Out>
void PutBody(const KeysContent& content, Out& out) {
  out.Number(content.first_epoch);
  out.Number(static_cast<uint32_t>(content.keys.size()));
  for (const auto& row : content.keys) {
    out.Bytes(View(row->id));
    out.Number(static_cast<uint64_t>(row->created_at_us));
    PutText(row->subject, out);
    out.Bytes(row->key.view());
  }
  out.Number(static_cast<uint32_t>(content.tombstones.size()));
  for (const Tombstone& tombstone : content.tombstones) {
    out.Bytes(View(tombstone.id));
    out.Number(static_cast<uint64_t>(tombstone.erased_at_us));
    PutText(tombstone.subject, out);
  }
  out.Number(static_cast<uint32_t>(content.pending.size()));
  for (const PendingErasure& erasure : content.pending) PutErasure(erasure, out);
}

// --- Reading.

// Takes things off the front; after the first that is not there everything fails.
class Reader {
 public:
  explicit Reader(absl::string_view bytes) : rest_(bytes) {}

  template <typename T>
  T Number() {
    T value = 0;
    ok_ = ok_ && TakeBigEndian(&rest_, &value);
    return ok_ ? value : T{0};
  }
  int64_t Micros() { return static_cast<int64_t>(Number<uint64_t>()); }
  absl::string_view Bytes(size_t size) {
    ok_ = ok_ && size <= rest_.size();
    if (!ok_) return absl::string_view();
    const absl::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }
  SubjectKeyId Id() {
    SubjectKeyId id{};
    Bytes(id.size()).copy(reinterpret_cast<char*>(id.data()), id.size());
    return id;
  }
  std::string Text() { return std::string(Bytes(Number<uint16_t>())); }

  bool ok() const { return ok_; }
  absl::string_view rest() const { return rest_; }

 private:
  absl::string_view rest_;
  bool ok_ = true;
};

PendingErasure TakeErasure(Reader& in) {
  PendingErasure erasure;
  erasure.erasure_id = in.Id();
  erasure.erased_at_us = in.Micros();
  erasure.survivors = in.Number<uint64_t>();
  erasure.request.subject = in.Text();
  erasure.request.reason = in.Text();
  erasure.request.authority = in.Text();
  erasure.request.request_id = in.Text();
  erasure.request.principal = in.Text();
  for (uint32_t n = in.Number<uint32_t>(); n > 0 && in.ok(); --n) {
    erasure.key_ids.push_back(in.Id());
  }
  return erasure;
}

absl::StatusOr<KeysContent> ParseBody(absl::string_view body) {
  Reader in(body);
  KeysContent content;
  content.first_epoch = in.Number<uint64_t>();
  absl::flat_hash_set<absl::string_view> subjects;
  absl::flat_hash_set<SubjectKeyId> ids;
  for (uint32_t n = in.Number<uint32_t>(); n > 0 && in.ok(); --n) {
    auto row = std::make_shared<KeyRow>();
    row->id = in.Id();
    row->created_at_us = in.Micros();
    row->subject = in.Text();
    row->key = Secret(in.Bytes(kAeadKeyBytes));
    if (!content.keys.empty() && row->id <= content.keys.back()->id) {
      return Damaged("has its keys out of order.");
    }
    if (!subjects.insert(row->subject).second) return Damaged("has two keys for one subject.");
    ids.insert(row->id);
    content.keys.push_back(std::move(row));
  }
  for (uint32_t n = in.Number<uint32_t>(); n > 0 && in.ok(); --n) {
    Tombstone tombstone;
    tombstone.id = in.Id();
    tombstone.erased_at_us = in.Micros();
    tombstone.subject = in.Text();
    if (!content.tombstones.empty() && tombstone.id <= content.tombstones.back().id) {
      return Damaged("has its erasures out of order.");
    }
    if (ids.contains(tombstone.id)) return Damaged("holds a key that it says was destroyed.");
    content.tombstones.push_back(std::move(tombstone));
  }
  for (uint32_t n = in.Number<uint32_t>(); n > 0 && in.ok(); --n) {
    content.pending.push_back(TakeErasure(in));
  }
  if (!in.ok()) return Damaged("is cut short.");
  if (!in.rest().empty()) return Damaged("has something after its end.");
  return content;
}

// The header and how many bytes it has.
struct SplitFile {
  KeysHeader header;
  size_t header_bytes = 0;
};

absl::StatusOr<SplitFile> Split(absl::string_view file) {
  Reader in(file);
  if (in.Bytes(kMagic.size()) != kMagic) {
    return Damaged("is not one, or of a version that this program does not know.");
  }
  SplitFile split;
  split.header.ledger_id = std::string(in.Bytes(kLedgerIdBytes));
  split.header.epoch = in.Number<uint64_t>();
  split.header.wrapped_file_key = in.Text();
  if (!in.ok()) return Damaged("is cut short.");
  split.header_bytes = file.size() - in.rest().size();
  return split;
}

}  // namespace

std::string KeysFileContext(absl::string_view ledger_id, uint64_t epoch) {
  SCRUTINY_CHECK(ledger_id.size() == kLedgerIdBytes);
  std::string bytes = absl::StrCat(kMagic, ledger_id);
  AppendBigEndian(epoch, &bytes);
  return bytes;
}

std::string EncodeKeysFile(const KeysHeader& header, const Secret& file_key,
                           const KeysContent& content, RandomSource& random) {
  std::string file = KeysFileContext(header.ledger_id, header.epoch);
  AppendBigEndian(static_cast<uint16_t>(header.wrapped_file_key.size()), &file);
  file.append(header.wrapped_file_key);

  Counter counter;
  PutBody(content, counter);
  Writer body(counter.size());
  PutBody(content, body);
  std::array<uint8_t, kAeadNonceBytes> nonce;
  random.Fill(nonce);
  file.append(AeadSeal(file_key.view(),
                       absl::string_view(reinterpret_cast<const char*>(nonce.data()), nonce.size()),
                       file, body.bytes().view()));
  return file;
}

absl::StatusOr<KeysHeader> ParseKeysHeader(absl::string_view file) {
  SCRUTINY_ASSIGN_OR_RETURN(SplitFile split, Split(file));
  return std::move(split.header);
}

absl::StatusOr<KeysContent> OpenKeysFile(absl::string_view file, const Secret& file_key) {
  SCRUTINY_ASSIGN_OR_RETURN(const SplitFile split, Split(file));
  const absl::StatusOr<Secret> body = AeadOpen(file_key.view(), file.substr(0, split.header_bytes),
                                               file.substr(split.header_bytes), "The keys file");
  if (!body.ok()) return Damaged("is damaged.");
  return ParseBody(body->view());
}

}  // namespace scrutiny::ledger
