#include "projections/panels/count_rows.h"

#include <cstdint>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "google/protobuf/descriptor.h"

#include "projections/engine/row_meta.h"
#include "scrutiny/event/v1/counts.pb.h"

namespace scrutiny::projections {
namespace {

using event::v1::Count;
using event::v1::CountTable;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;
using register_::v1::CountRow;

// Wide enough for every place, so that keys sort as places do.
std::string KeyOf(uint32_t table, uint32_t place) {
  return absl::StrCat(kCountPrefix, absl::Dec(table, absl::kZeroPad4), "/",
                      absl::Dec(place, absl::kZeroPad4));
}

std::string TextOf(const Message& message, const char* name) {
  const FieldDescriptor* const field = message.GetDescriptor()->FindFieldByName(name);
  if (field == nullptr || field->type() != FieldDescriptor::TYPE_STRING) return std::string();
  return message.GetReflection()->GetString(message, field);
}

const std::string& Either(const std::string& own, const std::string& other) {
  return own.empty() ? other : own;
}

void Fill(const Count& count, CountRow* row) {
  row->set_dimension(Either(count.dimension(), row->dimension()));
  row->set_label(count.label());
  row->set_parent_label(count.parent_label());
  *row->mutable_also() = count.also();
  if (count.has_value()) row->set_value(count.value());
  row->set_suppressed(count.suppressed());
  row->set_unit(Either(count.unit(), row->unit()));
  row->set_printed(count.printed());
  row->set_rounded(count.rounded());
  row->set_note(count.note());
}

// The rows of a table: the total, if one is printed or withheld, then the counts.
void AddTable(const CountTable& table, uint32_t order, const CountRow& fact,
              std::map<std::string, CountRow>* rows) {
  CountRow common = fact;
  common.set_table(table.key());
  common.set_title(table.title());
  common.set_table_order(order);
  common.set_dimension(table.dimension());
  common.set_unit(table.unit());
  common.set_period_from(Either(table.period_from(), fact.period_from()));
  common.set_period_to(Either(table.period_to(), fact.period_to()));
  common.set_as_at(Either(table.as_at(), fact.as_at()));
  common.set_complete(table.complete());
  common.set_suppressed_below(table.suppressed_below());
  if (table.has_total() || table.total_suppressed() || !table.note().empty()) {
    CountRow total = common;
    if (table.has_total()) total.set_value(table.total());
    total.set_suppressed(table.total_suppressed());
    total.set_note(table.note());
    (*rows)[KeyOf(order, 0)] = std::move(total);
  }
  uint32_t place = 0;
  for (const Count& count : table.counts()) {
    CountRow row = common;
    row.set_order(++place);
    Fill(count, &row);
    (*rows)[KeyOf(order, place)] = std::move(row);
  }
}

}  // namespace

void CountRows::Take(const Fact& fact, const Message& message) {
  for (const auto& [key, row] : rows_) gone_.insert(key);
  rows_.clear();
  CountRow common;
  common.set_period_from(TextOf(message, "period_from"));
  common.set_period_to(TextOf(message, "period_to"));
  common.set_as_at(TextOf(message, "as_at"));
  MetaBuilder meta;
  meta.Add(fact);
  meta.WriteTo(common.mutable_meta());
  const Reflection& reflection = *message.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection.ListFields(message, &fields);
  uint32_t alone = 0;
  uint32_t table = 0;
  for (const FieldDescriptor* field : fields) {
    if (field->message_type() == Count::descriptor() && !field->is_repeated()) {
      CountRow row = common;
      row.set_order(++alone);
      row.set_dimension(field->name());
      Fill(static_cast<const Count&>(reflection.GetMessage(message, field)), &row);
      rows_[KeyOf(0, alone)] = std::move(row);
    } else if (field->message_type() == CountTable::descriptor() && field->name() == "tables") {
      for (int i = 0; i < reflection.FieldSize(message, field); ++i) {
        AddTable(static_cast<const CountTable&>(reflection.GetRepeatedMessage(message, field, i)),
                 ++table, common, &rows_);
      }
    }
  }
  for (const auto& [key, row] : rows_) gone_.erase(key);
}

void CountRows::Give(const std::string& record, RowSink& sink) {
  for (const std::string& key : gone_) sink.Row(key, CountRow());
  gone_.clear();
  for (auto& [key, row] : rows_) {
    row.set_record(record);
    sink.Row(key, row);
  }
}

}  // namespace scrutiny::projections
