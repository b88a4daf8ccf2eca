// `scrutiny subject SUBJECT`
#include "absl/strings/str_cat.h"

#include "ledger/base/status.h"
#include "tools/scrutiny/commands.h"
#include "tools/scrutiny/held_seals.h"
#include "tools/support/csv.h"
#include "tools/support/proto_json.h"
#include "tools/support/words.h"

namespace scrutiny::tools {
namespace {

// Prints page by page what a program reads; a table needs all rows for its widths.
class Printer {
 public:
  Printer(Format format, Context& context) : format_(format), context_(context) {
    if (format_ == Format::kCsv) {
      context_.out << WriteCsvRow(
          {"sequence", "index", "record", "field_path", "fact_type", "recorded_at", "bytes"});
    }
  }

  void Print(const ledger::v1::HeldSeal& held) {
    if (count_ == 0 || held.sequence() != last_) ++entries_;
    last_ = held.sequence();
    switch (format_) {
      case Format::kJson:
      case Format::kJsonLines:
        context_.out << (count_ == 0 ? "[\n" : ",\n") << ToJson(held);
        break;
      case Format::kCsv:
        context_.out << WriteCsvRow(
            {absl::StrCat(held.sequence()), absl::StrCat(held.index()), held.record(),
             held.field_path(), FactTypeName(held.fact_type()), MomentAsIso(held.recorded_at_us()),
             absl::StrCat(held.bytes())});
        break;
      case Format::kTable:
        AddHeld(held, &table_);
        break;
    }
    ++count_;
  }

  void Finish(const std::string& subject, uint32_t erasures) {
    if (format_ == Format::kJson) context_.out << (count_ == 0 ? "[]\n" : "\n]\n");
    if (format_ != Format::kTable) return;
    if (count_ == 0) {
      context_.out << "Nothing is held sealed for " << subject << ".";
    } else {
      context_.out << table_.Render(context_.width) << "\n"
                   << Count(count_, "sealed part", "sealed parts") << " in "
                   << Count(entries_, "entry", "entries") << ", held for " << subject << ".";
    }
    if (erasures > 0) context_.out << " Erased before: " << Count(erasures, "time", "times") << ".";
    context_.out << "\n";
  }

 private:
  const Format format_;
  Context& context_;
  Table table_ = HeldTable();
  uint64_t count_ = 0;
  uint64_t entries_ = 0;
  uint64_t last_ = 0;
};

absl::Status Run(const Args& args, Context& context) {
  ledger::v1::ListSubjectRequest request;
  SCRUTINY_ASSIGN_OR_RETURN(*request.mutable_subject(),
                            SubjectOf(context.client, args.Get("SUBJECT")));
  absl::StatusOr<ledger::v1::ListSubjectResponse> page = context.client.Call(request);
  SCRUTINY_RETURN_IF_ERROR(page.status());
  Printer printer(FormatOf(args), context);
  while (true) {
    for (const ledger::v1::HeldSeal& held : page->held()) printer.Print(held);
    if (page->next_page_token().empty()) break;
    request.set_page_token(page->next_page_token());
    page = context.client.Call(request);
    SCRUTINY_RETURN_IF_ERROR(page.status());
  }
  printer.Finish(request.subject(), page->erasures());
  return absl::OkStatus();
}

}  // namespace

Command SubjectCommand() {
  return {.name = "subject",
          .summary = "Everything that is held sealed for a person, or for the office",
          .group = kForSecretaries,
          .details =
              "For a request to know what is held; `scrutiny open` shows each entry's sealed\n"
              "parts, `scrutiny erase` erases them all.\n"
              "Example:\n"
              "  scrutiny subject persons/v-017",
          .options = {SubjectArgument(/*office=*/true), FormatOption()},
          .run = Run};
}

}  // namespace scrutiny::tools
