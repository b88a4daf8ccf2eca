#include "services/grpc/entry_walk.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/message_lite.h"

#include "ledger/base/error.h"
#include "ledger/base/limits.h"
#include "ledger/base/names.h"
#include "ledger/base/status.h"

namespace scrutiny::services {

using ledger::Error;
using ledger::Reason;

absl::StatusOr<Filter> Filter::From(const ::scrutiny::ledger::v1::EntryFilter& wire) {
  const size_t terms = std::max(wire.fact_types_size(), wire.record_prefixes_size());
  if (terms > ledger::kFilterTermsMax) {
    return Error(Reason::kOverLimit,
                 absl::StrCat("A filter names at most ", ledger::kFilterTermsMax,
                              " types and as many records; this one has ", terms, "."))
        .Field("filter")
        .Value(absl::StrCat(terms))
        .Next("Name fewer, or a prefix that covers several records.");
  }
  Filter filter;
  filter.types_.insert(wire.fact_types().begin(), wire.fact_types().end());
  for (int i = 0; i < wire.record_prefixes_size(); ++i) {
    const std::string& prefix = wire.record_prefixes(i);
    SCRUTINY_RETURN_IF_ERROR(
        ledger::ValidateRecordPrefix(prefix, absl::StrCat("filter.record_prefixes[", i, "]")));
    filter.prefixes_.push_back(prefix);
  }
  return filter;
}

bool Filter::Takes(const ledger::Chunk& chunk, size_t i) const {
  if (!types_.empty() && !types_.contains(chunk.type(i).value())) return false;
  if (prefixes_.empty()) return true;
  const absl::string_view record = chunk.record(i);
  return std::any_of(prefixes_.begin(), prefixes_.end(), [&](const std::string& prefix) {
    return ledger::IsSegmentPrefix(prefix, record);
  });
}

void EntryBatch::Add(ledger::Sequence sequence, absl::string_view entry) {
  using google::protobuf::io::CodedOutputStream;
  constexpr uint8_t kTag = 1 << 3 | 2;  // field 1, length-delimited
  if (bytes_.capacity() == 0) bytes_.reserve(ledger::kReadBatchBytesMax + 4096);
  uint8_t head[1 + 5];
  head[0] = kTag;
  const uint8_t* const end =
      CodedOutputStream::WriteVarint32ToArray(static_cast<uint32_t>(entry.size()), head + 1);
  bytes_.append(reinterpret_cast<const char*>(head), end - head);
  bytes_.append(entry.data(), entry.size());
  sequences_.push_back(sequence);
}

bool EntryBatch::full() const {
  return entries() >= ledger::kReadBatchEntriesMax || bytes_.size() >= ledger::kReadBatchBytesMax;
}

bool EntryBatch::HasRoomFor(size_t bytes) const {
  return entries() == 0 || (!full() && bytes_.size() + bytes <= ledger::kReadBatchBytesMax);
}

std::string EntryBatch::Finish(const google::protobuf::MessageLite& rest) {
  rest.AppendToString(&bytes_);
  sequences_.clear();
  return std::exchange(bytes_, std::string());
}

absl::StatusOr<const ledger::Chunk*> EntryWalk::ChunkOf(ledger::Sequence sequence) {
  if (chunk_ < chunks_.size() && chunks_[chunk_]->Contains(sequence)) {
    return chunks_[chunk_].get();
  }
  for (chunk_ = 0; chunk_ < chunks_.size(); ++chunk_) {
    if (chunks_[chunk_]->Contains(sequence)) return chunks_[chunk_].get();
  }
  chunks_.clear();
  SCRUTINY_ASSIGN_OR_RETURN(chunks_,
                            way_ == Way::kForwards
                                ? source_.Chunks(sequence, ledger::kReadBatchBytesMax)
                                : source_.ChunksBackwards(sequence, ledger::kReadBatchBytesMax));
  chunk_ = 0;
  if (chunks_.empty() || !chunks_[0]->Contains(sequence)) {
    return Error(Reason::kInternal,
                 absl::StrCat("The store gave no chunk with entry ", sequence.value(), "."));
  }
  return chunks_[0].get();
}

absl::Status EntryWalk::Fill(const Filter& filter, uint64_t limit, size_t look_max,
                             EntryBatch& batch) {
  const bool forwards = way_ == Way::kForwards;
  const bool everything = filter.everything();
  for (size_t looked = 0; looked < look_max && !done() && batch.entries() < limit; ++looked) {
    const ledger::Sequence sequence(forwards ? next_ : next_ - 1);
    SCRUTINY_ASSIGN_OR_RETURN(const ledger::Chunk* const chunk, ChunkOf(sequence));
    const size_t i = sequence - chunk->first();
    if (everything || filter.Takes(*chunk, i)) {
      const absl::string_view entry = chunk->entry(i);
      if (!batch.HasRoomFor(entry.size())) break;
      batch.Add(sequence, entry);
    }
    next_ = forwards ? next_ + 1 : next_ - 1;
  }
  return absl::OkStatus();
}

}  // namespace scrutiny::services
