#include "projections/engine/digest.h"

#include <algorithm>
#include <cstdint>

#include "ledger/format/big_endian.h"

namespace scrutiny::projections {

using ledger::Hash;
using ledger::Sequence;

void RowChanges::Add(Sequence position, absl::string_view record, absl::string_view key,
                     absl::string_view row) {
  changes_.push_back({position, bytes_.size(), record.size(), key.size(), row.size()});
  bytes_.append(record.data(), record.size());
  bytes_.append(key.data(), key.size());
  bytes_.append(row.data(), row.size());
}

void RowChanges::Clear() {
  bytes_.clear();
  changes_.clear();
}

absl::string_view RowChanges::RecordOf(const Change& change) const {
  return absl::string_view(bytes_).substr(change.at, change.record_bytes);
}

absl::string_view RowChanges::KeyOf(const Change& change) const {
  return absl::string_view(bytes_).substr(change.at + change.record_bytes, change.key_bytes);
}

absl::string_view RowChanges::RowOf(const Change& change) const {
  return absl::string_view(bytes_).substr(change.at + change.record_bytes + change.key_bytes,
                                          change.row_bytes);
}

Hash RowChanges::Chain(const Hash& before, absl::FunctionRef<void(Sequence, const Hash&)> each) {
  std::sort(changes_.begin(), changes_.end(), [this](const Change& a, const Change& b) {
    if (a.position != b.position) return a.position < b.position;
    const int order = RecordOf(a).compare(RecordOf(b));
    return order != 0 ? order < 0 : KeyOf(a) < KeyOf(b);
  });
  ledger::Sha256 sha256;
  std::string header;
  const auto add = [&](absl::string_view part) {
    header.clear();
    ledger::AppendBigEndian(static_cast<uint32_t>(part.size()), &header);
    sha256.Update(header);
    sha256.Update(part);
  };
  Hash digest = before;
  for (size_t from = 0; from < changes_.size();) {
    const Sequence position = changes_[from].position;
    sha256.Update(ledger::AsBytes(digest));
    header.clear();
    ledger::AppendBigEndian(position.value(), &header);
    sha256.Update(header);
    for (; from < changes_.size() && changes_[from].position == position; ++from) {
      add(RecordOf(changes_[from]));
      add(KeyOf(changes_[from]));
      add(RowOf(changes_[from]));
    }
    digest = sha256.Finish();
    each(position, digest);
  }
  return digest;
}

}  // namespace scrutiny::projections
