// ledger/papers/media_type.h
// What a paper is, found out from its bytes: the store takes papers of a short list of types and
// serves each back only as what it is.
//
// Guarantees:  what MediaTypeOf returns is on the list, whatever a file's name or its sender says.
//              Nothing on the list is run by a browser; HTML, SVG and programs are not on it.
// Threads:     thread-safe.
// Errors:      kMalformed: bytes of no type on the list, or not of the type that was said.
// Source:      media types as registered with IANA; sniffing by libmagic, with its findings for
//              containers and text looked at again.
// Tests:       tests/ledger/papers/media_type_test.cc
#ifndef SCRUTINY_LEDGER_PAPERS_MEDIA_TYPE_H_
#define SCRUTINY_LEDGER_PAPERS_MEDIA_TYPE_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace scrutiny::ledger {

struct MediaType {
  absl::string_view name;       // application/pdf
  absl::string_view extension;  // .pdf, also the ending of the file in the store
  absl::string_view words;      // PDF document
};

// The list.
absl::Span<const MediaType> MediaTypes();
// Null if it is not on the list. Parameters (`; charset=utf-8`) and case do not count.
const MediaType* FindMediaType(absl::string_view name);
// By the ending of a file's name; null if it says nothing.
const MediaType* MediaTypeByName(absl::string_view file_name);

// The type of the file, which must be the one that was said unless none was. Text is what it is
// said to be among the types of text.
absl::StatusOr<const MediaType*> MediaTypeOf(const std::string& path, absl::string_view said);

}  // namespace scrutiny::ledger

#endif  // SCRUTINY_LEDGER_PAPERS_MEDIA_TYPE_H_
