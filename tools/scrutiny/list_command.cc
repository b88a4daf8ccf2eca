#include "tools/scrutiny/list_command.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "google/protobuf/reflection.h"

#include "ledger/base/status.h"
#include "scrutiny/register/v1/options.pb.h"
#include "tools/scrutiny/commands.h"
#include "tools/scrutiny/register_command.h"
#include "tools/support/describe.h"
#include "tools/support/field_path.h"
#include "tools/support/words.h"

namespace scrutiny::tools {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;
using register_::v1::Basis;
using register_::v1::Filter;
using register_::v1::RowMeta;

bool IsDate(const FieldDescriptor& field) {
  return field.type() == FieldDescriptor::TYPE_STRING && !field.is_repeated() &&
         (absl::EndsWith(field.name(), "_on") || absl::EndsWith(field.name(), "date"));
}

std::string FlagName(const FieldDescriptor& field) {
  return absl::StrReplaceAll(field.name(), {{"_", "-"}});
}

const Filter* FilterOf(const FieldDescriptor& field) {
  if (!field.options().HasExtension(register_::v1::filter)) return nullptr;
  return &field.options().GetExtension(register_::v1::filter);
}

bool TakesDate(const Filter& filter) {
  return filter.match() == register_::v1::MATCH_FROM ||
         filter.match() == register_::v1::MATCH_UNTIL;
}

Option OptionOf(const FieldDescriptor& field, const Filter& filter) {
  Option option{.name = FlagName(field), .help = filter.help()};
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_BOOL) {
    option.kind = Option::Kind::kSwitch;
  } else if (field.cpp_type() == FieldDescriptor::CPPTYPE_ENUM) {
    option.value = absl::AsciiStrToUpper(option.name);
    option.choices = EnumChoices(field.enum_type());
  } else if (field.cpp_type() == FieldDescriptor::CPPTYPE_UINT32) {
    option.value = "NUMBER";
  } else if (TakesDate(filter)) {
    option.value = "DATE";
  } else if (!filter.cites().empty()) {
    option.value = "RECORD";
  }
  return option;
}

absl::StatusOr<std::string> TextOfFlag(const FieldDescriptor& field, const Filter& filter,
                                       const std::string& text, Client& client) {
  if (!filter.cites().empty()) return ResolveName(client, text, filter.cites());
  if (!TakesDate(filter)) return text;
  auto date = ReadDate(text);
  if (date.ok()) return date;
  return UsageError(absl::StrCat("--", FlagName(field), ": ", date.status().message()));
}

absl::Status ReadFlag(const Args& args, const FieldDescriptor& field, const Filter& filter,
                      Client& client, Message* request) {
  const std::string flag = FlagName(field);
  if (!args.Has(flag)) return absl::OkStatus();
  const Reflection& reflection = *request->GetReflection();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_BOOL:
      reflection.SetBool(request, &field, true);
      return absl::OkStatus();
    case FieldDescriptor::CPPTYPE_ENUM: {
      SCRUTINY_ASSIGN_OR_RETURN(const int value, ReadEnum(field.enum_type(), args.Get(flag)));
      reflection.SetEnumValue(request, &field, value);
      return absl::OkStatus();
    }
    case FieldDescriptor::CPPTYPE_UINT32: {
      uint32_t number = 0;
      SCRUTINY_RETURN_IF_ERROR(ReadNumberFlag(args, flag, &number));
      reflection.SetUInt32(request, &field, number);
      return absl::OkStatus();
    }
    default: {
      SCRUTINY_ASSIGN_OR_RETURN(const std::string text,
                                TextOfFlag(field, filter, args.Get(flag), client));
      reflection.SetString(request, &field, text);
      return absl::OkStatus();
    }
  }
}

// A part of a request or a response that all lists have.
template <typename Part>
Part* PartOf(Message* message, const char* name) {
  const FieldDescriptor* const field = message->GetDescriptor()->FindFieldByName(name);
  SCRUTINY_CHECK(field != nullptr && field->message_type() == Part::descriptor())
      << message->GetTypeName() << " has no " << name;
  return static_cast<Part*>(message->GetReflection()->MutableMessage(message, field));
}

Place PlaceOf(register_::v1::ColumnPlace place) {
  switch (place) {
    case register_::v1::COLUMN_PLACE_GROUP:
      return Place::kGroup;
    case register_::v1::COLUMN_PLACE_BELOW:
      return Place::kBelow;
    default:
      return Place::kColumn;
  }
}

// What is printed of rows of one type.
class Columns {
 public:
  explicit Columns(const Descriptor& row) {
    for (int i = 0; i < row.field_count(); ++i) {
      const FieldDescriptor* const field = row.field(i);
      if (field->message_type() == RowMeta::descriptor()) {
        meta_ = field;
        continue;
      }
      all_.push_back(field);
      const register_::v1::Column& column = field->options().GetExtension(register_::v1::column);
      if (!column.heading().empty()) shown_.push_back(field);
    }
    // What is said once for several rows stands in front.
    std::stable_sort(shown_.begin(), shown_.end(),
                     [](const FieldDescriptor* a, const FieldDescriptor* b) {
                       return IsGroup(*a) && !IsGroup(*b);
                     });
  }

  void Head(Printout* printout) const {
    for (const FieldDescriptor* field : all_) printout->csv_names.push_back(field->name());
    if (meta_ != nullptr) {
      printout->csv_names.push_back("remarks");
      printout->csv_names.push_back("entries");
    }
    for (const FieldDescriptor* field : shown_) {
      const register_::v1::Column& column = field->options().GetExtension(register_::v1::column);
      printout->headings.push_back(column.heading());
      printout->places.push_back(PlaceOf(column.place()));
    }
  }

  std::vector<std::string> Cells(const Message& row, bool words) const {
    std::vector<std::string> cells;
    for (const FieldDescriptor* field : words ? shown_ : all_) {
      cells.push_back(RowCell(row, *field, words));
    }
    if (meta_ != nullptr && !words) {
      const auto& meta = static_cast<const RowMeta&>(row.GetReflection()->GetMessage(row, meta_));
      cells.push_back(RemarksCell(meta));
      cells.push_back(EntriesCell(meta));
    }
    return cells;
  }

 private:
  static bool IsGroup(const FieldDescriptor& field) {
    return field.options().GetExtension(register_::v1::column).place() ==
           register_::v1::COLUMN_PLACE_GROUP;
  }

  std::vector<const FieldDescriptor*> all_;
  std::vector<const FieldDescriptor*> shown_;
  const FieldDescriptor* meta_ = nullptr;
};

class Lister {
 public:
  Lister(const ListedRegister& listed, Context& context)
      : listed_(listed),
        context_(context),
        request_(listed.request->New()),
        response_(listed.response->New()),
        rows_(response_->GetDescriptor()->FindFieldByName("rows")),
        columns_(*rows_->message_type()) {}

  absl::Status Run(const Args& args) {
    const Format format = FormatOf(args);
    auto* const view = PartOf<register_::v1::View>(request_.get(), "view");
    auto* const page = PartOf<register_::v1::Page>(request_.get(), "page");
    SCRUTINY_ASSIGN_OR_RETURN(*view, ReadView(args, context_.client));
    SCRUTINY_RETURN_IF_ERROR(WaitForHead(context_.client, view));
    if (view->with_proofs()) page->set_size(kProvedRowsMax);
    const Descriptor& type = *request_->GetDescriptor();
    for (int i = 0; i < type.field_count(); ++i) {
      const Filter* const filter = FilterOf(*type.field(i));
      if (filter == nullptr) continue;
      SCRUTINY_RETURN_IF_ERROR(
          ReadFlag(args, *type.field(i), *filter, context_.client, request_.get()));
    }
    columns_.Head(&printout_);
    do {
      SCRUTINY_RETURN_IF_ERROR(Ask(view));
      SCRUTINY_RETURN_IF_ERROR(AddRows(format, view->with_proofs()));
      page->set_token(response_->GetReflection()->GetString(
          *response_, response_->GetDescriptor()->FindFieldByName("next_page_token")));
    } while (!page->token().empty());
    printout_.empty = rows_->message_type()->options().GetExtension(register_::v1::rows).none();
    printout_.footer = BasisInWords(*PartOf<Basis>(response_.get(), "basis"));
    Print(printout_, format, context_);
    return absl::OkStatus();
  }

 private:
  // With the head awaited; a register that is still catching up answers what it has.
  absl::Status Ask(register_::v1::View* view) {
    absl::Status asked = context_.client.Ask(listed_.method, *request_, response_.get());
    if (!absl::IsDeadlineExceeded(asked) || !view->has_min_sequence()) return asked;
    view->clear_min_sequence();
    return context_.client.Ask(listed_.method, *request_, response_.get());
  }

  absl::Status AddRows(Format format, bool with_proofs) {
    const Reflection& reflection = *response_->GetReflection();
    SCRUTINY_ASSIGN_OR_RETURN(
        const auto proofs,
        ProofsBySequence::From(PartOf<Basis>(response_.get(), "basis")->proofs()));
    for (int i = 0; i < reflection.FieldSize(*response_, rows_); ++i) {
      const Message& row = reflection.GetRepeatedMessage(*response_, rows_, i);
      if (with_proofs) {
        SCRUTINY_ASSIGN_OR_RETURN(printout_.json_rows.emplace_back(), proofs.RowWithProofs(row));
      } else if (format == Format::kJson) {
        printout_.json_rows.push_back(ToJson(row));
      } else {
        printout_.rows.push_back(columns_.Cells(row, format == Format::kTable));
      }
    }
    return absl::OkStatus();
  }

  const ListedRegister& listed_;
  Context& context_;
  const std::unique_ptr<Message> request_;
  const std::unique_ptr<Message> response_;
  const FieldDescriptor* const rows_;
  const Columns columns_;
  Printout printout_;
};

}  // namespace

std::string RowCell(const Message& row, const FieldDescriptor& field, bool words) {
  if (IsDate(field)) return DateCell(row.GetReflection()->GetString(row, &field), words);
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_BOOL && !field.is_repeated()) {
    const bool holds = row.GetReflection()->GetBool(row, &field);
    return words ? (holds ? "yes" : "") : (holds ? "true" : "false");
  }
  if (field.is_repeated() && field.message_type() == event::v1::Owner::descriptor()) {
    return Joined(row.GetReflection()->GetRepeatedFieldRef<event::v1::Owner>(row, &field),
                  words ? ", " : "; ", OwnerCell);
  }
  return FieldText(row, &field);
}

const std::vector<ListedRegister>& ListedRegisters() {
  static const auto& all = *[] {
    auto* const listed = new std::vector<ListedRegister>();
    for (const auto& group :
         {ListedDocuments(), ListedPlans(), ListedInspections(), ListedPerformance(),
          ListedMeeting(), ListedMinutes(), ListedPlanVersion(), ListedPeople(), ListedScheme(),
          ListedMeasure(), ListedEngagement()}) {
      listed->insert(listed->end(), group.begin(), group.end());
    }
    return listed;
  }();
  return all;
}

Command ListCommand(const ListedRegister& listed) {
  Command command{.name = listed.command,
                  .summary = listed.summary,
                  .group = kForEverybody,
                  .details = listed.details,
                  .run = [&listed](const Args& args, Context& context) {
                    return Lister(listed, context).Run(args);
                  }};
  const Descriptor& type = *listed.request->GetDescriptor();
  for (int i = 0; i < type.field_count(); ++i) {
    const Filter* const filter = FilterOf(*type.field(i));
    if (filter != nullptr) command.options.push_back(OptionOf(*type.field(i), *filter));
  }
  AddViewFlags(&command);
  return command;
}

}  // namespace scrutiny::tools
