#include "projections/engine/run.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

#include "ledger/base/error.h"
#include "ledger/base/limits.h"
#include "ledger/base/status.h"
#include "projections/engine/upcast.h"
#include "scrutiny/event/v1/entry.pb.h"

namespace scrutiny::projections {
namespace {

using event::v1::Entry;
using ledger::Sequence;

// More than two of the largest appends, so that one is always whole.
constexpr size_t kReadBytes = 2 * ledger::kAppendBytesMax + (256 << 10);

}  // namespace

void Run::Clear() {
  entries_.clear();
  types_.clear();
  chunks_.clear();
  messages_used_ = 0;
  read_ = 0;
  in_append_ = false;
  whole_ = 0;
}

Entry* Run::NextMessage() {
  if (messages_used_ == messages_.size()) messages_.push_back(std::make_unique<Entry>());
  return messages_[messages_used_++].get();
}

absl::Status Run::Read(ledger::EntrySource& source, Sequence from, const TypeSet& wanted) {
  Clear();
  next_ = ledger::TreeSize(from.value());
  SCRUTINY_ASSIGN_OR_RETURN(chunks_, source.Chunks(from, kReadBytes));
  bool more = true;
  for (const ledger::ChunkPtr& chunk : chunks_) {
    size_t i = from > chunk->first() ? from - chunk->first() : 0;
    for (; more && i < chunk->count(); ++i) more = Add(*chunk, i, wanted);
    if (!more) break;
  }
  // What began and did not end is read again with the next run.
  entries_.resize(whole_);
  types_.resize(whole_);
  if (next_.value() > from.value()) return absl::OkStatus();
  return ledger::Error(ledger::Reason::kCorrupt,
                       absl::StrCat("The append that holds entry ", from.value(),
                                    " is larger than an append may be."))
      .Value(absl::StrCat(from.value()));
}

bool Run::Add(const ledger::Chunk& chunk, size_t i, const TypeSet& wanted) {
  const Sequence sequence = chunk.first() + i;
  const uint32_t type = chunk.type(i).value();
  ++read_;
  const bool begins = !in_append_;
  const bool is_wanted = wanted.Has(type);
  const Entry* entry = nullptr;
  if (begins || is_wanted) {
    Entry* const parsed = NextMessage();
    if (ReadEntry(chunk.entry(i), parsed)) entry = parsed;
  }
  if (begins) {
    // What cannot be read, or contradicts itself, stands for itself alone.
    append_first_ = append_last_ = sequence;
    if (entry != nullptr && entry->assigned().append_count() > 0) {
      const Sequence first(entry->assigned().append_first());
      const Sequence last = first + (entry->assigned().append_count() - 1);
      if (first <= sequence && sequence <= last) {
        append_first_ = first;
        append_last_ = last;
      }
    }
    in_append_ = true;
  }
  if (is_wanted) {
    entries_.push_back(
        {sequence, append_first_, append_last_, chunk.record(i), chunk.entry(i), entry});
    types_.push_back(type);
  }
  if (sequence != append_last_) return true;
  in_append_ = false;
  whole_ = entries_.size();
  next_ = ledger::SizeThrough(sequence);
  return read_ < ledger::kRegisterBatchEntriesMax;
}

}  // namespace scrutiny::projections
