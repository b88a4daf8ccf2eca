#include "ledger/papers/media_type.h"

#include <fstream>
#include <iterator>
#include <magic.h>
#include <memory>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "ledger/base/error.h"
#include "ledger/base/text.h"

namespace scrutiny::ledger {
namespace {

constexpr MediaType kTypes[] = {
    {"application/pdf", ".pdf", "PDF document"},
    {"application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".docx",
     "Word document"},
    {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx",
     "Excel spreadsheet"},
    {"application/vnd.openxmlformats-officedocument.presentationml.presentation", ".pptx",
     "PowerPoint presentation"},
    {"application/vnd.oasis.opendocument.text", ".odt", "OpenDocument text"},
    {"application/vnd.oasis.opendocument.spreadsheet", ".ods", "OpenDocument spreadsheet"},
    {"application/vnd.oasis.opendocument.presentation", ".odp", "OpenDocument presentation"},
    {"image/jpeg", ".jpg", "JPEG image"},
    {"image/png", ".png", "PNG image"},
    {"text/csv", ".csv", "comma-separated values"},
    {"text/markdown", ".md", "Markdown text"},
    {"text/plain", ".txt", "plain text"},
};

bool IsText(const MediaType& type) { return absl::StartsWith(type.name, "text/"); }

absl::Status NoType(absl::string_view found) {
  std::string endings = absl::StrJoin(MediaTypes(), ", ", [](std::string* out, const MediaType& t) {
    absl::StrAppend(out, t.extension.substr(1));
  });
  return Error(Reason::kMalformed,
               absl::StrCat("The store does not take papers of this kind: by its bytes it is ",
                            found, "."))
      .Field("media_type")
      .Value(found)
      .Next(absl::StrCat("It takes ", endings, "."));
}

absl::StatusOr<std::string> BytesOf(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::string bytes((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  if (!in.bad() && in.is_open()) return bytes;
  return Error(absl::StatusCode::kUnavailable, Reason::kInternal,
               absl::StrCat(path, " cannot be read."))
      .Value(path);
}

// What libmagic calls it.
absl::StatusOr<std::string> Sniff(const std::string& bytes) {
  struct Close {
    void operator()(magic_t magic) const { magic_close(magic); }
  };
  const std::unique_ptr<magic_set, Close> magic(magic_open(MAGIC_MIME_TYPE | MAGIC_ERROR));
  const char* const found = magic == nullptr || magic_load(magic.get(), nullptr) != 0
                                ? nullptr
                                : magic_buffer(magic.get(), bytes.data(), bytes.size());
  if (found != nullptr) return std::string(found);
  return Error(Reason::kInternal,
               absl::StrCat("The type of a paper cannot be found out: ",
                            magic == nullptr ? "no memory" : magic_error(magic.get()), "."))
      .Next("Is the package libmagic-mgc installed where the server runs?");
}

// A container of Office's, by the parts it must have: libmagic knows it only by their order.
absl::string_view OfficeType(absl::string_view bytes) {
  if (!absl::StartsWith(bytes, "PK\003\004") || !absl::StrContains(bytes, "[Content_Types].xml")) {
    return {};
  }
  if (absl::StrContains(bytes, "word/document.xml")) return kTypes[1].name;
  if (absl::StrContains(bytes, "xl/workbook.xml")) return kTypes[2].name;
  if (absl::StrContains(bytes, "ppt/presentation.xml")) return kTypes[3].name;
  return {};
}

// Whether a browser that looked for itself could take the text for something it runs.
bool LooksLikeMarkup(absl::string_view found, absl::string_view bytes) {
  if (found == "text/html" || found == "text/xml" || absl::StrContains(found, "svg")) return true;
  const std::string start =
      absl::AsciiStrToLower(absl::StripLeadingAsciiWhitespace(bytes.substr(0, 1024)));
  for (const absl::string_view tag : {"<!doctype html", "<html", "<script", "<svg", "<?xml"}) {
    if (absl::StartsWith(start, tag)) return true;
  }
  return false;
}

// The type of what is text, and of nothing else: null for what is not.
const MediaType* TextType(absl::string_view found, absl::string_view bytes, const MediaType* said) {
  if (bytes.empty() || absl::StrContains(bytes, absl::string_view("\0", 1)) ||
      LooksLikeMarkup(found, bytes)) {
    return nullptr;
  }
  const bool is_text = absl::StartsWith(found, "text/") || found == "application/csv" ||
                       found == "application/json" || found == "application/x-ndjson" ||
                       (said != nullptr && IsText(*said) && found == "application/octet-stream");
  if (!is_text || !IsValidUtf8(bytes)) return nullptr;
  if (said != nullptr && IsText(*said)) return said;
  return FindMediaType(found == "application/csv" || found == "text/csv" ? "text/csv"
                                                                         : "text/plain");
}

}  // namespace

absl::Span<const MediaType> MediaTypes() { return kTypes; }

const MediaType* FindMediaType(absl::string_view name) {
  const std::string plain =
      absl::AsciiStrToLower(absl::StripAsciiWhitespace(name.substr(0, name.find(';'))));
  for (const MediaType& type : kTypes) {
    if (type.name == plain) return &type;
  }
  return nullptr;
}

const MediaType* MediaTypeByName(absl::string_view file_name) {
  const std::string lower = absl::AsciiStrToLower(file_name);
  if (absl::EndsWith(lower, ".jpeg")) return FindMediaType("image/jpeg");
  for (const MediaType& type : kTypes) {
    if (absl::EndsWith(lower, type.extension)) return &type;
  }
  return nullptr;
}

absl::StatusOr<const MediaType*> MediaTypeOf(const std::string& path, absl::string_view said) {
  const MediaType* const expected = FindMediaType(said);
  if (!said.empty() && expected == nullptr) {
    return Error(Reason::kMalformed,
                 absl::StrCat("The store does not take papers of type ", said, "."))
        .Field("media_type")
        .Value(said)
        .Next("Leave the type out, and it is found out.");
  }
  absl::StatusOr<std::string> bytes = BytesOf(path);
  if (!bytes.ok()) return bytes.status();
  if (bytes->empty()) {
    return Error(Reason::kMalformed, "The paper is empty.")
        .Field("bytes")
        .Next("Look at the file: nothing was written to it.");
  }
  absl::StatusOr<std::string> sniffed = Sniff(*bytes);
  if (!sniffed.ok()) return sniffed.status();
  const absl::string_view office = OfficeType(*bytes);
  const absl::string_view found = office.empty() ? absl::string_view(*sniffed) : office;
  const MediaType* type = FindMediaType(found);
  if (type == nullptr || IsText(*type)) type = TextType(found, *bytes, expected);
  // Readers look for the mark further on too; what comes before it could be anything.
  if (type != nullptr && type->name == "application/pdf" && !absl::StartsWith(*bytes, "%PDF-")) {
    type = nullptr;
  }
  if (type == nullptr && absl::StartsWith(found, "text/") && !IsValidUtf8(*bytes)) {
    return Error(Reason::kMalformed, "The text is not in UTF-8.")
        .Field("media_type")
        .Value(found)
        .Next("Save it as UTF-8, or as a PDF.");
  }
  if (type == nullptr) return NoType(found);
  if (expected == nullptr || expected == type) return type;
  return Error(Reason::kMalformed, absl::StrCat("The paper is said to be a ", expected->words,
                                                ", but by its bytes it is a ", type->words, "."))
      .Field("media_type")
      .Value(type->name)
      .Next("Give the file the ending of what it is, or take the right file.");
}

}  // namespace scrutiny::ledger
