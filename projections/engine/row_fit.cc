#include "projections/engine/row_fit.h"

#include <vector>

#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

namespace scrutiny::projections {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

constexpr absl::string_view kEllipsis = "…";
// How long prose may be, in turn, until the row fits.
constexpr size_t kProseLimits[] = {1600, 800, 400, 200, 100, 50};

bool IsProse(const std::string& text) { return text.find(' ') != std::string::npos; }

void ShortenProse(Message* message, size_t bytes_max);

void ShortenField(Message* message, const FieldDescriptor* field, size_t bytes_max) {
  const Reflection& reflection = *message->GetReflection();
  const int count = field->is_repeated() ? reflection.FieldSize(*message, field) : 1;
  for (int i = 0; i < count; ++i) {
    if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      ShortenProse(field->is_repeated() ? reflection.MutableRepeatedMessage(message, field, i)
                                        : reflection.MutableMessage(message, field),
                   bytes_max);
      continue;
    }
    const std::string text = field->is_repeated() ? reflection.GetRepeatedString(*message, field, i)
                                                  : reflection.GetString(*message, field);
    if (text.size() <= bytes_max || !IsProse(text)) continue;
    if (field->is_repeated()) {
      reflection.SetRepeatedString(message, field, i, Shortened(text, bytes_max));
    } else {
      reflection.SetString(message, field, Shortened(text, bytes_max));
    }
  }
}

void ShortenProse(Message* message, size_t bytes_max) {
  std::vector<const FieldDescriptor*> fields;
  message->GetReflection()->ListFields(*message, &fields);
  for (const FieldDescriptor* field : fields) {
    if (field->type() == FieldDescriptor::TYPE_STRING ||
        field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      ShortenField(message, field, bytes_max);
    }
  }
}

// The list in the row that takes most room; null if none has more than one element.
const FieldDescriptor* LargestList(const Message& row) {
  const Reflection& reflection = *row.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection.ListFields(row, &fields);
  const FieldDescriptor* largest = nullptr;
  size_t most = 0;
  for (const FieldDescriptor* field : fields) {
    if (!field->is_repeated() || reflection.FieldSize(row, field) < 2) continue;
    size_t bytes = 0;
    for (int i = 0; i < reflection.FieldSize(row, field); ++i) {
      if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
        bytes += reflection.GetRepeatedMessage(row, field, i).ByteSizeLong();
      } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
        bytes += reflection.GetRepeatedString(row, field, i).size();
      }
    }
    if (bytes > most) {
      most = bytes;
      largest = field;
    }
  }
  return largest;
}

// Puts an ellipsis before the first prose in the message.
void MarkAsCut(Message* message) {
  const Reflection& reflection = *message->GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection.ListFields(*message, &fields);
  for (const FieldDescriptor* field : fields) {
    if (field->type() != FieldDescriptor::TYPE_STRING || field->is_repeated()) continue;
    const std::string text = reflection.GetString(*message, field);
    if (!IsProse(text)) continue;
    if (text.compare(0, kEllipsis.size(), kEllipsis.data(), kEllipsis.size()) != 0) {
      reflection.SetString(message, field, std::string(kEllipsis) + " " + text);
    }
    return;
  }
}

// Drops the first half of a list and marks the element that is now the first.
void HalveList(Message* row, const FieldDescriptor* field) {
  const Reflection& reflection = *row->GetReflection();
  const int count = reflection.FieldSize(*row, field);
  const int drop = count / 2;
  for (int i = drop; i < count; ++i) reflection.SwapElements(row, field, i - drop, i);
  for (int i = 0; i < drop; ++i) reflection.RemoveLast(row, field);
  if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
    MarkAsCut(reflection.MutableRepeatedMessage(row, field, 0));
  }
}

}  // namespace

std::string Shortened(absl::string_view text, size_t bytes_max) {
  if (text.size() <= bytes_max) return std::string(text);
  size_t end = bytes_max > kEllipsis.size() ? bytes_max - kEllipsis.size() : 0;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  std::string shortened(text.substr(0, end));
  shortened.append(kEllipsis.data(), kEllipsis.size());
  return shortened;
}

void FitRow(Message* row, size_t bytes_max) {
  for (const size_t limit : kProseLimits) {
    if (row->ByteSizeLong() <= bytes_max) return;
    ShortenProse(row, limit);
  }
  while (row->ByteSizeLong() > bytes_max) {
    const FieldDescriptor* list = LargestList(*row);
    if (list == nullptr) return;
    HalveList(row, list);
  }
}

}  // namespace scrutiny::projections
