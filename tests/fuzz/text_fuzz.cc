// Dates, names, and text made fit to be shown: each accepted form has one way to be written.
#include <string>

#include "ledger/base/date.h"
#include "ledger/base/names.h"
#include "ledger/base/text.h"
#include "ledger/format/alias.h"
#include "services/http/address.h"
#include "tests/fuzz/fuzz.h"
#include "tools/support/words.h"

namespace scrutiny {
namespace {

void CheckDates(absl::string_view text) {
  if (const auto day = ledger::Day::Parse(text); day.ok()) {
    SCRUTINY_CHECK(day->ToString() == text);
  }
  if (const auto date = ledger::PartialDate::Parse(text); date.ok()) {
    SCRUTINY_CHECK(date->ToString() == text);
    SCRUTINY_CHECK(date->FirstDay() <= date->LastDay());
    SCRUTINY_CHECK(!tools::DateInWords(text).empty());
  }
  if (const auto date = tools::ReadDate(text); date.ok()) {
    SCRUTINY_CHECK(ledger::PartialDate::Parse(*date).ok()) << *date;
    SCRUTINY_CHECK(tools::ReadDate(*date).ok() && *tools::ReadDate(*date) == *date);
  }
  if (const auto time = tools::ReadTimeOfDay(text); time.ok()) {
    SCRUTINY_CHECK(tools::ReadTimeOfDay(*time).ok() && *tools::ReadTimeOfDay(*time) == *time);
  }
  if (const auto moment = tools::ReadMoment(text); moment.ok()) {
    SCRUTINY_CHECK(!tools::MomentAsIso(*moment).empty());
  }
}

void CheckNames(absl::string_view text) {
  if (ledger::ValidateRecordName(text).ok()) {
    SCRUTINY_CHECK(ledger::ValidateRecordPrefix(text).ok());
    SCRUTINY_CHECK(ledger::IsSegmentPrefix(ledger::RecordKind(text), text));
    SCRUTINY_CHECK(ledger::IsSegmentPrefix(text, text));
  }
  const std::string slug = tools::Slug(text);
  SCRUTINY_CHECK(slug.empty() || ledger::ValidateKey(slug).ok()) << slug;
  const std::string alias = ledger::NormaliseAlias(text);
  SCRUTINY_CHECK(ledger::NormaliseAlias(alias) == alias) << "not normal: " << alias;
  SCRUTINY_CHECK(!ledger::IsValidUtf8(text) || ledger::IsValidUtf8(alias));
  const auto address = services::ParseListenAddress(text, /*loopback_only=*/true);
  if (address.ok()) SCRUTINY_CHECK(services::IsLoopbackHost(address->host)) << address->host;
}

void CheckPrintable(absl::string_view text) {
  for (const size_t bytes_max : {size_t{16}, size_t{1000}}) {
    const std::string printable = ledger::Printable(text, bytes_max);
    SCRUTINY_CHECK(printable.size() <= bytes_max && ledger::IsValidUtf8(printable));
    for (const char c : printable) {
      SCRUTINY_CHECK(static_cast<unsigned char>(c) >= 0x20 || c == '\n');
    }
  }
}

}  // namespace
}  // namespace scrutiny

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view text = scrutiny::fuzz::AsView(data, size);
  scrutiny::CheckDates(text);
  scrutiny::CheckNames(text);
  scrutiny::CheckPrintable(text);
  return 0;
}
