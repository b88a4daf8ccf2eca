#include "tools/scrutiny/held_seals.h"

#include "absl/strings/str_cat.h"

#include "ledger/format/fact_types.h"
#include "tools/support/seals.h"
#include "tools/support/words.h"

namespace scrutiny::tools {

absl::StatusOr<std::string> SubjectOf(Client& client, absl::string_view text) {
  if (text == kSealedForOffice) return std::string(text);
  return ResolveName(client, text, "persons");
}

Option SubjectArgument(bool office) {
  return {.name = "SUBJECT",
          .help = office ? "A person's record, or `office`" : "A person's record",
          .kind = Option::Kind::kArgument,
          .value = "",
          .required = true};
}

Table HeldTable() { return Table({"Entry", "Recorded", "Fact", "Sealed part", "Bytes"}); }

void AddHeld(const ledger::v1::HeldSeal& held, Table* table) {
  table->Add({absl::StrCat(held.sequence()), MomentInWords(held.recorded_at_us()),
              TypeInWords(FactTypeName(held.fact_type())), PartInWords(held.field_path()),
              absl::StrCat(held.bytes())},
             held.record());
}

std::string FactTypeName(uint32_t fact_type) {
  const auto* type = ledger::FindFactType(ledger::FactType(fact_type));
  return type == nullptr ? absl::StrCat(fact_type) : type->name;
}

}  // namespace scrutiny::tools
