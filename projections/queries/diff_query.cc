// What differs between two views of a register.
#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "ledger/base/names.h"
#include "ledger/format/big_endian.h"
#include "projections/queries/all_registers.h"
#include "projections/queries/queries.h"
#include "projections/queries/row_json.h"
#include "projections/queries/scope.h"

namespace scrutiny::projections {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using register_::v1::DiffRegisterRequest;
using register_::v1::DiffRegisterResponse;
using register_::v1::RowDiff;

// Where a page of differences begins: the position of the view before, which the token does not
// pin, and the last row given.
struct Place {
  absl::optional<ledger::Sequence> from;
  std::string record;
  std::string key;
};

std::string ToKey(const Place& place) {
  std::string key;
  ledger::AppendBigEndian(place.from.has_value() ? place.from->value() + 1 : uint64_t{0}, &key);
  return absl::StrCat(key, place.record, std::string(1, '\0'), place.key);
}

absl::StatusOr<Place> ToPlace(absl::string_view key) {
  Place place;
  uint64_t from = 0;
  const bool read = ledger::TakeBigEndian(&key, &from);
  const size_t end = key.find('\0');
  if (!read || end == absl::string_view::npos) {
    return ledger::Error(ledger::Reason::kMalformed, "The page token is not one that was given.")
        .Field("page.token");
  }
  if (from > 0) place.from = ledger::Sequence(from - 1);
  place.record = std::string(key.substr(0, end));
  place.key = std::string(key.substr(end + 1));
  return place;
}

absl::StatusOr<std::unique_ptr<Message>> Parsed(const Message& type, absl::string_view record,
                                                absl::string_view bytes) {
  std::unique_ptr<Message> row(type.New());
  SCRUTINY_RETURN_IF_ERROR(ParseRow(record, bytes, row.get()));
  return row;
}

void AddFields(const Message& before, const Message& after, RowDiff* diff) {
  const google::protobuf::Descriptor& type = *after.GetDescriptor();
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& field = *type.field(i);
    if (field.message_type() == register_::v1::RowMeta::descriptor()) continue;
    std::string was = FieldText(before, field);
    std::string is = FieldText(after, field);
    if (was == is) continue;
    register_::v1::FieldDiff* const fields = diff->add_fields();
    fields->set_field(field.name());
    fields->set_before(std::move(was));
    fields->set_after(std::move(is));
  }
}

absl::Status Compare(const Register& reg, absl::string_view record, absl::string_view key,
                     absl::string_view before, absl::string_view after, RowDiff* diff) {
  const Message& type = reg.row_of(key);
  SCRUTINY_ASSIGN_OR_RETURN(const std::unique_ptr<Message> was, Parsed(type, record, before));
  SCRUTINY_ASSIGN_OR_RETURN(const std::unique_ptr<Message> is, Parsed(type, record, after));
  diff->set_record(record.data(), record.size());
  diff->set_key(key.data(), key.size());
  diff->set_row_type(type.GetDescriptor()->name());
  diff->set_change(before.empty()  ? register_::v1::ROW_CHANGE_ADDED
                   : after.empty() ? register_::v1::ROW_CHANGE_GONE
                                   : register_::v1::ROW_CHANGE_CHANGED);
  AddFields(*was, *is, diff);
  const register_::v1::RowMeta* const behind = MetaOf(*was);
  const register_::v1::RowMeta* const meta = MetaOf(*is);
  if (meta == nullptr) return absl::OkStatus();
  const absl::flat_hash_set<uint64_t> known(behind->entries().begin(), behind->entries().end());
  for (const uint64_t sequence : meta->entries()) {
    if (!known.contains(sequence)) diff->add_entries(sequence);
  }
  return absl::OkStatus();
}

class DiffQuery {
 public:
  DiffQuery(const DiffRegisterRequest& request, const Scope& from, const Scope& to, Place begin)
      : request_(request), from_(from), to_(to), begin_(std::move(begin)) {}

  absl::StatusOr<DiffRegisterResponse> Run() {
    const Reader& reader = to_.reader(request_.register_());
    const std::string first = std::max(begin_.record, request_.within());
    absl::Status compared;
    SCRUTINY_RETURN_IF_ERROR(reader.Differences(
        from_.view(), to_.view(), first,
        [&](absl::string_view record, absl::string_view key, absl::string_view before,
            absl::string_view after) {
          if (record == begin_.record && key <= begin_.key && !to_.is_first_page()) return true;
          if (!IsWithin(record)) return !IsPast(record);
          if (IsFull()) {
            more_ = true;
            return false;
          }
          RowDiff* const diff = response_.add_rows();
          compared = Compare(reader.definition(), record, key, before, after, diff);
          bytes_ += diff->ByteSizeLong();
          return compared.ok();
        }));
    SCRUTINY_RETURN_IF_ERROR(compared);
    if (more_) {
      const RowDiff& last = *response_.rows().rbegin();
      response_.set_next_page_token(
          to_.TokenAfter(ToKey({from_.view().last, last.record(), last.key()})));
    }
    *response_.mutable_from_basis() = from_.basis();
    *response_.mutable_basis() = to_.basis();
    return std::move(response_);
  }

 private:
  bool IsWithin(absl::string_view record) const {
    const std::string& within = request_.within();
    return within.empty() || record == within ||
           absl::StartsWith(record, absl::StrCat(within, "/"));
  }
  // No record from here on is within: `0` comes after `/`.
  bool IsPast(absl::string_view record) const {
    return record >= absl::string_view(absl::StrCat(request_.within(), "0"));
  }
  bool IsFull() const {
    return static_cast<size_t>(response_.rows_size()) == to_.page_size() || bytes_ > kPageBytesMax;
  }

  const DiffRegisterRequest& request_;
  const Scope& from_;
  const Scope& to_;
  const Place begin_;
  DiffRegisterResponse response_;
  size_t bytes_ = 0;
  bool more_ = false;
};

}  // namespace

absl::StatusOr<DiffRegisterResponse> QueryDiff(Engine& engine, const DiffRegisterRequest& request,
                                               const QueryContext& context) {
  SCRUTINY_RETURN_IF_ERROR(engine.State(request.register_()).status());
  const std::vector<absl::string_view> draws_on = {request.register_(), kMeetings, kForums,
                                                   kKnowledge};
  SCRUTINY_ASSIGN_OR_RETURN(
      const std::unique_ptr<Scope> to,
      Scope::Open(engine, {"DiffRegister", draws_on, &request.to(), &request.page(), &request},
                  context));
  Place begin;
  register_::v1::View before = request.from();
  if (!to->is_first_page()) {
    SCRUTINY_ASSIGN_OR_RETURN(begin, ToPlace(to->after()));
    if (begin.from.has_value()) before.set_sequence(begin.from->value());
  }
  const register_::v1::Page whole;
  SCRUTINY_ASSIGN_OR_RETURN(
      const std::unique_ptr<Scope> from,
      Scope::Open(engine, {"DiffRegister", draws_on, &before, &whole, &request}, context));
  return DiffQuery(request, *from, *to, std::move(begin)).Run();
}

}  // namespace scrutiny::projections
