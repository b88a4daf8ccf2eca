#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <system_error>
#include <unistd.h>

#include "absl/strings/str_cat.h"

#include "ledger/base/clock.h"
#include "ledger/base/random.h"
#include "ledger/base/status.h"
#include "ledger/seal/key_store.h"
#include "ledger/seal/sealer.h"
#include "tools/scrutiny-bench/measure.h"

namespace scrutiny::bench {
namespace {

constexpr int kSealsARound = 20'000;
constexpr size_t kFieldBytes = 1024;

}  // namespace

absl::StatusOr<Result> SealFields(const Settings& settings) {
  Result result;
  result.name = "seal a field of 1 KiB";
  result.unit = "µs a fact";
  result.at_most = 20;
  result.note = "in the benchmark's own process; the subject has its key";
  ledger::SystemClock clock;
  ledger::SystemRandom random;
  const std::string folder = absl::StrCat(settings.folder, "/scrutiny-bench-keys-", getpid());
  ledger::KeyStoreOptions options;
  options.dir = folder;
  options.ledger_id = std::string(16, 'b');
  options.clock = &clock;
  options.random = &random;
  {
    SCRUTINY_ASSIGN_OR_RETURN(const std::unique_ptr<ledger::KeyStore> keys,
                              ledger::KeyStore::Open(options));
    SCRUTINY_RETURN_IF_ERROR(keys->KeyFor("persons/bench").status());
    const ledger::SealWish wish{"person_registered.personal_note", "persons/bench"};
    std::array<uint8_t, 16> entry_id{};
    event::v1::Proposed fact;
    fact.set_record("persons/bench");
    for (int round = 0; round < settings.rounds; ++round) {
      int64_t nanos = 0;
      for (int i = 0; i < kSealsARound; ++i) {
        fact.mutable_person_registered()->set_personal_note(std::string(kFieldBytes, 'n'));
        const int64_t start = NowNanos();
        SCRUTINY_RETURN_IF_ERROR(
            ledger::SealParts({&wish, 1}, entry_id, *keys, random, &fact).status());
        nanos += NowNanos() - start;
      }
      result.rounds.push_back(static_cast<double>(nanos) / 1e3 / kSealsARound);
    }
  }
  std::error_code ignored;
  std::filesystem::remove_all(folder, ignored);
  return result;
}

}  // namespace scrutiny::bench
