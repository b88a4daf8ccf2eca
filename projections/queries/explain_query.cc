// What made the rows of a record.
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "google/protobuf/arena.h"

#include "ledger/base/limits.h"
#include "ledger/base/names.h"
#include "ledger/format/derive.h"
#include "projections/engine/upcast.h"
#include "projections/queries/all_registers.h"
#include "projections/queries/queries.h"
#include "projections/queries/row_json.h"
#include "projections/queries/scope.h"

namespace scrutiny::projections {
namespace {

using google::protobuf::Message;
using ledger::Day;
using ledger::Sequence;
using register_::v1::ExplainRecordRequest;
using register_::v1::ExplainRecordResponse;

register_::v1::EntryPart ToProto(Part part) {
  switch (part) {
    case Part::kCounts:
      return register_::v1::ENTRY_PART_COUNTS;
    case Part::kCorrected:
      return register_::v1::ENTRY_PART_CORRECTED;
    case Part::kCorrects:
      return register_::v1::ENTRY_PART_CORRECTS;
    case Part::kReplaced:
      return register_::v1::ENTRY_PART_REPLACED;
    case Part::kWithdrawn:
      return register_::v1::ENTRY_PART_WITHDRAWN;
    case Part::kWithdraws:
      return register_::v1::ENTRY_PART_WITHDRAWS;
    case Part::kNotYetTrue:
      return register_::v1::ENTRY_PART_NOT_YET_TRUE;
    case Part::kNotKnown:
      return register_::v1::ENTRY_PART_NOT_KNOWN;
  }
  return register_::v1::ENTRY_PART_UNSPECIFIED;
}

absl::Status NothingRecorded(const std::string& record) {
  return ledger::Error(ledger::Reason::kNotFound,
                       absl::StrCat("Nothing that a register shows is recorded of “", record, "”."))
      .Record(record)
      .Next("See what there is with: scrutiny records --kind KIND");
}

// The registers whose rows are about records of that kind, the one asked for alone if one is.
std::vector<absl::string_view> RegistersAbout(const ExplainRecordRequest& request) {
  std::vector<absl::string_view> names;
  for (const Register* reg : AllRegisters()) {
    const bool asked = request.register_().empty() || request.register_() == reg->name;
    if (asked && reg->kind == ledger::RecordKind(request.record())) names.push_back(reg->name);
  }
  return names;
}

class ExplainQuery {
 public:
  ExplainQuery(const ExplainRecordRequest& request, const Scope& scope)
      : request_(request), scope_(scope) {}

  absl::StatusOr<ExplainRecordResponse> Run(const std::vector<absl::string_view>& registers) {
    for (const absl::string_view name : registers) {
      SCRUTINY_RETURN_IF_ERROR(AddRows(scope_.reader(name)));
      SCRUTINY_RETURN_IF_ERROR(AddEntries(scope_.reader(name)));
    }
    if (bytes_.empty()) return NothingRecorded(request_.record());
    SCRUTINY_RETURN_IF_ERROR(ExplainEntries());
    *response_.mutable_basis() = scope_.basis();
    return std::move(response_);
  }

 private:
  absl::Status AddRows(const Reader& reader) {
    absl::Status read;
    SCRUTINY_RETURN_IF_ERROR(reader.RowsOf(
        request_.record(), scope_.view(),
        [&](absl::string_view record, absl::string_view key, absl::string_view bytes) {
          if (HasRowsEnough()) return false;
          const Message& type = reader.definition().row_of(key);
          const std::unique_ptr<Message> row(type.New());
          read = ParseRow(record, bytes, row.get());
          if (!read.ok()) return false;
          register_::v1::ExplainedRow* const explained = response_.add_rows();
          explained->set_register_(std::string(reader.definition().name));
          explained->set_key(key.data(), key.size());
          explained->set_row_type(type.GetDescriptor()->name());
          explained->set_row(RowJson(*row));
          const register_::v1::RowMeta* const meta = MetaOf(*row);
          if (meta != nullptr) *explained->mutable_meta() = *meta;
          given_bytes_ += explained->ByteSizeLong();
          return true;
        }));
    return read;
  }

  absl::Status AddEntries(const Reader& reader) {
    if (!scope_.view().last.has_value()) return absl::OkStatus();
    SCRUTINY_ASSIGN_OR_RETURN(std::vector<StoredEntry> entries,
                              reader.EntriesOf(request_.record(), *scope_.view().last));
    for (StoredEntry& entry : entries) {
      bytes_.emplace(entry.sequence, std::move(entry.bytes));
    }
    return absl::OkStatus();
  }

  absl::Status ExplainEntries() {
    google::protobuf::Arena arena;
    std::vector<LoggedEntry> entries;
    for (const auto& [sequence, bytes] : bytes_) {
      auto* entry = google::protobuf::Arena::CreateMessage<event::v1::Entry>(&arena);
      if (!ReadEntry(bytes, entry)) {
        return ledger::Error(ledger::Reason::kCorrupt,
                             absl::StrCat("A register's copy of entry ", sequence.value(),
                                          " cannot be read."))
            .Record(request_.record())
            .Next("Rebuild the register.");
      }
      entries.push_back({sequence, entry});
    }
    const std::vector<EntryPart> parts = PartsOf(entries, scope_.view().filter());
    response_.set_entry_count(entries.size());
    for (size_t i = 0; i < entries.size(); ++i) {
      std::string place = SortKey().Number(entries[i].sequence.value()).Take();
      if (place <= scope_.after()) continue;
      if (static_cast<size_t>(response_.entries_size()) == scope_.page_size() ||
          given_bytes_ > kPageBytesMax) {
        response_.set_next_page_token(scope_.TokenAfter(last_place_));
        return absl::OkStatus();
      }
      last_place_ = std::move(place);
      register_::v1::ExplainedEntry* const explained = response_.add_entries();
      explained->set_sequence(entries[i].sequence.value());
      explained->set_part(ToProto(parts[i].part));
      if (parts[i].other.has_value()) explained->set_other(parts[i].other->value());
      const Day day = ledger::LastPossibleDay(entries[i].entry->proposed().occurred());
      if (day != Day::Max()) explained->set_date(day.ToString());
      explained->set_entry(bytes_.at(entries[i].sequence));
      given_bytes_ += explained->ByteSizeLong();
    }
    return absl::OkStatus();
  }

  // Rows have half of a message at most, so that there is room for entries.
  bool HasRowsEnough() const {
    return !scope_.is_first_page() || given_bytes_ > kPageBytesMax / 2 ||
           static_cast<size_t>(response_.rows_size()) == ledger::kPageEntriesMax;
  }

  const ExplainRecordRequest& request_;
  const Scope& scope_;
  size_t given_bytes_ = 0;
  std::string last_place_;
  std::map<Sequence, std::string> bytes_;
  ExplainRecordResponse response_;
};

}  // namespace

absl::StatusOr<ExplainRecordResponse> QueryExplain(Engine& engine,
                                                   const ExplainRecordRequest& request,
                                                   const QueryContext& context) {
  if (!request.register_().empty()) {
    SCRUTINY_RETURN_IF_ERROR(engine.State(request.register_()).status());
  }
  const std::vector<absl::string_view> registers = RegistersAbout(request);
  if (registers.empty()) return NothingRecorded(request.record());
  std::vector<absl::string_view> draws_on = registers;
  for (const absl::string_view name : {kMeetings, kForums, kKnowledge}) draws_on.push_back(name);
  SCRUTINY_ASSIGN_OR_RETURN(
      const std::unique_ptr<Scope> scope,
      Scope::Open(engine, {"ExplainRecord", draws_on, &request.view(), &request.page(), &request},
                  context));
  return ExplainQuery(request, *scope).Run(registers);
}

}  // namespace scrutiny::projections
