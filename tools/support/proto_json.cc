#include "tools/support/proto_json.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "google/protobuf/message.h"
#include "google/protobuf/util/json_util.h"

#include "ledger/base/error.h"
#include "ledger/base/status.h"
#include "ledger/base/text.h"

namespace scrutiny::tools {
namespace {

using ledger::Error;
using ledger::Reason;

// The parser's sentence for text that is no JSON: with the text and a caret below it.
absl::Status NotJson(absl::string_view message) {
  if (absl::StrContains(message, "Root element must be a message")) {
    return Error(Reason::kMalformed, "is not a JSON object: it must begin with { and end with }");
  }
  const std::vector<std::string> lines = absl::StrSplit(message, '\n');
  std::string near;
  if (lines.size() == 3 && !absl::StripAsciiWhitespace(lines[2]).empty()) {
    near = lines[1].substr(std::min(lines[2].find('^'), lines[1].size()), 40);
  }
  return Error(Reason::kMalformed, absl::StrCat("is not well-formed JSON: ", lines[0])).Value(near);
}

// protobuf says "(facts[0].proposed) titel: Cannot find field." or "(path): invalid value 5 for
// type TYPE_STRING", and for text that is no JSON a sentence with the text and a caret below it.
absl::Status Explained(absl::string_view message) {
  message = absl::StripAsciiWhitespace(message);
  std::string path;
  if (absl::ConsumePrefix(&message, "(")) {
    const size_t close = std::min(message.find(')'), message.size());
    path = std::string(message.substr(0, close));
    message.remove_prefix(std::min(message.size(), close + 1));
  } else if (!absl::EndsWith(message, ": Cannot find field.")) {
    return NotJson(message);
  }
  const size_t colon = message.find(": ");
  const absl::string_view name = absl::StripAsciiWhitespace(message.substr(0, colon));
  absl::string_view rest = colon == absl::string_view::npos ? "" : message.substr(colon + 2);
  if (!name.empty()) absl::StrAppend(&path, path.empty() ? "" : ".", name);
  if (absl::StrContains(rest, "Cannot find field")) {
    return Error(Reason::kMalformed, "there is no such field").Field(path).Value(name);
  }
  if (absl::ConsumePrefix(&rest, "invalid value ")) {
    const size_t type = rest.rfind(" for type ");
    absl::string_view value = rest.substr(0, type);
    if (absl::StartsWith(value, "oneof field")) {
      return Error(Reason::kMalformed, "there are two facts in one").Field(path).Value(value);
    }
    absl::ConsumePrefix(&value, "\"");
    absl::ConsumeSuffix(&value, "\"");
    absl::string_view wanted = type == absl::string_view::npos ? "" : rest.substr(type + 10);
    absl::ConsumePrefix(&wanted, "type.googleapis.com/scrutiny.event.v1.");
    absl::ConsumePrefix(&wanted, "TYPE_");
    return Error(Reason::kMalformed, absl::StrCat("is not a value of type ", wanted))
        .Field(path)
        .Value(value);
  }
  if (rest.empty()) rest = "is not what this field holds";  // a name with parentheses of its own
  return Error(Reason::kMalformed, rest).Field(path);
}

}  // namespace

absl::Status FromJson(absl::string_view json, google::protobuf::Message* message) {
  if (!ledger::IsValidUtf8(json)) {
    return Error(Reason::kMalformed, "is not valid UTF-8").Value(ledger::Printable(json, 80));
  }
  const absl::string_view trimmed = absl::StripAsciiWhitespace(json);
  if (!absl::StartsWith(trimmed, "{") || !absl::EndsWith(trimmed, "}")) {
    return Error(Reason::kMalformed, "is not a JSON object: it must begin with { and end with }")
        .Value(trimmed.substr(0, 40));
  }
  const auto status = google::protobuf::util::JsonStringToMessage(
      google::protobuf::StringPiece(json.data(), json.size()), message);
  if (status.ok()) return absl::OkStatus();
  return Explained(absl::string_view(status.message().data(), status.message().size()));
}

std::string ToJson(const google::protobuf::Message& message, bool indented) {
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  options.add_whitespace = indented;
  std::string json;
  const auto status = google::protobuf::util::MessageToJsonString(message, &json, options);
  SCRUTINY_CHECK(status.ok()) << "every message can be written as JSON: " << status.ToString();
  return json;
}

}  // namespace scrutiny::tools
