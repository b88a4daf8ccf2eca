#include "projections/queries/list_query.h"

#include <memory>

#include "absl/strings/match.h"
#include "google/protobuf/descriptor.h"

#include "projections/queries/all_registers.h"
#include "projections/queries/row_filter.h"

namespace scrutiny::projections {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;
using register_::v1::Basis;
using register_::v1::Page;
using register_::v1::View;

const FieldDescriptor* NeedField(const Descriptor& message, const std::string& name) {
  const FieldDescriptor* const field = message.FindFieldByName(name);
  SCRUTINY_CHECK(field != nullptr) << message.full_name() << " has no field " << name;
  return field;
}

bool IsDate(const std::string& name) {
  return absl::EndsWith(name, "_on") || absl::EndsWith(name, "date");
}

// A row on a page, whatever its type.
class AnyRow {
 public:
  explicit AnyRow(std::unique_ptr<Message> row) : row_(std::move(row)) {}
  size_t ByteSizeLong() const { return row_->ByteSizeLong(); }
  Message* Release() { return row_.release(); }

 private:
  std::unique_ptr<Message> row_;
};

// The `rows` of a response.
class AnyRows {
 public:
  AnyRows(Message* response, const FieldDescriptor* rows) : response_(response), rows_(rows) {}
  int size() const { return response_->GetReflection()->FieldSize(*response_, rows_); }
  // Takes what is assigned to it.
  struct Slot {
    AnyRows* rows;
    Slot& operator*() { return *this; }
    void operator=(AnyRow&& row) {
      rows->response_->GetReflection()->AddAllocatedMessage(rows->response_, rows->rows_,
                                                            row.Release());
    }
  };
  Slot Add() { return {this}; }

 private:
  Message* response_;
  const FieldDescriptor* rows_;
};

class List {
 public:
  List(ListParts parts, const Message& request, const Message& response)
      : parts_(std::move(parts)),
        view_(NeedField(*request.GetDescriptor(), "view")),
        page_(NeedField(*request.GetDescriptor(), "page")),
        rows_(NeedField(*response.GetDescriptor(), "rows")),
        next_(NeedField(*response.GetDescriptor(), "next_page_token")),
        basis_(NeedField(*response.GetDescriptor(), "basis")),
        row_(*rows_->message_type()),
        options_(row_.options().GetExtension(register_::v1::rows)),
        filter_(*request.GetDescriptor(), row_) {
    for (const std::string& name : options_.order()) order_.push_back(NeedField(row_, name));
    draws_on_ = {parts_.reg->name, kMeetings, kForums, kKnowledge};
    draws_on_.insert(draws_on_.end(), parts_.joins.begin(), parts_.joins.end());
  }

  absl::Status Ask(Engine& engine, const Message& request, const QueryContext& context,
                   Message* response) const {
    SCRUTINY_RETURN_IF_ERROR(filter_.Check(request));
    const Reflection& asked = *request.GetReflection();
    const auto& view = static_cast<const View&>(asked.GetMessage(request, view_));
    const auto& page = static_cast<const Page&>(asked.GetMessage(request, page_));
    SCRUTINY_ASSIGN_OR_RETURN(
        const std::unique_ptr<Scope> scope,
        Scope::Open(engine, {parts_.method, draws_on_, &view, &page, &request}, context));
    const Reader& reader = scope->reader(parts_.reg->name);
    absl::optional<std::vector<std::string>> records;
    if (const auto index = filter_.IndexFor(request); index.has_value()) {
      SCRUTINY_ASSIGN_OR_RETURN(records, reader.Indexed(index->first, index->second));
    }
    auto rows = scope->NewPage<AnyRow>();
    const std::unique_ptr<Message> row(
        response->GetReflection()->GetMessageFactory()->GetPrototype(&row_)->New());
    SCRUTINY_RETURN_IF_ERROR(ForRows(reader, scope->view(), records,
                                     [&](absl::string_view record, absl::string_view key,
                                         absl::string_view bytes) -> absl::Status {
                                       if (!IsOne(key)) return absl::OkStatus();
                                       row->Clear();
                                       SCRUTINY_RETURN_IF_ERROR(ParseRow(record, bytes, row.get()));
                                       if (parts_.finish)
                                         SCRUTINY_RETURN_IF_ERROR(parts_.finish(*scope, row.get()));
                                       if (!filter_.Keeps(request, *row)) return absl::OkStatus();
                                       std::string place = PlaceOf(*row, record, key);
                                       if (!rows.Wants(place)) return absl::OkStatus();
                                       std::unique_ptr<Message> kept(row->New());
                                       kept->CopyFrom(*row);
                                       rows.Add(std::move(place), AnyRow(std::move(kept)));
                                       return absl::OkStatus();
                                     }));
    const Reflection& answer = *response->GetReflection();
    AnyRows out(response, rows_);
    answer.SetString(response, next_, scope->TokenAfter(rows.MoveTo(&out)));
    answer.MutableMessage(response, basis_)->CopyFrom(scope->basis());
    return absl::OkStatus();
  }

 private:
  bool IsOne(absl::string_view key) const {
    return options_.key_prefix().empty() ? key.empty()
                                         : absl::StartsWith(key, options_.key_prefix());
  }

  std::string PlaceOf(const Message& row, absl::string_view record, absl::string_view key) const {
    const Reflection& reflection = *row.GetReflection();
    SortKey place;
    for (const FieldDescriptor* field : order_) {
      switch (field->cpp_type()) {
        case FieldDescriptor::CPPTYPE_UINT32:
          place.Number(reflection.GetUInt32(row, field));
          break;
        case FieldDescriptor::CPPTYPE_UINT64:
          place.Number(reflection.GetUInt64(row, field));
          break;
        case FieldDescriptor::CPPTYPE_ENUM:
          place.Number(static_cast<uint64_t>(reflection.GetEnumValue(row, field)));
          break;
        case FieldDescriptor::CPPTYPE_BOOL:
          place.Number(reflection.GetBool(row, field) ? 1 : 0);
          break;
        default:
          if (IsDate(field->name())) {
            place.Date(reflection.GetString(row, field));
          } else {
            place.Text(reflection.GetString(row, field));
          }
      }
    }
    return place.Text(record).Text(key).Take();
  }

  const ListParts parts_;
  const FieldDescriptor* const view_;
  const FieldDescriptor* const page_;
  const FieldDescriptor* const rows_;
  const FieldDescriptor* const next_;
  const FieldDescriptor* const basis_;
  const Descriptor& row_;
  const register_::v1::Rows options_;
  const RowFilter filter_;
  std::vector<const FieldDescriptor*> order_;
  std::vector<absl::string_view> draws_on_;
};

}  // namespace

Query MakeList(ListParts parts, const Message& request, const Message& response) {
  std::string method = parts.method;
  // Shared: a Query is copied, and the list behind it is immutable.
  const auto list = std::make_shared<const List>(std::move(parts), request, response);
  return {std::move(method), &request, &response,
          [list](Engine& engine, const Message& asked, const QueryContext& context,
                 Message* answer) { return list->Ask(engine, asked, context, answer); }};
}

absl::Status JudgeDue(Scope& scope, const event::v1::Due& due, std::string* date, bool* past) {
  date->clear();
  *past = false;
  absl::optional<ledger::Day> day;
  if (const auto stated = ledger::PartialDate::Parse(due.date()); stated.ok()) {
    *date = due.date();
    day = stated->LastDay();
  } else if (!due.meeting().empty()) {
    SCRUTINY_ASSIGN_OR_RETURN(const MeetingInfo meeting, scope.calendar().Meeting(due.meeting()));
    *date = meeting.date;
    day = meeting.day;
  }
  *past = day.has_value() && *day < scope.judged_on();
  return absl::OkStatus();
}

}  // namespace scrutiny::projections
